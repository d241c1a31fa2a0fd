"""See an alert arrive: the sample news site on this machine, the real daemon on it, and the mail it writes.

Needs no network. The shipped watchlists read the sample site; each page is a trap of real news sites, and
each answer is compared with what a careful reader would say. Exits 0 when all are right.
"""

import argparse
import asyncio
import email
import email.policy
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from monitor.cli.shell import Shell, shipped
from monitor.clock import SystemClock
from monitor.config.document import read_document
from monitor.config.folder import Configuration, load
from monitor.daemon import Daemon
from monitor.logs import configure_logs
from monitor.model import Alert
from monitor.store.sqlite import SqliteStore
from monitor.web.site import SampleSite

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = """examples:
  monitor demo
  monitor demo --verbose"""


_TOLD = {"troops-in-russia", "dprk-any"}  # the shipped rules that the oracle speaks of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `demo` takes."""
    parser.add_argument("--verbose", action="store_true", help="show the daemon's log")


def run(arguments: argparse.Namespace, shell: Shell) -> int:
    """Serve, run one cycle, show what was found and the mail."""
    configure_logs(shell.stderr, level="info" if arguments.verbose else "error", colour=shell.colour_stderr)
    began = SystemClock().monotonic()
    folder = Path(tempfile.mkdtemp(prefix="media-monitor-demo-"))
    alerts = asyncio.run(_cycle(arguments.config, folder, shell))
    pages = _pages()
    right = _say_pages(pages, alerts, shell)
    mails = [_mail(path) for path in sorted((folder / "mail" / "new").glob("*"))]
    if mails:
        _say_mail(_about(pages[0]["path"], mails, alerts), folder, shell)
    seconds = SystemClock().monotonic() - began
    shell.say(f"{len(mails)} mails in {seconds:.1f} s; the folder {folder} is yours to look at and to delete")
    return 0 if right and mails else 1


async def _cycle(config: Path, folder: Path, shell: Shell) -> list[Alert]:
    """One full cycle of the daemon over the sample site; every alert it judged."""
    site = SampleSite(shipped("seeds"), now=SystemClock().now())
    address = await site.start()
    shell.say(f"the sample site answers at {address}/feed.xml; polling …")
    environment = {
        "MONITOR_STORAGE": f"sqlite:///{folder / 'monitor.db'}",
        "MONITOR_MAIL__MAILDIR": str(folder / "mail"),
    }
    found = _configuration(config, folder / "config", address, environment)
    store = SqliteStore.open(found.settings.storage, mode="daemon")
    try:
        await Daemon(found, store=store, environment=environment).once()
        return await store.alerts(limit=10_000)
    finally:
        await store.close()
        await site.stop()


def _configuration(config: Path, folder: Path, address: str, environment: Mapping[str, str]) -> Configuration:
    """The watchlists and entities in use, with the demo's sources, policy and settings."""
    for part in ("watchlists", "entities"):
        shutil.copytree(
            config / part,
            folder / part,
            ignore=lambda _, names: [n for n in names if not n.endswith(".yaml")],
        )
    for path in sorted((shipped("seeds") / "config").glob("*.yaml")):
        written = path.read_text(encoding="utf-8").replace("http://{{site}}", address)
        (folder / path.name).write_text(written, encoding="utf-8")
    return load(folder, environment)


def _pages() -> list[dict[str, Any]]:
    """The sample site's oracle: what a careful reader says of each page."""
    oracle = shipped("seeds") / "expected.yaml"
    pages: list[dict[str, Any]] = read_document(str(oracle), oracle.read_bytes()).value["pages"]
    return pages


def _say_pages(pages: Sequence[Mapping[str, Any]], alerts: Sequence[Alert], shell: Shell) -> bool:
    """A line a page: what it is a trap for, which rules fired; whether all answers are right."""
    wrong = 0
    for page in pages:
        heard = [alert for alert in alerts if alert.article.url.endswith(page["path"])]
        fired = {alert.match.rule for alert in heard if not alert.match.held} & _TOLD
        right = fired == set(page["alerts"] or [])
        wrong += not right
        mark = shell.paint("✓", "green") if right else shell.paint("✗", "red")
        shell.say(f" {mark} {page['language']:3} {', '.join(sorted(fired)) or '–':29} {page['why']}")
    shell.say(f"{len(pages) - wrong} of {len(pages)} pages answered rightly\n")
    return not wrong


def _mail(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return email.message_from_binary_file(file, policy=email.policy.default)


def _about(path: str, mails: Sequence[EmailMessage], alerts: Sequence[Alert]) -> EmailMessage:
    """The mail about the story of one page."""
    title = next((alert.story.title for alert in alerts if alert.article.url.endswith(path)), "")
    return next((mail for mail in mails if title and title in mail["Subject"]), mails[0])


def _say_mail(mail: EmailMessage, folder: Path, shell: Shell) -> None:
    """A mail as its reader sees it in a terminal, and where a browser finds it."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    shell.say(shell.paint(f"Subject: {mail['Subject']}", "bold"))
    shell.say(shell.paint(f"From: {mail['From']}   To: {mail['To']}", "dim"))
    shell.say()
    shell.say(str(text.get_content()) if text else "")
    if html is not None:
        page = folder / "alert.html"
        page.write_text(str(html.get_content()), encoding="utf-8")
        shell.say(f"the same mail for a browser: {page}")
