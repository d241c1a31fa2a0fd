"""Addresses that are nobody's: those of examples, where mail leaves, and one that no mail goes to."""

import re
from collections.abc import Iterator, Mapping

from monitor.channels import AnyChannel, EmailSettings
from monitor.config.document import Path
from monitor.config.settings import MonitorSettings

__all__ = ["nobodys"]

_EXAMPLE = re.compile(r"(?:.*[.@])?(?:example(?:\.(?:com|net|org))?|invalid|test)", re.IGNORECASE)  # RFC 2606
_OWN = "write your own"


def nobodys(
    settings: MonitorSettings, channels: Mapping[str, AnyChannel]
) -> Iterator[tuple[str, Path, str, str]]:
    """By file and place: what is wrong with an address, and what would be right."""
    mail = settings.mail
    if mail.to and channels:
        problem = "mail.to tells nobody: alerting.yaml has channels of its own"
        yield "monitor.yaml", ("mail", "to"), problem, "write the address into one of them"
    if mail.smtp is None or _EXAMPLE.fullmatch(mail.smtp.host):
        return
    if _EXAMPLE.fullmatch(mail.sender.rstrip(">")):
        yield "monitor.yaml", ("mail", "from"), f"{mail.sender} is an example's address", _OWN
    for name, channel in channels.items():
        for number, address in enumerate(channel.to if isinstance(channel, EmailSettings) else ()):
            if _EXAMPLE.fullmatch(address):
                path: Path = ("channels", name, "to", number)
                yield "alerting.yaml", path, f"{address} is an example's address", _OWN
