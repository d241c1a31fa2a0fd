import email
import email.policy

import pytest

from monitor.cli import main
from monitor.model import Kind, Severity


@pytest.mark.parametrize("kind", Kind)
def test_a_sample_of_every_kind_is_shown_where_nothing_is_stored(folder, capsys, kind):
    assert main(["preview", kind, "--config", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Subject: ")
    assert "To desk@example.org by media-monitor, channel desk" in said.out
    assert said.err.endswith(f" {kind} mail yet; this is a sample\n")


def test_an_alert_is_made_of_the_newest_story_in_the_archive(told, capsys):
    assert main(["preview", "alert", "--config", str(told)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("Subject: Treaty report 2\n")
    assert "> North Korean *troops* signed treaty number 2." in said.out


def test_an_alert_does_not_show_what_nobody_hears_of(told, read, capsys):
    read(2, "troops", Severity.MEDIUM)  # of the story that was told, and no route fits
    assert main(["alerts", "--verdict", "silenced", "--config", str(told)]) == 0
    assert "w/troops" in capsys.readouterr().out
    assert main(["preview", "alert", "--config", str(told)]) == 0
    said = capsys.readouterr().out
    assert ("(w/troops)" in said, "(w/treaty)" in said) == (False, True)


def test_a_digest_is_made_of_the_last_day_and_counts_it(told, capsys):
    assert main(["preview", "digest", "--config", str(told)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.index("Troops report 1") < said.out.index("Treaty report 2")
    assert "2 articles of 1 source read" in said.out


def test_health_is_what_is_wrong_now_else_a_sign_of_life(told, capsys):
    assert main(["preview", "health", "--config", str(told)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("Subject: Alive: read 2 articles of 1 source, 2 alerts, 0 held\n")
    assert "- Alive: read 2 articles of 1 source, 2 alerts, 0 held" in said.out


def test_the_html_and_the_whole_mail_are_written_to_files(told, tmp_path, capsys):
    html, whole = tmp_path / "a.html", tmp_path / "a.eml"
    command = ["preview", "alert", "--html", str(html), "--eml", str(whole), "--config", str(told)]
    assert main(command) == 0
    assert [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()] == [
        str(html),
        str(whole),
    ]
    mail = email.message_from_bytes(whole.read_bytes(), policy=email.policy.default)
    assert (mail["To"], mail["Subject"]) == ("desk@example.org", "Treaty report 2")
    assert mail.get_body(("html",)).get_content().splitlines() == html.read_text("utf-8").splitlines()


def test_what_cannot_be_shown_or_written_is_said_in_one_line(told, tmp_path, capsys):
    assert main(["preview", "alert", "--story", "st-none", "--config", str(told)]) == 2
    assert (
        capsys.readouterr().err == "--story: 'st-none' has nothing for an alert mail; see `monitor alerts`\n"
    )
    assert main(["preview", "alert", "--html", str(tmp_path / "no" / "a.html"), "--config", str(told)]) == 2
    assert capsys.readouterr().err.endswith("a.html: cannot be written (No such file or directory)\n")
