"""Notification in, outcome out: a file a kind of channel. Reading settings imports no channel's library."""

from typing import TYPE_CHECKING

from monitor.rooms import opener

if TYPE_CHECKING:
    from monitor.channels.base import Channel, Parcel, RemoteChannel
    from monitor.channels.kinds import KINDS, AnyChannel
    from monitor.channels.opening import open_channel
    from monitor.channels.settings import EmailSettings, MailSettings, SmtpSettings
else:
    __getattr__ = opener(
        __name__,
        base="Channel Parcel RemoteChannel",
        kinds="KINDS AnyChannel",
        opening="open_channel",  # aiosmtplib, ssl and asyncio take 300 ms
        settings="EmailSettings MailSettings SmtpSettings",
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
