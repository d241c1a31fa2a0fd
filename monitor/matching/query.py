"""The query language: text in, a tree of nodes out, or one QueryError that prints both readings.

query = and | or | near ;           and = near { ("AND" | ["AND"] "NOT") near } ;   or = near { "OR" near } ;
near  = unary { op unary } ;        op  = ["NOT"] ("NEAR"|"PRE"|"ONEAR"|"ADJ") ["/"] n | ["NOT"] ("/s"|"/p") ;
unary = "(" query ")" | field ":" unary | function "(" query ")" | "@" name [ "." facet ] | phrase ;

Precedence, tightest first: fields and functions, proximity, then one of AND or OR. What different products
read differently is refused: AND beside OR, different proximities in one chain, AND inside a proximity.
"""

import re
from collections.abc import Callable
from typing import Protocol

from monitor.matching.lexer import QueryError, Token, TokenKind, tokens_of
from monitor.matching.nodes import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Case,
    Cased,
    Fact,
    First,
    Language,
    Length,
    Mentioned,
    Near,
    Node,
    Scoped,
    Unit,
)
from monitor.matching.refusals import (
    did_you_mean,
    mismeasured,
    misplaced,
    mixed,
    source_of,
    together,
    unjoined,
)
from monitor.matching.terms import Written
from monitor.matching.wording import read_phrase, read_slip
from monitor.model import Article, Field

__all__ = ["LONGEST_QUERY", "Vocabulary", "parse"]

LONGEST_QUERY = 200_000
_DEEPEST = 40
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_COMMENT = re.compile(r"(?<=\s)#[^\n]*")
_FARTHEST = 100
_FACTS: dict[str, Callable[[Article], tuple[str, ...]]] = {
    "author": lambda article: (article.byline,),
    "section": lambda article: (article.section,),
    "source": lambda article: (article.origin.source, article.origin.outlet, *article.origin.tags),
}
_FIELDS = (*(str(field) for field in Field), *_FACTS, "lang", "words")


class Vocabulary(Protocol):
    """What a query's words and names mean; leaves are shared between rules."""

    def term(
        self, words: tuple[Written, ...], *, slop: int = -1, exact: bool = False, slip: bool = False
    ) -> Mentioned:
        """A term, as a node at offset 0."""

    def reference(self, name: str, at: int, end: int, *, exact: bool) -> Node:
        """What `@name` or `@name.facet` stands for; QueryError if it is unknown."""


def parse(query: str, vocabulary: Vocabulary) -> Node:
    """The tree of a query; QueryError tells where and why it cannot be read."""
    if len(query) > LONGEST_QUERY:
        raise QueryError(LONGEST_QUERY, f"the query is longer than {LONGEST_QUERY} characters", "use a list")
    parser = _Parser(query, list(tokens_of(query)), vocabulary)
    root = parser.query()
    rest = parser.token
    if rest.kind is TokenKind.CLOSE:
        raise QueryError(rest.at, "this parenthesis closes nothing", "remove it, or open one before")
    if rest.kind is not TokenKind.END:
        raise unjoined(query, root, parser.tokens[parser.next - 1], rest)
    return root


class _Parser:
    def __init__(self, text: str, tokens: list[Token], vocabulary: Vocabulary) -> None:
        self.text = text
        self.tokens = tokens
        self.vocabulary = vocabulary
        self.next = 0
        self.depth = 0
        self.exact = False

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.tokens[self.next]
        self.next += 1
        return token

    # ------------------------------------------------------------------ AND, OR, NOT

    def query(self) -> Node:
        clauses, joins = [self.near()], list[tuple[str, int]]()
        while (join := self.join()) is not None:
            clauses.append(self.near())
            joins.append(join)
        if not joins:
            return clauses[0]
        words = {word if word == "OR" else "AND" for word, _ in joins}
        if len(words) > 1:
            raise mixed(self.text, clauses, joins)
        at, end = clauses[0].at, clauses[-1].end
        if words == {"OR"}:
            return AnyOf(at=at, end=end, clauses=tuple(clauses))
        required = [
            clauses[0],
            *(each for each, (word, _) in zip(clauses[1:], joins, strict=True) if word == "AND"),
        ]
        vetoes = [each for each, (word, _) in zip(clauses[1:], joins, strict=True) if word != "AND"]
        return AllOf(at=at, end=end, clauses=tuple(required), vetoes=tuple(vetoes))

    def join(self) -> tuple[str, int] | None:
        """AND, OR or AND NOT, and where; None where the clauses end."""
        token = self.token
        if token.kind not in {TokenKind.AND, TokenKind.OR, TokenKind.NOT}:
            return None
        self.take()
        if token.kind is TokenKind.OR and self.token.kind is TokenKind.NOT:
            raise QueryError(
                self.token.at, "OR NOT would match nearly everything", "write AND NOT, or turn the rule round"
            )
        if token.kind is TokenKind.AND and self.token.kind is TokenKind.NOT:
            self.take()
            return "AND NOT", token.at
        return {TokenKind.AND: "AND", TokenKind.OR: "OR", TokenKind.NOT: "AND NOT"}[token.kind], token.at

    # ------------------------------------------------------------------ proximity

    def near(self) -> Node:
        node = self.unary()
        previous: Token | None = None
        chain = 0
        while (operator := self.operator()) is not None:
            token, negated = operator
            chain += 1
            if chain > _DEEPEST:
                raise QueryError(token.at, f"more than {_DEEPEST} proximities in a chain", "use a list")
            if refusal := mismeasured(token, previous, _FARTHEST):
                raise refusal
            previous = token
            right = self.unary()
            for side in (node, right):
                self.must_have_spans(side, token)
            node = self.joined(node, right, token, negated=negated)
        return node

    def operator(self) -> tuple[Token, bool] | None:
        kinds = {TokenKind.NEAR, TokenKind.SAME}
        if self.token.kind in kinds:
            return self.take(), False
        if self.token.kind is TokenKind.NOT and self.tokens[self.next + 1].kind in kinds:
            self.take()
            return self.take(), True
        return None

    def must_have_spans(self, node: Node, token: Token) -> None:
        """AND and facts have no place in the text that something could be near to or be counted at."""
        if isinstance(node, AllOf):
            raise QueryError(
                node.at,
                f"AND inside {token.text} has two readings: near each, or near the group",
                f"write (a {token.text} b) AND (a {token.text} c)"
                if token.kind is not TokenKind.FUNCTION
                else f"write {token.text}(a) AND {token.text}(b)",
            )
        if isinstance(node, Fact | Language | Length):
            raise QueryError(
                node.at, f"{source_of(self.text, node)} has no place in the text", "join it with AND"
            )
        for child in node.children:
            self.must_have_spans(child, token)

    def joined(self, left: Node, right: Node, token: Token, *, negated: bool) -> Node:
        unit = {"s": Unit.SENTENCE, "p": Unit.PARAGRAPH}.get(token.inside, Unit.WORDS)
        return Near(
            at=left.at,
            end=right.end,
            left=left,
            right=right,
            unit=unit,
            distance=token.number,
            ordered=token.inside in {"pre", "onear", "adj"},
            negated=negated,
        )

    # ------------------------------------------------------------------ one clause

    def unary(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise QueryError(
                self.token.at, f"nested deeper than {_DEEPEST}", "move parts into lists or rules"
            )
        node = self.clause(self.take())
        self.depth -= 1
        return node

    def clause(self, token: Token) -> Node:
        match token.kind:
            case TokenKind.OPEN:
                return self.group(token)
            case TokenKind.REFERENCE:
                return self.vocabulary.reference(token.inside, token.at, token.end, exact=self.exact)
            case TokenKind.QUOTED:
                return self.phrase(token, token.end, token.inside, slop=token.number)
            case TokenKind.WORD:
                return self.words(token)
            case TokenKind.FIELD:
                return self.field(token)
            case TokenKind.FUNCTION:
                return self.function(token)
            case _:
                raise misplaced(token)

    def group(self, token: Token) -> Node:
        """What stands in parentheses; its place is that of the parentheses."""
        node = self.query()
        close = self.token
        if close.kind is TokenKind.END:
            raise QueryError(token.at, "this parenthesis is never closed", "close it with )")
        if close.kind is not TokenKind.CLOSE:
            raise unjoined(self.text, node, self.tokens[self.next - 1], self.token)
        self.take()
        return _moved(node, token.at, close.end)

    def field(self, token: Token) -> Node:
        if token.inside not in _FIELDS:
            remedy = did_you_mean(token.inside, _FIELDS)
            raise QueryError(
                token.at, f"{token.text} is not a field", f"{remedy}; put it in quotes if it is text"
            )
        if token.inside == "words":
            return self.length(token)
        if token.inside == "lang":
            return self.languages(token)
        child = self.unary()
        if token.inside not in _FACTS:
            return Scoped(at=token.at, end=child.end, child=child, field=Field(token.inside))
        if any(isinstance(node, Scoped | First | About | Fact | Language | Length) for node in _all(child)):
            raise QueryError(
                child.at, f"{token.text} takes words only", f"write {token.text}(smith OR jones)"
            )
        return Fact(at=token.at, end=child.end, child=child, name=token.inside, texts=_FACTS[token.inside])

    def length(self, token: Token) -> Node:
        word = self.take()
        comparison = word.text.rstrip("0123456789")
        number = word.text[len(comparison) :]
        if comparison not in {">", ">=", "<", "<="} or not number or len(number) > 6:
            raise QueryError(word.at, "words: compares a number", "write words:>500 or words:<=200")
        return Length(at=token.at, end=word.end, comparison=comparison, words=int(number))

    def languages(self, token: Token) -> Node:
        opened = self.token.kind is TokenKind.OPEN and self.take()
        codes = [self.language(token)]
        while opened and self.token.kind is TokenKind.OR:
            self.take()
            codes.append(self.language(token))
        if opened and self.take().kind is not TokenKind.CLOSE:
            raise QueryError(
                self.tokens[self.next - 1].at, "lang: takes codes joined by OR", "write lang:(en OR ru)"
            )
        end = self.tokens[self.next - 1].end
        return AnyOf(at=token.at, end=end, clauses=tuple(codes)) if len(codes) > 1 else codes[0]

    def language(self, token: Token) -> Node:
        word = self.take()
        if word.kind is not TokenKind.WORD or not _CODE.fullmatch(word.text):
            raise QueryError(
                word.at, "lang: takes the code of a language", "write lang:en or lang:(ko OR ru)"
            )
        return Language(at=token.at, end=word.end, code=word.text)

    def function(self, token: Token) -> Node:
        opening = self.take()
        before, self.exact = self.exact, self.exact or token.inside == "exact"
        child = self.group(opening)
        self.exact = before
        at, end = token.at, child.end
        match token.inside:
            case "exact":
                return _moved(child, at, end)
            case "caps" | "allcaps" | "nocaps":
                self.must_have_spans(child, token)
                return Cased(at=at, end=end, child=child, case=Case(token.inside))
            case "about":
                self.must_have_spans(child, token)
                return About(at=at, end=end, child=child)
            case _:
                return self.counting(token, child)

    def counting(self, token: Token, child: Node) -> Node:
        """What atleastN and firstN count."""
        at, end = token.at, child.end
        if not token.number:
            raise QueryError(at, f"{token.text} asks for nothing", f"write {token.inside}1 or more")
        if token.inside == "first":
            return First(at=at, end=end, child=child, words=token.number)
        self.must_have_spans(child, token)
        return AtLeast(at=at, end=end, child=child, times=token.number)

    def words(self, token: Token) -> Node:
        """Bare words side by side: a phrase."""
        last = together(token, _FIELDS)
        while self.token.kind is TokenKind.WORD:
            last = together(self.take(), _FIELDS)
        text = _COMMENT.sub(lambda found: " " * len(found[0]), self.text[token.at : last.end])
        if token is last and "~" in text:
            words = read_slip(text, token.at)
            return _moved(self.vocabulary.term(words, slip=True), token.at, last.end)
        return self.phrase(token, last.end, text)

    def phrase(self, token: Token, end: int, text: str, *, slop: int = -1) -> Node:
        words = read_phrase(text, token.at + (1 if token.kind is TokenKind.QUOTED else 0))
        if slop > _FARTHEST:
            raise QueryError(token.at, f"a slop of {slop} words", f"write at most {_FARTHEST}")
        return _moved(self.vocabulary.term(words, slop=slop, exact=self.exact), token.at, end)


def _moved(node: Node, at: int, end: int) -> Node:
    values = {name: getattr(node, name) for name in node.__dataclass_fields__}
    return type(node)(**{**values, "at": at, "end": end})


def _all(node: Node) -> list[Node]:
    return [node, *(each for child in node.children for each in _all(child))]
