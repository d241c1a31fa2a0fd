"""What operators and their tools ask a running daemon over HTTP."""

from monitor.web.settings import HttpSettings

__all__ = ["HttpSettings"]
