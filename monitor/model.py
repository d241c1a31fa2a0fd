"""The nouns: what one part hands to the next. Nothing here is changed after it is made.

The way of an article:

    Origin ─ FeedEntry ─ Fetched ─ Article ─ Match ─ Alert ─ Dispatch ─ Notification ─ Delivered
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

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


class Severity(StrEnum):
    """How much a match matters; `info` is recorded and never mailed."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical; compare ranks, not names."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Field(StrEnum):
    """The parts of an article that rules read; boilerplate is in none of them."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"


# ---------------------------------------------------------------------------- sources and fetches


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an article inherits from the source that lists it."""

    source: str
    outlet: str
    tags: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An item as the source lists it: the promise of an article.

    `id` is the entry's identity within its source, `url` absolute or empty, `title`, `summary` and
    `content` plain text (`content` is the feed's own full text, if it has one), `fingerprint` changes
    when the entry does.
    """

    id: str
    url: str
    title: str
    summary: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    published: datetime | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a feed listed when it was last read, item by item, so that only what is new is read again.

    `items` names each item's bytes, `ids` its entry's id and `dates` when it was published, all in the same
    order, as 8 bytes each: hashes, and seconds since 1970 (0: no date). `whole` is when the feed was last
    read from end to end.
    """

    items: bytes
    ids: bytes
    dates: bytes
    whole: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source's bytes said: its entries, newest first, and what is worth telling its admin.

    `unread` are the dates of what else it lists, unchanged since it was last read: those are not among the
    entries. `seen` is what makes the next reading as short.

    `every` is the rhythm the feed itself asks for (ttl, sy:updatePeriod), `skip_hours` (UTC) and `skip_days`
    (Monday is 0) when it asks to be left alone, `title` and `language` what it says of itself, `further`
    what must be fetched and read too (the sitemaps of an index).
    """

    entries: tuple[FeedEntry, ...]
    unread: tuple[datetime | None, ...] = ()
    seen: Seen | None = None
    every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """ETag and Last-Modified exactly as the server wrote them (RFC 9110, 8.8).

    `url` is the address they were given for; they are never sent to another one.
    """

    etag: str = ""
    modified: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body, already decompressed. `url` is the final address; `moved` the target of a permanent redirect.

    `fresh_for` is how long the server says the body stays fresh (Cache-Control, else Expires - Date),
    `received` when we got it (dates far beyond it are not believed).
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    received: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    moved: str = ""
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed (304); it may bring new validators."""

    validators: Validators = field(default_factory=Validators)
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The server says that the address is gone for good (410)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A fetch or a delivery did not succeed this time, and why, in words for people.

    `code` is the server's status (HTTP, SMTP) or 0; `retry_after` what the server asked for. `uncertain`:
    the message had left us when the answer failed to come, so the server may have taken it. `channel`:
    the trouble is the channel's (no connection), not this message's.
    """

    reason: str
    retry_after: timedelta | None = None
    code: int = 0
    uncertain: bool = False
    channel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between polls. `polled` is None before the first good poll.

    `every` is the rhythm that held at the last poll, `wish` the slowest the source itself asks for,
    `skip_hours` and `skip_days` when it asks to be left alone, `gap` the usual time between its entries.
    `unchanged` counts the polls in a row that brought nothing new, `spared` all that were answered with
    304. `length` is how many entries were last listed, `remark` what the last listing should tell the
    admin.
    """

    source: str
    url: str
    due: datetime
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    polled: datetime | None = None
    attempted: datetime | None = None
    newest: datetime | None = None
    every: timedelta | None = None
    failures: int = 0
    failing_since: datetime | None = None
    error: str = ""
    gone: bool = False
    moved: str = ""
    moved_since: datetime | None = None
    unchanged: int = 0
    polls: int = 0
    gap: timedelta | None = None
    wish: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    spared: int = 0
    length: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceClaim:
    """A source that is ours to poll until the lease ends; the store refuses a stale `fence`."""

    state: SourceState
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryClaim:
    """An entry that is ours to read until the lease ends.

    `baseline` marks what stood in the feed at the source's first good poll: stored, never a flood of
    alerts. `attempts` counts how often reading it was begun.
    """

    source: str
    entry: FeedEntry
    seen: datetime
    baseline: bool
    attempts: int
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One try to read an entry's page, and how it ended; what `why` tells of it.

    `name` is the canonical form of what was asked, `landed` the page's final address, `size` its bytes once
    decompressed; `status` is 0 where no server answered or was asked. `reason` says why there is no page
    (empty: there is one).
    """

    at: datetime
    asked: str
    name: str
    landed: str = ""
    status: int = 0
    size: int = 0
    content_type: str = ""
    reason: str = ""


# ---------------------------------------------------------------------------- articles and matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Readable text by field, without navigation.

    `url` is canonical and is the article's identity across sources; `link` is the address to open (empty:
    `url` itself), since a canonical address need not answer. Paragraphs are separated by a
    newline. `lead` is the standfirst or first paragraph, `body` the rest. `fetched` is when we first saw
    it. `partial` says why the full text is lacking (empty: it is not). `furniture` is what was cut, kept
    so that we can say "found only in boilerplate".
    """

    url: str
    origin: Origin
    title: str
    fetched: datetime
    lead: str = ""
    body: str = ""
    caption: str = ""
    byline: str = ""
    section: str = ""
    language: str = ""
    published: datetime | None = None
    partial: str = ""
    furniture: str = ""
    link: str = ""

    def text(self, name: Field) -> str:
        """The original text of one field."""
        match name:
            case Field.TITLE:
                return self.title
            case Field.LEAD:
                return self.lead
            case Field.BODY:
                return self.body
            case Field.CAPTION:
                return self.caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """How an article read until another reading took its place."""

    until: datetime
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One occurrence of a term: `text == article.text(field)[start:end]`."""

    term: str
    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Echoes:
    """What an article's source says elsewhere too, by the hashes of paragraphs.

    `counts`: in how many other articles of the source a paragraph stands; `headlines`: those that are
    headlines the source has listed.
    """

    counts: Mapping[int, int] = field(default_factory=dict)
    headlines: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A sentence worth showing: its text, and the (start, end) offsets into `text` to mark."""

    field: Field
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article satisfies a rule. `held` names the `unless` that vetoes it (empty: none does).

    `excerpts` are the best sentences first; `entities` the names of watched entities the article mentions.
    """

    watchlist: str
    rule: str
    title: str
    severity: Severity
    mentions: tuple[Mention, ...]
    excerpts: tuple[Excerpt, ...] = ()
    labels: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    score: float | None = None
    held: str = ""


# ---------------------------------------------------------------------------- alerting


class Verdict(StrEnum):
    """Why we speak or stay silent; the same word is the log field, the metric's label and the JSON value."""

    FIRST_MENTION = "first_mention"
    DEVELOPMENT = "development"
    CORRECTION = "correction"
    SURGE = "surge"
    REPEAT = "repeat"
    SILENCED = "silenced"
    QUIET_HOURS = "quiet_hours"
    FOLDED = "folded"
    OVER_LIMIT = "over_limit"
    TOO_OLD = "too_old"
    BASELINE = "baseline"


class Kind(StrEnum):
    """What a notification is about."""

    ALERT = "alert"
    UPDATE = "update"
    CORRECTION = "correction"
    DIGEST = "digest"
    HEALTH = "health"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that tell the same thing; `id` never changes, also not when stories merge."""

    id: str
    title: str
    opened: datetime
    touched: datetime
    articles: int = 1
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A match someone should hear about, or why not. `reason` is the policy's line that decided.

    `earlier` is, of a correction, the wording before it.
    """

    article: Article
    match: Match
    story: Story
    verdict: Verdict
    raised: datetime
    reason: str = ""
    earlier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Matches that fit stay searchable, but until its end nobody hears of them.

    `about` says what must fit, key → names: watchlist, rule, severity, label, source, language, story; a
    key that is not there fits everything. `number` is its own in the store (0: it stands in alerting.yaml),
    `made` when it was added there, `ended` when somebody ended it before its time.
    """

    about: Mapping[str, tuple[str, ...]]
    until: datetime
    why: str
    by: str = ""
    number: int = 0
    made: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Earlier alerts of a story that are alike in what deciding needs; `mails` are the keys of their rows.

    `own`: they are those of the article that is decided on.
    """

    watchlist: str
    rule: str
    severity: Severity
    own: bool
    mails: tuple[str, ...] = ()


class RowState(StrEnum):
    """Where an outbox row stands; every row ends sent, dead or expired."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An outbox row of a story, as much as deciding needs; once `frozen` nothing can join it.

    `story` is the row's thread: the story's id, or what Dispatch.thread said.
    """

    key: str
    story: str
    channel: str
    recipient: str
    kind: Kind
    state: RowState
    frozen: bool
    due: datetime
    sent: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is remembered of a matched article so that its relatives are found again.

    Hashes are 64 bit, signed. `index` are the few by which copies are looked up (one row each);
    `sketch` the many that verify a copy, `gist` those of the telling words of title and lead: both as
    sorted little-endian 8-byte integers. `entities` are the watched entities it mentions.
    """

    index: tuple[int, ...] = ()
    sketch: bytes = b""
    gist: bytes = b""
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """An earlier article that may tell the same: its story, when it was first seen, its language, its trace.

    `rules` are those of the Inquiry that it met too. Of `trace.index` it has the hashes that the article
    asked for (none: it is no copy, and needs no sketch).
    """

    article: str
    story: str
    seen: datetime
    language: str = ""
    trace: Trace = field(default_factory=Trace)
    rules: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A count to make: distinct articles with an alert raised at or after `since` and before `until`.

    An empty `rule` means every rule of the watchlist but those that are not an admin's (SURGE). Alerts
    with verdict BASELINE or TOO_OLD do not count. Counting stops at `most` alerts, where that is given.
    """

    watchlist: str
    rule: str
    since: datetime
    until: datetime
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The answer to a Span: how many, and when the first of them was raised."""

    count: int
    first: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What deciding on an article needs to be looked up.

    Copies: articles that share a hash of `trace.index` and were seen since `copies_since`. Events:
    articles of the same `rules` seen since `events_since`. Rows: all of these `threads`, those of these
    `trays` that wait, and all that are due or were sent since `rows_since`. `pairs` are
    (watchlist, entity, entity), asked whether they are known.
    Silences: those of the store in force at `silences_at`.
    """

    article: str
    trace: Trace = field(default_factory=Trace)
    rules: tuple[tuple[str, str], ...] = ()
    copies_since: datetime | None = None
    events_since: datetime | None = None
    threads: tuple[str, ...] = ()
    trays: tuple[str, ...] = ()
    rows_since: datetime | None = None
    pairs: tuple[tuple[str, str, str], ...] = ()
    spans: tuple[Span, ...] = ()
    silences_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the store remembers that could concern an article: its candidate stories and their past.

    `previous` is the same article as it was read before; `relatives` those that the Inquiry found;
    `recent` the rows since `rows_since`, and those that wait in its trays; `pairs` those of the Inquiry that
    are known; `tallies` answer its spans, in order; `silences` are those of the store in force, `aliases`
    the ids of stories that proved to be one of `stories`.
    """

    stories: tuple[Story, ...] = ()
    alerts: tuple[Raised, ...] = ()
    mails: tuple[Mail, ...] = ()
    previous: Article | None = None
    relatives: tuple[Relative, ...] = ()
    recent: tuple[Mail, ...] = ()
    pairs: tuple[tuple[str, str, str], ...] = ()
    tallies: tuple[Tally, ...] = ()
    silences: tuple[Silence, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One outbox row to open, or to join where a row of the same `key` is still open.

    `key` makes it unique for ever; not sent before `due`; carries these alerts, given as
    (watchlist, rule) of the decision's own. `thread` is the conversation that the row belongs to (empty:
    its story). `note` is what the row says besides its alerts, a line each.
    """

    key: str
    channel: str
    recipient: str
    kind: Kind
    due: datetime
    alerts: tuple[tuple[str, str], ...]
    thread: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an article changes: its story, an alert a match (spoken or silent), the rows to open.

    `merged` are the ids of stories that prove to be this one: their articles, alerts and rows become its
    own. `trace` and `pairs` are to be remembered.
    """

    story: Story
    alerts: tuple[Alert, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()
    merged: tuple[str, ...] = ()
    trace: Trace | None = None
    pairs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What happened between two digests, for the digest's last line; `silent` are sources that failed."""

    since: datetime
    articles: int = 0
    sources: int = 0
    silent: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """Something wrong. `name`: what and where, the same while it lasts; `words`: for people.

    It is told once, and again where its `mark` changes.
    """

    name: str
    words: str
    mark: str = ""

    @property
    def kind(self) -> str:
        """The first word of its name."""
        return self.name.partition(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An ailment that people know of: when they were told, and when it was last found."""

    ailment: Ailment
    told: datetime
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """Messages of a channel that were given up: how many, and the newest one's reader and last words.

    `newest` is the last row that is no health mail: the death of a mail that told of deaths is not news.
    """

    number: int
    newest: int
    recipient: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What health needs to know of the last day.

    `gaps` are the usual gaps between a source's entries, `short` how many articles in a row came far
    shorter than the source's usual, `last_hits` a rule's last match (None: never), as (watchlist, rule).
    `dead` are the last week's dead letters by channel, `paused` the channels that take nothing, since when
    and why; `disk` is the percentage that is free where the database is (None: it is on none), `refused`
    the problems of a configuration that was refused, `standing` what people know of, by name.
    """

    census: Census
    sources: tuple[SourceState, ...] = ()
    gaps: Mapping[str, timedelta] = field(default_factory=dict)
    short: Mapping[str, int] = field(default_factory=dict)
    last_hits: Mapping[tuple[str, str], datetime | None] = field(default_factory=dict)
    hits_today: Mapping[tuple[str, str], int] = field(default_factory=dict)
    watching_since: datetime | None = None
    dead: Mapping[str, DeadLetters] = field(default_factory=dict)
    paused: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    disk: float | None = None
    refused: tuple[str, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)


# ---------------------------------------------------------------------------- delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message for one recipient by one channel; its `key` makes resending harmless.

    `thread` is the key of the first message of the same story and recipient (empty: this is it),
    `payload` the same facts as JSON-able fields, for channels that do not send prose.
    """

    key: str
    channel: str
    recipient: str
    kind: Kind
    severity: Severity
    subject: str
    text: str
    html: str
    created: datetime
    thread: str = ""
    language: str = "en"
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxClaim:
    """An outbox row that is ours to send until the lease ends.

    `frozen` holds the exact bytes to send from the first claim on (None before). `uncertain`: an earlier
    attempt ended without knowing whether the server took it. `thread` as in Notification. `note` as in
    Dispatch; `about` is the Dispatch's thread; `census` is filled for digests. `begun` is when the first
    attempt began (a retry by hand begins anew).
    """

    id: int
    key: str
    channel: str
    recipient: str
    kind: Kind
    alerts: tuple[Alert, ...]
    frozen: bytes | None
    attempts: int
    created: datetime
    fence: int
    thread: str = ""
    uncertain: bool = False
    note: str = ""
    about: str = ""
    census: Census | None = None
    message_id: str = ""
    begun: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The server took it (SMTP 2xx)."""

    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server will never take it (SMTP 5xx).

    `channel` is true where the refusal concerns the channel (login, connection), not this message.
    """

    reason: str
    code: int = 0
    channel: bool = False


Delivery = Delivered | Failed | Refused
"""How a delivery ended."""
