"""Every kind of mail before judges that know nothing of us: SpamAssassin and an HTML validator."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.alerting import AlertingSettings, Policy, compose, sample_claim
from monitor.channels import MailSettings, mime
from monitor.model import Kind, OutboxClaim

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
POLICY = Policy(settings=AlertingSettings(timezone="Asia/Seoul"), recipients={})
MAIL = MailSettings.model_validate({"from": "Media Monitor <alerts@example.org>"})
EMPTY = replace(sample_claim(Kind.DIGEST, NOW), alerts=(), key="empty")
CLAIMS = {**{str(kind): sample_claim(kind, NOW) for kind in Kind}, "empty digest": EMPTY}
"""A row of every kind, and a digest that says that nothing happened."""

spamassassin = shutil.which("spamassassin")
tidy = shutil.which("tidy")


def eml(claim: OutboxClaim) -> bytes:
    return mime.mail(compose(claim, policy=POLICY, now=NOW), MAIL).body


@pytest.mark.skipif(spamassassin is None, reason="Debian's package spamassassin is not installed")
def test_no_kind_of_mail_looks_like_spam(tmp_path):
    box = tmp_path / "mbox"
    date = "Mon Mar  2 14:05:00 2026"
    box.write_bytes(b"\n".join(f"From - {date}\n".encode() + eml(claim) for claim in CLAIMS.values()))
    judged = subprocess.run(
        [str(spamassassin), "-L", "-t", "--mbox", str(box)], capture_output=True, check=True, timeout=60
    ).stdout.decode("utf-8", "replace")
    scores = [
        float(score) for score in re.findall(r"^X-Spam-Status: .*?score=(-?[\d.]+)", judged, re.MULTILINE)
    ]
    assert len(scores) == len(CLAIMS)
    assert max(scores) < 2


@pytest.mark.skipif(tidy is None, reason="Debian's package tidy is not installed")
@pytest.mark.parametrize("name", CLAIMS)
def test_the_html_of_every_kind_is_valid(name):
    html = compose(CLAIMS[name], policy=POLICY, now=NOW).html
    found = subprocess.run([str(tidy), "-e", "-q"], input=html.encode(), capture_output=True, check=False)
    assert (found.stderr.decode(), found.returncode) == ("", 0)


@pytest.mark.parametrize("name", CLAIMS)
def test_the_html_uses_no_attribute_that_html_5_has_dropped(name):
    html = compose(CLAIMS[name], policy=POLICY, now=NOW).html
    assert re.findall(r"<\w+[^>]*\s(?:width|cellpadding|cellspacing|border|align|bgcolor)=", html) == []
