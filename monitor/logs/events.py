"""Where events are told: `log.info("alert raised", watchlist=…)`, past tense, at most one a stage."""

from importlib import import_module
from typing import Any

__all__ = ["log"]


class _Events:
    """structlog's logger, loaded with the first event: most verbs tell none, and it costs a tenth of them."""

    def __getattr__(self, level: str) -> Any:
        return getattr(import_module("structlog").get_logger(), level)


log = _Events()
