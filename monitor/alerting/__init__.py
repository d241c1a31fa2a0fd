"""Matches in, decisions and notifications out; pure, time is an argument."""

from typing import TYPE_CHECKING

from monitor.rooms import opener

if TYPE_CHECKING:
    from monitor.alerting.composition import compose
    from monitor.alerting.examination import Checkup, checkup
    from monitor.alerting.health import Condition, ailments, condition, scheduled
    from monitor.alerting.judgement import Case, judge
    from monitor.alerting.names import Dangling, Known, dangling, unheard, unreached
    from monitor.alerting.news import Sighting
    from monitor.alerting.policy import Address, Policy, facts, fits
    from monitor.alerting.sample import sample_claim
    from monitor.alerting.settings import AlertingSettings, SilencePick
else:
    __getattr__ = opener(
        __name__,
        composition="compose",
        examination="Checkup checkup",
        health="Condition ailments condition scheduled",
        judgement="Case judge",
        names="Dangling Known dangling unheard unreached",
        news="Sighting",
        policy="Address Policy facts fits",
        sample="sample_claim",
        settings="AlertingSettings SilencePick",
    )

__all__ = [
    "Address",
    "AlertingSettings",
    "Case",
    "Checkup",
    "Condition",
    "Dangling",
    "Known",
    "Policy",
    "Sighting",
    "SilencePick",
    "ailments",
    "checkup",
    "compose",
    "condition",
    "dangling",
    "facts",
    "fits",
    "judge",
    "sample_claim",
    "scheduled",
    "unheard",
    "unreached",
]
