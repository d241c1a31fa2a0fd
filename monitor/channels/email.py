"""SMTP. The only module that knows aiosmtplib.

A connection is kept only after a final 250: on anything else it is closed, because a reply that comes
late would be read as the answer to the next mail (a silent loss).
"""

import asyncio
import ssl
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import ClassVar

from aiosmtplib import SMTP, SMTPException, SMTPNotSupported, SMTPResponseException

from monitor.channels import mime
from monitor.channels.address import address_of
from monitor.channels.base import Parcel
from monitor.channels.settings import EmailSettings, MailSettings, SmtpSettings, read_secret
from monitor.channels.signing import Signer
from monitor.errors import ConfigError, Place, Problem
from monitor.model import Delivered, Delivery, Failed, Notification, Refused

__all__ = ["EmailChannel"]

COMMAND = 60.0  # seconds for a reply to a command
FINAL = 600.0  # for the reply to the final dot (RFC 5321, 4.5.3.2.6): giving up early doubles mails
IDLE = 30.0  # seconds after which a connection is asked whether it lives
OLD = 300.0  # seconds after which it is replaced
MANY = 100  # mails after which it is replaced
BYE = 2.0
RATE = timedelta(minutes=5)  # greylisting servers say 450 or 451 and mean: not before


class _Stage(Enum):
    """How far a delivery came: what a reply is about depends on it."""

    CONNECT = "connecting"
    SENDER = "the sender"
    RECIPIENT = "the recipient"
    MESSAGE = "the message"


@dataclass(slots=True, kw_only=True)
class _Line:
    """A connection that is logged in."""

    smtp: SMTP
    born: float
    used: float
    mails: int = 0


class EmailChannel:
    """Mail through a server, over connections that are reused; a mail a recipient."""

    kind: ClassVar[str] = "email"

    def __init__(self, settings: EmailSettings, *, mail: MailSettings) -> None:
        smtp = mail.smtp or SmtpSettings(host="localhost", tls="none")
        self._settings = settings
        self._mail = mail
        self._smtp = smtp
        self._password = read_secret(smtp.password, smtp.password_file)
        self._signer = Signer(mail.dkim, mail.home) if mail.dkim else None
        self._tls = None if smtp.tls == "none" else _trust(smtp)
        self._idle: list[_Line] = []

    def recipients(self) -> tuple[str, ...]:
        """Whom it reaches, one outbox row each."""
        return self._settings.to

    def freeze(self, notification: Notification) -> Parcel:
        """The mail, signed where the admin wants it."""
        parcel = mime.mail(notification, self._mail, priority=self._settings.priority)
        return replace(parcel, body=self._signer.signed(parcel.body)) if self._signer else parcel

    async def send(self, parcel: Parcel) -> Delivery:
        """Try once, saying at which stage it failed."""
        stage, line, kept = _Stage.CONNECT, None, False
        try:
            line = await self._line()
            stage = _Stage.SENDER
            await line.smtp.mail(address_of(self._mail.sender), timeout=COMMAND)
            stage = _Stage.RECIPIENT
            await line.smtp.rcpt(parcel.recipient, timeout=COMMAND)
            stage = _Stage.MESSAGE
            reply = await line.smtp.data(parcel.body, timeout=FINAL)
            kept = self._keep(line)
            return Delivered(reply=f"{reply.code} {reply.message}")
        except SMTPResponseException as error:
            return _answered(stage, error.code, error.message)
        except (SMTPException, OSError, ValueError) as error:
            return self._broken(stage, error)
        finally:
            if line is not None and not kept:
                line.smtp.close()

    async def close(self) -> None:
        """Say goodbye where that is quick."""
        lines, self._idle = self._idle, []
        await asyncio.gather(*(_part(line.smtp) for line in lines))

    # ------------------------------------------------------------------ connections

    async def _line(self) -> _Line:
        """A connection that is known to live."""
        while self._idle:
            line = self._idle.pop()
            if await self._lives(line):
                return line
            line.smtp.close()
        now = asyncio.get_running_loop().time()
        smtp = self._new()
        await smtp.connect()
        return _Line(smtp=smtp, born=now, used=now)

    def _new(self) -> SMTP:
        settings = self._smtp
        return SMTP(
            hostname=settings.host,
            port=settings.number,
            username=settings.username or None,
            password=self._password or None,
            oauth_token_generator=self._token if settings.token_command else None,
            local_hostname=settings.hello or self._mail.home,
            timeout=COMMAND,
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
            tls_context=self._tls,
        )

    async def _lives(self, line: _Line) -> bool:
        now = asyncio.get_running_loop().time()
        if not line.smtp.is_connected or line.mails >= MANY or now - line.born > OLD:
            return False
        if now - line.used < IDLE:
            return True
        try:
            await line.smtp.noop(timeout=COMMAND)
        except (SMTPException, OSError):
            return False
        return True

    def _keep(self, line: _Line) -> bool:
        line.used = asyncio.get_running_loop().time()
        line.mails += 1
        self._idle.append(line)
        return True

    async def _token(self) -> str:
        """What the token command prints (XOAUTH2)."""
        command = self._smtp.token_command
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            printed, _ = await asyncio.wait_for(process.communicate(), COMMAND)
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
            reason = f"{self._smtp.host} does not offer what mail.smtp asks for: {error}"
            return Refused(reason=reason, channel=True)
        if isinstance(error, ValueError):
            return Refused(reason=f"{stage.value}: {error}")
        words = str(error) or type(error).__name__
        return Failed(reason=f"{stage.value}: {words}", uncertain=stage is _Stage.MESSAGE, channel=True)


def _answered(stage: _Stage, code: int, message: str) -> Delivery:
    """A reply that is no yes: 5xx to login or sender is about the channel, to the rest about this mail."""
    words = f"{stage.value}: {code} {message}"
    early = stage in {_Stage.CONNECT, _Stage.SENDER}
    if code >= 500:
        channel = (early and code != 552) or code in {521, 530, 535}
        return Refused(reason=words, code=code, channel=channel)
    if code < 400:
        return Failed(reason=words, uncertain=stage is _Stage.MESSAGE, channel=True)
    wait = RATE if code in {450, 451} else None
    return Failed(reason=words, code=code, retry_after=wait, channel=code == 421 or stage is _Stage.CONNECT)


def _untrusted(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The certificate's trouble, however deep it is wrapped."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__
    return error


def _trust(smtp: SmtpSettings) -> ssl.SSLContext:
    """One context for all connections: making one costs more than a mail."""
    try:
        return ssl.create_default_context(cafile=smtp.ca_file)
    except OSError as error:
        reason = error.strerror or "it holds no certificate"
        problem = Problem(place=Place(file=str(smtp.ca_file)), problem=f"cannot be used: {reason}")
        raise ConfigError([problem]) from error


async def _part(smtp: SMTP) -> None:
    try:
        await smtp.quit(timeout=BYE)
    except (SMTPException, OSError):
        smtp.close()
