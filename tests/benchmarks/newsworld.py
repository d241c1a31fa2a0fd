"""A made-up world of news for the matching benchmark: words by Zipf's law in eleven languages of five scripts,
people and places with names in several of them, articles of 3 to 8 kB, and rules of the shapes people write.

Seeded, so that every run measures the same. Rules are about what articles in all scripts write: their names
and their topics are drawn from the vocabularies that the articles are drawn from.
"""

import random
from datetime import UTC, datetime

from monitor.matching.frequencies import common_words
from monitor.matching.watchlist import Rule
from monitor.model import Article, Origin

__all__ = ["World"]

SYLLABLES = {
    "latin": "ba be bi bo bu da de di do ka ke ki ko la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se si so ta te ti to va ve é ü ñ á ö".split(),
    "cyrillic": "ба ве го да ев жи за ий ка ло ме на ов по ра се та ул фи ха ци ча ше эн юр яд".split(),
    "hangul": "가 나 다 라 마 바 사 아 자 차 카 타 파 하 거 너 더 러 국 군 정 부 대 통 령 회 담".split(),
    "arabic": "با تا ثو جي حد خر دا ذي را زو سي شا صو طا عي غو فا قي كو لا مي نو هي وا".split(),
    "han": list("国会议政府军队演习导弹发射新闻报道经济合作会谈总统外交部长宣布东北南西山海江河城市人民大学"),
}
SCRIPTS = ("latin",) * 6 + ("cyrillic",) * 2 + ("hangul", "arabic", "han")
TOPICS = 1_500  # words of a script that rules ask for besides names; the commonest 30 are left out


def word(chance: random.Random, script: str) -> str:
    return "".join(chance.choice(SYLLABLES[script]) for _ in range(chance.randint(2, 4)))


class World:
    """Vocabularies, entities with a name a script, articles and rules over them."""

    def __init__(self, seed: int, entities: int) -> None:
        self.chance = chance = random.Random(seed)
        self.words = {
            script: list(dict.fromkeys(word(chance, script) for _ in range(20_000))) for script in SYLLABLES
        }
        common = [each for each in common_words() if each.isascii() and len(each) > 1]
        self.words["latin"] = [*common, *self.words["latin"]]
        self.cumulative = {script: self.zipf(len(words)) for script, words in self.words.items()}
        self.topics = {
            script: [each for each in words[30:TOPICS] if len(each.encode()) > 4]
            for script, words in self.words.items()
        }
        self.names = [self.entity() for _ in range(entities)]

    @staticmethod
    def zipf(size: int) -> list[float]:
        total, sums = 0.0, []
        for rank in range(size):
            total += 1 / (rank + 3)
            sums.append(total)
        return sums

    def entity(self) -> dict[str, str]:
        """Its name in Latin letters, and for two of five in one to three other scripts."""
        chance = self.chance
        further = chance.choice([0, 0, 0, 1, 3])
        others = chance.sample([script for script in SYLLABLES if script != "latin"], further)
        return {script: self.name(script) for script in ("latin", *others)}

    def name(self, script: str) -> str:
        words = [word(self.chance, script).capitalize() for _ in range(2)]
        return ("" if script == "han" else " ").join(words)

    def article(self) -> Article:
        chance = self.chance
        script = chance.choice(SCRIPTS)
        size = chance.randint(400, 1000) // (3 if script in {"han", "hangul", "arabic"} else 1)
        words = chance.choices(self.words[script], cum_weights=self.cumulative[script], k=size)
        for _ in range(size // 30):
            names = self.names[min(int(chance.paretovariate(0.4)) - 1, len(self.names) - 1)]
            end = chance.choice(["", "’s", ","]) if script == "latin" else ""
            words[chance.randrange(size)] = names.get(script, names["latin"]) + end
        for at in range(chance.randint(8, 20), size, 17):
            words[at] = f"“{words[at]}”." if at % 3 else f"{words[at]}."
        joint = "" if script == "han" else " "
        paragraphs = [joint.join(words[at : at + 80]) for at in range(0, size, 80)]
        return Article(
            url=f"https://example.org/{chance.random()}",
            origin=Origin(source="made", outlet="Made"),
            title=joint.join(words[:9]),
            lead=paragraphs[0],
            body="\n".join(paragraphs[1:]),
            fetched=datetime(2026, 1, 1, tzinfo=UTC),
        )

    def rule(self, number: int) -> Rule:
        """Somebody by all names, or two; and what about them, in the languages of their names."""
        chance = self.chance
        names = chance.choice(self.names)
        both = {**names, "": chance.choice(self.names)["latin"]}
        aliases = " OR ".join(f'"{name}"' for name in both.values())
        name = f'"{chance.choice(list(names.values()))}"'
        topics = [chance.choice(self.topics[script]) for script in (*names, "latin")]
        topic, other, third = (chance.choice(self.topics[chance.choice(SCRIPTS)]) for _ in range(3))
        words = " OR ".join(topics)
        query = chance.choices(
            [
                f"({aliases}) AND ({words})",
                f"({aliases}) NEAR/10 ({words})",
                name,
                f"{name} AND {chance.choice(self.topics['latin'])}*",
                f"({aliases}) AND ({words}) AND NOT {other}",
                f"{name} PRE/8 {topic}",
                f"title:({aliases})",
                f"{topic} AND {other} AND {third}",
            ],
            weights=[34, 16, 14, 10, 10, 6, 5, 5],
        )[0]
        return Rule(id=f"r{number}", match=query)
