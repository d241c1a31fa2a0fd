import io
import json
import logging
from datetime import UTC, datetime

import pytest
import structlog

from monitor.logs import configure_logs

SECRET = "s3cret-value"


@pytest.fixture
def stream():
    yield io.StringIO()
    structlog.reset_defaults()
    logging.basicConfig(handlers=[], force=True)


def crash(password: str) -> None:
    raise ValueError(len(password))


def test_an_event_is_one_json_line(stream):
    configure_logs(stream, json=True)
    structlog.get_logger().info("alert judged", verdict="repeat", title="북한")
    told = json.loads(stream.getvalue())
    assert (told["event"], told["verdict"], told["title"], told["level"]) == (
        "alert judged",
        "repeat",
        "북한",
        "info",
    )


def test_a_moment_is_told_as_scripts_read_it(stream):
    configure_logs(stream, json=True)
    structlog.get_logger().info("source failed", next=datetime(2026, 11, 27, 13, 5, tzinfo=UTC))
    assert json.loads(stream.getvalue())["next"] == "2026-11-27T13:05:00+00:00"


def test_on_a_terminal_a_moment_is_told_as_people_read_it_and_the_source_before_it(stream):
    configure_logs(stream, json=False)
    next_poll = datetime(2026, 11, 27, 13, 5, tzinfo=UTC)
    structlog.get_logger().info("source failed", source="daily", reason="no answer", next=next_poll)
    said = f"source=daily reason='no answer' next='{next_poll.astimezone():%Y-%m-%d %H:%M:%S}'\n"
    assert stream.getvalue().endswith(said)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_tells_no_values(stream, as_json):
    configure_logs(stream, json=as_json)
    try:
        crash(SECRET)
    except ValueError:
        structlog.get_logger().exception("job crashed")
    assert "ValueError" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_what_libraries_warn_of_arrives_in_the_same_form(stream):
    configure_logs(stream, json=True)
    logging.getLogger("some.library").warning("odd: %s", "x")
    logging.getLogger("some.library").info("unimportant")
    assert json.loads(stream.getvalue())["event"] == "odd: x"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_log_that_cannot_be_written_hinders_nobody(as_json):
    with io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True) as full:
        with pytest.raises(OSError, match="No space left"):
            full.write("x")
        configure_logs(full, json=as_json)
        structlog.get_logger().info("delivery settled")
        logging.getLogger("some.library").warning("odd")


def test_below_the_level_nothing_is_told(stream):
    configure_logs(stream, json=True, level="error")
    structlog.get_logger().warning("quiet")
    assert stream.getvalue() == ""
