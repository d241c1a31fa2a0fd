import json
from datetime import datetime
from pathlib import Path

import pytest
from archive import HOUR, NOW, entry, poll, read
from newsroom import write_folder

from monitor.cli import main
from monitor.store.sqlite import SqliteStore


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """A folder whose store holds one article that is to be mailed."""
    url = f"sqlite:///{tmp_path}/monitor.db"
    store = SqliteStore.open(url)
    await poll(store, entry("a", NOW - HOUR), at=NOW)
    await read(store, at=NOW)
    await store.close()
    sources = "sources: [{id: daily, url: https://example.org/rss}]\n"
    watchlist = "watchlist: w\nrules: [Troops]\n"
    return write_folder(
        tmp_path / "config", sources=sources, watchlist=watchlist, monitor=f"storage: {url}\n"
    )


def test_a_backup_says_what_it_holds(config, tmp_path, capsys):
    assert main(["backup", str(tmp_path / "b.db"), "--config", str(config)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"{tmp_path}/b.db: 1 article, 1 alert, 1 message under way; the newest ")
    assert said.out.endswith("checked\n")
    assert said.err == ""


def test_a_backup_as_json(config, tmp_path, capsys):
    assert main(["backup", str(tmp_path / "b.db"), "--json", "--config", str(config)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["path"], told["articles"], told["undelivered"]) == (str(tmp_path / "b.db"), 1, 1)
    assert told["newest"] == datetime.fromisoformat(told["newest"]).isoformat()
    assert told["size"] == (tmp_path / "b.db").stat().st_size


def test_a_restore_says_what_is_held_and_where_the_old_one_is(config, tmp_path, capsys):
    main(["backup", str(tmp_path / "b.db"), "--config", str(config)])
    capsys.readouterr()
    words = ["restore", str(tmp_path / "b.db"), "--told-until", "2026-11-24T10:00+00:00"]
    assert main([*words, "--config", str(config)]) == 0
    lines = capsys.readouterr().out.splitlines()
    (aside,) = (path for path in tmp_path.glob("monitor.db.before-*") if "-" not in path.name[-4:])
    assert lines[0].startswith(f"restored {tmp_path}/b.db: 1 article,")
    assert lines[1] == f"what was there is kept as {aside}; remove it when all is well"
    assert lines[2] == "1 message that was under way is held: what was under way may have been sent since"
    assert lines[3].startswith("news published up to 2026-11-24 10:00 UTC is recorded")
    assert main(["outbox", "--state", "expired", "--json", "--config", str(config)]) == 0
    held = json.loads(capsys.readouterr().out)
    assert "it may have been sent before the restore" in held["last_error"]
    assert main(["outbox", "retry", str(held["id"]), "--config", str(config)]) == 0


def test_a_restore_of_a_backup_with_nothing_under_way_says_so(config, tmp_path, capsys):
    main(["backup", str(tmp_path / "b.db"), "--config", str(config)])
    main(["restore", str(tmp_path / "b.db"), "--config", str(config)])
    main(["backup", str(tmp_path / "held.db"), "--config", str(config)])
    capsys.readouterr()
    assert main(["restore", str(tmp_path / "held.db"), "--config", str(config)]) == 0
    assert capsys.readouterr().out.splitlines()[2] == "no message was under way"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["restore", "none.db"], "none.db does not exist"),
        (["backup", "none/b.db"], "none/b.db cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(config, words, problem, capsys):
    assert main([*words, "--config", str(config)]) == 2
    assert capsys.readouterr().err == f"{problem}\n"


def test_a_moment_that_is_none_is_said(config, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["restore", "b.db", "--told-until", "yesterday", "--config", str(config)])
    assert ended.value.code == 2
    assert "'yesterday' is no moment; write it like 2026-11-27T10:00+00:00" in capsys.readouterr().err
