"""SMTP. The only module that knows aiosmtplib.

A connection is kept only after a final 250: on anything else it is closed, because a reply that comes
late would be read as the answer to the next mail (a silent loss).
"""

import asyncio
import os
import ssl
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import ClassVar

from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from monitor.channels import mime
from monitor.channels.address import address_of
from monitor.channels.base import Parcel
from monitor.channels.connections import Connections
from monitor.channels.settings import EmailSettings, MailSettings, SmtpSettings, read_secret
from monitor.channels.signing import Signer
from monitor.errors import ConfigError, Place, Problem
from monitor.model import Delivered, Delivery, Failed, Notification, Refused

__all__ = ["EmailChannel"]

BYE = 2.0  # seconds for a server to take leave
RATE = timedelta(minutes=5)  # greylisting servers say 450 or 451 and mean: not before


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a server and a connection are trusted, in seconds.

    `command`: for a reply. `final`: for the reply to the final dot (RFC 5321, 4.5.3.2.6): giving up early
    doubles mails. `idle`: then a connection is asked whether it lives. `old`, `many` (mails): then it is
    replaced. `turn`: for one of our connections to come free.
    """

    turn: float = 300.0
    command: float = 60.0
    final: float = 600.0
    idle: float = 30.0
    old: float = 300.0
    many: int = 100


class _Stage(Enum):
    """How far a delivery came: what a reply is about depends on it."""

    CONNECT = "connecting"
    SECURE = "securing the connection"
    LOGIN = "logging in"
    SENDER = "the sender"
    RECIPIENT = "the recipient"
    MESSAGE = "the message"


@dataclass(slots=True, kw_only=True)
class _Line:
    """A connection, and how far it came."""

    smtp: SMTP
    born: float
    used: float
    mails: int = 0
    stage: _Stage = _Stage.CONNECT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """How one connection took a mail; `stale`: it was used before, and ended before it heard of this mail."""

    outcome: Delivery
    stale: bool = False


class EmailChannel:
    """Mail through a server, over connections that are reused; a mail a recipient."""

    kind: ClassVar[str] = "email"

    def __init__(
        self,
        settings: EmailSettings,
        *,
        mail: MailSettings,
        connections: Connections[_Line] | None = None,
        patience: Patience = Patience(),
    ) -> None:
        """`connections` are shared with the other channels of the server; by default there are none."""
        smtp = mail.smtp or SmtpSettings(host="localhost", tls="none")
        self._settings = settings
        self._mail = mail
        self._smtp = smtp
        self._password = read_secret(smtp.password, smtp.password_file)
        self._signer = Signer(mail.dkim, mail.home) if mail.dkim else None
        self._tls = _trust(smtp.ca_file) if smtp.ca_file and smtp.tls != "none" else None
        self._patience = patience
        self._given: set[str] = set()
        self._connections = connections or Connections()
        self._share = self._connections.share()

    def recipients(self) -> tuple[str, ...]:
        """Whom it reaches, one outbox row each."""
        return self._settings.to

    def freeze(self, notification: Notification) -> Parcel:
        """The mail, signed where the admin wants it."""
        parcel = mime.mail(notification, self._mail, priority=self._settings.priority)
        return replace(parcel, body=self._signer.signed(parcel.body)) if self._signer else parcel

    async def send(self, parcel: Parcel) -> Delivery:
        """Try once, saying at which stage it failed.

        A server may end a connection while it rests; that is no trouble: the mail goes over a new one.
        """
        try:
            await asyncio.wait_for(self._share.take(), self._patience.turn)
        except TimeoutError:
            return Failed(reason=f"no connection came free in {self._patience.turn:g} s", channel=True)
        try:
            while (attempt := await self._attempt(parcel)).stale:
                pass
            return attempt.outcome
        finally:
            self._share.give_back()

    async def _attempt(self, parcel: Parcel) -> _Attempt:
        """Send over one connection; it is kept only after a final 250."""
        line, kept = await self._line(), False
        try:
            reply = await self._talk(line, parcel)
            kept = self._keep(line)
            return _Attempt(outcome=Delivered(reply=f"{reply.code} {reply.message}"))
        except SMTPResponseException as error:
            stale = error.code == 421 and _rested(line)
            return _Attempt(outcome=_answered(line.stage, error.code, error.message), stale=stale)
        except (SMTPException, OSError, ValueError) as error:
            stale = isinstance(error, SMTPServerDisconnected) and _rested(line)
            return _Attempt(outcome=self._broken(line.stage, error), stale=stale)
        finally:
            self._given.discard(parcel.message_id)
            if not kept:
                line.smtp.close()

    async def _talk(self, line: _Line, parcel: Parcel) -> SMTPResponse:
        """The whole dialogue, command by command, so that it is known what a reply is about."""
        smtp, patience = line.smtp, self._patience
        if not line.mails:
            await self._greet(line)
        # Our own timeouts: a reply passes one turn of the event loop less than through the library's, and
        # between the server's last word and our note of it every turn counts.
        line.stage = _Stage.SENDER
        async with asyncio.timeout(patience.command):
            await smtp.mail(address_of(self._mail.sender), timeout=None)
        line.stage = _Stage.RECIPIENT
        async with asyncio.timeout(patience.command):
            await smtp.rcpt(parcel.recipient, timeout=None)
        line.stage = _Stage.MESSAGE
        self._given.add(parcel.message_id)
        async with asyncio.timeout(patience.final):
            return await smtp.data(parcel.body, timeout=None)

    def given(self, parcel: Parcel) -> bool:
        """From DATA on the server may have the whole message."""
        return parcel.message_id in self._given

    async def close(self) -> None:
        """Say goodbye where that is quick."""
        lines = [self._connections.idle.pop() for _ in range(len(self._connections.idle))]
        await asyncio.gather(*(_part(line.smtp) for line in lines))

    # ------------------------------------------------------------------ connections

    async def _line(self) -> _Line:
        """A connection that is known to live, or one still to be opened."""
        while self._connections.idle:
            line = self._connections.idle.pop()
            if await self._lives(line):
                return line
            line.smtp.close()
        now = asyncio.get_running_loop().time()
        return _Line(smtp=self._new(), born=now, used=now)

    def _new(self) -> SMTP:
        settings = self._smtp
        return SMTP(
            hostname=settings.host,
            port=settings.number,
            local_hostname=settings.hello or self._mail.home,
            timeout=self._patience.command,
            use_tls=settings.tls == "implicit",
            start_tls=False,  # it is begun by hand, so that nothing is ever said in the clear instead
            tls_context=None if settings.tls == "none" else self._tls or _trust_of_system(),
        )

    async def _greet(self, line: _Line) -> None:
        """Connect, secure and log in, as settings ask and not less."""
        smtp, settings = line.smtp, self._smtp
        await smtp.connect()
        await smtp.ehlo()
        if settings.tls == "starttls":
            line.stage = _Stage.SECURE
            if not smtp.supports_extension("starttls"):
                raise SMTPNotSupported("STARTTLS")
            await smtp.starttls()
            await smtp.ehlo()
        if settings.username:
            line.stage = _Stage.LOGIN
            if not smtp.supports_extension("auth"):
                raise SMTPNotSupported("AUTH")
            if not settings.token_command:
                await smtp.login(settings.username, self._password)
            elif "xoauth2" in smtp.server_auth_methods:
                await smtp.auth_xoauth2(settings.username, await self._token())
            else:
                raise SMTPNotSupported("XOAUTH2")

    async def _lives(self, line: _Line) -> bool:
        now, patience = asyncio.get_running_loop().time(), self._patience
        if not line.smtp.is_connected or line.mails >= patience.many or now - line.born > patience.old:
            return False
        if now - line.used < patience.idle:
            return True
        try:
            await line.smtp.noop(timeout=patience.command)
        except (SMTPException, OSError):
            return False
        return True

    def _keep(self, line: _Line) -> bool:
        line.used = asyncio.get_running_loop().time()
        line.mails += 1
        self._connections.idle.append(line)
        return True

    async def _token(self) -> str:
        """What the token command prints (XOAUTH2)."""
        command = self._smtp.token_command
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            printed, _ = await asyncio.wait_for(process.communicate(), self._patience.command)
        finally:
            if process.returncode is None:
                process.kill()
        token = printed.decode("ascii", "replace").strip()
        if process.returncode or not token:
            raise SMTPException(f"mail.smtp.token_command gave no token ({command[0]})")
        return token

    # ------------------------------------------------------------------ what went wrong

    def _broken(self, stage: _Stage, error: Exception) -> Delivery:
        """No reply at all, or none that we may act on."""
        untrusted = _untrusted(error)
        if untrusted is not None:
            return Refused(
                reason=f"{self._smtp.host} shows a certificate that is not trusted"
                f" ({untrusted.verify_message}); name its authority in mail.smtp.ca_file",
                channel=True,
            )
        if isinstance(error, SMTPNotSupported):
            reason = f"{stage.value}: {self._smtp.host} does not offer {error}, which mail.smtp asks for"
            return Refused(reason=reason, channel=True)
        if isinstance(error, ValueError):
            return Refused(reason=f"{stage.value}: {error}")
        words = str(error) or ("no answer" if isinstance(error, TimeoutError) else type(error).__name__)
        if why := _unreached(error):
            words = f"no connection to {self._smtp.host}:{self._smtp.number} ({why})"
        return Failed(reason=f"{stage.value}: {words}", uncertain=stage is _Stage.MESSAGE, channel=True)


def _answered(stage: _Stage, code: int, message: str) -> Delivery:
    """A reply that is no yes: 5xx to login or sender is about the channel, to the rest about this mail."""
    words = f"{stage.value}: {code} {message}"
    early = stage not in {_Stage.RECIPIENT, _Stage.MESSAGE}
    if code >= 500:
        channel = (early and code != 552) or code in {521, 530, 535}
        return Refused(reason=words, code=code, channel=channel)
    if code < 400:
        return Failed(reason=words, uncertain=stage is _Stage.MESSAGE, channel=True)
    wait = RATE if code in {450, 451} else None
    channel = code == 421 or (early and stage is not _Stage.SENDER)
    return Failed(reason=words, code=code, retry_after=wait, channel=channel)


def _rested(line: _Line) -> bool:
    """Whether a connection took mail before and ended at the first word of the next."""
    return line.mails > 0 and line.stage is _Stage.SENDER


def _unreached(error: Exception) -> str:
    """Why the system found no way to the server; empty where that is not what happened."""
    cause = error.__cause__
    if not isinstance(error, SMTPConnectError) or not isinstance(cause, OSError) or not cause.errno:
        return ""
    a_name = cause.errno < 0  # looking names up has errors of its own
    return cause.strerror or "" if a_name else os.strerror(cause.errno)


def _untrusted(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The certificate's trouble, however deep it is wrapped."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__
    return error


def _trust(ca_file: Path) -> ssl.SSLContext:
    """One context for all connections: making one costs more than a mail."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        reason = error.strerror or "it holds no certificate"
        problem = Problem(place=Place(file=str(ca_file)), problem=f"cannot be used: {reason}")
        raise ConfigError([problem]) from error


@cache
def _trust_of_system() -> ssl.SSLContext:
    """Made where mail is sent, for all channels: whoever only writes mails needs none."""
    return ssl.create_default_context()


async def _part(smtp: SMTP) -> None:
    try:
        await smtp.quit(timeout=BYE)
    except (SMTPException, OSError):
        smtp.close()
