"""DKIM: what we sign, a receiver verifies; a key that cannot sign is refused at the start."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import Hostile

from monitor.channels.email import EmailChannel
from monitor.channels.settings import DkimSettings, EmailSettings, MailSettings
from monitor.channels.signing import Signer
from monitor.errors import ConfigError
from monitor.model import Delivered, Kind, Notification, Severity

dkim = pytest.importorskip("dkim", reason="the extra dkim is not installed")

NOTICE = Notification(
    key="k",
    channel="desk",
    recipient="desk@example.org",
    kind=Kind.ALERT,
    severity=Severity.HIGH,
    subject="북한군 in Russia",
    text=".a line with a dot\nand trailing spaces   \n",
    html="<p>x</p>",
    created=datetime(2026, 11, 24, tzinfo=UTC),
    thread="root",
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A private key in a file, and the DNS record of its public half."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a key with")
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(
        [openssl, "genrsa", "-traditional", "-out", str(file), "2048"], check=True, capture_output=True
    )
    public = subprocess.run(
        [openssl, "rsa", "-in", str(file), "-pubout", "-outform", "PEM"], check=True, capture_output=True
    ).stdout
    return file, b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


def verified(message: bytes, record: bytes, asked: list[bytes]) -> bool:
    def dns(name: bytes, **_: object) -> bytes:
        asked.append(name)
        return record

    return bool(dkim.verify(message, dnsfunc=dns))


async def test_a_mail_that_went_through_a_server_verifies(key: tuple[Path, bytes]) -> None:
    file, record = key
    async with Hostile() as server:
        mail = MailSettings.model_validate(
            {
                "from": "Media Monitor <m@example.org>",
                "smtp": {"host": "127.0.0.1", "port": server.port, "tls": "none"},
                "dkim": {"selector": "s1", "key_file": str(file)},
            }
        )
        channel = EmailChannel(EmailSettings(to=("desk@example.org",)), mail=mail)
        assert await channel.send(channel.freeze(NOTICE)) == Delivered(reply="250 taken")
        await channel.close()
    asked: list[bytes] = []
    (taken,) = server.taken
    assert verified(taken.body, record, asked)
    assert asked == [b"s1._domainkey.example.org."]
    assert not verified(taken.body.replace(b"Subject: ", b"Subject: x"), record, asked)
    assert not verified(taken.body.replace(b"<p>x</p>", b"<p>y</p>"), record, asked)


@pytest.mark.parametrize(
    ("written", "problem"),
    [(None, "the DKIM key cannot be read: No such file"), ("no key", "no key to sign with")],
)
def test_a_key_that_cannot_sign_is_refused_in_words(
    tmp_path: Path, written: str | None, problem: str
) -> None:
    file = tmp_path / "key.pem"
    if written is not None:
        file.write_text(written)
    with pytest.raises(ConfigError, match=problem):
        Signer(DkimSettings(selector="s1", key_file=file), "example.org")
