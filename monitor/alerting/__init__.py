"""Matches in, decisions and notifications out; pure, time is an argument."""

from monitor.alerting.compose import compose
from monitor.alerting.health import Condition, condition, health_rows, notices, scheduled
from monitor.alerting.judge import Case, judge
from monitor.alerting.names import Dangling, dangling
from monitor.alerting.news import Sighting
from monitor.alerting.policy import Address, Policy
from monitor.alerting.settings import AlertingSettings

__all__ = [
    "Address",
    "AlertingSettings",
    "Case",
    "Condition",
    "Dangling",
    "Policy",
    "Sighting",
    "compose",
    "condition",
    "dangling",
    "health_rows",
    "judge",
    "notices",
    "scheduled",
]
