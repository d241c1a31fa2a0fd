"""The post room as its daemon uses it: real processes, real servers, and whatever can kill them."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hostile import Fault, Hostile, Stage
from kin import fork_server
from newsroom import StillClock
from structlog.testing import capture_logs
from waiting import turns, until

from monitor.channels import EmailSettings, MailSettings, Parcel
from monitor.channels.settings import AppriseSettings, MaildirSettings, WebhookSettings
from monitor.metrics import Metrics
from monitor.model import Delivered, Failed, Refused
from monitor.postroom.clerk import CrashError
from monitor.postroom.deaths import Deaths
from monitor.postroom.desk import LINGER
from monitor.postroom.room import PostRoom
from monitor.receipts import Receipts, Slip

SLIP = Slip(row=7, key="k", fence=1)
PARCEL = Parcel(
    recipient="a@b.c", message_id="<m@b.c>", body=b"Message-ID: <m@b.c>\r\n\r\n.bytes\r\n", slip=SLIP
)
DESK = EmailSettings(to=("a@b.c",))


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with Hostile() as listening:
        yield listening


@pytest.fixture
def receipts(tmp_path: Path) -> Receipts:
    opened = Receipts.open(tmp_path / "receipts")
    assert opened.hold()
    return opened


@pytest.fixture
def deaths(clock: StillClock) -> Deaths:
    return Deaths(clock, metrics=Metrics())


Open = Callable[..., PostRoom]


@pytest.fixture
def environment() -> dict[str, str]:
    """The daemon's environment; what is done to it holds for what starts after."""
    return dict(os.environ)


@pytest.fixture
async def room(
    server: Hostile, receipts: Receipts, clock: StillClock, deaths: Deaths, environment: dict[str, str]
) -> AsyncIterator[Open]:
    """Opens the room of a daemon: `room(desk=settings, password_file=…)`."""
    rooms = []

    def opened(settings: dict[str, object] | None = None, **smtp: object) -> PostRoom:
        way = {"host": "127.0.0.1", "port": server.port, "tls": "none", **smtp}
        mail = MailSettings.model_validate({"from": "m@example.org", "smtp": way})
        rooms.append(
            PostRoom(
                settings or {"desk": DESK},
                mail,
                receipts=receipts,
                clock=clock,
                died=deaths.note,
                environment=environment,
            )
        )
        return rooms[-1]

    yield opened
    server.open.set()
    for each in rooms:
        await each.close()


def noted(receipts: Receipts) -> list[tuple[Slip, str]]:
    return [(receipt.slip, receipt.words) for receipt in receipts.read()]


def process_of(opened: PostRoom) -> int:
    assert opened._clerk is not None
    return opened._clerk.pid


async def ended(path: Path) -> Receipts:
    """The receipts once nobody else notes in them."""
    looking = Receipts.open(path)
    await until(looking.hold)
    return looking


async def test_what_a_server_took_is_noted_before_it_is_told(
    room: Open, server: Hostile, receipts: Receipts
) -> None:
    outcome = await room().channels["desk"].send(PARCEL)
    assert (outcome, noted(receipts)) == (Delivered(reply="250 taken"), [(SLIP, "250 taken")])
    assert [mail.body for mail in server.taken] == [PARCEL.body]


async def test_whatever_a_server_says_comes_through(room: Open, server: Hostile, receipts: Receipts) -> None:
    replies: list[str | Fault] = ["451 not now", "550 unknown", Fault.DROP]
    server.behave = lambda stage, _: replies.pop(0) if stage is Stage.RCPT else None
    opened = room({"desk": DESK, "hook": WebhookSettings.model_validate({"url": "http://127.0.0.1:1/"})})
    assert [await opened.send(name, PARCEL) for name in ("desk", "desk", "desk", "hook")] == [
        Failed(reason="the recipient: 451 not now", code=451, retry_after=timedelta(minutes=5)),
        Refused(reason="the recipient: 550 unknown", code=550),
        Failed(reason="the recipient: Unexpected EOF received", channel=True),
        Failed(reason="127.0.0.1: Connect call failed ('127.0.0.1', 1)", channel=True),
    ]
    assert noted(receipts) == []


async def test_many_go_over_few_connections(room: Open, server: Hostile) -> None:
    desk = room().channels["desk"]
    outcomes = await asyncio.gather(*(desk.send(PARCEL) for _ in range(30)))
    assert (set(outcomes), server.connections) == ({Delivered(reply="250 taken")}, 4)


async def test_channels_of_one_server_share_its_few_connections(room: Open, server: Hostile) -> None:
    opened = room(dict.fromkeys(("desk", "duty", "ops"), DESK))
    parcels = [opened.send(name, PARCEL) for name in ("desk", "duty", "ops") * 10]
    assert set(await asyncio.gather(*parcels)) == {Delivered(reply="250 taken")}
    assert server.connections == 4


async def test_a_channel_whose_recipients_the_server_lets_wait_leaves_a_connection_to_the_others(
    room: Open, server: Hostile
) -> None:
    server.behave = lambda stage, words: Fault.HANG if stage is Stage.RCPT and words == "slow@b.c" else None
    opened = room({"slow": DESK, "desk": DESK})
    slow = [asyncio.create_task(opened.send("slow", replace(PARCEL, recipient="slow@b.c"))) for _ in range(9)]
    await server.bell.until(lambda: sum(word.startswith("RCPT") for word in server.said) == 3)
    for _ in range(3):
        assert await opened.send("desk", PARCEL) == Delivered(reply="250 taken")
    assert (server.connections, [task.done() for task in slow]) == (4, [False] * 9)
    for task in slow:
        task.cancel()


async def test_when_the_daemon_is_gone_what_servers_have_is_heard_out_and_noted(
    room: Open, server: Hostile, receipts: Receipts, tmp_path: Path
) -> None:
    server.open.clear()
    opened = room()
    sending = asyncio.create_task(opened.send("desk", PARCEL))
    await server.has_taken(1)
    sending.cancel()
    await opened.close()
    receipts.close()
    server.open.set()
    assert noted(await ended(tmp_path / "receipts")) == [(SLIP, "250 taken")]


async def test_when_the_daemon_is_gone_what_no_server_has_is_dropped_at_once(
    room: Open, server: Hostile, receipts: Receipts, tmp_path: Path
) -> None:
    server.behave = lambda stage, _: Fault.HANG if stage is Stage.RCPT else None
    opened = room()
    sending = asyncio.create_task(opened.send("desk", PARCEL))
    await server.bell.until(lambda: any(word.startswith("RCPT") for word in server.said))
    sending.cancel()
    await opened.close()
    receipts.close()
    left = await asyncio.wait_for(ended(tmp_path / "receipts"), LINGER / 2)
    assert (noted(left), server.taken) == ([], [])


async def test_no_signal_that_is_meant_for_the_daemon_ends_it(room: Open) -> None:
    opened = room()
    await opened.send("desk", PARCEL)
    process = process_of(opened)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(process, number)
    assert isinstance(await opened.send("desk", PARCEL), Delivered)
    assert (process_of(opened), os.getpgid(process) == os.getpgid(0)) == (process, False)


async def test_when_it_is_killed_what_is_under_way_is_uncertain_and_the_next_mail_goes(
    room: Open, server: Hostile
) -> None:
    server.open.clear()
    opened = room()
    sending = [asyncio.create_task(opened.send("desk", PARCEL)) for _ in range(3)]
    await server.has_taken(3)
    os.kill(process_of(opened), signal.SIGKILL)
    died = Failed(reason="the post room died while it was sending", uncertain=True)
    assert await asyncio.gather(*sending) == [died] * 3
    server.open.set()
    assert isinstance(await opened.send("desk", PARCEL), Delivered)


async def test_that_it_died_is_counted_and_told_for_a_day_but_not_that_it_was_dismissed(
    room: Open, clock: StillClock, deaths: Deaths
) -> None:
    dismissed = room()
    await dismissed.send("desk", PARCEL)
    await dismissed.close()
    assert deaths.words() == ""
    opened = room()
    for number in (1, 2):
        assert isinstance(await opened.send("desk", PARCEL), Delivered)
        os.kill(process_of(opened), signal.SIGKILL)
        await opened._clerk._ears
        assert deaths._metrics.registry.get_sample_value("monitor_post_rooms_died_total") == number
    assert deaths.words() == (
        f"died 2 times in the last day, last at {clock.now():%H:%M} UTC; the next message opens another"
    )
    clock.pass_by(timedelta(days=1))
    assert deaths.words() == ""


async def test_when_it_is_killed_after_it_noted_the_receipt_is_its_word(
    room: Open, server: Hostile, receipts: Receipts, clock: StillClock
) -> None:
    server.open.clear()
    opened = room()
    sending = asyncio.create_task(opened.send("desk", PARCEL))
    await server.has_taken(1)
    receipts.note(SLIP, "250 noted", now=clock.now())
    os.kill(process_of(opened), signal.SIGKILL)
    assert await sending == Delivered(reply="250 noted")


async def test_one_that_does_not_start_is_the_channels_trouble(room: Open) -> None:
    opened = room()
    server = fork_server()
    os.kill(server, signal.SIGSTOP)
    sending = asyncio.create_task(opened.send("desk", PARCEL))
    await turns()
    os.kill(server, signal.SIGKILL)
    assert await sending == Failed(reason="the post room does not open: it ended at once", channel=True)
    assert isinstance(await opened.send("desk", PARCEL), Delivered)


async def test_a_secret_that_went_away_is_said_in_words(room: Open, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3")
    opened = room(username="monitor", password_file=secret)
    secret.unlink()
    outcome = await opened.send("desk", PARCEL)
    words = f"{secret}: the secret cannot be read: No such file or directory"
    assert outcome == Refused(reason=words, channel=True)


async def test_a_token_command_works_there_and_hears_nothing_of_the_daemon(
    room: Open, server: Hostile
) -> None:
    server.extensions = ("AUTH XOAUTH2",)
    reader = "import sys; sys.stdin.read(); print('t0ken')"
    opened = room(username="monitor", token_command=[sys.executable, "-Sc", reader])
    assert isinstance(await opened.send("desk", PARCEL), Delivered)
    assert any(word.startswith("AUTH XOAUTH2 ") for word in server.said)


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="what a process was started with is told by Linux's /proc"
)
async def test_secrets_are_neither_on_its_command_line_nor_in_its_environment(
    room: Open, environment: dict[str, str]
) -> None:
    environment["MONITOR_MAIL__SMTP__PASSWORD"] = "s3cret"
    opened = room(username="monitor", password="s3cret")
    await opened.send("desk", PARCEL)
    process = Path(f"/proc/{process_of(opened)}")
    assert b"s3cret" not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_what_goes_wrong_in_foreign_code_there_is_told_here_and_ends_nothing(room: Open) -> None:
    pytest.importorskip("apprise")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    opened = room(
        {"chat": AppriseSettings.model_validate({"url": f"json://127.0.0.1:{port}/"}), "desk": DESK}
    )
    with pytest.raises(CrashError, match="JSONDecodeError"):
        await opened.send("chat", PARCEL)
    process = process_of(opened)
    with capture_logs() as logs:
        outcome = await opened.send("chat", replace(PARCEL, body=b'{"title": "t", "body": "b"}'))
    assert isinstance(outcome, Failed)
    assert "apprise" in {line.get("logger", "").partition(".")[0] for line in logs}
    assert isinstance(await opened.send("desk", PARCEL), Delivered)
    assert process_of(opened) == process


async def test_a_reload_lets_what_is_under_way_end_well(room: Open, server: Hostile) -> None:
    server.open.clear()
    old, new = room(), room()
    sending = asyncio.create_task(old.send("desk", PARCEL))
    await server.has_taken(1)
    retiring = asyncio.create_task(old.retire())
    server.open.set()
    assert isinstance(await new.send("desk", PARCEL), Delivered)
    await retiring
    assert isinstance(await sending, Delivered)


async def test_what_stays_on_this_machine_needs_no_process_and_is_noted_too(
    room: Open, receipts: Receipts, tmp_path: Path
) -> None:
    opened = room({"file": MaildirSettings(path=tmp_path / "mail")})
    outcome = await opened.channels["file"].send(PARCEL)
    assert isinstance(outcome, Delivered)
    assert (noted(receipts), opened._clerk) == ([(SLIP, outcome.reply)], None)
