import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.model import Dispatch, Kind, RowState
from monitor.store.base import Ending
from monitor.store.sqlite import SqliteStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ENDS = {
    "sent": Ending(state=RowState.SENT, words="250 taken"),
    "dead": Ending(state=RowState.DEAD, code=550, words="550 unknown"),
    "later": Ending(state=RowState.PENDING, due=NOW + timedelta(hours=1), words="no answer", uncertain=True),
    "expired": Ending(state=RowState.EXPIRED, words="connecting: lost"),
}


async def fill(url: str) -> None:
    """Rows 1 to 4, one of each end, in order; row 5 was never tried."""
    store = SqliteStore.open(url)
    for name, ending in ENDS.items():
        channel = "duty" if name == "expired" else "desk"
        row = Dispatch(key=name, channel=channel, recipient="a@b.org", kind=Kind.HEALTH, due=NOW, alerts=())
        await store.open_rows([row], now=NOW)
        (claim,) = await store.claim_outbox(NOW, limit=1, lease=timedelta(minutes=5))
        await store.freeze(claim, parcel=b"x", subject=f"about {name}", message_id=f"<{name}>", now=NOW)
        await store.settle(claim, ending, now=NOW)
    fresh = Dispatch(key="fresh", channel="desk", recipient="a@b.org", kind=Kind.HEALTH, due=NOW, alerts=())
    await store.open_rows([fresh], now=NOW)
    await store.close()


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the rows: what each test has a copy of."""
    file = tmp_path_factory.mktemp("rows") / "monitor.db"
    asyncio.run(fill(f"sqlite:///{file}"))
    return file


@pytest.fixture
def config(tmp_path: Path, ended: Path) -> str:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "sources.yaml").write_text("sources: [{id: daily, url: https://example.org/rss.xml}]\n")
    (tmp_path / "watchlists" / "w.yaml").write_text("watchlist: w\nrules: [troops]\n")
    (tmp_path / "monitor.yaml").write_text(f"storage: sqlite:///{tmp_path / 'monitor.db'}\n")
    shutil.copy(ended, tmp_path)
    return str(tmp_path)


def listed(config: str, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, str]:
    """State by key."""
    assert main(["outbox", "--json", "--config", config, *options]) == 0
    rows = map(json.loads, capsys.readouterr().out.splitlines())
    return {row["key"]: row["state"] for row in rows}


def test_rows_are_shown_newest_first_with_the_servers_last_word(config, capsys):
    assert main(["outbox", "--config", config]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ID", "5", "4", "3", "2", "1"]
    assert "may have arrived: no answer" in lines[3]
    assert "550 unknown" in lines[4]
    assert "250 taken" in lines[5]


def test_states_and_a_channel_choose_rows(config, capsys):
    assert listed(config, capsys, "--state", "dead", "--state", "expired") == {
        "expired": "expired",
        "dead": "dead",
    }
    assert listed(config, capsys, "--channel", "duty") == {"expired": "expired"}
    assert listed(config, capsys, "--channel", "desk", "--limit", "2") == {
        "fresh": "pending",
        "later": "pending",
    }


def test_what_failed_is_due_again_and_the_rest_is_left(config, capsys):
    assert main(["outbox", "retry", "2", "3", "--config", config]) == 0
    assert capsys.readouterr().out == "2: due now\n3: due now\n"
    left = "is no message that failed, or retention took its bytes; left as it is"
    assert main(["outbox", "retry", "1", "5", "99", "--config", config]) == 1
    assert capsys.readouterr().out == f"1: {left}\n5: {left}\n99: {left}\n"
    assert listed(config, capsys) == {
        "fresh": "pending",
        "expired": "expired",
        "later": "pending",
        "dead": "pending",
        "sent": "sent",
    }


def test_all_of_a_state_and_channel_are_retried_at_once(config, capsys):
    dead = ("--state", "dead", "--state", "expired")
    assert main(["outbox", "retry", *dead, "--channel", "duty", "--config", config]) == 0
    assert capsys.readouterr().out == "4: due now\n"
    assert main(["outbox", "retry", *dead, "--config", config]) == 0
    assert capsys.readouterr().out == "2: due now\n"


def test_retry_of_a_state_in_which_nothing_is_says_so(config, capsys):
    assert main(["outbox", "retry", "--state", "expired", "--channel", "desk", "--config", config]) == 0
    assert capsys.readouterr() == ("", "none\n")


def test_retry_of_nothing_says_how(config, capsys):
    assert main(["outbox", "retry", "--config", config]) == 2
    assert "which rows?" in capsys.readouterr().err
