"""Matches in, decisions and notifications out; pure, time is an argument."""

from monitor.alerting.compose import compose
from monitor.alerting.judge import Sighting, judge
from monitor.alerting.policy import Address, Dangling, Policy, dangling
from monitor.alerting.settings import AlertingSettings

__all__ = ["Address", "AlertingSettings", "Dangling", "Policy", "Sighting", "compose", "dangling", "judge"]
