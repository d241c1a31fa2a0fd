"""What every store keeps: claims with lease and fence, all or nothing, and rows that are never lost."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Article,
    Decision,
    Dispatch,
    Echoes,
    EntryClaim,
    FeedEntry,
    History,
    Inquiry,
    Kind,
    Match,
    Origin,
    OutboxClaim,
    Relative,
    RowState,
    Severity,
    Silence,
    Story,
    Verdict,
)
from monitor.receipts import Receipts, Slip
from monitor.store import Ending, Polled
from monitor.store.base import Question
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
ARTICLE = Article(
    url="http://a.example/1",
    link="https://a.example/1?x",
    origin=Origin(source="a", outlet="A", tags=("tier1",), language="en"),
    title="Troops",
    fetched=NOW,
    body="Body",
)
MATCH = Match(watchlist="w", rule="r", title="R", severity=Severity.HIGH, mentions=())
STORY = Story(id="st-1", title="Troops", opened=NOW, touched=NOW, sources=("a",))
NOTHING = History()
ASKED = Inquiry(article=ARTICLE.url)


@dataclass(slots=True)
class Bench:
    """A judge that tells one recipient, and remembers what it was shown."""

    verdict: Verdict = Verdict.FIRST_MENTION
    key: str = "row-1"
    fails: bool = False
    shown: History = NOTHING
    inquiry: Inquiry = ASKED

    def likely(self, gists: Sequence[bytes]) -> Sequence[int]:
        return range(len(gists))

    def kin(self, relatives: tuple[Relative, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(relative.story for relative in relatives))

    def __call__(self, history: History) -> Decision:
        self.shown = history
        if self.fails:
            raise ValueError("the judge fell ill")
        alert = Alert(article=ARTICLE, match=MATCH, story=STORY, verdict=self.verdict, raised=NOW)
        row = Dispatch(
            key=self.key,
            channel="desk",
            recipient="a@b.c",
            kind=Kind.ALERT,
            due=NOW,
            alerts=(("w", "r"),),
        )
        return Decision(story=STORY, alerts=(alert,), dispatches=(row,))


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = SqliteStore.open("sqlite://:memory:")
    yield opened
    await opened.close()


def entry(number: int, **changes: object) -> FeedEntry:
    made = FeedEntry(id=str(number), url=f"http://a.example/{number}", title=f"t{number}", fingerprint="1")
    return replace(made, **changes)  # type: ignore[arg-type]


async def poll(store: SqliteStore, *entries: FeedEntry, now: datetime = NOW) -> Polled | None:
    await store.register_sources({"a": "http://a.example/feed"}, now=NOW)
    (claim,) = await store.claim_sources(now, limit=1, lease=LEASE)
    return await store.finish_poll(claim, replace(claim.state, polled=now, due=now), entries, now=now)


async def take_entry(store: SqliteStore) -> EntryClaim:
    await poll(store, entry(1))
    (claim,) = await store.claim_entries(NOW, limit=9, lease=LEASE)
    return claim


async def test_the_first_poll_is_the_baseline_and_later_entries_are_not(store: SqliteStore) -> None:
    assert await poll(store, entry(1)) == Polled(new=1, changed=0)
    assert await poll(store, entry(2), entry(1, fingerprint="2")) == Polled(new=1, changed=1)
    claims = await store.claim_entries(NOW, limit=9, lease=LEASE)
    assert {claim.entry.id: (claim.baseline, claim.entry.fingerprint) for claim in claims} == {
        "1": (True, "2"),
        "2": (False, entry(2).fingerprint),
    }


async def test_a_feed_that_is_new_all_over_floods_nobody(store: SqliteStore) -> None:
    await poll(store, *(entry(n) for n in range(10)))
    old, new = NOW - timedelta(days=3), NOW + timedelta(minutes=5)
    again = [entry(100 + n, published=new if n == 0 else old) for n in range(10)]
    assert await poll(store, *again, now=NOW + timedelta(hours=1)) == Polled(new=10, changed=0, held=9)


async def test_of_polls_that_bring_nothing_each_is_saved_or_lost_alone(store: SqliteStore) -> None:
    urls = {name: f"https://{name}.example/feed" for name in "abcd"}
    await store.register_sources(urls, now=NOW)
    claims = await store.claim_sources(NOW, limit=9, lease=LEASE)
    told = {"a": "nothing new", "b": "no text: \udcff", "c": "lost", "d": "nothing new"}
    stale = replace(claims[2], fence=claims[2].fence - 1)
    saved = await asyncio.gather(
        *(
            store.finish_poll(
                claim, replace(claim.state, remark=told[claim.state.source], due=NOW + LEASE), (), now=NOW
            )
            for claim in (claims[0], claims[1], stale, claims[3])
        ),
        return_exceptions=True,
    )
    assert (saved[0], saved[2], saved[3]) == (Polled(new=0, changed=0), None, Polled(new=0, changed=0))
    assert isinstance(saved[1], ValueError)
    assert [state.remark for state in await store.sources()] == ["nothing new", "", "", "nothing new"]


async def test_sources_are_taken_longest_overdue_first_and_of_one_host_only_a_few(
    store: SqliteStore,
) -> None:
    urls = {f"slow-{n:02}": f"https://slow.example/{n}" for n in range(20)}
    await store.register_sources(urls, now=NOW - timedelta(hours=1))
    await store.register_sources(urls | {"other": "https://other.example/feed"}, now=NOW)

    async def take(limit: int) -> list[str]:
        claims = await store.claim_sources(NOW, limit=limit, lease=LEASE)
        for claim in claims[:1]:
            await store.finish_poll(claim, replace(claim.state, due=NOW + LEASE), (), now=NOW)
        return [claim.state.source for claim in claims]

    assert await take(9) == ["slow-00", "slow-01", "slow-02", "slow-03", "other"]
    assert await take(9) == ["slow-04"]
    assert await take(9) == ["slow-05"]
    later = await store.claim_sources(NOW + LEASE, limit=9, lease=LEASE)
    assert [claim.state.source for claim in later][:4] == ["slow-01", "slow-02", "slow-03", "slow-06"]


async def take_entries(store: SqliteStore, limit: int, **bound: int) -> list[str]:
    claims = await store.claim_entries(NOW, limit=limit, lease=LEASE, **bound)
    return [claim.entry.id for claim in claims]


async def list_entries(store: SqliteStore, listed: dict[str, list[FeedEntry]]) -> None:
    """Sources that bring these entries."""
    await store.register_sources({source: f"http://{source}.example/feed" for source in listed}, now=NOW)
    for claim in await store.claim_sources(NOW, limit=9, lease=LEASE):
        state = replace(claim.state, due=NOW + LEASE)
        await store.finish_poll(claim, state, listed[claim.state.source], now=NOW)


async def test_sources_have_their_turns_with_entries_one_after_another(store: SqliteStore) -> None:
    listed = {source: [entry(number, id=f"{source}{number}") for number in range(3)] for source in "abc"}
    await list_entries(store, listed)
    assert await take_entries(store, 2) == ["a0", "b0"]
    assert await take_entries(store, 2) == ["c0", "a1"]
    assert await take_entries(store, 9) == ["b1", "c1", "a2", "b2", "c2"]
    assert await take_entries(store, 9) == []


async def test_a_slow_host_with_very_many_entries_keeps_no_places_from_others(store: SqliteStore) -> None:
    slow = [entry(number, id=f"s{number}", url=f"https://Slow.example/{number}") for number in range(50)]
    again = [
        entry(0, id="t0", url="https://slow.example/again"),
        entry(1, id="t1", url="https://b.example/1"),
    ]
    await list_entries(store, {"slow": slow, "more": again, "none": [entry(9, id="n", url="")]})
    claims = await store.claim_entries(NOW, limit=99, lease=LEASE, of_one_host=2)
    assert sorted(claim.entry.id for claim in claims) == ["n", "s0", "t0", "t1"]
    assert await take_entries(store, 99, of_one_host=2) == []
    done = next(claim for claim in claims if claim.entry.id == "s0")
    assert await store.release_entry(done, due=NOW + LEASE)
    assert await take_entries(store, 99, of_one_host=2) == ["s1"]


async def test_what_was_seen_is_known_for_ninety_days_however_briefly_articles_are_kept(
    store: SqliteStore,
) -> None:
    def on(day: int) -> datetime:
        return NOW + timedelta(days=day)

    async def news(day: int, *entries: FeedEntry) -> int:
        polled = await poll(store, *entries, now=on(day))
        for claim in await store.claim_entries(on(day), limit=99, lease=LEASE):
            article = replace(ARTICLE, url=claim.entry.url)
            await store.commit(claim, article, (), Bench(), now=on(day))
        await store.prune(articles_before=on(day - 1), deliveries_before=on(day - 1))
        assert polled is not None
        return polled.new

    assert await news(0, *(entry(n) for n in range(10))) == 10
    assert await news(80, entry(99)) == 1
    assert await news(81, entry(0), entry(99)) == 0
    assert await news(85, *(entry(n) for n in range(100, 110))) == 10
    assert await news(92, *(entry(n) for n in range(100, 110))) == 0
    assert await news(92, entry(0), entry(1)) == 1


async def test_a_lease_that_ran_out_makes_the_late_one_lose(store: SqliteStore) -> None:
    first = await take_entry(store)
    later = NOW + LEASE
    (second,) = await store.claim_entries(later, limit=1, lease=LEASE)
    assert await store.commit(first, ARTICLE, (), Bench(), now=later) is None
    assert await store.commit(second, ARTICLE, (), Bench(), now=later) is not None


async def test_an_article_commits_with_its_alerts_and_rows(store: SqliteStore) -> None:
    await store.commit(await take_entry(store), ARTICLE, (MATCH,), Bench(), now=NOW)
    (alert,) = await store.alerts()
    (row,) = await store.claim_outbox(NOW, limit=9, lease=LEASE)
    assert alert == Alert(
        article=ARTICLE, match=MATCH, story=STORY, verdict=Verdict.FIRST_MENTION, raised=NOW
    )
    assert (row.key, row.alerts, row.about) == ("row-1", (alert,), "st-1")


async def test_a_judge_that_fails_leaves_nothing_behind(store: SqliteStore) -> None:
    claim = await take_entry(store)
    before = await store.counts()
    with pytest.raises(ValueError, match="fell ill"):
        await store.commit(claim, ARTICLE, (MATCH,), Bench(fails=True), now=NOW)
    assert await store.counts() == before
    assert await store.commit(claim, ARTICLE, (MATCH,), Bench(), now=NOW) is not None


async def test_the_judge_sees_what_was_told_and_a_repeat_keeps_the_first_word(store: SqliteStore) -> None:
    await store.commit(await take_entry(store), ARTICLE, (MATCH,), Bench(), now=NOW)
    await poll(store, entry(1, fingerprint="2"))
    (claim,) = await store.claim_entries(NOW, limit=1, lease=LEASE)
    again = Bench(verdict=Verdict.REPEAT)
    await store.commit(claim, ARTICLE, (MATCH,), again, now=NOW)
    assert again.shown.previous == ARTICLE
    assert [(raised.rule, raised.mails) for raised in again.shown.alerts] == [("r", ("row-1",))]
    assert [(mail.key, mail.frozen) for mail in again.shown.mails] == [("row-1", False)]
    assert [alert.verdict for alert in await store.alerts()] == [Verdict.FIRST_MENTION]
    assert (await store.counts())["outbox_pending"] == 1


async def test_nothing_joins_a_row_that_is_on_its_way(store: SqliteStore) -> None:
    await store.commit(await take_entry(store), ARTICLE, (MATCH,), Bench(), now=NOW)
    (row,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await poll(store, entry(1, fingerprint="2"))
    (claim,) = await store.claim_entries(NOW, limit=1, lease=LEASE)
    await store.commit(claim, ARTICLE, (MATCH,), Bench(verdict=Verdict.DEVELOPMENT), now=NOW)
    assert await store.freeze(row, parcel=b"x", subject="s", message_id="<m>", now=NOW)
    assert [listed.key for listed in await store.outbox()] == ["row-1+1", "row-1"]


async def row_in_hand(store: SqliteStore) -> None:
    row = Dispatch(key="k", channel="desk", recipient="a@b.c", kind=Kind.HEALTH, due=NOW, alerts=())
    assert [await store.open_rows([row], now=NOW), await store.open_rows([row], now=NOW)] == [1, 0]


async def frozen_row(store: SqliteStore) -> OutboxClaim:
    """A row whose bytes are fixed and may be under way."""
    await row_in_hand(store)
    (row,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await store.freeze(row, parcel=b"bytes", subject="s", message_id="<m>", now=NOW)
    return row


async def test_a_dead_row_is_sent_again_by_hand_with_its_bytes(store: SqliteStore) -> None:
    row = await frozen_row(store)
    await store.settle(row, Ending(state=RowState.DEAD, code=550, words="no"), now=NOW)
    (dead,) = await store.outbox([RowState.DEAD])
    assert [await store.retry(dead.id, now=NOW), await store.retry(dead.id, now=NOW)] == [True, False]
    (again,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
    assert (again.frozen, again.message_id, again.attempts, again.uncertain) == (b"bytes", "<m>", 1, False)


async def test_a_room_bounds_a_channel(store: SqliteStore) -> None:
    await row_in_hand(store)
    assert await store.claim_outbox(NOW, limit=9, lease=LEASE, rooms={"desk": 0}) == []
    assert len(await store.claim_outbox(NOW, limit=9, lease=LEASE, rooms={"desk": 1})) == 1


def slip_of(row: OutboxClaim) -> Slip:
    return Slip(row=row.id, key=row.key, fence=row.fence)


async def test_what_a_killed_daemon_was_sending_is_uncertain_at_the_next_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    await frozen_row(store)
    await store.close()
    after = SqliteStore.open(url)
    (again,) = await after.claim_outbox(NOW, limit=1, lease=LEASE)
    await after.close()
    assert (again.frozen, again.uncertain) == (b"bytes", True)


async def test_what_a_server_took_is_settled_by_the_next_start_if_the_process_died_before(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    row = await frozen_row(store)
    store.receipts.note(slip_of(row), "250 taken", now=NOW)
    await store.close()
    after = SqliteStore.open(url)
    again = await after.claim_outbox(NOW + LEASE, limit=1, lease=LEASE)
    (sent,) = await after.outbox()
    await after.close()
    assert (sent.state, sent.reply, sent.sent, again) == (RowState.SENT, "250 taken", NOW, [])


async def test_what_the_post_room_heard_after_the_daemon_gave_up_is_settled_by_the_next_start(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    row = await frozen_row(store)
    await store.settle(row, Ending(state=RowState.PENDING, due=NOW, uncertain=True), now=NOW)
    store.receipts.note(slip_of(row), "250 taken", now=NOW)
    await store.close()
    after = SqliteStore.open(url)
    again = await after.claim_outbox(NOW + LEASE, limit=1, lease=LEASE)
    (sent,) = await after.outbox()
    await after.close()
    assert (sent.state, sent.uncertain, again) == (RowState.SENT, False, [])


async def test_while_a_post_room_outlives_its_daemon_the_next_one_claims_no_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    row = await frozen_row(store)
    handed_down = Receipts(os.dup(store.receipts.file))
    await store.close()
    after = SqliteStore.open(url)
    early = await after.claim_outbox(NOW + LEASE, limit=1, lease=LEASE), await after.inherit()
    handed_down.note(slip_of(row), "250 taken", now=NOW)
    handed_down.close()
    late = await after.inherit(), await after.claim_outbox(NOW + LEASE, limit=1, lease=LEASE)
    (sent,) = await after.outbox()
    await after.close()
    assert (early, late, sent.state) == (([], False), (True, []), RowState.SENT)


@pytest.mark.parametrize(
    "line",
    [
        '[1, "other", 1, 0, "250 of another database"]',
        '[1, "k", 7, 0, "250 of another attempt"]',
        '[1, "k", 1, 0, "torn',
        "\x00\x00",
        "1",
    ],
)
async def test_a_receipt_that_is_not_this_attempts_settles_nothing(tmp_path: Path, line: str) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    await row_in_hand(store)
    await store.claim_outbox(NOW, limit=1, lease=LEASE)
    await store.close()
    (tmp_path / "m.db.receipts").write_text(f"{line}\n")
    after = SqliteStore.open(url)
    assert [one.key for one in await after.claim_outbox(NOW, limit=1, lease=LEASE)] == ["k"]
    await after.close()
    assert (tmp_path / "m.db.receipts").read_bytes() == b""


async def test_a_receipt_that_was_torn_by_a_full_disk_spoils_none_that_comes_after(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    store = SqliteStore.open(url)
    row = await frozen_row(store)
    os.write(store.receipts.file, b'[7, "another", 1, 0, "to')
    store.receipts.note(slip_of(row), "250 taken", now=NOW)
    await store.close()
    after = SqliteStore.open(url)
    again = await after.claim_outbox(NOW + LEASE, limit=1, lease=LEASE)
    (sent,) = await after.outbox()
    await after.close()
    assert (sent.state, sent.reply, again) == (RowState.SENT, "250 taken", [])


async def test_receipts_that_are_settled_take_no_room_for_ever(tmp_path: Path) -> None:
    store = SqliteStore.open(f"sqlite:///{tmp_path}/m.db")
    await row_in_hand(store)
    sizes = []
    for round_ in range(300):
        now = NOW + LEASE * 2 * round_
        (row,) = await store.claim_outbox(now, limit=1, lease=LEASE)
        store.receipts.expect(row.id)
        store.receipts.note(slip_of(row), "250 " + "x" * 1000, now=now)
        sizes.append((tmp_path / "m.db.receipts").stat().st_size)
        await store.settle(replace(row, fence=-1), Ending(state=RowState.SENT), now=now)
    await store.close()
    assert 1 << 16 < max(sizes) < 1 << 17


async def test_a_second_daemon_is_kept_away_and_lookers_are_not(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/m.db"
    store = SqliteStore.open(url)
    with pytest.raises(StoreError, match="another daemon"):
        SqliteStore.open(url)
    await row_in_hand(store)
    looker, hand = SqliteStore.open(url, mode="read"), SqliteStore.open(url, mode="write")
    assert len(await looker.outbox()) == 1
    assert await hand.hasten(NOW + LEASE) == 0
    for each in (looker, hand, store):
        await each.close()


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    await SqliteStore.open(url).close()
    newer = sqlite3.connect(tmp_path / "m.db")
    newer.execute("pragma user_version = 99")
    newer.close()
    with pytest.raises(StoreError, match="version 99"):
        SqliteStore.open(url)


async def test_a_locked_database_is_said_and_work_resumes_when_it_is_free(tmp_path: Path) -> None:
    store = SqliteStore.open(f"sqlite:///{tmp_path}/m.db", patience=0.2)
    other = sqlite3.connect(tmp_path / "m.db", isolation_level=None)
    other.execute("begin immediate")
    assert "another process keeps it locked" in await store.ready()
    with pytest.raises(StoreError, match="locked"):
        await store.register_sources({"a": "http://a.example/feed"}, now=NOW)
    other.execute("rollback")
    other.close()
    assert await store.ready() == ""
    assert (await store.counts())["sources"] == 0
    await store.close()


async def test_a_full_disk_is_said_and_loses_nothing_that_was_there(tmp_path: Path) -> None:
    store = SqliteStore.open(f"sqlite:///{tmp_path}/m.db")
    await row_in_hand(store)
    _limit(store, pages=1)
    big = entry(1, content="x" * 5_000_000)
    with pytest.raises(StoreError, match="the disk is full"):
        await poll(store, big)
    assert len(await store.outbox()) == 1
    _limit(store, pages=1_000_000)
    assert await store.ready() == ""
    await store.close()


def _limit(store: SqliteStore, *, pages: int) -> None:
    """Let the database grow no further, as a full disk does."""
    store._writer._connection.execute(f"pragma max_page_count = {pages}")


async def read(store: SqliteStore, number: int, *passages: int, **changes: str) -> None:
    """Poll and record article `number`, which says these passages."""
    await poll(store, entry(number, fingerprint=str(changes)))
    (claim,) = await store.claim_entries(NOW, limit=1, lease=LEASE)
    article = replace(ARTICLE, url=f"http://a.example/{number}", **changes)  # type: ignore[arg-type]
    assert await store.commit(claim, article, (), Bench(), now=NOW, passages=passages) is not None


async def test_what_other_articles_of_a_source_say_is_counted_by_the_last_reading_of_each(
    store: SqliteStore,
) -> None:
    await read(store, 1, 7, 8)
    await read(store, 2, 8, 9)
    await read(store, 2, 9, lead="Changed")
    asked = ("http://a.example/1", [7, 8, 9])
    assert await store.echoes("a", *asked) == Echoes(counts={9: 1})
    assert await store.echoes("a", "http://a.example/3", [7, 8, 9]) == Echoes(counts={7: 1, 8: 1, 9: 1})
    assert await store.echoes("b", *asked) == Echoes()


async def test_the_newest_texts_are_shown_as_one_text_each(store: SqliteStore) -> None:
    await read(store, 1, title="First", lead="Lead", body="Body")
    await read(store, 2, title="Only a title", lead="", body="")
    await read(store, 3, title="Third", lead="Later", body="")
    assert sorted(await store.texts(limit=9)) == ["First\nLead\nBody", "Third\nLater\n"]
    assert len(await store.texts(limit=1)) == 1


async def test_the_headlines_that_a_source_lists_are_known_until_retention_forgets_them(
    store: SqliteStore,
) -> None:
    await store.register_sources({"a": "http://a.example/feed"}, now=NOW)
    (claim,) = await store.claim_sources(NOW, limit=1, lease=LEASE)
    await store.finish_poll(claim, replace(claim.state, polled=NOW), [entry(1)], now=NOW, headlines=[2**62])
    assert await store.echoes("a", "http://a.example/9", [1, 2**62]) == Echoes(headlines=frozenset({2**62}))
    after = NOW + timedelta(seconds=1)
    await store.prune(articles_before=after, deliveries_before=NOW)
    assert await store.echoes("a", "http://a.example/9", [2**62]) == Echoes()


async def test_a_text_that_is_replaced_is_kept_and_one_that_knows_less_replaces_nothing(
    store: SqliteStore,
) -> None:
    await read(store, 1, lead="First")
    await read(store, 1, lead="Second")
    await read(store, 1, lead="", body="", partial="the server sent no page")
    address = "http://a.example/1"
    (before,) = await store.revisions(address)
    assert (before.until, before.article.lead, before.article.url) == (NOW, "First", address)
    await store.prune(articles_before=NOW + timedelta(seconds=1), deliveries_before=NOW)
    assert await store.revisions(address) == []


async def test_a_silence_is_shown_to_the_judge_until_it_ends_or_is_ended(store: SqliteStore) -> None:
    later, end = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)
    wanted = Silence(about={"rule": ("r",), "source": ("a", "b")}, until=end, why="enough", by="kim")
    made = await store.add_silence(wanted, now=NOW)
    assert made == replace(wanted, number=1, made=NOW)
    second = await store.add_silence(replace(wanted, why="twice"), now=NOW)
    assert await store.end_silence(second.number, now=later)
    assert not await store.end_silence(second.number, now=later)
    assert not await store.end_silence(1, now=end)
    bench = Bench(inquiry=replace(ASKED, silences_at=later))
    await store.commit(await take_entry(store), ARTICLE, (MATCH,), bench, now=later)
    assert bench.shown.silences == (made,)
    assert await store.silences() == [made, replace(second, ended=later)]


async def test_alerts_are_found_by_story_verdict_and_age_with_the_rows_that_carry_them(
    store: SqliteStore,
) -> None:
    await store.commit(await take_entry(store), ARTICLE, (MATCH,), Bench(), now=NOW)
    [told] = await store.told(Question(since=NOW, verdicts=(Verdict.FIRST_MENTION,), story="st-1"))
    assert [told.alert] == await store.alerts()
    assert [(mail.key, mail.channel, mail.recipient, mail.state) for mail in told.mails] == [
        ("row-1", "desk", "a@b.c", RowState.PENDING)
    ]
    for question in (
        Question(since=NOW + timedelta(seconds=1)),
        Question(verdicts=(Verdict.REPEAT,)),
        Question(story="st-2"),
    ):
        assert await store.told(question) == []


async def test_the_judge_sees_the_digests_that_wait_and_what_is_recent_never_years_of_them(
    store: SqliteStore,
) -> None:
    old = NOW - timedelta(days=3)
    for key, due in (("sent long ago", old), ("sent just now", NOW), ("waits late", old), ("waits", NOW)):
        row = Dispatch(
            key=key, channel="d", recipient="r", kind=Kind.DIGEST, due=due, alerts=(), thread="digest:m"
        )
        await store.open_rows([row], now=due)
        if key.startswith("sent"):
            (claim,) = await store.claim_outbox(due, limit=1, lease=LEASE)
            await store.settle(claim, Ending(state=RowState.SENT), now=due)
    bench = Bench(inquiry=replace(ASKED, trays=("digest:m",), rows_since=NOW - timedelta(hours=1)))
    await store.commit(await take_entry(store), ARTICLE, (MATCH,), bench, now=NOW)
    assert {mail.key for mail in bench.shown.recent} == {"sent just now", "waits late", "waits"}
    assert bench.shown.mails == ()


async def test_mails_of_a_story_answer_its_first_and_digests_answer_none(store: SqliteStore) -> None:
    rows = [
        Dispatch(key=f"{kind} {n}", channel="d", recipient="r", kind=kind, due=NOW, alerts=(), thread=kind)
        for n in range(2)
        for kind in (Kind.ALERT, Kind.DIGEST, Kind.HEALTH)
    ]
    roots = {}
    for row in rows:
        await store.open_rows([row], now=NOW)
        (claim,) = await store.claim_outbox(NOW, limit=1, lease=LEASE)
        roots[row.key] = claim.thread
        await store.freeze(claim, parcel=b"m", subject="s", message_id=row.key, now=NOW)
        await store.settle(claim, Ending(state=RowState.SENT), now=NOW)
    assert {key: root for key, root in roots.items() if root} == {"alert 1": "alert 0"}
