import json
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.model import Severity


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def silence(folder: Path, *words: str) -> int:
    return main(["silence", *words, "--config", str(folder)])


def verdicts(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The verdict on each article, by the last word of its title."""
    main(["alerts", "--json", "--config", str(folder)])
    return {str(alert["title"]).split()[-1]: str(alert["verdict"]) for alert in lines(capsys)}


def test_a_silence_holds_what_comes_after_it_until_it_is_ended(told, read, capsys):
    assert (
        silence(told, "add", "--rule", "troops", "--for", "24h", "--why", "told enough", "--by", "kim") == 0
    )
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("silence 1 is in force until ")
    assert said[0].endswith(" Asia/Seoul: rule troops")
    assert said[1] == "1 of the last 2 alerts fit it; `monitor silence end 1` ends it"
    read(3, "troops", Severity.HIGH)
    assert silence(told, "end", "1") == 0
    assert capsys.readouterr().out == "1: ended\n"
    read(4, "troops", Severity.HIGH)
    assert verdicts(told, capsys) == {
        "1": "first_mention",
        "2": "first_mention",
        "3": "silenced",
        "4": "first_mention",
    }


def test_the_list_names_those_of_the_file_and_those_added_since(told, capsys):
    silence(
        told, "add", "--label", "force", "--source", "tier1", "--until", "2098-12-01", "--why", "quiet week"
    )
    silence(told, "end", "1")
    silence(told, "add", "--language", "ru", "--for", "7d", "--why", "no reader", "--by", "lee")
    capsys.readouterr()
    assert silence(told, "list", "--json") == 0
    shown = lines(capsys)
    assert [(one["number"], one["state"], one["about"], one["by"], one["why"]) for one in shown] == [
        (None, "in force", {"label": ["force"], "language": ["ko"]}, "kim", "no reader"),
        (2, "in force", {"language": ["ru"]}, "lee", "no reader"),
    ]
    assert shown[0]["until"] == "2098-12-31T15:00:00+00:00"  # the day begins in Seoul
    assert silence(told, "list", "--all") == 0
    table = capsys.readouterr().out
    assert "label force, source tier1" in table
    assert "ended" in table


def test_where_no_silence_is_in_force_the_list_says_how_to_add_one(told, capsys):
    (told / "alerting.yaml").unlink()
    assert silence(told, "list") == 0
    assert "monitor silence add --help" in capsys.readouterr().out


def test_ending_what_is_not_in_force_says_so(told, capsys):
    assert silence(told, "end", "7") == 1
    assert capsys.readouterr().out == "7: is not in force, left as it is\n"
    assert silence(told, "end") == 2
    assert "monitor silence list" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "silence add: it is not said what is to be silent; name it: --watchlist, --rule, --severity, --label, --source,"),
        (["--rule", "troops", "--why", "w"], "silence add: a silence needs an end; add --for 24h, or"),
        (["--rule", "troops", "--for", "1h"], 'silence add: a silence needs a reason; add --why "…"'),
        (["--rule", "trops", "--for", "1h", "--why", "w"], "--rule: rule 'trops' is not known; did you mean 'troops'?"),
        (["--source", "dayly", "--for", "1h", "--why", "w"], "--source: source 'dayly' is not known; did you mean"),
        (["--severity", "hgih", "--for", "1h", "--why", "w"], "--severity: severity is 'hgih'; did you mean 'high'?"),
        (["--rule", "troops", "--for", "1 week", "--why", "w"], "--for: '1 week' is not a duration; write a number"),
        (["--rule", "troops", "--until", "tomorrow", "--why", "w"], "--until: "),
        (["--rule", "troops", "--until", "2020-01-01", "--why", "w"], "--until: 2020-01-01 is over already"),
        (["--rule", "troops", "--for", "0h", "--why", "w"], "--for: 0h is over already"),
        (["--language", "Korean", "--for", "1h", "--why", "w"], "--language: 'Korean' is no code of a language"),
        (["--rule", "troops", "--until", "soon", "--why", "w"], "--until: 'soon' is no end"),
        (["--story", "st-none", "--for", "1h", "--why", "w"], "--story: story 'st-none' is not known; `monitor alerts`"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_words_and_changes_nothing(told, capsys, words, said):
    assert silence(told, "add", *words) == 2
    assert said in capsys.readouterr().err
    silence(told, "list", "--json")
    assert len(lines(capsys)) == 1


def test_a_story_is_muted_by_the_name_that_its_mail_gives(told, read, capsys):
    main(["alerts", "--json", "--config", str(told)])
    story = next(str(one["story"]) for one in lines(capsys) if one["rule"] == "troops")
    assert silence(told, "add", "--story", story, "--for", "24h", "--why", "told enough") == 0
    read(1, "treaty", Severity.HIGH)
    read(5, "treaty", Severity.HIGH)
    capsys.readouterr()
    main(["alerts", "--json", "--verdict", "silenced", "--config", str(told)])
    assert [one["title"] for one in lines(capsys)] == ["Treaty report 1"]
