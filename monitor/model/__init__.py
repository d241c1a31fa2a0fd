"""The nouns: what one part hands to the next. Nothing here is changed after it is made.

The way of an article:

    Origin ─ FeedEntry ─ Fetched ─ Article ─ Match ─ Alert ─ Dispatch ─ Notification ─ Delivered

They stand in rooms, and `from monitor.model import Article` opens only the room of Article and those that it
leans on: a frozen class takes half a millisecond to make, and a verb like `check` needs few of them.
"""

from typing import TYPE_CHECKING

from monitor.rooms import opener

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
else:
    __getattr__ = opener(
        __name__,
        alerts="Alert Raised Silence Story Verdict",
        articles="Article Echoes Field Origin Revision",
        decisions="Decision History Inquiry Relative Span Tally Trace",
        fetches="Failed Fetched Gone NotModified Validators",
        health="Ailment DeadLetters Standing Vitals",
        listings="FeedEntry Listing Seen",
        matches="Excerpt Match Mention Severity",
        outbox="Census Delivered Delivery Dispatch Kind Mail Notification OutboxClaim Refused RowState",
        polls="EntryClaim SourceClaim SourceState Visit",
    )

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
