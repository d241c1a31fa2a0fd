"""The nouns: what one part hands to the next. Nothing here is changed after it is made.

The way of an article:

    Origin ─ FeedEntry ─ Fetched ─ Article ─ Match ─ Alert ─ Dispatch ─ Notification ─ Delivered

They stand in rooms, and `from monitor.model import Article` opens only the room of Article and those that it
leans on: a frozen class takes half a millisecond to make, and a verb like `check` needs few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model.alerts import Alert, Raised, Silence, Story, Verdict
    from monitor.model.articles import Article, Echoes, Field, Origin, Revision
    from monitor.model.decisions import Decision, History, Inquiry, Relative, Span, Tally, Trace
    from monitor.model.fetches import Failed, Fetched, Gone, NotModified, Validators
    from monitor.model.health import Ailment, DeadLetters, Standing, Vitals
    from monitor.model.listings import FeedEntry, Listing, Seen
    from monitor.model.matches import Excerpt, Match, Mention, Severity
    from monitor.model.outbox import (
        Census,
        Delivered,
        Delivery,
        Dispatch,
        Kind,
        Mail,
        Notification,
        OutboxClaim,
        Refused,
        RowState,
    )
    from monitor.model.polls import EntryClaim, SourceClaim, SourceState, Visit

__all__ = [
    "Ailment",
    "Alert",
    "Article",
    "Census",
    "DeadLetters",
    "Decision",
    "Delivered",
    "Delivery",
    "Dispatch",
    "Echoes",
    "EntryClaim",
    "Excerpt",
    "Failed",
    "FeedEntry",
    "Fetched",
    "Field",
    "Gone",
    "History",
    "Inquiry",
    "Kind",
    "Listing",
    "Mail",
    "Match",
    "Mention",
    "NotModified",
    "Notification",
    "Origin",
    "OutboxClaim",
    "Raised",
    "Refused",
    "Relative",
    "Revision",
    "RowState",
    "Seen",
    "Severity",
    "Silence",
    "SourceClaim",
    "SourceState",
    "Span",
    "Standing",
    "Story",
    "Tally",
    "Trace",
    "Validators",
    "Verdict",
    "Visit",
    "Vitals",
]

_ROOMS = {
    "articles": ("Article", "Echoes", "Field", "Origin", "Revision"),
    "matches": ("Excerpt", "Match", "Mention", "Severity"),
    "listings": ("FeedEntry", "Listing", "Seen"),
    "fetches": ("Failed", "Fetched", "Gone", "NotModified", "Validators"),
    "polls": ("EntryClaim", "SourceClaim", "SourceState", "Visit"),
    "alerts": ("Alert", "Raised", "Silence", "Story", "Verdict"),
    "outbox": (
        "Census",
        "Delivered",
        "Delivery",
        "Dispatch",
        "Kind",
        "Mail",
        "Notification",
        "OutboxClaim",
        "Refused",
        "RowState",
    ),
    "decisions": ("Decision", "History", "Inquiry", "Relative", "Span", "Tally", "Trace"),
    "health": ("Ailment", "DeadLetters", "Standing", "Vitals"),
}
_ROOM_OF = {noun: room for room, nouns in _ROOMS.items() for noun in nouns}

if not TYPE_CHECKING:  # to mypy, a module that answers to any name has every name

    def __getattr__(name: str) -> object:
        """A noun, made when it is first asked for."""
        if name not in _ROOM_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        noun = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
        globals()[name] = noun
        return noun
