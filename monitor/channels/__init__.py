"""Notification in, outcome out: a file a kind of channel. Reading settings imports no channel's library."""

from typing import Annotated, get_args

from pydantic import BaseModel, Field

from monitor.channels.base import Channel, Parcel, RemoteChannel
from monitor.channels.settings import (
    AppriseSettings,
    ConsoleSettings,
    EmailSettings,
    MaildirSettings,
    MailSettings,
    SmtpSettings,
    WebhookSettings,
)

__all__ = [
    "KINDS",
    "AnyChannel",
    "Channel",
    "EmailSettings",
    "MailSettings",
    "Parcel",
    "RemoteChannel",
    "SmtpSettings",
    "open_channel",
]

_Kind = EmailSettings | MaildirSettings | WebhookSettings | AppriseSettings | ConsoleSettings
AnyChannel = Annotated[_Kind, Field(discriminator="type")]
"""The settings of a channel of any kind."""

KINDS: dict[str, type[BaseModel]] = {kind.model_fields["type"].default: kind for kind in get_args(_Kind)}
"""Every kind by the word that alerting.yaml says in `type`."""


def open_channel(settings: AnyChannel, mail: MailSettings) -> Channel:
    """The channel that settings describe; ConfigError where a secret or a key cannot be read."""
    from monitor.channels.opening import opened  # noqa: PLC0415  aiosmtplib, ssl and asyncio take 300 ms

    return opened(settings, mail)
