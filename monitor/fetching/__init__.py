"""A URL in, bytes or an outcome out. The client itself is `monitor.fetching.client`, whose import costs."""

from monitor.fetching.settings import FetchingSettings, PerHost

__all__ = ["FetchingSettings", "PerHost"]
