"""The YAML folder in, frozen settings out; every error says file:line:column."""

from monitor.config.folder import (
    SHAPES,
    AlertingFile,
    Configuration,
    MonitorSettings,
    Retention,
    failed_tests,
    load,
)

__all__ = ["SHAPES", "AlertingFile", "Configuration", "MonitorSettings", "Retention", "failed_tests", "load"]
