"""Why nobody hears of a match, whoever it would go to."""

from collections.abc import Iterator

from monitor.alerting.news import Past, Ruling
from monitor.alerting.policy import facts, fits
from monitor.model import Match, Severity, Silence, Verdict

__all__ = ["in_force", "silent"]


def silent(past: Past, match: Match) -> Ruling | None:
    """The silence that holds for a match, with the line that says so; None where it may speak."""
    sighting, policy = past.sighting, past.policy
    article, defaults = sighting.article, policy.settings.defaults
    if match.held:
        return Ruling(
            verdict=Verdict.SILENCED, reason=f"held by unless: {match.held.removeprefix('unless: ')}"
        )
    if match.severity is Severity.INFO:
        return Ruling(verdict=Verdict.SILENCED, reason="severity info is recorded, never mailed")
    if article.published is not None and sighting.now - article.published > defaults.max_age:
        hours = defaults.max_age.total_seconds() / 3600
        return Ruling(verdict=Verdict.TOO_OLD, reason=f"max_age: published more than {hours:g} h ago")
    silence = next(in_force(past, match), None)
    if silence is not None:
        return Ruling(verdict=Verdict.SILENCED, reason=_words(past, silence))
    if sighting.baseline and defaults.first_run == "silent":
        return Ruling(verdict=Verdict.BASELINE, reason="first_run: it stood there when we first looked")
    return None


def in_force(past: Past, match: Match) -> Iterator[Silence]:
    """The silences that hold for a match now: alerting.yaml's, then those added since.

    A silence about a story also holds for what the story proved to be part of.
    """
    stories = (*(story.id for story in past.history.stories), past.story.id, *past.history.aliases)
    known = facts(match, past.article, stories)
    for silence in (*past.policy.silences, *past.history.silences):
        if past.sighting.now < silence.until and fits(silence.about, known):
            yield silence


def _words(past: Past, silence: Silence) -> str:
    """Which silence, until when in the policy's zone, why, and by whom."""
    number = f" {silence.number}" if silence.number else ""
    by = f" ({silence.by})" if silence.by else ""
    until = silence.until.astimezone(past.policy.zone)
    end = f"{until:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return f"silence{number} until {end}: {silence.why}{by}"
