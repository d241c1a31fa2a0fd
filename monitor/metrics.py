"""The daemon's figures. The only module that knows prometheus-client."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

__all__ = ["Figure", "Metrics", "code_class", "show"]

disable_created_metrics()  # type: ignore[no-untyped-call]
# When a counter was made is nobody's question, and would double the page.

_LATENCY = (1, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_SHORT = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KINDS = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One metric as the reference tells it; `series` are the names to ask Prometheus for."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str
    series: tuple[str, ...]


class Metrics:
    """What `/metrics` shows; every label has few values, all of them words of ours or of the configuration.

    Counters and histograms are fed where the thing happens; gauges of the store and of what is in work by
    the daemon's housekeeping, every 15 seconds.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._made: list[Counter | Gauge | Histogram] = []
        ProcessCollector(registry=self.registry)
        self._of_sources()
        self._of_articles()
        self._of_deliveries()
        self._of_the_process()
        self._of_the_store()

    def _of_sources(self) -> None:
        self.polls = self._counter("monitor_sources_polled", "Polls by outcome.", "outcome")
        self.lateness = self._histogram(
            "monitor_source_lateness_seconds", "How late a due poll began.", (*_SHORT, 60, 300)
        )
        self.sources = self._gauge(
            "monitor_sources",
            "Sources by condition: ok, new, silent (nothing for 3 times the usual gap), failing, gone.",
            "condition",
        )
        self.entries = self._counter(
            "monitor_entries_listed", "Entries that polls brought: new, changed.", "what"
        )

    def _of_articles(self) -> None:
        self.articles = self._counter(
            "monitor_articles_read", "Articles by whether the text is whole or partial.", "text"
        )
        self.read_seconds = self._histogram(
            "monitor_article_read_seconds", "From taking an entry to its article committed.", _SHORT
        )
        self.verdicts = self._counter(
            "monitor_alerts_judged", "Alerts, spoken and silent, by verdict.", "verdict"
        )

    def _of_deliveries(self) -> None:
        self.deliveries = self._counter(
            "monitor_deliveries_settled", "Attempts by the state they left the row in.", "channel", "state"
        )
        self.replies = self._counter(
            "monitor_replies_received",
            "Servers' last words by class: 2xx, 4xx, 5xx (SMTP or HTTP), none.",
            "channel",
            "class",
        )
        self.alert_latency = self._histogram(
            "monitor_alert_latency_seconds",
            "From the article's publication to the server's yes; digests apart.",
            _LATENCY,
        )
        self.alert_handling = self._histogram(
            "monitor_alert_handling_seconds",
            "From our first sight of it to the server's yes; digests apart.",
            _LATENCY,
        )
        self.post_rooms_died = self._counter(
            "monitor_post_rooms_died", "Times that the process that sends died; its messages are tried again."
        )
        self.paused = self._gauge("monitor_channels_paused", "Channels left alone after trouble.")
        self.outbox = self._gauge("monitor_outbox_rows", "Messages by state.", "state")
        self.oldest = self._gauge(
            "monitor_outbox_oldest_pending_seconds",
            "How long the oldest message that could go has not gone; 0: none waits.",
        )

    def _of_the_process(self) -> None:
        self.bugs = self._counter("monitor_jobs_crashed", "Jobs that ended in a bug.", "work")
        self.busy = self._gauge(
            "monitor_jobs_busy",
            "Jobs in work; more than places: some wait.",
            "work",
        )
        self.places = self._gauge("monitor_jobs_places", "The most jobs that can be in work at once.", "work")
        self.reloads = self._counter("monitor_config_reloaded", "Reloads: accepted, refused.", "result")
        self.config_refused = self._gauge(
            "monitor_config_refused", "1 while the folder on disk is wrong and an older one is in force."
        )
        self.config_loaded = self._gauge(
            "monitor_config_loaded_timestamp_seconds", "When the configuration in force was read."
        )
        self.loop_lag = self._histogram(
            "monitor_event_loop_lag_seconds", "How late the event loop wakes, felt twice a second.", _SHORT
        )
        self.clock_jumps = self._counter(
            "monitor_clock_jumped", "Times that the wall clock was set: ahead, back.", "direction"
        )
        self.build = self._gauge("monitor_build_info", "1; the version is the label.", "version")

    def _of_the_store(self) -> None:
        self.stored = self._gauge("monitor_store_rows", "Rows by kind.", "kind")
        self.store_bytes = self._gauge(
            "monitor_store_bytes", "The database on disk: in use, free inside it, write-ahead log.", "part"
        )
        self.disk_free = self._gauge("monitor_disk_free_bytes", "Free space where the database is.")

    # ------------------------------------------------------------------ making and showing

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        made = Counter(name, meaning, labels, registry=self.registry)
        self._made.append(made)
        return made

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        made = Gauge(name, meaning, labels, registry=self.registry)
        self._made.append(made)
        return made

    def _histogram(self, name: str, meaning: str, buckets: Sequence[float]) -> Histogram:
        made = Histogram(name, meaning, buckets=buckets, registry=self.registry)
        self._made.append(made)
        return made

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)

    def figures(self) -> Iterator[Figure]:
        """Every metric of ours, for the reference and for those who check dashboards."""
        for made in self._made:
            (family,) = made.describe()
            yield Figure(
                name=family.name,
                kind=family.type,
                labels=tuple(made._labelnames),  # noqa: SLF001 - the library tells them nowhere else
                meaning=family.documentation,
                series=tuple(f"{family.name}{ending}" for ending in _KINDS[family.type]),
            )


def show(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Set a gauge of one label; a value of before that is not given is forgotten."""
    gauge.clear()
    for name, value in values.items():
        gauge.labels(name).set(value)


def code_class(code: int) -> str:
    """A reply's class.

    >>> code_class(250), code_class(451), code_class(0)
    ('2xx', '4xx', 'none')
    """
    return f"{code // 100}xx" if code else "none"
