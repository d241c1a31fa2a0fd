"""What is new for an address in a match: a first report, a development, a correction, or nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property
from itertools import combinations

from monitor.alerting.policy import Address, Policy
from monitor.model import Article, History, Mail, Match, Raised, Severity, Story, Verdict

__all__ = ["MILESTONE", "Past", "Ruling", "Sighting", "asked_settled", "earlier_wording", "news", "pairs_of"]

MILESTONE = re.compile(r"(\d+) sources now tell this story")
"""A reason, as `news` words it: so many sources were reached."""
ENTITIES = 8
"""Pairs are made of so many entities of an article at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article as it came in, with its matches; `baseline`: it stood there when we first looked."""

    article: Article
    matches: tuple[Match, ...]
    baseline: bool
    now: datetime


def asked_settled(policy: Policy, matches: tuple[Match, ...]) -> tuple[str, ...]:
    """The watchlists of the matches, each once, in order, where the policy asks for first sightings."""
    asked = "new_pair" in policy.settings.defaults.update.when
    return tuple(dict.fromkeys(match.watchlist for match in matches)) if asked else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided on a match, and by which line of the policy; `earlier` as in Alert."""

    verdict: Verdict
    reason: str
    earlier: str = ""


@dataclass(frozen=True, kw_only=True)
class Past:
    """A story's past as the store remembers it, asked by address."""

    history: History
    story: Story
    before: Story | None
    sighting: Sighting
    policy: Policy

    @property
    def article(self) -> Article:
        """The article that came in."""
        return self.sighting.article

    def settled(self, watchlist: str) -> bool:
        """Whether the watchlist has found something for long enough to call anything unusual."""
        asked = asked_settled(self.policy, self.sighting.matches)
        tallies = dict(zip(asked, self.history.tallies, strict=False))
        return watchlist in tallies and tallies[watchlist].count > 0

    @cached_property
    def mails(self) -> Mapping[str, Mail]:
        """The rows that concern the story, by key."""
        return {mail.key: mail for mail in self.history.mails}

    def thread(self, match: Match) -> str:
        """The conversation in which a match is told."""
        match self.policy.settings.defaults.group:
            case "story":
                return self.story.id
            case "rule":
                return f"{self.story.id}/{match.watchlist}/{match.rule}"
            case "article":
                return f"article:{self.article.url}"

    def _concerns(self, raised: Raised, match: Match) -> bool:
        match self.policy.settings.defaults.group:
            case "story":
                return True
            case "rule":
                return (raised.watchlist, raised.rule) == (match.watchlist, match.rule)
            case "article":
                return raised.own

    def carriers(self, address: Address, match: Match) -> Iterator[tuple[Raised, Mail]]:
        """What an address has heard, or is about to, in the match's conversation, and by which rows."""
        wanted = address.channel, address.recipient
        for raised in self.history.alerts:
            if self._concerns(raised, match):
                for key in raised.mails:
                    mail = self.mails.get(key)
                    if mail is not None and (mail.channel, mail.recipient) == wanted:
                        yield raised, mail

    def told(self, address: Address, match: Match) -> dict[tuple[str, str], Severity]:
        """The rules that an address has heard of in this conversation, each with its gravest severity."""
        heard: dict[tuple[str, str], Severity] = {}
        for raised, _ in self.carriers(address, match):
            rule = raised.watchlist, raised.rule
            heard[rule] = max(heard.get(rule, raised.severity), raised.severity, key=lambda s: s.rank)
        return heard

    def rows(self, address: Address, thread: str) -> list[Mail]:
        """The rows of an address in one conversation, oldest first."""
        wanted = (address.channel, address.recipient, thread)
        mine = (mail for mail in self.mails.values() if (mail.channel, mail.recipient, mail.story) == wanted)
        return sorted(mine, key=lambda mail: (mail.due, mail.key))


def news(past: Past, match: Match, address: Address) -> Ruling:
    """What an address does not know yet."""
    told = past.told(address, match)
    if not told:
        reason = "; ".join(filter(None, ("first report of this story", first_together(past, match))))
        return Ruling(verdict=Verdict.FIRST_MENTION, reason=reason)
    if "correction" in past.policy.settings.defaults.update.when:
        earlier = earlier_wording(past.history.previous, past.article, match)
        if earlier:
            return Ruling(verdict=Verdict.CORRECTION, reason="the article was corrected", earlier=earlier)
    reason = "; ".join(_developments(past, match, told))
    if reason:
        return Ruling(verdict=Verdict.DEVELOPMENT, reason=reason)
    return Ruling(verdict=Verdict.REPEAT, reason="told already, nothing new")


def _developments(past: Past, match: Match, told: Mapping[tuple[str, str], Severity]) -> Iterator[str]:
    """The milestones that a told story passes with this match."""
    rule, update = (match.watchlist, match.rule), past.policy.settings.defaults.update
    if rule not in told and "new_rule" in update.when:
        yield f"a new rule matches this story: {match.title or match.rule}"
    known = told.get(rule) or max(told.values(), key=lambda severity: severity.rank)
    if match.severity.rank > known.rank and "severity_up" in update.when:
        yield f"severity rose from {known} to {match.severity}"
    before = _reports(past.before) if past.before else 0
    passed = [number for number in update.sources if before < number <= _reports(past.story)]
    if passed:
        yield f"{passed[0]} sources now tell this story"
    pair = first_together(past, match)
    if pair:
        yield pair


def _reports(story: Story) -> int:
    """How many tell a story: several feeds that list one article are one, as is one source with many."""
    return min(len(story.sources), story.articles)


def pairs_of(matches: tuple[Match, ...]) -> tuple[tuple[str, str, str], ...]:
    """Every two watched entities that stand together, by watchlist."""
    found = {
        (match.watchlist, *pair)
        for match in matches
        for pair in combinations(sorted(match.entities[:ENTITIES]), 2)
    }
    return tuple(sorted(found))


def first_together(past: Past, match: Match) -> str:
    """The entities that this article names together for the first time; empty where nothing is new.

    A watchlist's first week makes no news of it: then every pair is new.
    """
    if "new_pair" not in past.policy.settings.defaults.update.when or not past.settled(match.watchlist):
        return ""
    known = set(past.history.pairs)
    new = [pair for pair in pairs_of((match,)) if pair not in known]
    return f"first sighting together: {new[0][1]} and {new[0][2]}" if new else ""


_NOTICE = re.compile(
    r"\b(?:correction|corrected|corrects|clarification|retract(?:ed|ion|s)|editor['’]s note"
    r"|corrección|rectificat\w+|correzione|rettifica|berichtigung|korrektur|correctif|корректировк\w+"
    r"|исправлен\w*|опровержени\w+)\b|정정|바로잡|訂正|更正|تصحيح|تصويب",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d[\d.,]*")


def earlier_wording(previous: Article | None, article: Article, match: Match) -> str:
    """What a corrected title or sentence said before; empty where nothing that matters changed.

    It matters that figures changed in the title or a matching sentence, or that a correction is announced.
    """
    if previous is None or _whole(previous) == _whole(article):
        return ""
    if _figures(previous.title) != _figures(article.title):
        return previous.title
    for excerpt in match.excerpts:
        before = _closest(excerpt.text, previous.text(excerpt.field))
        if before and _figures(before) != _figures(excerpt.text):
            return before
    announced = len(_NOTICE.findall(_whole(article))) > len(_NOTICE.findall(_whole(previous)))
    return previous.title if announced else ""


def _whole(article: Article) -> str:
    return f"{article.title}\n{article.lead}\n{article.body}"


def _figures(text: str) -> list[str]:
    return [found.rstrip(".,") for found in _FIGURE.findall(text)]


def _closest(sentence: str, text: str) -> str:
    """The sentence of a text that is most like another, if any is."""
    words = sentence.split()
    sentences = re.split(r"(?<=[.!?。！？])\s*", text)
    ranked = [
        (SequenceMatcher(None, words, other.split(), autojunk=False).ratio(), other) for other in sentences
    ]
    likeness, best = max(ranked, default=(0.0, ""))
    return best if likeness >= 0.6 else ""
