"""The same news by two feeds, fetched again, edited, after a restart or on a copied database alerts nobody twice."""

import asyncio
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk import Arrival, Desk, words
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from monitor.alerting import AlertingSettings, Policy
from monitor.model import Article, Match, Origin, Severity, Verdict
from monitor.store.sqlite import SqliteStore

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
READERS = ("a@example.org", "b@example.org")
POLICY = Policy(settings=AlertingSettings(), recipients={"desk": READERS})
MATCH = Match(watchlist="w", rule="troops", title="Troops", severity=Severity.HIGH, mentions=())
STORIES = st.sampled_from(["one", "two", "three"])
SOURCES = st.sampled_from(["north", "south", "west"])


class NeverTwice(RuleBasedStateMachine):
    """What may happen to articles and to the daemon, in any order; the mails are counted after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.now = START
        self.generation = 0
        self.published: set[str] = set()
        self.desk = Desk(store=self.opened(), policy=POLICY)

    def opened(self) -> SqliteStore:
        return SqliteStore.open(f"sqlite:///{self.folder}/{self.generation}.db")

    def teardown(self) -> None:
        self.runner.run(self.desk.run([], until=self.now + timedelta(days=1)))
        told = {(story, reader) for story in self.published for reader in READERS}
        assert set(self.first_mentions()) == told, "somebody was never told"
        self.runner.run(self.desk.store.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    def first_mentions(self) -> Counter[tuple[str, str]]:
        """How many mails told a reader of a story for the first time."""
        return Counter(
            pair
            for sent in self.desk.sent
            for pair in {
                (alert.article.url.rpartition("/")[2], sent.claim.recipient)
                for alert in sent.carried
                if alert.verdict is Verdict.FIRST_MENTION
            }
        )

    @rule(story=STORIES, source=SOURCES, edition=st.integers(0, 2))
    def an_article_is_read(self, story: str, source: str, edition: int) -> None:
        """A source tells a story: for the first time, again, or in another wording."""
        body = " ".join((*words(f"{source}{edition}", 20 * edition), *words(story, 200)))
        article = Article(
            url=f"https://{source}.example/{story}",
            origin=Origin(source=source, outlet=source),
            title=f"About {story}",
            fetched=self.now,
            published=START,
            language="en",
            body=body,
        )
        self.published.add(story)
        self.runner.run(self.desk.read(Arrival(at=self.now, article=article, matches=(MATCH,))))

    @rule(minutes=st.sampled_from([1, 3, 45]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.runner.run(self.desk.deliver(self.now))

    @rule()
    def the_daemon_is_started_again(self) -> None:
        self.runner.run(self.desk.store.close())
        self.desk = replace(self.desk, store=self.opened())

    @rule()
    def a_copy_of_the_database_takes_over(self) -> None:
        self.runner.run(self.desk.store.close())
        before = self.folder / f"{self.generation}.db"
        self.generation += 1
        shutil.copy(before, self.folder / f"{self.generation}.db")
        self.desk = replace(self.desk, store=self.opened())

    @invariant()
    def nobody_is_told_twice(self) -> None:
        assert all(times == 1 for times in self.first_mentions().values())
        keys = Counter(sent.claim.key for sent in self.desk.sent)
        assert all(times == 1 for times in keys.values())


NeverTwice.TestCase.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
TestNeverTwice = NeverTwice.TestCase
