"""A month of made-up news: stories with Zipf sizes, each told by copies of an agency text and by reports of their own."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from monitor.model import Article, Excerpt, Field, Match, Mention, Origin, Severity

__all__ = ["Told", "edited", "month", "sentences"]

START = datetime(2026, 3, 1, tzinfo=UTC)
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "ol", "ut")]
VOCABULARY = 6000
COMMON = list(accumulate(1 / (rank + 8) for rank in range(VOCABULARY)))
SEVERITIES = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
WEIGHTS = (30, 40, 25, 5)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An article, what it matches, and the story it really tells."""

    at: datetime
    story: int
    copy: bool
    article: Article
    matches: tuple[Match, ...]


def vocabulary(dice: random.Random, size: int = VOCABULARY) -> list[str]:
    """Made-up words of a language."""
    return ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(size)]


def sentences(dice: random.Random, words: list[str], number: int, own: list[str]) -> list[str]:
    """Sentences of common words (Zipf) with some of the story's own."""
    made = []
    for _ in range(number):
        chosen = dice.choices(words, cum_weights=COMMON, k=dice.randint(12, 26))
        for word in dice.sample(own, 2):
            chosen.insert(dice.randrange(len(chosen)), word)
        made.append(" ".join(chosen).capitalize() + ".")
    return made


def edited(dice: random.Random, text: list[str], share: float, other: list[str]) -> list[str]:
    """A copy of a text: this share of its sentences rewritten, cut or moved."""
    kept = list(text)
    for place in dice.sample(range(len(kept)), round(share * len(kept))):
        match dice.choice(("change", "cut", "move")):
            case "change":
                kept[place] = dice.choice(other)
            case "cut":
                kept[place] = ""
            case _:
                there = dice.randrange(len(kept))
                kept[place], kept[there] = kept[there], kept[place]
    return [sentence for sentence in kept if sentence]


def month(seed: int = 6, *, days: int = 30, a_day: int = 30) -> Iterator[Told]:
    """Articles in the order in which they come in."""
    dice = random.Random(seed)
    words = vocabulary(dice)
    told = [one for story in range(days * a_day) for one in _story(dice, words, story, days)]
    return iter(sorted(told, key=lambda one: (one.at, one.article.url)))


def _story(dice: random.Random, words: list[str], story: int, days: int) -> Iterator[Told]:
    own = dice.sample(words, 14)
    agency = sentences(dice, words, 22, own)
    title, severity = dice.sample(own, 8), dice.choices(SEVERITIES, WEIGHTS)[0]
    begin = START + timedelta(seconds=dice.uniform(0, days * 86400))
    size = min(60, int(dice.paretovariate(1.1)))
    at = begin
    for number in range(size):
        copy = number == 0 or dice.random() < 0.6
        other = sentences(dice, words, 22, own)
        body = edited(dice, agency, dice.uniform(0, 0.3), other) if copy else other
        headline = title if copy else dice.sample(title, 6) + dice.sample(words, 3)
        article = Article(
            url=f"https://s{dice.randrange(60)}.example/{story}/{number}",
            origin=Origin(source=f"s{dice.randrange(60)}", outlet="Outlet", language="en"),
            title=" ".join(("Korea", "Russia", *headline)),
            fetched=at,
            published=at - timedelta(minutes=dice.uniform(1, 30)),
            language="en",
            lead=body[0],
            body="\n".join(body[1:]),
        )
        yield Told(at=at, story=story, copy=copy, article=article, matches=_matches(article, severity))
        at += timedelta(minutes=dice.expovariate(1 / 45))


def _matches(article: Article, severity: Severity) -> tuple[Match, ...]:
    mentions = (
        Mention(term="@dprk", field=Field.TITLE, start=0, end=5, text="Korea"),
        Mention(term="@russia", field=Field.TITLE, start=6, end=12, text="Russia"),
    )
    excerpt = Excerpt(field=Field.LEAD, text=article.lead)
    return tuple(
        Match(
            watchlist="dprk-russia",
            rule=rule,
            title=rule,
            severity=grade,
            mentions=mentions,
            excerpts=(excerpt,),
            entities=("dprk", "russia"),
        )
        for rule, grade in (("troops", severity), ("background", Severity.LOW))
    )
