"""What every kind of channel promises, on a real server, folder or stream of its kind."""

import asyncio
import email
import json
import warnings
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import ClassVar

import pytest
from hooks import Hook
from hostile import Fault, Hostile, Stage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from monitor.channels import KINDS, AnyChannel, Channel, MailSettings, RemoteChannel, open_channel
from monitor.channels.console import ConsoleChannel
from monitor.channels.mime import clean
from monitor.model import Delivered, Failed, Kind, Notification, Refused, Severity

SETTINGS: TypeAdapter[AnyChannel] = TypeAdapter(AnyChannel)
NOTICE = Notification(
    key="k",
    channel="desk",
    recipient="desk@example.org",
    kind=Kind.ALERT,
    severity=Severity.HIGH,
    subject="[HIGH] 북한군 in Russia",
    text="The matching sentence.\nWhy it matched.\n",
    html="<p>The matching sentence.</p>",
    created=datetime(2026, 11, 24, tzinfo=UTC),
    payload={"story": "st-1"},
)


class Bench(ABC):
    """A channel and the place where its messages arrive."""

    kind: ClassVar[str]

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    async def enter(self, stack: AsyncExitStack) -> None:  # noqa: B027  a folder needs no server
        """Start the server."""

    @property
    @abstractmethod
    def settings(self) -> dict[str, object]:
        """What an admin would write under `channels:`."""

    @property
    def nowhere(self) -> dict[str, object]:
        """Settings of a channel that cannot be reached."""
        return {"url": "http://127.0.0.1:1/secret"}

    @property
    def mail(self) -> dict[str, object]:
        return {}

    @abstractmethod
    def arrived(self) -> list[tuple[str, str]]:
        """What came, as (identity, text); the identity is what tells a repetition."""

    def channel(self, **changes: object) -> Channel:
        given = {"from": "Media Monitor <m@example.org>", **self.mail, **changes.pop("mail", {})}  # type: ignore[dict-item]
        described = SETTINGS.validate_python({"type": self.kind, **self.settings, **changes})
        return open_channel(described, MailSettings.model_validate(given))


class EmailBench(Bench):
    kind = "email"

    async def enter(self, stack: AsyncExitStack) -> None:
        self.server = await stack.enter_async_context(Hostile())

    @property
    def settings(self) -> dict[str, object]:
        return {"to": ["desk@example.org"]}

    @property
    def mail(self) -> dict[str, object]:
        return {"smtp": {"host": "127.0.0.1", "port": self.server.port, "tls": "none"}}

    @property
    def nowhere(self) -> dict[str, object]:
        return {"mail": {"smtp": {"host": "127.0.0.1", "port": 1, "tls": "none"}}}

    def arrived(self) -> list[tuple[str, str]]:
        return [(mail.message_id, plain(mail.body)) for mail in self.server.taken]


class MaildirBench(Bench):
    kind = "maildir"

    @property
    def settings(self) -> dict[str, object]:
        return {"path": str(self.folder / "mail")}

    @property
    def nowhere(self) -> dict[str, object]:
        (self.folder / "file").touch()
        return {"path": str(self.folder / "file" / "mail")}

    def arrived(self) -> list[tuple[str, str]]:
        bodies = [path.read_bytes() for path in (self.folder / "mail" / "new").iterdir()]
        return [(email.message_from_bytes(body)["Message-ID"], plain(body)) for body in bodies]


class WebhookBench(Bench):
    kind = "webhook"

    async def enter(self, stack: AsyncExitStack) -> None:
        self.hook = await stack.enter_async_context(Hook())

    @property
    def settings(self) -> dict[str, object]:
        return {"url": self.hook.url, "secret": "s3"}

    def arrived(self) -> list[tuple[str, str]]:
        return [(headers["Idempotency-Key"], json.loads(body)["text"]) for headers, body in self.hook.got]


class AppriseBench(WebhookBench):
    kind = "apprise"

    @property
    def settings(self) -> dict[str, object]:
        return {"url": self.hook.url.replace("http:", "json:")}

    @property
    def nowhere(self) -> dict[str, object]:
        return {"url": "json://127.0.0.1:1/secret"}

    def arrived(self) -> list[tuple[str, str]]:
        found = [json.loads(body) for _, body in self.hook.got]
        return [(message["title"], message["message"]) for message in found]


class ConsoleBench(Bench):
    kind = "console"

    @property
    def settings(self) -> dict[str, object]:
        return {}

    def arrived(self) -> list[tuple[str, str]]:
        subject = clean(NOTICE.subject)
        return [(subject, text) for text in self.capsys.readouterr().out.split(subject)[1:]]


BENCHES = {
    bench.kind: bench for bench in (EmailBench, MaildirBench, WebhookBench, AppriseBench, ConsoleBench)
}
REACHED = [kind for kind in KINDS if kind != "console"]


def load_apprise() -> None:
    """Let Apprise import all its services now, one of which imports what Python deprecates."""
    apprise = pytest.importorskip("apprise", reason="the extra apprise is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise().add("json://127.0.0.1/")


def plain(body: bytes) -> str:
    """The text part of a mail."""
    (part, *_) = email.message_from_bytes(body).get_payload()
    return part.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.fixture
async def bench(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Bench]:
    kind = request.param
    if kind == "apprise":
        load_apprise()
    made: Bench = BENCHES[kind](tmp_path, capsys)
    async with AsyncExitStack() as stack:
        await made.enter(stack)
        yield made


of_every_kind = pytest.mark.parametrize("bench", KINDS, indirect=True)


@of_every_kind
async def test_a_message_arrives_with_its_words(bench: Bench) -> None:
    channel = bench.channel()
    outcome = await channel.send(channel.freeze(NOTICE))
    await channel.close()
    ((_, text),) = bench.arrived()
    assert isinstance(outcome, Delivered)
    assert outcome.reply
    assert text.split() == NOTICE.text.split()


@of_every_kind
async def test_a_message_sent_again_is_the_same_message(bench: Bench) -> None:
    first, second = bench.channel(), bench.channel()
    parcel = first.freeze(NOTICE)
    assert second.freeze(NOTICE) == parcel
    outcomes = [await first.send(parcel), await second.send(parcel)]
    await first.close()
    await second.close()
    assert [type(outcome) for outcome in outcomes] == [Delivered, Delivered]
    arrived = bench.arrived()
    assert len(set(arrived)) == 1
    assert len(arrived) == (1 if bench.kind == "maildir" else 2)


@of_every_kind
async def test_it_reaches_somebody_and_names_no_secret(bench: Bench) -> None:
    channel = bench.channel()
    recipients = channel.recipients()
    await channel.close()
    assert recipients
    assert not any("secret" in recipient for recipient in recipients)


@pytest.mark.parametrize("bench", REACHED, indirect=True)
async def test_out_of_reach_is_a_value_that_blames_the_channel_and_tells_no_secret(bench: Bench) -> None:
    channel = bench.channel(**bench.nowhere)
    outcome = await channel.send(channel.freeze(NOTICE))
    await channel.close()
    assert isinstance(outcome, Failed | Refused)
    assert outcome.channel
    assert outcome.reason
    assert "secret" not in outcome.reason


async def test_a_closed_console_is_a_value_too() -> None:
    stream = StringIO()
    stream.close()
    channel = ConsoleChannel(stream)
    assert await channel.send(channel.freeze(NOTICE)) == Failed(
        reason="standard output: I/O operation on closed file", channel=True
    )


@of_every_kind
async def test_closing_is_harmless_before_and_after_and_twice(bench: Bench) -> None:
    idle, used = bench.channel(), bench.channel()
    await used.send(used.freeze(NOTICE))
    for channel in (idle, idle, used, used):
        await channel.close()
    assert len(bench.arrived()) == 1


@pytest.mark.parametrize("bench", ["email", "webhook"], indirect=True)
async def test_a_message_that_was_cancelled_hinders_no_other(bench: Bench) -> None:
    channel = bench.channel()
    came = hang(bench)
    first = asyncio.create_task(channel.send(channel.freeze(NOTICE)))
    await came.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    behave_well(bench)
    outcome = await channel.send(channel.freeze(replace(NOTICE, key="other")))
    await channel.close()
    assert first.cancelled()
    assert isinstance(outcome, Delivered)


@of_every_kind
async def test_what_talks_to_other_machines_says_whether_they_may_have_it(bench: Bench) -> None:
    channel = bench.channel()
    assert isinstance(channel, RemoteChannel) == (bench.kind not in {"maildir", "console"})
    if isinstance(bench, EmailBench):
        assert isinstance(channel, RemoteChannel)
        parcel, came = channel.freeze(NOTICE), hang(bench)
        before, job = channel.given(parcel), asyncio.create_task(channel.send(parcel))
        await came.wait()
        during = channel.given(parcel)
        job.cancel()
        await asyncio.wait([job])
        assert (before, during, channel.given(parcel)) == (False, True, False)
    await channel.close()


def hang(bench: Bench) -> asyncio.Event:
    """Let the server never answer; the event tells that a message came."""
    if isinstance(bench, WebhookBench):
        bench.hook.hangs = True
        return bench.hook.came
    assert isinstance(bench, EmailBench)
    came = asyncio.Event()

    def behave(stage: Stage, _: str) -> Fault | None:
        if stage is Stage.DOT:
            came.set()
            return Fault.HANG
        return None

    bench.server.behave = behave
    return came


def behave_well(bench: Bench) -> None:
    if isinstance(bench, WebhookBench):
        bench.hook.hangs = False
    else:
        assert isinstance(bench, EmailBench)
        bench.server.behave = lambda _stage, _argument: None


ANY_TEXT = st.text(st.characters() | st.sampled_from("\r\n\x00\u2028\u202e=?\x1b"), max_size=60)


@dataclass(frozen=True)
class Frozen:
    """A channel that only freezes needs no server."""

    channel: Channel


@pytest.fixture(scope="module", params=KINDS)
def frozen(request: pytest.FixtureRequest) -> Frozen:
    if request.param == "apprise":
        load_apprise()
    given = {
        "email": {"to": ["a@example.org"]},
        "maildir": {"path": "nowhere"},
        "webhook": {"url": "http://127.0.0.1:1/"},
        "apprise": {"url": "json://127.0.0.1:1/"},
        "console": {},
    }[request.param]
    smtp = {"host": "127.0.0.1", "port": 1, "tls": "none"}
    mail = MailSettings.model_validate({"from": "m@example.org", "smtp": smtp})
    return Frozen(open_channel(SETTINGS.validate_python({"type": request.param, **given}), mail))


@settings(suppress_health_check=list(HealthCheck))
@given(subject=ANY_TEXT, text=ANY_TEXT, key=ANY_TEXT, odd=ANY_TEXT)
def test_whatever_a_notification_holds_it_is_frozen_the_same_each_time(
    frozen: Frozen, subject: str, text: str, key: str, odd: str
) -> None:
    notice = replace(NOTICE, subject=subject, text=text, html=text, key=key, payload={"title": odd})
    parcel = frozen.channel.freeze(notice)
    assert frozen.channel.freeze(notice) == parcel
    assert parcel.subject == clean(subject)
    assert parcel.recipient == NOTICE.recipient
    assert parcel.body
    assert parcel.message_id != frozen.channel.freeze(replace(notice, key=f"{key}+")).message_id


def test_every_kind_has_its_bench() -> None:
    assert set(BENCHES) == set(KINDS)
