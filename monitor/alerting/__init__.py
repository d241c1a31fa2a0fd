"""Matches in, decisions and notifications out; pure, time is an argument."""

from monitor.alerting.compose import compose
from monitor.alerting.health import health_rows, scheduled
from monitor.alerting.judge import Case, judge
from monitor.alerting.names import Dangling, dangling
from monitor.alerting.news import Sighting
from monitor.alerting.policy import Address, Policy
from monitor.alerting.settings import AlertingSettings

__all__ = [
    "Address",
    "AlertingSettings",
    "Case",
    "Dangling",
    "Policy",
    "Sighting",
    "compose",
    "dangling",
    "health_rows",
    "judge",
    "scheduled",
]
