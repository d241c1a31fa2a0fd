"""The way of an article in lines for people, and as one record for scripts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from monitor.archive.why import Answer, copied
from monitor.cli.shell import Shell
from monitor.extraction import changes
from monitor.matching import Explanation, decision_in_words, render_explanation
from monitor.model import Alert, Article, FeedEntry, Field, Revision, SourceState, Visit
from monitor.store.base import OutboxRow
from monitor.store.visits import Visited
from monitor.store.ways import Listed, Way

__all__ = ["WayTeller", "way_record"]

MOST_KIN = 10
MOST_CHANGES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTeller:
    """Tells one way, section by section, in the order in which it went; times in the desk's zone."""

    way: Way
    answer: Answer
    shell: Shell
    zone: ZoneInfo
    states: Mapping[str, SourceState]
    kept: timedelta
    revisions: Sequence[Revision] = ()

    def say(self) -> None:
        """All sections; each begins with its name."""
        article = self.way.article
        waiting = next((each.waiting for each in self.way.entries if each.waiting), None)
        title = article.title if article else waiting.title if waiting else ""
        self.shell.say(self.shell.paint(title or "(no title)", "bold"))
        if article:
            self.shell.say(self.shell.paint(article.link or article.url, "dim"))
        sections = {
            "source": self._source(),
            "fetched": self._fetched(),
            "extracted": self._extracted(),
            "story": self._story(),
            "rules": self._rules(),
            "verdict": self._verdict(),
            "mails": self._mails(),
        }
        for name, lines in sections.items():
            for place, line in enumerate(lines):
                self.shell.say(f"{self.shell.paint(name if place == 0 else '', 'bold'):10} {line}".rstrip())

    def _at(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M:%S %Z}"

    # ------------------------------------------------------------------ what came in

    def _source(self) -> Iterator[str]:
        published = self.way.article.published if self.way.article else None
        for listed in self.way.entries:
            first = " at the source's first poll (its baseline)" if listed.baseline else ""
            late = f", {_long(listed.seen - published)} after it was published" if published else ""
            times = "once" if listed.revision == 1 else f"{listed.revision} times"
            changed = f", changed {times} since" if listed.revision else ""
            yield f"{listed.source} listed it {self._at(listed.seen)}{first}{late}{changed}"
            if listed.url and self.way.article and listed.url != self.way.article.link:
                yield f"  as {listed.url}"
            state = self.states.get(listed.source)
            if state is None:
                yield f"  {listed.source} is not configured any more"
            elif state.error:
                yield f"  {listed.source} fails at present: {state.error}"

    def _fetched(self) -> Iterator[str]:
        for visited in self.way.visits:
            yield self._visit(visited)
        if not self.way.visits and self.way.article:
            yield "how its page was fetched was not recorded"
        for listed in self.way.entries:
            if listed.waiting is not None:
                yield self._waiting(listed)

    def _visit(self, visited: Visited) -> str:
        visit = visited.visit
        what = f"{visit.status} " if visit.status else ""
        if visit.reason:
            what += visit.reason
        else:
            what += f"{visit.size:,} bytes {visit.content_type.partition(';')[0]}"
        moved = f" from {visit.landed}" if visit.landed not in {"", visit.asked} else ""
        again = f"; put off until {self._at(visited.put_off)}" if visited.put_off else ""
        return f"{self._at(visit.at)} for {visited.source}: {what.strip()}{moved}{again}"

    def _waiting(self, listed: Listed) -> str:
        if listed.taken:
            return f"{listed.source}: it is being read"
        tries = f", after {listed.attempts} tries" if listed.attempts else ""
        when = f", no earlier than {self._at(listed.due)}" if listed.due and listed.attempts else ""
        return f"{listed.source}: waits to be read{when}{tries}; is a daemon running? `monitor status` tells"

    def _extracted(self) -> Iterator[str]:
        article = self.way.article
        if article is None:
            return
        sizes = [f"{name} {_words(article.text(name))}" for name in Field if article.text(name)]
        language = f"; language {article.language}" if article.language else "; language unknown"
        yield f"words: {', '.join(sizes) or 'none'}{language}"
        if article.furniture:
            yield f"cut as boilerplate: {_words(article.furniture)} words ({_short(article.furniture)})"
        yield from self._revised(article)
        if article.partial:
            yield f"partial, the page's text is lacking: {article.partial}"
        if self._forgotten(article):
            yield (
                f"its text was removed after {_long(self.kept)} (retention.articles);"
                " the rules below see what is left"
            )

    def _revised(self, article: Article) -> Iterator[str]:
        """What each reading changed in the one before it."""
        readings = [*(revision.article for revision in self.revisions), article]
        for revision, (before, after) in zip(self.revisions, pairwise(readings), strict=True):
            found = changes(before, after)
            yield f"read otherwise until {self._at(revision.until)}:"
            for change in found[:MOST_CHANGES]:
                if change.before:
                    yield f"  - {change.field}: {_short(change.before)}"
                if change.after:
                    yield f"  + {change.field}: {_short(change.after)}"
            if len(found) > MOST_CHANGES:
                yield f"  and {len(found) - MOST_CHANGES} passages more"

    def _forgotten(self, article: Article) -> bool:
        return not (article.lead or article.body or article.caption) and bool(self.way.alerts)

    # ------------------------------------------------------------------ what was made of it

    def _story(self) -> Iterator[str]:
        story, kin = self.way.story, self.way.kin
        if story is None:
            return
        if len(kin) < 2:
            yield f"{story.id}, alone in it"
            return
        place = next(number for number, each in enumerate(kin, 1) if each.number == self.way.number)
        yield f"{story.id} “{story.title}”, number {place} of {len(kin)} articles"
        if copy := copied(self.way):
            yield f"a copy of {copy[0].url} ({100 * copy[1]:.0f} % of the shorter text is in both)"
        elif place > 1:
            yield "tells the same event in other words"
        for each in kin[:MOST_KIN]:
            if each.number != self.way.number:
                yield f"  {self._at(each.fetched)}  {each.origin.source}: {each.title}"
        if len(kin) > MOST_KIN:
            yield f"  and {len(kin) - MOST_KIN} more"

    def _rules(self) -> Iterator[str]:
        if self.way.article is None:
            return
        for explanation in self.answer.asked:
            yield from self._explained(explanation)
        for explanation in self.answer.near:
            yield from self._explained(explanation, "came near: ")
        if self.answer.others:
            rest = f"{self.answer.others} other rules have too little of what they ask for"
            yield f"{rest}; --all asks every one, --rule R one of them"

    def _explained(self, explanation: Explanation, word: str = "") -> Iterator[str]:
        name, *clauses = render_explanation(explanation).splitlines()
        yield self.shell.paint(f"{word}{name}", "mark" if explanation.matches else "dim")
        yield f"  decided by: {decision_in_words(explanation)}"
        heard = (explanation.watchlist, explanation.rule) in self._heard()
        if heard and not explanation.matches:
            yield "  it matched when it was read; the rule or the text has changed since"
        elif explanation.matches and not heard and self.way.article and not self._forgotten(self.way.article):
            yield "  it did not when it was read; the rule or the text has changed since"
        yield from clauses

    def _heard(self) -> set[tuple[str, str]]:
        return {(alert.match.watchlist, alert.match.rule) for _, alert, _ in self.way.alerts}

    def _verdict(self) -> Iterator[str]:
        for number, alert, told_by in self.way.alerts:
            rule = f"{alert.match.watchlist}/{alert.match.rule}"
            carried = f"; told by outbox {', '.join(map(str, told_by))}" if told_by else ""
            verdict = self.shell.paint(alert.verdict, "mark")
            yield f"{rule} ({alert.match.severity}): {verdict}, {alert.reason or 'no reason recorded'}"
            yield f"  raised {self._at(alert.raised)} as alert:{number}{carried}"
        if self.way.article and not self.way.alerts:
            yield "no rule matched when it was read, so nobody was to be told"

    def _mails(self) -> Iterator[str]:
        for row in self.way.rows:
            word = row.reply if row.state == "sent" else row.last_error
            code = f"{row.last_code} " if row.last_code and not row.reply else ""
            said = f": {code}{word}" if word else ""
            when = self._at(row.sent) if row.sent else f"due {self._at(row.due)}"
            tries = f", {row.attempts} tries" if row.attempts > 1 else ""
            yield f"{row.id}  {row.kind} to {row.recipient} by {row.channel}: {row.state} {when}{tries}{said}"
            if row.message_id:
                yield f"  {row.message_id}  {row.subject}"


def _words(text: str) -> int:
    return len(text.split())


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:58]}…"


def _long(length: timedelta) -> str:
    """A length in its largest fitting unit.

    >>> _long(timedelta(minutes=3)), _long(timedelta(days=90))
    ('3 min', '90 days')
    """
    seconds = max(0.0, length.total_seconds())
    for size, unit in ((172_800, "days"), (7_200, "h"), (120, "min")):
        if seconds >= size:
            return f"{seconds / {'days': 86_400, 'h': 3_600, 'min': 60}[unit]:.0f} {unit}"
    return f"{seconds:.0f} s"


# ---------------------------------------------------------------------------- for scripts


def way_record(way: Way, answer: Answer) -> dict[str, object]:
    """The way as one object; names as in the nouns."""
    article = way.article
    copy = copied(way)
    return {
        "url": article.url if article else None,
        "link": article.link if article else None,
        "title": article.title if article else None,
        "entries": [_record(each) for each in way.entries],
        "visits": [_visit_record(each) for each in way.visits],
        "words": {name: _words(article.text(name)) for name in Field} if article else {},
        "boilerplate": _words(article.furniture) if article else 0,
        "language": article.language if article else "",
        "partial": article.partial if article else "",
        "story": way.story.id if way.story else None,
        "story_articles": [each.url for each in way.kin],
        "copy_of": copy[0].url if copy else None,
        "rules": [_rule_record(each) for each in (*answer.asked, *answer.near)],
        "alerts": [_alert_record(*each) for each in way.alerts],
        "outbox": [_record(row) for row in way.rows],
    }


def _record(noun: Listed | Visit | OutboxRow) -> dict[str, object]:
    return {each.name: _plain(getattr(noun, each.name)) for each in fields(noun)}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case FeedEntry():
            return value.title
        case _:
            return value


def _visit_record(visited: Visited) -> dict[str, object]:
    put_off = _plain(visited.put_off)
    return {
        "source": visited.source,
        "try": visited.attempt,
        **_record(visited.visit),
        "put_off": put_off,
    }


def _rule_record(explanation: Explanation) -> dict[str, object]:
    return {
        "watchlist": explanation.watchlist,
        "rule": explanation.rule,
        "matches": explanation.matches,
        "held": explanation.held,
        "decided_by": decision_in_words(explanation),
        "score": explanation.score,
    }


def _alert_record(number: int, alert: Alert, told_by: tuple[int, ...]) -> dict[str, object]:
    return {
        "id": number,
        "watchlist": alert.match.watchlist,
        "rule": alert.match.rule,
        "severity": alert.match.severity,
        "verdict": alert.verdict,
        "reason": alert.reason,
        "raised": alert.raised.isoformat(),
        "outbox": list(told_by),
    }
