"""Runs the stories of this folder: what came in and when, exactly what went out, and why the rest did not."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import Arrival, Deed, Desk, words
from newsroom import read_yaml

from monitor.alerting import AlertingSettings, Policy
from monitor.model import Article, Excerpt, Field, Match, Origin, Severity, Silence, Verdict

STORIES = {path.stem: path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.yaml"))}
SPOKEN = {Verdict.FIRST_MENTION, Verdict.DEVELOPMENT, Verdict.CORRECTION, Verdict.SURGE}
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def ahead(written: str) -> timedelta:
    """+1d2h30m as a duration."""
    sign = -1 if written.startswith("-") else 1
    return sign * timedelta(
        **{UNITS[unit]: int(number) for number, unit in re.findall(r"(\d+)([smhd])", written)}
    )


def text_of(told: Mapping[str, Any]) -> str:
    """An article's text: as written, a copy of another's with some sentences of its own, or words like no other's."""
    if "text" in told:
        return str(told["text"])
    if "copy_of" in told:
        kept = words(str(told["copy_of"]), 280)
        return " ".join(
            (*words(f"header of {told['url']}", 14), *kept[28:], *words(f"end of {told['url']}", 14))
        )
    return " ".join(words(str(told["url"]), 280))


def arrival_of(told: Mapping[str, Any], start: datetime) -> Arrival:
    at = start + ahead(told["at"])
    language = told.get("language", "en")
    article = Article(
        url=f"https://news.example/{told['url']}",
        origin=Origin(
            source=told["source"], outlet=told["source"], tags=tuple(told.get("tags", ())), language=language
        ),
        title=told.get("title", f"About {told.get('copy_of', told['url'])}"),
        fetched=at,
        published=at + ahead(told.get("published", "-1m")),
        language=language,
        lead=told.get("lead", ""),
        body=text_of(told),
    )
    matches = tuple(
        Match(
            watchlist=told.get("watchlist", "watch"),
            rule=rule,
            title=rule,
            severity=Severity(severity),
            mentions=(),
            excerpts=(Excerpt(field=Field.TITLE, text=article.title),),
            entities=tuple(told.get("entities", ())),
            labels=tuple(told.get("labels", ())),
            held=told.get("held", ""),
        )
        for rule, severity in told["rules"].items()
    )
    return Arrival(at=at, article=article, matches=matches, first_look=told.get("first_look", False))


def deed_of(told: Mapping[str, Any], start: datetime) -> Deed:
    """A silence added or ended by hand."""
    at = start + ahead(told["at"])

    async def add(desk: Desk) -> object:
        written = told["silence"]
        about = {key: tuple(names) for key, names in written["about"].items()}
        until = start + ahead(written["until"])
        silence = Silence(about=about, until=until, why=written["why"], by=written.get("by", ""))
        return await desk.store.add_silence(silence, now=at)

    async def end(desk: Desk) -> object:
        return await desk.store.end_silence(told["end"], now=at)

    return Deed(at=at, do=add if "silence" in told else end)


@pytest.mark.parametrize("name", STORIES)
async def test_the_story_goes_as_it_is_written(name: str) -> None:
    tale = read_yaml(STORIES[name])
    policy = Policy(
        settings=AlertingSettings.model_validate(tale.get("policy", {})),
        recipients={
            name: tuple(to) for name, to in tale.get("channels", {"desk": ["a@example.org"]}).items()
        },
    )
    start = datetime.fromisoformat(str(tale["start"]))
    desk = Desk.open(policy)
    deeds = [deed_of(told, start) for told in tale.get("was done", [])]
    arrivals = [arrival_of(told, start) for told in tale["came in"]]
    await desk.run([*deeds, *arrivals], until=start + ahead(tale["until"]))
    await desk.store.close()
    went_out = [
        {
            "at": str(sent.at - start),
            "to": sent.claim.channel,
            "kind": str(sent.claim.kind),
            "carries": sorted({f"{a.article.url.rpartition('/')[2]} {a.match.rule}" for a in sent.carried}),
        }
        for sent in desk.sent
    ]
    expected = [
        {
            "at": str(ahead(told["at"])),
            "to": told.get("to", "desk"),
            "kind": told["kind"],
            "carries": sorted(told["carries"]),
        }
        for told in tale.get("went out", [])
    ]
    assert went_out == expected
    silent = [
        (f"{a.article.url.rpartition('/')[2]} {a.match.rule}", str(a.verdict), a.reason)
        for a in desk.alerts
        if a.verdict not in SPOKEN
    ]
    wanted = [(told["what"], told["verdict"], told["because"]) for told in tale.get("stayed silent", [])]
    assert silent == wanted
