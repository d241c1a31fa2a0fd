"""The daemon's figures. The only module that knows prometheus-client."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["Metrics"]

_LATENCY = (1, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_SHORT = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """What `/metrics` shows; every label has few values, all of them words of ours."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.polls = self._counter("monitor_sources_polled", "Polls by outcome.", "outcome")
        self.lateness = Histogram(
            "monitor_source_lateness_seconds",
            "How late a due poll began.",
            buckets=(*_SHORT, 60, 300),
            registry=self.registry,
        )
        self.entries = self._counter("monitor_entries_listed", "Entries by what they were.", "what")
        self.articles = self._counter(
            "monitor_articles_read", "Articles by whether the text is whole.", "text"
        )
        self.read_seconds = Histogram(
            "monitor_article_read_seconds",
            "From taking an entry to its article committed.",
            buckets=_SHORT,
            registry=self.registry,
        )
        self.verdicts = self._counter("monitor_alerts_judged", "Alerts, spoken and silent.", "verdict")
        self.deliveries = self._counter("monitor_deliveries_settled", "Deliveries.", "channel", "state")
        self.alert_latency = Histogram(
            "monitor_alert_latency_seconds",
            "From the article's publication to the server's yes.",
            buckets=_LATENCY,
            registry=self.registry,
        )
        self.paused = Gauge(
            "monitor_channels_paused", "Channels left alone after trouble.", registry=self.registry
        )
        self.bugs = self._counter("monitor_jobs_crashed", "Jobs that ended in a bug.", "job")
        self.reloads = self._counter("monitor_config_reloaded", "Reloads by result.", "result")
        self.loop_lag = Gauge(
            "monitor_event_loop_lag_seconds", "How late the event loop last was.", registry=self.registry
        )
        self.stored = Gauge("monitor_store_rows", "Rows by kind.", ["kind"], registry=self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)
