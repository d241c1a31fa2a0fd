import json

import pytest

from monitor.cli import main
from monitor.model import Severity


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_alert_names_the_messages_that_carry_it(told, capsys):
    assert main(["alerts", "--json", "--config", str(told)]) == 0
    waits, sent = records(capsys)
    assert (waits["rule"], waits["verdict"]) == ("treaty", "first_mention")
    assert [(m["channel"], m["recipient"], m["kind"], m["state"]) for m in waits["mails"]] == [
        ("desk", "desk@example.org", "digest", "pending")
    ]
    assert [(m["kind"], m["state"], m["sent"] is not None) for m in sent["mails"]] == [
        ("alert", "sent", True)
    ]


def test_the_table_says_who_was_told_and_why_not(told, read, capsys):
    main(
        [
            "silence",
            "add",
            "--rule",
            "troops",
            "--for",
            "1h",
            "--why",
            "enough",
            "--by",
            "kim",
            "--config",
            str(told),
        ]
    )
    read(3, "troops", Severity.HIGH)
    capsys.readouterr()
    assert main(["alerts", "--config", str(told)]) == 0
    head, silenced, waits, sent = capsys.readouterr().out.splitlines()
    assert head.endswith("TOLD, OR WHY NOT")
    assert ": enough (kim)" in silenced
    assert " goes in " in waits
    assert waits.endswith("to desk desk@example.org")
    assert sent.endswith("ago to desk desk@example.org")


def test_alerts_are_asked_for_by_verdict_story_and_age(told, capsys):
    main(["alerts", "--json", "--config", str(told)])
    story = records(capsys)[0]["story"]
    main(["alerts", "--json", "--story", str(story), "--since", "1h", "--config", str(told)])
    assert [one["story"] for one in records(capsys)] == [story]
    main(["alerts", "--json", "--verdict", "repeat", "--config", str(told)])
    assert records(capsys) == []
    main(["alerts", "--verdict", "repeat", "--config", str(told)])
    assert capsys.readouterr().err == "none\n"
    assert main(["alerts", "--since", "yesterday", "--config", str(told)]) == 2
    assert "--since: 'yesterday' is not a duration" in capsys.readouterr().err
