"""What whole-system tests stand on: a clock that stands still, a mail server that takes everything."""

import asyncio
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml
from aiosmtpd.smtp import SMTP, Envelope, Session

ROOT = Path(__file__).resolve().parents[2]
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is ten times faster


def read_yaml(text: str) -> Any:
    """What a table of cases says."""
    return yaml.load(text, _YAML)


class StillClock:
    """A clock that stands still until it is moved; its monotonic seconds move with it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def pass_by(self, duration: timedelta) -> None:
        self.moment += duration


class Mailroom:
    """A real SMTP server on loopback and what it took, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []
        self._server: asyncio.Server | None = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append((list(envelope.rcpt_tos), bytes(envelope.original_content or b"")))
        return "250 taken"

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(body, policy=policy.default) for _, body in self.taken]  # type: ignore[misc]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()


def write_folder(config: Path, **files: str) -> Path:
    """A configuration folder with these files: `sources=…`, `watchlist=…`, YAML as text."""
    (config / "watchlists").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = config / ("watchlists/w.yaml" if name == "watchlist" else f"{name}.yaml")
        path.write_text(dedent(text), encoding="utf-8")
    return config
