"""Delivery: decisions by age, breakers, and rows that end in a known state."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hostile import Fault, Hostile, Stage
from letters import letter
from structlog.testing import capture_logs
from waiting import until

from monitor.channels import Channel, EmailSettings, MailSettings, Parcel, open_channel
from monitor.delivery import Breaker, Delivery, after, decide
from monitor.metrics import Metrics
from monitor.model import (
    Delivered,
    Dispatch,
    Failed,
    Kind,
    Notification,
    OutboxClaim,
    Refused,
    RowState,
)
from monitor.model import Delivery as Outcome
from monitor.pump import Pump
from monitor.store import Ending
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def claim(*, attempts: int = 1, age: timedelta = timedelta(0)) -> OutboxClaim:
    return OutboxClaim(
        id=1,
        key="k",
        channel="desk",
        recipient="a@b.c",
        kind=Kind.ALERT,
        alerts=(),
        frozen=None,
        attempts=attempts,
        created=NOW,
        fence=1,
        begun=NOW - age,
    )


GREY = Failed(reason="450 grey", code=450, retry_after=timedelta(minutes=5))
LOST = Failed(reason="lost", uncertain=True, channel=True)
LOGIN = Refused(reason="535 no", code=535, channel=True)
MATRIX: list[tuple[Outcome, OutboxClaim, Ending]] = [
    (Delivered(reply="250 ok"), claim(), Ending(state=RowState.SENT, words="250 ok")),
    (
        Refused(reason="550 no", code=550),
        claim(),
        Ending(state=RowState.DEAD, code=550, words="550 no"),
    ),
    (
        GREY,
        claim(),
        Ending(state=RowState.PENDING, due=NOW + 5.5 * MINUTE, code=450, words="450 grey"),
    ),
    (
        LOST,
        claim(attempts=3),
        Ending(state=RowState.PENDING, due=NOW + 2 * MINUTE, words="lost", uncertain=True),
    ),
    (
        LOST,
        claim(attempts=90, age=timedelta(hours=47)),
        Ending(state=RowState.PENDING, due=NOW + 30 * MINUTE, words="lost", uncertain=True),
    ),
    (
        LOST,
        claim(attempts=2, age=timedelta(hours=48)),
        Ending(state=RowState.EXPIRED, words="lost", uncertain=True),
    ),
    (
        LOGIN,
        claim(),
        Ending(state=RowState.PENDING, due=NOW + MINUTE / 2, code=535, words="535 no"),
    ),
]


@pytest.mark.parametrize(("outcome", "row", "ending"), MATRIX)
def test_an_outcome_ends_an_attempt_by_age_not_by_count(
    outcome: Outcome, row: OutboxClaim, ending: Ending
) -> None:
    assert decide(outcome, row, now=NOW, draw=0.5) == ending


def test_a_refused_login_pauses_a_channel_at_once_lost_connections_after_three() -> None:
    assert after(Breaker(), LOGIN, NOW) == Breaker(
        troubles=3, until=NOW + MINUTE / 2, since=NOW, words="535 no"
    )
    assert after(Breaker(), LOST, NOW) == Breaker(troubles=1, since=NOW, words="lost")
    assert after(Breaker(troubles=2, since=NOW - MINUTE), LOST, NOW) == Breaker(
        troubles=3, until=NOW + MINUTE / 2, since=NOW - MINUTE, words="lost"
    )
    assert after(Breaker(troubles=99), LOST, NOW).until == NOW + timedelta(hours=1)


@pytest.mark.parametrize("outcome", [Delivered(reply="ok"), GREY, Refused(reason="550")])
def test_any_word_about_a_message_closes_the_breaker(outcome: Outcome) -> None:
    assert after(Breaker(troubles=9, until=NOW), outcome, NOW) == Breaker()


class Still:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Line:
    """A channel that answers from a list, then well; it waits while its gate is shut."""

    kind = "line"

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[Parcel] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    def recipients(self) -> tuple[str, ...]:
        return ("a@b.c",)

    def freeze(self, notification: Notification) -> Parcel:
        body = f"{notification.subject} {len(self.sent)}".encode()
        return Parcel(
            recipient=notification.recipient, message_id="<m>", body=body, subject=notification.subject
        )

    async def send(self, parcel: Parcel) -> Outcome:
        self.sent.append(parcel)
        self.asked.set()
        await self.gate.wait()
        return self.outcomes.pop(0) if self.outcomes else Delivered(reply="ok")

    async def close(self) -> None:
        self.gate.set()


def compose(row: OutboxClaim) -> Notification:
    return letter(row, text="")


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    opened = SqliteStore.open("sqlite://:memory:")
    yield opened
    await opened.close()


Open = Callable[..., Delivery]


@pytest.fixture
def clock() -> Still:
    return Still()


@pytest.fixture
def delivery(store: SqliteStore, clock: Still) -> Open:
    def opened(**channels: Channel) -> Delivery:
        return Delivery(store, channels, compose, clock=clock, random=lambda: 0.5)

    return opened


async def fill(store: SqliteStore, *channels: str) -> None:
    rows = [
        Dispatch(key=f"{c}{n}", channel=c, recipient="a@b.c", kind=Kind.ALERT, due=NOW, alerts=())
        for n, c in enumerate(channels)
    ]
    await store.open_rows(rows, now=NOW)


async def test_a_retry_sends_the_same_bytes(store: SqliteStore, clock: Still, delivery: Open) -> None:
    line = Line(LOST)
    desk = delivery(desk=line)
    await fill(store, "desk")
    states = [await desk.deliver(row) for row in await desk.take(9)]
    clock.moment += MINUTE
    (again,) = await desk.take(9)
    states.append(await desk.deliver(again))
    assert states == [RowState.PENDING, RowState.SENT]
    assert again.uncertain
    assert [parcel.body for parcel in line.sent] == [b"about desk0 0", b"about desk0 0"]


async def test_what_was_not_sent_is_told_more_loudly(
    store: SqliteStore, clock: Still, delivery: Open
) -> None:
    desk = delivery(desk=Line(LOST, Refused(reason="no such mailbox")))
    await fill(store, "desk", "desk")
    with capture_logs() as logs:
        for _ in range(2):
            for row in await desk.take(9):
                await desk.deliver(row)
            clock.moment += MINUTE
    told = sorted((entry["state"], entry["log_level"]) for entry in logs)
    assert told == [("dead", "error"), ("pending", "warning"), ("sent", "info")]


async def test_a_channel_that_never_answers_takes_no_place_of_another(
    store: SqliteStore, delivery: Open
) -> None:
    hanging, well = Line(), Line()
    hanging.gate.clear()
    both = delivery(bad=hanging, good=well)
    await fill(store, *["bad"] * 40, *["good"] * 5)
    jobs = [(row.channel, asyncio.create_task(both.deliver(row))) for row in await both.take(64)]
    more = await both.take(64)
    sent = await asyncio.gather(*(job for channel, job in jobs if channel == "good"))
    waiting = [job for _, job in jobs if not job.done()]
    assert (sent, len(waiting), more) == ([RowState.SENT] * 5, 32, [])
    for job in waiting:
        job.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert (await store.counts())["outbox_sending"] == 0


async def test_a_paused_channel_is_tried_by_one_row_first(
    store: SqliteStore, clock: Still, delivery: Open
) -> None:
    line = Line(LOGIN)
    desk = delivery(desk=line)
    await fill(store, "desk", "desk", "desk")
    (first, *others) = await desk.take(1)
    await desk.deliver(first)
    assert (others, await desk.take(9), desk.paused()) == ([], [], {"desk": (NOW, "535 no")})
    clock.moment += MINUTE
    (probe,) = await desk.take(9)
    assert await desk.deliver(probe) is RowState.SENT
    assert (len(await desk.take(9)), desk.paused()) == (2, {})


async def test_a_cancelled_attempt_goes_back_to_the_queue_as_uncertain(
    store: SqliteStore, delivery: Open
) -> None:
    line = Line()
    line.gate.clear()
    desk = delivery(desk=line)
    await fill(store, "desk")
    (row,) = await desk.take(1)
    job = asyncio.create_task(desk.deliver(row))
    await line.asked.wait()
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    (again,) = await desk.take(1)
    assert (again.uncertain, again.frozen) == (True, b"about desk0 0")


async def test_a_row_of_a_channel_that_is_gone_waits_and_is_seen(store: SqliteStore, delivery: Open) -> None:
    desk = delivery()
    await fill(store, "old")
    (row,) = await desk.take(1)
    assert await desk.deliver(row) is RowState.PENDING
    (seen,) = await store.outbox()
    assert seen.last_error == "no channel old is configured any more"


async def test_a_clock_that_jumps_ahead_takes_no_row_that_is_in_hand(
    store: SqliteStore, clock: Still, delivery: Open
) -> None:
    line = Line()
    line.gate.clear()
    desk = delivery(desk=line)
    await fill(store, "desk")
    (row,) = await desk.take(9)
    job = asyncio.create_task(desk.deliver(row))
    await line.asked.wait()
    clock.moment += timedelta(days=1)
    again = await desk.take(9)
    line.gate.set()
    assert (again, await job, len(line.sent)) == ([], RowState.SENT, 1)


async def test_a_row_that_was_lost_to_a_bug_comes_back_when_its_lease_ends(
    store: SqliteStore, clock: Still
) -> None:
    def compose_badly(row: OutboxClaim) -> Notification:
        raise ZeroDivisionError

    desk = Delivery(store, {"desk": Line()}, compose_badly, clock=clock, random=lambda: 0.5)
    await fill(store, "desk")
    (row,) = await desk.take(9)
    with pytest.raises(ZeroDivisionError):
        await desk.deliver(row)
    assert await desk.take(9) == []
    clock.moment += timedelta(days=1)
    assert [again.id for again in await desk.take(9)] == [row.id]


async def test_a_digest_that_takes_long_to_compose_holds_up_neither_the_loop_nor_an_alert(
    store: SqliteStore, clock: Still
) -> None:
    may_end = threading.Event()

    def compose_slowly(row: OutboxClaim) -> Notification:
        assert row.kind is not Kind.DIGEST or may_end.wait(60)
        return compose(row)

    desk = Delivery(store, {"desk": Line()}, compose_slowly, clock=clock, random=lambda: 0.5)
    kinds = (Kind.DIGEST, Kind.ALERT)
    rows = [
        Dispatch(key=kind, channel="desk", recipient="a@b.c", kind=kind, due=NOW, alerts=()) for kind in kinds
    ]
    await store.open_rows(rows, now=NOW)
    digest, alert = sorted(await desk.take(9), key=lambda row: kinds.index(row.kind))
    first = asyncio.create_task(desk.deliver(digest))
    assert await desk.deliver(alert) is RowState.SENT
    assert not first.done()
    may_end.set()
    assert await first is RowState.SENT


async def test_new_channels_are_tried_at_once_and_the_old_ones_finish(
    store: SqliteStore, delivery: Open
) -> None:
    old, new = Line(LOGIN), Line()
    desk = delivery(desk=old)
    await fill(store, "desk", "desk")
    (first,) = await desk.take(1)
    await desk.deliver(first)
    assert await desk.take(9) == []
    desk.adopt({"desk": new})
    (second,) = await desk.take(9)
    assert await desk.deliver(second) is RowState.SENT
    assert (desk.paused(), len(old.sent), len(new.sent)) == ({}, 1, 1)


async def test_a_server_that_never_answers_and_one_that_always_says_450_delay_no_other(
    store: SqliteStore,
) -> None:
    grey = lambda stage, _: "450 greylisted" if stage is Stage.RCPT else None  # noqa: E731
    deaf = lambda stage, _: Fault.HANG if stage is Stage.DOT else None  # noqa: E731

    async def thirty_are_settled() -> bool:
        return (await store.counts())["outbox_sent"] == 30

    async with Hostile() as good, Hostile(behave=grey) as slow, Hostile(behave=deaf) as silent:
        servers = {"good": good, "grey": slow, **{f"silent{n}": silent for n in range(6)}}
        channels = {name: mail_channel(server.port) for name, server in servers.items()}
        deliveries = Delivery(store, channels, compose, clock=Still(), random=lambda: 0.5)
        pump = Pump("deliver", width=1024, take=deliveries.take, work=deliveries.deliver, metrics=Metrics())
        await fill(store, *[name for name in servers if name != "good"] * 30, *["good"] * 30)
        running = asyncio.create_task(pump.run())
        pump.nudge()
        await good.has_taken(30)
        await until(thirty_are_settled)
        counts = await store.counts()
        await pump.stop(grace=0)
        await running
        for channel in channels.values():
            await channel.close()
    assert (counts["outbox_sent"], counts["outbox_dead"], silent.taken, slow.taken) == (30, 0, [], [])
    assert (await store.counts())["outbox_sending"] == 0


def mail_channel(port: int) -> Channel:
    smtp = {"host": "127.0.0.1", "port": port, "tls": "none"}
    mail = MailSettings.model_validate({"from": "m@example.org", "smtp": smtp})
    return open_channel(EmailSettings(to=("a@b.c",)), mail)
