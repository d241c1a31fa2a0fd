"""The Maildir as other programs of this machine see it."""

import stat
from pathlib import Path

from monitor.channels import MailSettings, Parcel, open_channel
from monitor.channels.settings import MaildirSettings
from monitor.model import Delivered

PARCEL = Parcel(recipient="a@b.c", message_id="<m@b.c>", body=b"Subject: x\n\n")


async def test_mails_and_their_folders_are_for_their_reader_only(tmp_path: Path) -> None:
    place = tmp_path / "var" / "mail"
    channel = open_channel(
        MaildirSettings(path=place), MailSettings.model_validate({"from": "m@example.org"})
    )
    assert isinstance(await channel.send(PARCEL), Delivered)
    await channel.close()
    modes = {path.name: stat.filemode(path.stat().st_mode) for path in (place, *place.rglob("*"))}
    assert modes == {
        **dict.fromkeys(("mail", "tmp", "new", "cur"), "drwx------"),
        "m.monitor": "-rw-------",
    }
