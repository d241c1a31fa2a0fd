"""SMTP: every reply at every stage has one meaning, and no connection outlives a doubt."""

import asyncio
import base64
import shutil
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hostile import Fault, Hostile, Stage

from monitor.channels.base import Parcel
from monitor.channels.connections import MOST
from monitor.channels.email import EmailChannel, Patience
from monitor.channels.settings import EmailSettings, MailSettings
from monitor.errors import ConfigError
from monitor.model import Delivered, Delivery, Failed, Refused

GREYLIST = timedelta(minutes=5)
PARCEL = Parcel(
    recipient="desk@example.org",
    message_id="<a@example.org>",
    body=b"Message-ID: <a@example.org>\r\nSubject: x\r\n\r\n.first\r\nsecond\r\n",
)


def channel(port: int, patience: Patience = Patience(), **smtp: object) -> EmailChannel:  # noqa: B008  frozen
    given = {"host": "127.0.0.1", "port": str(port), "tls": "none", **smtp}
    mail = MailSettings.model_validate({"from": "Media Monitor <m@example.org>", "smtp": given})
    return EmailChannel(EmailSettings(to=("desk@example.org",)), mail=mail, patience=patience)


async def send_once(server: Hostile, **smtp: object) -> Delivery:
    one = channel(server.port, **smtp)  # type: ignore[arg-type]
    try:
        return await one.send(PARCEL)
    finally:
        await one.close()


def at(stage: Stage, fault: str | Fault) -> Callable[[Stage, str], str | Fault | None]:
    return lambda where, _: fault if where is stage else None


async def test_a_mail_arrives_byte_for_byte() -> None:
    async with Hostile() as server:
        assert await send_once(server) == Delivered(reply="250 taken")
    assert [(mail.recipient, mail.body) for mail in server.taken] == [("desk@example.org", PARCEL.body)]


REPLIES = [
    (Stage.CONNECT, "421 busy", Failed(reason="connecting: 421 busy", code=421, channel=True)),
    (Stage.CONNECT, "554 go away", Refused(reason="connecting: 554 go away", code=554, channel=True)),
    (Stage.MAIL, "451 later", Failed(reason="the sender: 451 later", code=451, retry_after=GREYLIST)),
    (Stage.MAIL, "553 not you", Refused(reason="the sender: 553 not you", code=553, channel=True)),
    (Stage.MAIL, "552 too big", Refused(reason="the sender: 552 too big", code=552)),
    (Stage.RCPT, "450 grey", Failed(reason="the recipient: 450 grey", code=450, retry_after=GREYLIST)),
    (Stage.RCPT, "452 full", Failed(reason="the recipient: 452 full", code=452)),
    (Stage.RCPT, "550 unknown", Refused(reason="the recipient: 550 unknown", code=550)),
    (Stage.RCPT, "530 log in", Refused(reason="the recipient: 530 log in", code=530, channel=True)),
    (Stage.DATA, "451 later", Failed(reason="the message: 451 later", code=451, retry_after=GREYLIST)),
    (Stage.DATA, "554 no", Refused(reason="the message: 554 no", code=554)),
    (Stage.DOT, "421 closing", Failed(reason="the message: 421 closing", code=421, channel=True)),
    (Stage.DOT, "452 full", Failed(reason="the message: 452 full", code=452)),
    (Stage.DOT, "554 spam", Refused(reason="the message: 554 spam", code=554)),
]


@pytest.mark.parametrize(("stage", "reply", "outcome"), REPLIES)
async def test_a_reply_at_a_stage_has_one_meaning(stage: Stage, reply: str, outcome: Delivery) -> None:
    async with Hostile(behave=at(stage, reply)) as server:
        assert await send_once(server) == outcome
    assert server.taken == []


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.EHLO, Stage.MAIL, Stage.RCPT])
async def test_a_lost_connection_before_the_message_is_the_channels_trouble(stage: Stage) -> None:
    async with Hostile(behave=at(stage, Fault.DROP)) as server:
        outcome = await send_once(server)
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.channel, outcome.uncertain) == (0, True, False)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.ACCEPT_THEN_DROP])
async def test_a_connection_lost_after_the_dot_leaves_it_uncertain(fault: Fault) -> None:
    async with Hostile(behave=at(Stage.DOT, fault)) as server:
        outcome = await send_once(server)
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.channel, outcome.uncertain) == (0, True, True)
    assert len(server.taken) == (fault is Fault.ACCEPT_THEN_DROP)


async def test_nobody_listening_is_the_channels_trouble() -> None:
    async with Hostile() as server:
        port = server.port
    reason = f"connecting: no connection to 127.0.0.1:{port} (Connection refused)"
    assert await channel(port).send(PARCEL) == Failed(reason=reason, channel=True)


async def test_a_server_without_an_address_is_the_channels_trouble() -> None:
    outcome = await channel(25, host="mail.invalid", tls="starttls").send(PARCEL)
    assert isinstance(outcome, Failed)
    assert outcome.channel
    assert outcome.reason.startswith("connecting: no connection to mail.invalid:25 (")
    assert "Errno" not in outcome.reason


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("535 wrong password", Refused), ("454 try later", Failed), ("235 welcome", Delivered)],
)
async def test_a_refused_login_concerns_the_channel(reply: str, kind: type[Delivery]) -> None:
    fault = None if reply.startswith("2") else reply
    behave = lambda where, _: fault if where is Stage.AUTH else None  # noqa: E731
    async with Hostile(behave=behave, extensions=("AUTH PLAIN",)) as server:
        outcome = await send_once(server, username="monitor", password="secret")
    assert isinstance(outcome, kind)
    assert isinstance(outcome, Delivered) or outcome.channel


async def test_a_token_command_logs_in_with_xoauth2(tmp_path: Path) -> None:
    async with Hostile(extensions=("AUTH XOAUTH2",)) as server:
        outcome = await send_once(server, username="monitor", token_command=["echo", "a-token"])
    assert isinstance(outcome, Delivered)
    (login,) = [line for line in server.said if line.startswith("AUTH XOAUTH2 ")]
    assert base64.b64decode(login.split()[2]) == b"user=monitor\1auth=Bearer a-token\1\1"


@pytest.mark.parametrize("command", [["false"], ["true"], ["/nowhere/token"]])
async def test_a_token_command_that_fails_is_the_channels_trouble(command: list[str]) -> None:
    async with Hostile(extensions=("AUTH XOAUTH2",)) as server:
        outcome = await send_once(server, username="monitor", token_command=command)
    assert isinstance(outcome, Failed)
    assert (outcome.channel, outcome.uncertain) == (True, False)
    assert command[0] in outcome.reason


@pytest.mark.parametrize(
    ("offered", "way", "lacks"),
    [
        ((), {"password": "secret"}, "AUTH"),
        (("AUTH PLAIN",), {"token_command": ["echo", "a-token"]}, "XOAUTH2"),
    ],
)
async def test_a_login_that_the_server_does_not_offer_is_said_in_words(
    offered: tuple[str, ...], way: dict[str, object], lacks: str
) -> None:
    async with Hostile(extensions=offered) as server:
        outcome = await send_once(server, username="monitor", **way)
    reason = f"logging in: 127.0.0.1 does not offer {lacks}, which mail.smtp asks for"
    assert outcome == Refused(reason=reason, channel=True)


async def test_an_envelope_names_the_sender_alone_and_one_recipient() -> None:
    async with Hostile() as server:
        await send_once(server)
    assert [line for line in server.said if line.startswith(("MAIL", "RCPT"))] == [
        "MAIL FROM:<m@example.org>",
        "RCPT TO:<desk@example.org>",
    ]


async def test_a_server_without_starttls_never_hears_the_password() -> None:
    async with Hostile(extensions=("AUTH PLAIN",)) as server:
        outcome = await send_once(server, tls="starttls", username="monitor", password="secret")
    reason = "securing the connection: 127.0.0.1 does not offer STARTTLS, which mail.smtp asks for"
    assert outcome == Refused(reason=reason, channel=True)
    assert not any(line.startswith("AUTH") for line in server.said)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_an_unknown_certificate_is_said_in_words(certificate: Path, tls: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with Hostile(tls=context, implicit=tls == "implicit", extensions=("STARTTLS",)) as server:
        outcome = await send_once(server, tls=tls)
    assert isinstance(outcome, Refused)
    assert outcome.channel
    assert outcome.reason.endswith("name its authority in mail.smtp.ca_file")


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_named_authority_is_trusted(certificate: Path, tls: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with Hostile(tls=context, implicit=tls == "implicit", extensions=("STARTTLS",)) as server:
        assert await send_once(server, tls=tls, ca_file=str(certificate)) == Delivered(reply="250 taken")


async def test_a_connection_is_reused_while_all_is_well() -> None:
    async with Hostile() as server:
        one = channel(server.port)
        assert [await one.send(PARCEL) for _ in range(3)] == [Delivered(reply="250 taken")] * 3
        await one.close()
    assert server.connections == 1


@pytest.mark.parametrize(
    ("patience", "connections", "noops"),
    [
        (Patience(), 1, 0),
        (Patience(many=2), 2, 0),
        (Patience(old=0.0), 4, 0),
        (Patience(idle=0.0), 1, 3),
    ],
)
async def test_a_connection_is_replaced_when_it_is_old_and_asked_when_it_rested(
    patience: Patience, connections: int, noops: int
) -> None:
    async with Hostile() as server:
        one = channel(server.port, patience)
        assert [await one.send(PARCEL) for _ in range(4)] == [Delivered(reply="250 taken")] * 4
        await one.close()
    assert (server.connections, server.said.count("NOOP")) == (connections, noops)


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HANG, "421 too late"])
async def test_a_connection_that_died_while_it_rested_costs_nothing(fault: str | Fault) -> None:
    async with Hostile(behave=at(Stage.NOOP, fault)) as server:
        one = channel(server.port, Patience(idle=0.0, command=0.3))
        assert [await one.send(PARCEL) for _ in range(2)] == [Delivered(reply="250 taken")] * 2
        await one.close()
    assert server.connections == 2


async def test_when_all_connections_hang_the_next_mail_says_so_and_they_go_on() -> None:
    async with Hostile() as server:
        server.open.clear()
        one = channel(server.port, Patience(turn=0.01))
        hanging = [asyncio.create_task(one.send(PARCEL)) for _ in range(MOST)]
        await server.has_taken(MOST)
        late = await one.send(PARCEL)
        server.open.set()
        outcomes = await asyncio.gather(*hanging)
        await one.close()
    assert late == Failed(reason="no connection came free in 0.01 s", channel=True)
    assert (outcomes, server.connections) == ([Delivered(reply="250 taken")] * MOST, MOST)


@pytest.mark.parametrize("fault", [Fault.DROP, "421 you rested too long"])
async def test_a_server_that_ends_a_rested_connection_gets_the_mail_over_a_new_one(
    fault: str | Fault,
) -> None:
    faults = iter([None, fault, None])
    async with Hostile(behave=lambda stage, _: next(faults) if stage is Stage.MAIL else None) as server:
        one = channel(server.port)
        assert [await one.send(PARCEL) for _ in range(2)] == [Delivered(reply="250 taken")] * 2
        await one.close()
    assert (server.connections, len(server.taken)) == (2, 2)


async def test_a_server_that_hangs_at_rset_does_not_hide_its_refusal() -> None:
    behave = lambda stage, _: {Stage.RCPT: "550 unknown", Stage.RSET: Fault.HANG}.get(stage)  # noqa: E731
    async with Hostile(behave=behave) as server:
        outcome = await send_once(server, patience=Patience(command=5.0))
    assert outcome == Refused(reason="the recipient: 550 unknown", code=550)
    assert "RSET" not in server.said


async def test_our_name_is_said_at_every_greeting() -> None:
    async with Hostile() as server:
        one = channel(server.port, Patience(many=1), hello="monitor.example.org")
        assert [await one.send(PARCEL) for _ in range(2)] == [Delivered(reply="250 taken")] * 2
        await one.close()
    assert server.said.count("EHLO monitor.example.org") == 2


async def test_a_connection_is_not_reused_after_a_refusal() -> None:
    replies = iter(["550 unknown", None])
    async with Hostile(behave=lambda stage, _: next(replies) if stage is Stage.RCPT else None) as server:
        one = channel(server.port)
        outcomes = [await one.send(PARCEL), await one.send(PARCEL)]
        await one.close()
    assert outcomes == [Refused(reason="the recipient: 550 unknown", code=550), Delivered(reply="250 taken")]
    assert server.connections == 2


async def test_a_cancelled_mail_never_lends_its_late_reply_to_the_next() -> None:
    began = asyncio.Event()
    faults = iter([Fault.HANG, "550 second refused"])

    def behave(stage: Stage, _: str) -> str | Fault | None:
        if stage is Stage.DOT:
            began.set()
            return next(faults)
        return None

    async with Hostile(behave=behave) as server:
        one = channel(server.port)
        first = asyncio.create_task(one.send(PARCEL))
        await began.wait()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        second = await one.send(PARCEL)
        await one.close()
    assert second == Refused(reason="the message: 550 second refused", code=550)
    assert server.connections == 2


def test_a_password_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere: the secret cannot be read: No such file"):
        channel(25, username="monitor", password_file=str(tmp_path / "nowhere"))


def test_a_password_file_without_a_password_is_named(tmp_path: Path) -> None:
    (tmp_path / "blank").write_text("\n")
    with pytest.raises(ConfigError, match=r"blank: the secret is empty"):
        channel(25, username="monitor", password_file=str(tmp_path / "blank"))


def make_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody knows, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate, both = (folder / name for name in ("key.pem", "certificate.pem", "both.pem"))
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    names = "-addext subjectAltName=IP:127.0.0.1"
    command = [openssl, *request.split(), *names.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both
