"""The bytes of a mail: no header but ours, the subject as it was meant, whatever a headline holds."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels import mime
from monitor.channels.settings import MailSettings
from monitor.model import Kind, Notification, Severity

MAIL = MailSettings.model_validate({"from": "Media Monitor <m@example.org>", "domain": "alerts.example.org"})
NOTICE = Notification(
    key="desk|a@example.org|st-1",
    channel="desk",
    recipient="a@example.org",
    kind=Kind.ALERT,
    severity=Severity.HIGH,
    subject="[HIGH] North Korean troops in Russia",
    text="First line\n.second line\nFrom the third\n",
    html="<p lang=ko>북한군</p>",
    created=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
)
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Id",
    "MIME-Version",
    "Content-Type",
]
MIXED = "북한군 3명 captured near Kursk, 우크라이나 says: «две недели» of fighting; 20% more troops to come soon, NATO"
ODD = st.characters(codec="utf-8") | st.sampled_from("\r\n\t\x00\x85\u2028\u2029\u202e\u200d\ufeff=?é한")
HOSTILE = [
    "=?UTF-8?Q?=0A?=Bcc: x@y.example",
    "=?utf-8?b?Cg==?=Bcc: x@y.example",
    "Alert\r\nBcc: x@y.example",
    "Alert\n\n<script>",
    "Alert\u2028Bcc: x@y.example",
    "Alert\x85Bcc: x@y.example",
    "a\ud800b",
    "",
    "x" * 5000,
    "한" * 5000,
]


def read(notification: Notification, **settings: object) -> EmailMessage:
    parcel = mime.mail(notification, MAIL, **settings)  # type: ignore[arg-type]
    return message_from_bytes(parcel.body, policy=policy.default)  # type: ignore[return-value]


def test_a_mail_says_who_it_is_and_that_nobody_need_answer() -> None:
    mail = read(replace(NOTICE, thread="root"), priority="high")
    root = mime.message_id("root", "alerts.example.org")
    assert {name: str(value) for name, value in mail.items() if name != "Content-Type"} == {
        "From": "Media Monitor <m@example.org>",
        "To": "a@example.org",
        "Subject": NOTICE.subject,
        "Date": "Tue, 24 Nov 2026 09:00:00 +0000",
        "Message-ID": mime.message_id(NOTICE.key, "alerts.example.org"),
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": "Media Monitor <alerts.alerts.example.org>",
        "Importance": "high",
        "X-Priority": "1",
        "MIME-Version": "1.0",
    }


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("desk@example.org", "<mailto:desk@example.org?subject=unsubscribe>"),
        ("https://desk.example.org/leave?l=1", "<https://desk.example.org/leave?l=1>"),
    ],
)
def test_a_reader_finds_the_way_out_that_the_admin_names(written: str, header: str) -> None:
    settings = MailSettings.model_validate({"from": "m@example.org", "unsubscribe": written})
    mail = message_from_bytes(mime.mail(NOTICE, settings).body, policy=policy.default)
    assert mail["List-Unsubscribe"] == header
    assert "List-Unsubscribe-Post" not in mail
    again = MailSettings.model_validate(settings.model_dump(by_alias=True))
    assert again.unsubscribe == settings.unsubscribe


@pytest.mark.parametrize(
    "written", ["http://x.example", "https://x.example/\r\nBcc: y", "nobody", "https://<x>"]
)
def test_a_way_out_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"write (?:a|one)"):
        MailSettings.model_validate({"from": "m@example.org", "unsubscribe": written})


def test_text_comes_first_then_html_both_as_written() -> None:
    mail = read(NOTICE)
    parts = [
        (part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in mail.iter_parts()
    ]
    assert parts == [("text/plain", NOTICE.text), ("text/html", NOTICE.html)]


@pytest.mark.parametrize("subject", HOSTILE)
def test_a_hostile_headline_adds_no_header_and_breaks_no_line(subject: str) -> None:
    body = mime.mail(replace(NOTICE, subject=subject), MAIL).body
    head = body.partition(b"\r\n\r\n")[0]
    assert message_from_bytes(body, policy=policy.default).keys() == HEADERS
    assert message_from_bytes(body, policy=policy.compat32).keys() == HEADERS
    assert head.isascii()
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in body.split(b"\r\n"))


@given(subject=st.text(ODD, max_size=200), text=st.text(ODD, max_size=300), to=st.text(ODD, max_size=40))
def test_whatever_a_notification_holds_the_headers_are_ours_and_the_subject_survives(
    subject: str, text: str, to: str
) -> None:
    parcel = mime.mail(replace(NOTICE, subject=subject, text=text, html=text, recipient=to), MAIL)
    mail = message_from_bytes(parcel.body, policy=policy.compat32)
    assert mail.keys() == HEADERS
    assert parcel.subject == mime.clean(subject)
    assert mime._decoded(mail["Subject"].replace("\r\n ", "\r\n")) == parcel.subject


@pytest.mark.parametrize("length", range(1, len(MIXED) + 1))
def test_a_subject_of_mixed_scripts_reads_back_as_written_at_any_length(length: int) -> None:
    subject = MIXED[:length].strip()
    assert str(read(replace(NOTICE, subject=subject))["Subject"]) == subject


def test_the_same_notification_makes_the_same_bytes() -> None:
    assert mime.mail(NOTICE, MAIL) == mime.mail(replace(NOTICE), MAIL)
    assert mime.mail(NOTICE, MAIL).message_id == mime.message_id(NOTICE.key, "alerts.example.org")


def test_a_message_id_differs_by_key_and_names_no_machine() -> None:
    one, other = (mime.message_id(key, "example.org") for key in ("a", "b"))
    assert one != other
    assert one.endswith("@example.org>")
