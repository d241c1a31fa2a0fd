"""Logs as events. The only package that knows structlog, which is loaded where an event is told."""

from typing import TYPE_CHECKING

from monitor.logs.events import log
from monitor.rooms import opener

if TYPE_CHECKING:
    from monitor.logs.setting import configure_logs
else:
    __getattr__ = opener(__name__, setting="configure_logs")

__all__ = ["configure_logs", "log"]
