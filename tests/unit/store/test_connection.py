import pytest

from monitor.errors import StoreError
from monitor.store.sqlite import SqliteStore


@pytest.mark.parametrize("mode", ["daemon", "read"])
def test_a_folder_in_the_place_of_the_database_is_told_as_that(mode, tmp_path):
    with pytest.raises(StoreError) as raised:
        SqliteStore.open(f"sqlite:///{tmp_path}", mode=mode)
    assert str(raised.value) == f"{tmp_path} is a folder; name a file in it, like {tmp_path}/monitor.db"
