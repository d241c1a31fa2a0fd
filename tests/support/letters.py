"""Messages about nothing, for tests of what delivers them."""

from monitor.model import Notification, OutboxClaim, Severity

__all__ = ["letter"]

_FOX = "The quick brown fox jumps over the lazy dog.\n" * 60


def letter(claim: OutboxClaim, text: str = _FOX) -> Notification:
    """The message of a row of the outbox, the same whenever it is composed."""
    return Notification(
        key=claim.key,
        channel=claim.channel,
        recipient=claim.recipient,
        kind=claim.kind,
        severity=Severity.HIGH,
        subject=f"about {claim.key}",
        text=text,
        html=f"<p>{text}</p>",
        created=claim.created,
        thread=claim.thread,
    )
