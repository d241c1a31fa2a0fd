"""From settings to channels: the one place where the kinds and their libraries meet."""

from monitor.channels.base import Channel
from monitor.channels.console import ConsoleChannel
from monitor.channels.email import EmailChannel
from monitor.channels.maildir import MaildirChannel
from monitor.channels.settings import ConsoleSettings, EmailSettings, MaildirSettings, MailSettings

__all__ = ["opened"]


def opened(settings: EmailSettings | MaildirSettings | ConsoleSettings, mail: MailSettings) -> Channel:
    """The channel that settings describe."""
    match settings:
        case EmailSettings(to=to, priority=priority) if mail.smtp is None:
            return MaildirChannel(mail.maildir, to, mail=mail, priority=priority)
        case EmailSettings():
            return EmailChannel(settings, mail=mail)
        case MaildirSettings(path=path, to=to, priority=priority):
            return MaildirChannel(path, (to,), mail=mail, priority=priority)
        case ConsoleSettings():
            return ConsoleChannel()
