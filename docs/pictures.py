"""Draws the mails: `python docs/pictures.py [FOLDER]`, with Chromium. Without a folder, the two that README shows."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from monitor.alerting import AlertingSettings, Policy, compose, sample_claim
from monitor.alerting.sample import sample_alert, sample_repeat
from monitor.model import Kind, Notification, OutboxClaim

HERE = Path(__file__).parent
NOW = datetime(2024, 10, 23, 14, 5, tzinfo=UTC)
POLICY = Policy(
    settings=AlertingSettings.model_validate(
        {"timezone": "Asia/Seoul", "digests": {"morning": {"to": ["desk"], "at": "07:30"}}}
    ),
    recipients={"desk": ("east-asia-desk@example.org",)},
)


def compose_one(claim: OutboxClaim) -> Notification:
    """The mail of a row."""
    return compose(claim, policy=POLICY, now=NOW)


def samples() -> dict[str, Notification]:
    """A mail of every kind, and the scripts that layouts get wrong."""
    mails = {str(kind): compose_one(sample_claim(kind, NOW)) for kind in Kind}
    alert = sample_claim(Kind.ALERT, NOW)
    for name, also in (("ar", "ru"), ("ko", "ar"), ("zh", "")):
        others = [sample_repeat(also, NOW)] if also else []
        mails[name] = compose_one(replace(alert, alerts=(sample_alert(name, NOW), *others)))
    mails["empty"] = compose_one(replace(sample_claim(Kind.DIGEST, NOW), alerts=()))
    return mails


def draw(html: str, picture: Path, *, width: int, dark: bool, height: int) -> None:
    """A picture of a mail as a browser shows it."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "mail.html")
        page.write_text(html, encoding="utf-8")
        subprocess.run(  # noqa: S603
            [
                "/usr/bin/chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}",
                f"--screenshot={picture}",
                f"--window-size={width},{height}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main(folder: str = "") -> None:
    """Draw README's two pictures, or every sample in both lights and both widths."""
    mails = samples()
    if not folder:
        draw(mails["alert"].html, HERE / "alert-mail.png", width=640, height=700, dark=False)
        draw(mails["alert"].html, HERE / "alert-mail-dark.png", width=640, height=700, dark=True)
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, sample in mails.items():
        Path(folder, f"{name}.html").write_text(sample.html, encoding="utf-8")
        Path(folder, f"{name}.txt").write_text(
            f"Subject: {sample.subject}\n\n{sample.text}", encoding="utf-8"
        )
        for width, dark in ((640, False), (640, True), (390, False), (390, True)):
            draw(
                sample.html,
                Path(folder, f"{name}-{width}{'-dark' if dark else ''}.png"),
                width=width,
                dark=dark,
                height=1000,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
