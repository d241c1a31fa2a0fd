"""From settings to channels: the one place where the kinds and their libraries meet."""

from typing import Any

from monitor.channels.apprise import AppriseChannel
from monitor.channels.base import Channel
from monitor.channels.connections import Connections
from monitor.channels.console import ConsoleChannel
from monitor.channels.email import EmailChannel
from monitor.channels.kinds import AnyChannel
from monitor.channels.maildir import MaildirChannel
from monitor.channels.settings import (
    AppriseSettings,
    ConsoleSettings,
    EmailSettings,
    MaildirSettings,
    MailSettings,
    WebhookSettings,
)

__all__ = ["open_channel"]


def open_channel(
    settings: AnyChannel, mail: MailSettings, connections: Connections[Any] | None = None
) -> Channel:
    """The channel that settings describe; ConfigError where a secret or a key cannot be read.

    `connections` are the connections to the mail server, where channels share them.
    """
    match settings:
        case EmailSettings(to=to, priority=priority) if mail.smtp is None:
            return MaildirChannel(mail.maildir, to, mail=mail, priority=priority)
        case EmailSettings():
            return EmailChannel(settings, mail=mail, connections=connections)
        case MaildirSettings(path=path, to=to, priority=priority):
            return MaildirChannel(path, (to,), mail=mail, priority=priority)
        case WebhookSettings():
            from monitor.channels.webhook import WebhookChannel  # noqa: PLC0415  aiohttp: 120 ms, 11 MB

            return WebhookChannel(settings)
        case AppriseSettings():
            return AppriseChannel(settings)
        case ConsoleSettings():
            return ConsoleChannel()
