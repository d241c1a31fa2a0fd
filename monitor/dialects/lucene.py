"""Lucene's classic query parser, as Solr, Elasticsearch and Kibana use it.

It knows no precedence: each clause must, may or must not occur. AND makes both its sides musts, OR makes
none, words side by side are joined by the default operator, which is OR unless an application sets AND.
Beside a must, what may occur only ranks. The operators are capitals.
"""

import re
from dataclasses import dataclass, replace

from monitor.dialects.scanning import about, in_fields, language, lost, nothing, scan
from monitor.dialects.terms import ANY, ONE, term
from monitor.dialects.tree import AllOf, AnyOf, ChangeKind, DialectError, Log, Lost, Near, Node, Words

__all__ = ["read_lucene"]

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<quoted>"(?P<phrase>(?:[^"\\]|\\.)*)"(?:~(?P<slop>\d+))?)
    | (?P<range>[\[{]\s*(?:"[^"]*"|\S+)\s+TO\s+(?:"[^"]*"|[^\s\]}]+)\s*[\]}])
    | (?P<regex>/(?:[^/\\\s]|\\.|\s)+/)
    | (?P<and>AND|&&)(?=[\s()]|$) | (?P<or>OR|\|\|)(?=[\s()]|$) | (?P<not>NOT(?=[\s()]|$)|!|-(?=[^\s]))
    | (?P<must>\+(?=\S))
    | (?P<boost>\^\d+(?:\.\d+)?)
    | (?P<field>(?:[\w.*]|\\.)+):(?=\S)
    | (?P<word>(?:[^\s()"\[\]{}^:\\!~]|\\.)+(?P<fuzzy>~(?P<edits>\d*(?:\.\d+)?))?)
    """,
    re.VERBOSE,
)
_FIELDS = {
    "title": "title", "headline": "title", "subject": "title", "lead": "lead", "summary": "lead",
    "description": "lead", "abstract": "lead", "body": "body", "content": "body", "caption": "caption",
    "author": "author", "byline": "author", "source": "source", "publisher": "source", "section": "section",
}  # fmt: skip
_EVERYWHERE = {"text", "_all", "all", "fulltext"}
_DEEPEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    """A clause, how it is joined to the one before, and what its sign says."""

    node: Node
    join: str = ""
    sign: str = ""


def read_lucene(query: str, log: Log, *, default: str = "or", precedence: bool = False) -> Node:
    """The tree of a query, by the default operator, or by a parser that knows precedence."""
    reader = _Reader(list(scan(query, _TOKEN)), len(query), log, default, precedence=precedence)
    node = reader.clauses(0)
    if reader.token is not None:
        raise DialectError(reader.token.start(), "this parenthesis closes nothing", "remove it")
    return node


class _Reader:
    def __init__(
        self, tokens: list[re.Match[str]], end: int, log: Log, default: str, *, precedence: bool
    ) -> None:
        self.tokens = tokens
        self.end = end
        self.log = log
        self.default = default
        self.precedence = precedence
        self.next = 0

    @property
    def token(self) -> re.Match[str] | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    @property
    def kind(self) -> str:
        token = self.token
        if token is None:
            return ""
        kind = token.lastgroup or ""
        return {"phrase": "quoted", "slop": "quoted", "fuzzy": "word", "edits": "word"}.get(kind, kind)

    def take(self) -> re.Match[str]:
        token = self.token
        if token is None:
            raise DialectError(self.end, "the query ends where a term should stand", "write a term")
        self.next += 1
        return token

    def clauses(self, depth: int) -> Node:
        """What stands up to the closing parenthesis, or the end."""
        at = self.token.start() if self.token else self.end
        if depth > _DEEPEST:
            raise DialectError(at, f"nested deeper than {_DEEPEST}", "split it")
        found: list[_Clause] = []
        while self.kind not in {"", "close"}:
            join = self.take().lastgroup or "" if self.kind in {"and", "or"} else ""
            if join and not found:
                raise DialectError(at, f"{join.upper()} has nothing before it", "write a term before it")
            sign = self.take().lastgroup or "" if self.kind in {"not", "must"} else ""
            found.append(_Clause(node=self.clause(depth), join=join, sign=sign))
        if not found:
            raise DialectError(at, "a term is missing here", "write a term")
        return self.together(at, found)

    def together(self, at: int, found: list[_Clause]) -> Node:
        signed = any(each.sign and not each.join for each in found[1:]) or bool(found[0].sign)
        if self.precedence and not signed:
            return self.by_precedence(at, found)
        required = self.required(found)
        wanted = [(each.node, must) for each, must in zip(found, required, strict=True) if each.sign != "not"]
        musts = [node for node, must in wanted if must]
        mays = [node for node, must in wanted if not must]
        nots = tuple(each.node for each in found if each.sign == "not")
        if musts:
            for each in mays:
                says = "beside what must occur, it only ranks in Lucene; it is left out"
                self.log(each.at, _name(each), ChangeKind.IGNORED, says)
        elif mays:
            musts = [AnyOf(at, tuple(mays)) if len(mays) > 1 else mays[0]]
        return musts[0] if len(musts) == 1 and not nots else AllOf(at, tuple(musts), nots)

    def required(self, found: list[_Clause]) -> list[bool]:
        """Which clauses must occur: AND makes its sides so; OR undoes that where AND is the default."""
        musts: list[bool] = []
        for each in found:
            must = each.sign == "must" or each.join == "and" or (self.default == "and" and each.join != "or")
            if each.join == "and" or (each.join == "or" and self.default == "and"):
                musts[-1] = each.join == "and"
            musts.append(must)
        return musts

    def by_precedence(self, at: int, found: list[_Clause]) -> Node:
        """NOT before AND before OR; what stands side by side is joined by the default operator."""
        groups: list[list[_Clause]] = []
        for each in found:
            if groups and (each.join or self.default) == "and":
                groups[-1].append(each)
            else:
                groups.append([each])
        parts = [
            AllOf(
                group[0].node.at,
                tuple(each.node for each in group if each.sign != "not"),
                tuple(each.node for each in group if each.sign == "not"),
            )
            for group in groups
        ]
        return AnyOf(at, tuple(parts)) if len(parts) > 1 else parts[0]

    def clause(self, depth: int) -> Node:
        """One operand with its field before it and its boost after it."""
        token, at, kind = self.token, self.token.start() if self.token else self.end, self.kind
        if kind == "field":
            name = _plain(self.take()["field"]).casefold()
            if depth > _DEEPEST:
                raise DialectError(at, f"nested deeper than {_DEEPEST}", "split it")
            node = _in_field(at, name, self.clause(depth + 1))
        elif kind == "open":
            self.take()
            node = self.clauses(depth + 1)
            if self.kind != "close":
                raise DialectError(at, "this parenthesis is never closed", "close it with )")
            self.take()
        elif kind in {"quoted", "word", "range", "regex"}:
            node = self.operand(self.take(), kind)
        else:
            text = token[0] if token else "the end of the query"
            raise DialectError(at, f"a term is missing before {text}", "write a term there")
        if self.kind == "boost":
            boost = self.take()
            node = nothing(self.log, boost.start(), boost[0], "only ranks")(node)
        return node

    def operand(self, token: re.Match[str], kind: str) -> Node:
        at, text = token.start(), token[0]
        match kind:
            case "range":
                return lost(at, text, "is a range, and our fields hold words")
            case "regex":
                return lost(at, text, "is a regular expression, which our language lacks")
            case "quoted":
                return self.phrase(token)
            case _ if token["fuzzy"]:
                return self.fuzzy(token)
            case _ if text in {"*", "?"}:
                return lost(at, text, "stands for any word")
            case _:
                return term(at, text, _marked(text), self.log)

    def phrase(self, token: re.Match[str]) -> Node:
        words = term(token.start(), token[0], _plain(token["phrase"]), self.log)
        slop = int((token["slop"] or "0")[:6])
        if isinstance(words, Lost) or not slop:
            return words
        one, _, rest = words.text.partition(" ")
        if rest and " " not in rest:
            self.log(
                words.at,
                token[0],
                ChangeKind.WIDER,
                f"Lucene counts two moves for a changed order; NEAR/{slop + 1} has no order",
            )
            left, right = Words(words.at, one), Words(words.at, rest)
            return Near(words.at, left, right, distance=slop + 1)
        return replace(words, slop=min(slop, 100)) if rest else words

    def fuzzy(self, token: re.Match[str]) -> Node:
        at, stem, edits = (
            token.start(),
            _plain(token[0][: token.start("fuzzy") - token.start()]),
            token["edits"],
        )
        words = term(at, token[0], stem, self.log)
        if isinstance(words, Lost):
            return words
        if len(words.text) < 5 or not words.text.isalpha():
            says = f"ours allows a slip in words of 5 letters or more; {words.text} is looked for as it is"
            self.log(at, token[0], ChangeKind.NARROWER, says)
            return words
        if edits != "1":
            says = f"ours allows one slip, the first letter right; {words.text}~1 is looked for"
            self.log(at, token[0], ChangeKind.NARROWER, says)
        return replace(words, slip=True)


def _in_field(at: int, name: str, child: Node) -> Node:
    if name in _EVERYWHERE:
        return child
    if name in {"lang", "language"}:
        return language(at, f"{name}:")(child)
    if name in _FIELDS:
        return in_fields(at, _FIELDS[name])(child)
    return about(at, name + ":{}", "is a field that ours has no counterpart of")(child)


def _marked(text: str) -> str:
    """Wildcards marked, unless they are escaped; escapes undone."""
    marked = re.sub(r"(?<!\\)\*", ANY, text)
    return _plain(re.sub(r"(?<!\\)\?", ONE, marked))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _name(node: Node) -> str:
    return node.text if isinstance(node, Words) else "a clause"
