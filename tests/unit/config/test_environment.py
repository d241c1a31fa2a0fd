import pytest

from monitor.config.environment import overlay
from monitor.errors import ConfigError
from monitor.settings import Settings


class Smtp(Settings):
    host: str = ""
    port: int = 25
    password: str = ""


class Mail(Settings):
    smtp: Smtp | None = None
    to: tuple[str, ...] = ()


class Root(Settings):
    storage: str = ""
    mail: Mail = Mail()


def test_the_environments_word_goes_over_the_files():
    written = {"storage": "a", "mail": {"smtp": {"host": "old", "port": "26"}}}
    environment = {"MONITOR_MAIL__SMTP__HOST": "new", "MONITOR_MAIL__TO": "[a@x.org, b@x.org]", "HOME": "/"}
    assert overlay(written, environment, Root) == {
        "storage": "a",
        "mail": {"smtp": {"host": "new", "port": "26"}, "to": ["a@x.org", "b@x.org"]},
    }
    assert written["mail"] == {"smtp": {"host": "old", "port": "26"}}


def test_a_secret_comes_from_the_file_that_its_twin_names(tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    environment = {"MONITOR_MAIL__SMTP__PASSWORD_FILE": str(tmp_path / "secret")}
    assert overlay(None, environment, Root) == {"mail": {"smtp": {"password": "s3cret"}}}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "MONITOR_STORAG",
            "environment MONITOR_STORAG: sets nothing that exists; did you mean MONITOR_STORAGE?",
        ),
        (
            "MONITOR_MAIL__SMTP__HOTS",
            "environment MONITOR_MAIL__SMTP__HOTS: sets nothing that exists; did you mean MONITOR_MAIL__SMTP__HOST?",
        ),
    ],
)
def test_a_variable_that_sets_nothing_is_an_error(name, said):
    with pytest.raises(ConfigError) as raised:
        overlay(None, {name: "x"}, Root)
    assert str(raised.value) == said


def test_an_unreadable_secret_file_is_an_error(tmp_path):
    with pytest.raises(ConfigError) as raised:
        overlay(None, {"MONITOR_MAIL__SMTP__PASSWORD_FILE": str(tmp_path / "none")}, Root)
    assert "cannot be read" in str(raised.value)
