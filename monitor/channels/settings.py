"""What an admin says of mail and channels. Light: no library of a channel is imported to read it."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.channels.address import Address, Addresses, Mailbox, WayOut, address_of
from monitor.errors import ConfigError, Place, Problem
from monitor.settings import Settings, web_address

__all__ = [
    "AppriseSettings",
    "ConsoleSettings",
    "DkimSettings",
    "EmailSettings",
    "MailSettings",
    "MaildirSettings",
    "Priority",
    "SmtpSettings",
    "Tls",
    "WebhookSettings",
    "read_secret",
]

Tls = Literal["starttls", "implicit", "none"]
Priority = Literal["normal", "high"]
_PORTS: dict[Tls, int] = {"starttls": 587, "implicit": 465, "none": 25}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _server(host: str) -> str:
    """The name or address of a server, and nothing else."""
    bare = re.fullmatch(r"(?:[a-z]+://)?([^\s/:]+)(?::(\d+))?/?", host, re.IGNORECASE)
    if bare and bare[1] != host:
        port = f" and port: {bare[2]}" if bare[2] else ""
        raise ValueError(f"{host!r} is more than the name of a server; write host: {bare[1]}{port}")
    if host and not bare and not _is_address(host):
        raise ValueError(f"{host!r} is no name of a server; write one like smtp.example.org")
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class SmtpSettings(Settings):
    """The server that takes our mail."""

    host: Annotated[
        str, AfterValidator(_server), Field(description="name or address of the server", min_length=1)
    ]
    port: Annotated[
        int | None,
        Field(ge=1, le=65535, description="default: 587 with starttls, 465 with implicit, 25 with none"),
    ] = None
    tls: Annotated[Tls, Field(description="none is for a server on this machine only")] = "starttls"
    ca_file: Annotated[Path | None, Field(description="certificates to trust, of a private authority")] = None
    username: Annotated[
        str, Field(description="login; goes with one of password, password_file, token_command")
    ] = ""
    password: Annotated[
        SecretStr | None, Field(description="the login's password; better kept in a file")
    ] = None
    password_file: Annotated[Path | None, Field(description="file that holds the password")] = None
    token_command: Annotated[
        tuple[str, ...],
        Field(description="prints an OAuth 2 access token for XOAUTH2, instead of a password"),
    ] = ()
    hello: Annotated[str, Field(description="our name in EHLO; default: mail.domain")] = ""

    @model_validator(mode="after")
    def _safe(self) -> "SmtpSettings":
        if self.tls == "none" and not _is_loopback(self.host):
            raise ValueError(
                f"tls: none would send mail to {self.host} in the clear; it is for localhost only,"
                " write tls: starttls or tls: implicit"
            )
        if self.tls == "starttls" and self.port == _PORTS["implicit"]:
            raise ValueError("port 465 speaks TLS from the first byte; write tls: implicit, or port: 587")
        ways = [self.password is not None, self.password_file is not None, bool(self.token_command)]
        if sum(ways) > 1:
            raise ValueError("give one of password, password_file, token_command")
        if bool(self.username) != any(ways):
            raise ValueError("username goes with one of password, password_file, token_command")
        return self

    @property
    def number(self) -> int:
        """The port to connect to."""
        return self.port or _PORTS[self.tls]


class DkimSettings(Settings):
    """Signing our mail, where the relay does not (needs the extra: pip install 'media-monitor[dkim]')."""

    selector: Annotated[
        str, Field(description="name of the key in DNS: SELECTOR._domainkey.DOMAIN", min_length=1)
    ]
    domain: Annotated[str, Field(description="default: mail.domain")] = ""
    key_file: Annotated[Path, Field(description="the private key, PEM")]


class MailSettings(Settings):
    """monitor.yaml, mail: how mail leaves. Without `smtp` it is delivered to a Maildir on this machine."""

    sender: Annotated[Mailbox, Field(description="who every mail is from", alias="from")] = (
        "Media Monitor <monitor@localhost>"
    )
    domain: Annotated[
        str, Field(description="the right half of every Message-ID; default: the sender's domain")
    ] = ""
    to: Annotated[Addresses, Field(description="who hears all, where alerting.yaml has no channels")] = ()
    smtp: Annotated[
        SmtpSettings | None,
        Field(description="the server that takes our mail; without it, mail goes to `maildir`"),
    ] = None
    maildir: Annotated[Path, Field(description="where mail goes without smtp")] = Path("var/mail")
    unsubscribe: Annotated[
        WayOut,
        Field(description="where readers ask to be taken off: a mail address or an https page"),
    ] = ""
    dkim: Annotated[DkimSettings | None, Field(description="sign our mail, where the relay does not")] = None

    @property
    def home(self) -> str:
        """The domain that Message-IDs and lists carry."""
        return self.domain or address_of(self.sender).rpartition("@")[2]

    def channel(self) -> "EmailSettings":
        """The channel that stands in where none is configured."""
        return EmailSettings(to=self.to or (address_of(self.sender),))


class EmailSettings(Settings):
    """channels: mail to people, one message each."""

    type: Annotated[Literal["email"], Field(description="mail to people")] = "email"
    to: Annotated[Addresses, Field(description="recipients; each gets a message of their own", min_length=1)]
    priority: Annotated[Priority, Field(description="high asks mail programs to mark it")] = "normal"


class MaildirSettings(Settings):
    """channels: mail into a folder that mail programs read (mutt -f PATH)."""

    type: Annotated[Literal["maildir"], Field(description="mail into a folder")] = "maildir"
    path: Annotated[Path, Field(description="the Maildir")]
    to: Annotated[Address, Field(description="the recipient it is addressed to")] = "reader@localhost"
    priority: Annotated[Priority, Field(description="high asks mail programs to mark it")] = "normal"


def _reachable(url: SecretStr) -> SecretStr:
    """The address, of which no message repeats what may be a secret."""
    if not web_address(url.get_secret_value()):
        raise ValueError("url is no web address; write it in full, like https://hooks.example.org/news")
    return url


class WebhookSettings(Settings):
    """channels: a POST of JSON to an address, signed with HMAC where a secret is given."""

    type: Annotated[Literal["webhook"], Field(description="a POST of JSON")] = "webhook"
    url: Annotated[
        Annotated[SecretStr, AfterValidator(_reachable)] | None,
        Field(description="where to; its query may hold a token, so it is a secret"),
    ] = None
    url_file: Annotated[Path | None, Field(description="file that holds the address")] = None
    secret: Annotated[SecretStr | None, Field(description="key of the HMAC signature")] = None
    secret_file: Annotated[Path | None, Field(description="file that holds the key")] = None

    @model_validator(mode="after")
    def _one_way(self) -> "WebhookSettings":
        if (self.url is None) == (self.url_file is None):
            raise ValueError("give one of url, url_file")
        if self.secret is not None and self.secret_file is not None:
            raise ValueError("give one of secret, secret_file")
        return self


class AppriseSettings(Settings):
    """channels: any service that Apprise knows: Slack, Teams, Telegram, ntfy and a hundred more.

    Needs the extra: pip install 'media-monitor[apprise]'.
    """

    type: Annotated[Literal["apprise"], Field(description="any service that Apprise knows")] = "apprise"
    url: Annotated[SecretStr | None, Field(description="as github.com/caronc/apprise writes it")] = None
    url_file: Annotated[Path | None, Field(description="file that holds the address")] = None

    @model_validator(mode="after")
    def _one_way(self) -> "AppriseSettings":
        if (self.url is None) == (self.url_file is None):
            raise ValueError("give one of url, url_file")
        return self


class ConsoleSettings(Settings):
    """channels: the text on standard output, for trying things out."""

    type: Annotated[Literal["console"], Field(description="text on standard output")] = "console"


def read_secret(given: SecretStr | None, file: Path | None) -> str:
    """The secret, given or in a file (its last line break does not count); empty where there is none."""
    if file is None:
        return given.get_secret_value() if given else ""
    try:
        secret = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        problem = Problem(place=Place(file=str(file)), problem=f"the secret cannot be read: {reason}")
        raise ConfigError([problem]) from error
    if not secret.strip():
        raise ConfigError([Problem(place=Place(file=str(file)), problem="the secret is empty")])
    return secret
