"""What holds for every query and every text."""

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.matching import Watchlist, compile_watchlists
from monitor.matching.leaves import TermLeaf
from monitor.matching.nodes import About, AllOf, AnyOf, AtLeast, First, Mentioned, Near, Node, Scoped, Unit
from monitor.model import Article, Field

WORDS = ["ka", "lo", "mi", "nu", "per", "perk", "perl"]


class Naive:
    """A slow, plain evaluator of the language, written from its definition; of terms it remembers the places."""

    def __init__(self, article: Article) -> None:
        self.found: dict[tuple[TermLeaf, range], set[object]] = {}
        self.words: list[str] = []
        self.fields: list[int] = []
        for number, field in enumerate((Field.TITLE, Field.LEAD, Field.BODY, Field.CAPTION)):
            if number:
                self.words.append("|")
                self.fields.append(number - 1)
            text = article.text(field).replace(".", " . ").split()
            self.words += [word.lower() for word in text]
            self.fields += [number] * len(text)
        self.sentences, number = [], 0
        kept, fields = [], []
        for word, field in zip(self.words, self.fields, strict=True):
            if word == ".":
                number += 1
                continue
            if word == "|":
                number += 1
            kept.append(word)
            fields.append(field)
            self.sentences.append(number)
        self.words, self.fields = kept, fields

    def holds(self, node: Node) -> bool:
        return self.value(node, range(len(self.words))) is not None

    def value(self, node: Node, scope: range):  # noqa: C901, PLR0911 - one case a kind of node
        match node:
            case Mentioned():
                if (node.leaf, scope) not in self.found:
                    self.found[node.leaf, scope] = self.term(node.leaf, scope)
                return self.found[node.leaf, scope] or None
            case AnyOf():
                values = [value for each in node.clauses if (value := self.value(each, scope)) is not None]
                return set().union(*values) if values else None
            case AllOf():
                values = [self.value(each, scope) for each in node.clauses]
                if None in values or any(self.value(each, scope) is not None for each in node.vetoes):
                    return None
                return set().union(*values)
            case Near():
                return self.near(node, scope)
            case AtLeast():
                found = self.value(node.child, scope)
                return found if found is not None and self.most(found) >= node.times else None
            case First():
                real = [at for at in range(len(self.words)) if self.words[at] != "|"][: node.words]
                return self.value(
                    node.child, range(scope.start, min(scope.stop, real[-1] + 1 if real else 0))
                )
            case Scoped():
                wanted = {"title": {0}, "lead": {1}, "body": {1, 2}, "caption": {3}}[node.field]
                inside = [
                    at
                    for at in range(len(self.words))
                    if self.fields[at] in wanted and (self.words[at] != "|" or node.field == "body")
                ]
                inside = [at for at in inside if at in scope]
                return self.value(node.child, range(inside[0], inside[-1] + 1) if inside else range(0))
            case About():
                found = self.value(node.child, scope)
                if found is None:
                    return None
                return (
                    found
                    if self.most(found) >= 3 or any(self.fields[span[1] - 1] in {0, 1} for span in found)
                    else None
                )
        raise AssertionError(node)

    def term(self, leaf: TermLeaf, scope: range):
        written = [word.text for word in leaf.words]
        return {
            (at, at + len(written), ((at, at + len(written)),))
            for at in scope
            if at + len(written) <= scope.stop
            and all(self.alike(want, self.words[at + step]) for step, want in enumerate(written))
        }

    def alike(self, written: str, word: str) -> bool:
        return word.startswith(written[:-1]) and word != "|" if written.endswith("*") else word == written

    def distance(self, one, other) -> int:
        return (
            max(other[0] - one[1], one[0] - other[1]) + 1 if one[1] <= other[0] or other[1] <= one[0] else 0
        )

    def close(self, node: Near, one, other) -> bool:
        first, last = min(one[0], other[0]), max(one[1], other[1]) - 1
        if self.fields[one[0]] != self.fields[other[0]] or self.fields[first] != self.fields[last]:
            return False
        if node.unit is Unit.WORDS:
            return self.distance(one, other) <= node.distance
        return node.unit is Unit.PARAGRAPH or self.sentences[first] == self.sentences[last]

    def near(self, node: Near, scope: range):
        lefts, rights = self.value(node.left, scope), self.value(node.right, scope)
        if lefts is None:
            return None
        if node.negated:
            return {
                left for left in lefts if not any(self.taints(node, left, right) for right in rights or ())
            } or None
        pairs = {
            (left, right)
            for left, right in product(lefts, rights or ())
            if all(a[1] <= b[0] or b[1] <= a[0] for a in left[2] for b in right[2])
            and (left[1] <= right[0] if node.ordered else True)
        }
        near = [pair for pair in pairs if self.nearest(pair, pairs) and self.close(node, *pair)]
        return {
            (min(left[0], right[0]), max(left[1], right[1]), tuple(sorted({*left[2], *right[2]})))
            for left, right in near
        } or None

    def nearest(self, pair, pairs) -> bool:
        """Whether one of the two has no nearer partner on that side (inside counts as its own side)."""
        left, right = pair

        def side(one, other):
            return "after" if one[1] <= other[0] else "before" if other[1] <= one[0] else "inside"

        def best(one, other, others):
            same = [each for each in others if side(one, each) == side(one, other)]
            return self.distance(one, other) <= min(self.distance(one, each) for each in same)

        return best(left, right, [b for a, b in pairs if a == left]) or best(
            right, left, [a for a, b in pairs if b == right]
        )

    def taints(self, node: Near, left, right) -> bool:
        if not (left[1] <= right[0] or right[1] <= left[0]):
            return True
        return self.close(node, left, right) and not (node.ordered and right[1] <= left[0])

    def most(self, spans) -> int:
        taken, after = 0, -1
        for span in sorted(spans, key=lambda span: (span[1], span[0])):
            if span[0] >= after:
                taken, after = taken + 1, span[1]
        return taken


def some_query(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice([*WORDS, *WORDS, '"ka lo"', '"lo mi nu"', "per*"])
    a, b = some_query(chance, depth - 1), some_query(chance, depth - 1)
    flat = f"({chance.choice(WORDS)} OR {chance.choice(WORDS)})"
    n = chance.randint(1, 6)
    return chance.choice(
        [
            f"({a}) AND ({b})",
            f"({a}) OR ({b})",
            f"({a}) AND NOT ({b})",
            f"{flat} NEAR/{n} {chance.choice(WORDS)}",
            f"{flat} PRE/{n} {chance.choice(WORDS)}",
            f'{chance.choice(WORDS)} NOT NEAR/{n} "ka lo"',
            f"{chance.choice(WORDS)} NOT PRE/{n} {chance.choice(WORDS)}",
            f"{chance.choice(WORDS)} /s {flat}",
            f"{chance.choice(WORDS)} NOT /s {chance.choice(WORDS)}",
            f"(ka NEAR/{n} lo) NEAR/{n} {chance.choice(WORDS)}",
            f"atleast{chance.randint(1, 4)}({flat})",
            f"first{chance.randint(1, 12)}({a})",
            f"about({flat})",
            f"{chance.choice(['title', 'lead', 'body', 'caption'])}:({a})",
        ]
    )


def some_text(chance: random.Random, most: int) -> str:
    words = [chance.choice([*WORDS, "xu", "xu", "zo."]) for _ in range(chance.randint(0, most))]
    return " ".join(word.capitalize() for word in words)


def accepting(engine, text: Article) -> list[str]:
    """The rules that accept a text, in order, without the report of a match."""
    return [ready.id for ready in engine.decide(engine.read(text))]


def some_article(chance: random.Random, article):
    return article(
        some_text(chance, 25),
        title=some_text(chance, 8),
        lead=some_text(chance, 12),
        caption=some_text(chance, 6),
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_engine_agrees_with_a_naive_evaluator_on_ten_thousand_pairs(seed, article, matcher):
    chance = random.Random(seed)
    queries = [some_query(chance, chance.randint(0, 2)) for _ in range(25)]
    engine = matcher(*queries, entities={})
    trees = {ready.id: ready.tree(ready.rule.match) for ready in engine.rules}
    disagreed, held = [], 0
    for _ in range(20):
        text = some_article(chance, article)
        decided = accepting(engine, text)
        document, naive = engine.read(text), Naive(text)
        held += len(decided)
        for rule, node in trees.items():
            found = node.value(document, 0, document.size) is not None
            if not ((rule in decided) is found is naive.holds(node)):
                disagreed.append((queries[int(rule[1:])], text.title, text.lead, text.body, text.caption))
    assert (disagreed, len(trees), 50 < held < 450) == ([], 25, True)


@pytest.mark.parametrize("seed", range(30))
def test_a_query_and_its_de_morgan_dual_decide_alike(seed, article, matcher):
    chance = random.Random(1000 + seed)
    a, b, x = (some_query(chance, 1) for _ in range(3))
    engine = matcher(
        f"({x}) AND NOT (({a}) OR ({b}))",
        f"({x}) AND NOT ({a}) AND NOT ({b})",
        f"({x}) AND NOT (({a}) AND ({b}))",
        f"(({x}) AND NOT ({a})) OR (({x}) AND NOT ({b}))",
        entities={},
    )
    for _ in range(20):
        matched = accepting(engine, some_article(chance, article))
        assert ("r0" in matched, "r2" in matched) == ("r1" in matched, "r3" in matched)


@pytest.mark.parametrize("operator", ["NEAR", "PRE"])
def test_what_is_near_within_n_words_is_near_within_more(operator, article, matcher):
    chance = random.Random(5)
    engine = matcher(*(f"(ka OR lo) {operator}/{n} (mi OR per*)" for n in range(1, 13)), entities={})
    for _ in range(200):
        matched = [int(rule[1:]) for rule in accepting(engine, some_article(chance, article))]
        assert matched == list(range(matched[0], 12) if matched else [])


PIECES = st.sampled_from(["Troops", "troops", "’s", "'s", "北韓", "북한군이", "Россия", "и\u0306", "e\u0301", "ﬁ", "½", "ß", "U.S.", "\x00", "\x01", "\ud800", "\u200d", "\u00ad", "😀", "ｶﾞ", "\n", ".", "。", " ", " ", "ทหาร", "व", "روسيا", "\U0001d407"])  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))
QUERIES = [
    "troops OR 北韓 OR 북한 OR Россия OR us OR روسيا OR fi OR h",
    "tro* OR росс*",
    "troops /s us",
    "troops /p us",
    '"troops us"~5',
]
EVERYTHING = [
    *QUERIES,
    "first3(troops)",
    "about(troops)",
    "caps(troops)",
    "exact(troops)",
    "atleast2(troops)",
    "troops NEAR/5 us",
]


@settings(max_examples=150, deadline=None)
@given(title=TEXTS, lead=TEXTS, body=TEXTS)
def test_mentions_and_excerpts_equal_the_original_text_at_their_offsets(article, title, lead, body):
    text = article(body, title=title, lead=lead)
    for match in ENGINE.match(text):
        for mention in match.mentions:
            assert mention.text
            assert text.text(mention.field)[mention.start : mention.end] == mention.text
        for excerpt in match.excerpts:
            assert excerpt.text.strip("…") in text.text(excerpt.field)
            assert all(excerpt.text[start:end] for start, end in excerpt.marks)
    ENGINE.explain(text)


@settings(max_examples=150, deadline=None)
@given(
    query=st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(
                [
                    "a",
                    "AND",
                    "OR",
                    "NOT",
                    "(",
                    ")",
                    '"',
                    "troops",
                    "@x",
                    "NEAR/5",
                    "/s",
                    "title:",
                    "atleast2(",
                    "caps(",
                    "lang:en",
                    "words:>5",
                    "#",
                    "\n",
                    "~1",
                    "*",
                    "$2",
                    "?",
                ]
            )
        ).map(" ".join),
    )
)
def test_no_query_raises_and_what_is_read_can_be_asked(article, query):
    try:
        watchlist = Watchlist.model_validate({"watchlist": "w", "rules": [{"id": "r", "match": query}]})
    except ValueError:
        return
    made = compile_watchlists({"w": watchlist}, {})
    assert len(made.matcher.rules) + any(problem.level == "error" for problem in made.problems) == 1
    made.matcher.match(article("some troops", title="A b"))


def _engine():
    rules = [{"id": f"r{number}", "match": query} for number, query in enumerate(EVERYTHING)]
    return compile_watchlists({"w": Watchlist.model_validate({"watchlist": "w", "rules": rules})}, {}).matcher


ENGINE = _engine()
