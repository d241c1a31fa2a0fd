"""The shipped folder as a whole: it loads without a warning, its rules' own tests hold, and it says who hears what."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.config.folder import Configuration, load
from monitor.matching import Rule, run_tests
from monitor.model import Article, Origin, Severity

SCRIPTS = {"LATIN", "CYRILLIC", "HANGUL", "CJK", "ARABIC"}


@pytest.fixture(scope="module")
def shipped(config: Path) -> Configuration:
    return load(config, {})


@pytest.fixture(scope="module")
def rules(shipped: Configuration) -> dict[str, Rule]:
    return {rule.id: rule for watchlist in shipped.compiled.watchlists.values() for rule in watchlist.rules}


def no_files(path: str) -> Article:
    raise AssertionError(f"{path}: the shipped rules' tests are sentences")


def article(title: str, body: str, caption: str = "") -> Article:
    origin = Origin(source="test", outlet="Test")
    fetched = datetime(2025, 1, 1, tzinfo=UTC)
    return Article(url="", origin=origin, title=title, body=body, caption=caption, fetched=fetched)


def alerted(shipped: Configuration, read: Article) -> set[str]:
    return {match.rule for match in shipped.compiled.matcher.match(read)}


def test_it_loads_without_a_warning(shipped: Configuration) -> None:
    assert shipped.warnings == ()


def test_every_test_beside_a_rule_holds(shipped: Configuration) -> None:
    assert run_tests(shipped.compiled, no_files) == ()


def test_every_rule_has_texts_it_must_find_and_texts_it_must_leave(rules: dict[str, Rule]) -> None:
    assert {name for name, rule in rules.items() if not (rule.tests.hit and rule.tests.miss)} == set()


def test_the_rules_that_the_sample_site_speaks_of_are_there(rules: dict[str, Rule]) -> None:
    severities = {name: rules[name].severity for name in ("troops-in-russia", "dprk-any")}
    assert severities == {"troops-in-russia": Severity.CRITICAL, "dprk-any": Severity.LOW}


@pytest.mark.parametrize(
    "name", ["troops-in-russia", "arms-transfer", "military-pact", "kim-putin", "dprk-any"]
)
def test_the_main_rules_are_tested_in_every_script(rules: dict[str, Rule], name: str) -> None:
    def scripts() -> Iterator[str]:
        for trial in rules[name].tests.hit:
            yield from (
                unicodedata.name(letter, "").partition(" ")[0] for letter in trial.text if letter.isalpha()
            )

    assert SCRIPTS - set(scripts()) == set()


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "South Korean President Issues Martial Law, Faces Impeachment",
            "Troops entered the assembly in Seoul.",
        ),
        ("A Russian doll for every child", "The soldiers of a South Korean band sang."),
        ("Moscow, Idaho, mourns", "Soldiers of the National Guard came to Moscow, Idaho."),
        ("South Korea beat Russia in the final", "The home side fired the winning shot."),
        ("Bukhansan", "북한산에서 군인들이 훈련했다. 러시아 관광객도 있었다."),
        ("Sudan", "남수단 군대와 러시아 용병"),
    ],
)
def test_what_only_looks_like_it_alerts_nobody(shipped: Configuration, title: str, body: str) -> None:
    assert alerted(shipped, article(title, body)) == set()


def test_a_film_with_north_korean_soldiers_is_no_deployment(shipped: Configuration) -> None:
    body = "North Korean soldiers march through Russia in the second act."
    told = alerted(shipped, article("Now showing", body))
    held = [
        match.rule
        for match in shipped.compiled.matcher.match(
            article("Now showing", body, caption="A scene from the film")
        )
        if not match.held
    ]
    assert "troops-in-russia" in told
    assert "troops-in-russia" not in held


def test_every_severity_that_is_mailed_has_a_route(shipped: Configuration) -> None:
    routed = {severity for route in shipped.alerting.routes for severity in route.when.severity}
    assert routed == set(Severity) - {Severity.INFO}


def test_without_a_server_mail_goes_to_a_maildir(shipped: Configuration) -> None:
    assert shipped.settings.mail.smtp is None
    addresses = [
        address for channel in shipped.alerting.channels.values() for address in getattr(channel, "to", ())
    ]
    assert addresses
    assert all(address.endswith("@example.org") for address in addresses)
