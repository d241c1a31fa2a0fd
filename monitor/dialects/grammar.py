"""From tokens to a tree, by a dialect's own precedence of operators."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from monitor.dialects.terms import NO_WORD
from monitor.dialects.tree import AllOf, AnyOf, DialectError, Log, Lost, Near, Node, Unit, Words

__all__ = [
    "DEEPEST_TREE",
    "Close",
    "Grammar",
    "Join",
    "Open",
    "Operand",
    "Prefix",
    "Suffix",
    "Token",
    "parse",
]

_DEEPEST = 40
DEEPEST_TREE = 100  # of what is read; each proximity in a chain is a nesting too


@dataclass(frozen=True, slots=True)
class Open:
    """An opening parenthesis."""

    at: int


@dataclass(frozen=True, slots=True)
class Close:
    """A closing one."""

    at: int


@dataclass(frozen=True, slots=True)
class Operand:
    """A term, or something else that is whole; words side by side are put together."""

    at: int
    node: Node


@dataclass(frozen=True, slots=True)
class Join:
    """An operator between two things: and, or, not (the second must be absent), near."""

    at: int
    text: str
    how: str
    near: Near | None = None

    @property
    def reach(self) -> float:
        """How far it reaches: what is closer is joined first, where a dialect says so."""
        if self.near is None:
            return 0
        return {Unit.WORDS: self.near.distance, Unit.SENTENCE: 1e6, Unit.PARAGRAPH: 2e6}[self.near.unit]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Something before what it is about: a field, a count; `make` puts it round a node."""

    at: int
    text: str
    make: Callable[[Node], Node]


@dataclass(frozen=True, slots=True)
class Suffix:
    """Something after what it is about."""

    at: int
    text: str
    make: Callable[[Node], Node]


Token = Open | Close | Operand | Join | Prefix | Suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """How a dialect reads: `levels` of operators from the loosest to the tightest.

    `adjacent` is what side by side means: near (a phrase), and, or. `closest_first`: of a chain of
    proximities the smallest is joined first. `wide_prefix`: a prefix takes a whole chain of proximities.
    """

    tokens: Callable[[str, Log], Iterator[Token]]
    levels: Sequence[frozenset[str]]
    adjacent: str = "near"
    closest_first: bool = False
    wide_prefix: bool = False


def parse(query: str, grammar: Grammar, log: Log) -> Node:
    """The tree of a query; DialectError where it cannot be read."""
    parser = _Parser(grammar, _joined(grammar, list(grammar.tokens(query, log))), end=len(query))
    node = parser.level(0)
    if parser.token is not None:
        raise DialectError(parser.token.at, "this parenthesis closes nothing", "remove it")
    return node


def _joined(grammar: Grammar, tokens: list[Token]) -> list[Token]:
    """The tokens with what stands unsaid between two operands; neighbouring words are one phrase."""
    said: list[Token] = []
    for token in tokens:
        if isinstance(token, Operand) and isinstance(token.node, Lost) and token.node.why == NO_WORD:
            continue  # a lone dash or sign is no term anywhere
        before = said[-1] if said else None
        if isinstance(before, Operand | Close | Suffix) and isinstance(token, Operand | Open | Prefix):
            if grammar.adjacent == "near" and _is_phrase(before) and _is_phrase(token):
                said[-1] = _phrase(before, token)
                continue
            near = Near(token.at, _NOTHING, _NOTHING, ordered=True) if grammar.adjacent == "near" else None
            said.append(Join(token.at, "", grammar.adjacent, near))
        said.append(token)
    return said


_NOTHING = Words(0, "")


def _is_phrase(token: Token) -> bool:
    words = token.node if isinstance(token, Operand) else None
    return isinstance(words, Words) and not words.slip and words.slop < 0


def _phrase(one: Token, two: Token) -> Operand:
    match one, two:
        case Operand(at, Words() as first), Operand(_, Words() as second):
            text, plurals = f"{first.text} {second.text}", first.plurals or second.plurals
            return Operand(at, Words(at, text, plurals=plurals))
        case _:
            raise AssertionError("only words make a phrase")


@dataclass(slots=True)
class _Parser:
    grammar: Grammar
    tokens: list[Token]
    end: int
    next: int = 0
    depth: int = 0
    near_level: int = field(init=False)

    def __post_init__(self) -> None:
        levels = self.grammar.levels
        self.near_level = next(number for number, joins in enumerate(levels) if "near" in joins)

    @property
    def token(self) -> Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def level(self, number: int) -> Node:
        """A chain of operators of one level, and what stands between them."""
        if number == len(self.grammar.levels):
            return self.suffixed()
        operands = [self.leading(number)]
        joins: list[Join] = []
        while isinstance(self.token, Join) and self.token.how in self.grammar.levels[number]:
            joins.append(self.token)
            self.next += 1
            operands.append(self.level(number + 1))
            if number == self.near_level and len(joins) > DEEPEST_TREE:
                problem = f"nested deeper than {DEEPEST_TREE}, or more proximities in a chain"
                raise DialectError(joins[-1].at, problem, "split it")
        if self.grammar.closest_first and number == self.near_level:
            return _closest_first(operands, joins)
        node = operands[0]
        for join, right in zip(joins, operands[1:], strict=True):
            node = _combined(join, node, right)
        return node

    def leading(self, number: int) -> Node:
        """The first operand of a level; a `not` before it is a veto without anything to hold to."""
        token = self.token
        if isinstance(token, Join) and token.how == "not" and "not" in self.grammar.levels[number]:
            self.next += 1
            return AllOf(token.at, (), (self.level(number + 1),))
        return self.level(number + 1)

    def suffixed(self) -> Node:
        node = self.primary()
        while isinstance(self.token, Suffix):
            node = self.token.make(node)
            self.next += 1
        return node

    def primary(self) -> Node:
        token = self.token
        self.next += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise DialectError(token.at if token else self.end, f"nested deeper than {_DEEPEST}", "split it")
        match token:
            case Operand(_, node):
                pass
            case Prefix(_, _, make):
                node = make(self.level(self.near_level) if self.grammar.wide_prefix else self.suffixed())
            case Open(at):
                node = self.group(at)
            case _:
                raise self.misplaced(token)
        self.depth -= 1
        return node

    def group(self, at: int) -> Node:
        node = self.level(0)
        if self.token is None:
            raise DialectError(at, "this parenthesis is never closed", "close it with )")
        self.next += 1  # only a closing parenthesis ends level 0
        return node

    def misplaced(self, token: Token | None) -> DialectError:
        match token:
            case None:
                return DialectError(self.end, "the query ends where a term should stand", "write a term")
            case Join(at, text) | Suffix(at, text):
                return DialectError(at, f"{text} has nothing before it", "write a term before it")
            case _:
                return DialectError(token.at, "nothing stands before this parenthesis", "write a term there")


def _closest_first(operands: list[Node], joins: list[Join]) -> Node:
    while joins:
        at = min(range(len(joins)), key=lambda number: joins[number].reach)
        operands[at : at + 2] = [_combined(joins[at], operands[at], operands[at + 1])]
        del joins[at]
    return operands[0]


def _combined(join: Join, left: Node, right: Node) -> Node:
    """Two nodes joined; what an all-of or any-of already holds is not nested anew."""
    if join.near is not None:
        return replace(join.near, at=join.at, left=left, right=right)
    if join.how == "or":
        return AnyOf(left.at, (*_parts(left, AnyOf), *_parts(right, AnyOf)))
    all_of = left if isinstance(left, AllOf) else AllOf(left.at, (left,))
    if join.how == "not":
        return AllOf(all_of.at, all_of.clauses, (*all_of.vetoes, right))
    if isinstance(right, AllOf):
        return AllOf(all_of.at, (*all_of.clauses, *right.clauses), (*all_of.vetoes, *right.vetoes))
    return AllOf(all_of.at, (*all_of.clauses, right), all_of.vetoes)


def _parts(node: Node, kind: type[AnyOf]) -> tuple[Node, ...]:
    return node.clauses if isinstance(node, kind) else (node,)
