"""Alerts in, a message worth reading out. The only module that knows jinja2 (imported when needed)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from monitor.alerting.health import STILL, WELL
from monitor.alerting.payload import payload
from monitor.alerting.policy import Policy
from monitor.alerting.prose import ReaderClock, one_line, plural
from monitor.alerting.summary import digest_view, fitting, html_size
from monitor.alerting.view import change_view, story_view
from monitor.model import Kind, Notification, OutboxClaim, Severity

__all__ = ["compose"]

SUBJECT = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What a template is filled with, and what the envelope says of it."""

    template: str
    subject: str
    severity: Severity
    view: Mapping[str, object]


def compose(claim: OutboxClaim, *, policy: Policy, now: datetime) -> Notification:
    """The message of an outbox row; pure, and whatever the articles hold, its subject is one line."""
    page = _page(claim, policy, now)
    facts = {
        **page.view,
        "kind": str(claim.kind),
        "subject": one_line(page.subject, SUBJECT),
        "severity": str(page.severity),
        "sent": ReaderClock(zone=policy.zone, now=now).say(now),
        "zone": policy.settings.timezone,
        "recipient": one_line(claim.recipient, 120),
        "channel": claim.channel,
    }
    return Notification(
        key=claim.key,
        channel=claim.channel,
        recipient=claim.recipient,
        kind=claim.kind,
        severity=page.severity,
        subject=one_line(page.subject, SUBJECT),
        text=_templates().get_template(f"{page.template}.txt.j2").render(facts),
        html=_templates().get_template(f"{page.template}.html.j2").render(facts),
        created=now,
        thread=claim.thread,
        language="en",
        payload=payload(claim),
    )


def _page(claim: OutboxClaim, policy: Policy, now: datetime) -> _Page:
    match claim.kind:
        case Kind.ALERT | Kind.UPDATE | Kind.CORRECTION if claim.alerts:
            story = story_view(claim.alerts, ReaderClock(zone=policy.zone, now=now))
            view: dict[str, object] = {"story": story, "change": change_view(claim.alerts)}
            return _Page(template="alert", subject=story.subject, severity=story.severity, view=view)
        case Kind.HEALTH:
            lines = [one_line(line, 300) for line in claim.note.splitlines() if line]
            title, names = _health_title(lines, alive=claim.about == "heartbeat")
            shown = fitting(60 + html_size(line) for line in lines)
            view = {"title": title, "lines": lines, "shown": shown}
            return _Page(template="health", subject=title + names, severity=Severity.LOW, view=view)
        case _:
            digest = digest_view(claim, policy, now)
            subject = f"{digest.title}: {digest.summary}, {now.astimezone(policy.zone):%-d %b}"
            return _Page(
                template="digest", subject=subject, severity=digest.severity, view={"digest": digest}
            )


def _health_title(lines: Sequence[str], *, alive: bool) -> tuple[str, str]:
    """A health mail's title, and what its subject says on: one trouble whole, of more what they are about.

    A sign of life stays one. What is well again is no trouble, and is the title only where no trouble is.
    """
    if alive:
        return f"Alive{_still(len(lines) - 1)}", ""
    if len(lines) == 1:
        title, colon, rest = lines[0].partition(":")
        return title, colon + rest
    troubles = [line.removeprefix(STILL) for line in lines if not line.startswith(WELL)]
    if all(line.startswith((WELL, STILL)) for line in lines):
        well = [line.removeprefix(WELL) for line in lines if line.startswith(WELL)]
        return f"Well again{_still(len(troubles))}", _names(well)
    return f"{plural(len(troubles), 'thing needs', 'things need')} a look", _names(troubles)


def _still(troubles: int) -> str:
    """What a title says on of trouble that was told before."""
    return f", {plural(troubles, 'thing still needs', 'things still need')} a look" if troubles else ""


def _names(lines: Sequence[str]) -> str:
    """What lines are about, each once: what stands before their first colon."""
    return f": {', '.join(dict.fromkeys(line.partition(':')[0] for line in lines))}"


@cache
def _templates() -> Any:
    import jinja2  # noqa: PLC0415 – 60 ms that only a process which composes pays

    return jinja2.Environment(
        loader=jinja2.PackageLoader("monitor.alerting"),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # asking whether each template changed costs a third of composing
    )
