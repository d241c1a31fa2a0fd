"""Webhooks: signed, harmless to repeat, and every status has one meaning."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hooks import Hook

from monitor.channels.settings import WebhookSettings
from monitor.channels.webhook import WebhookChannel
from monitor.errors import ConfigError
from monitor.model import Delivered, Delivery, Failed, Kind, Notification, Refused, Severity

NOTICE = Notification(
    key="k",
    channel="hook",
    recipient="127.0.0.1",
    kind=Kind.ALERT,
    severity=Severity.HIGH,
    subject="[HIGH] x\r\ny",
    text="text",
    html="",
    created=datetime(2026, 11, 24, tzinfo=UTC),
    payload={"story": "st-1"},
)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with Hook() as served:
        yield served


async def send(hook: Hook) -> Delivery:
    channel = WebhookChannel(WebhookSettings.model_validate({"url": hook.url, "secret": "s3"}))
    outcome = await channel.send(channel.freeze(NOTICE))
    await channel.close()
    return outcome


async def test_the_body_is_signed_and_carries_a_key(hook: Hook) -> None:
    assert await send(hook) == Delivered(reply="200 word")
    ((headers, body),) = hook.got
    assert headers["X-Monitor-Signature"] == "sha256=" + hmac.new(b"s3", body, hashlib.sha256).hexdigest()
    assert headers["Idempotency-Key"] == "ds7epzh26mamivk7ptgpcuvtyu5eoo3i"
    assert json.loads(body) == {
        "story": "st-1",
        "key": "k",
        "kind": "alert",
        "severity": "high",
        "subject": "[HIGH] x y",
        "text": "text",
        "created": "2026-11-24T00:00:00+00:00",
        "thread": "",
    }


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, Failed(reason="429 word", code=429, retry_after=timedelta(seconds=90))),
        (503, Failed(reason="503 word", code=503, retry_after=timedelta(seconds=90))),
        (400, Refused(reason="400 word", code=400)),
        (401, Refused(reason="401 word", code=401, channel=True)),
        (302, Refused(reason="302 word", code=302, channel=True)),
    ],
)
async def test_a_status_has_one_meaning(hook: Hook, status: int, outcome: Delivery) -> None:
    hook.status, hook.headers = status, {"Retry-After": "90", "Location": "/elsewhere"}
    assert await send(hook) == outcome


SIX = "Fri, 27 Nov 2026 18:00:00 GMT"


@pytest.mark.parametrize(
    ("asked", "date", "wait"),
    [
        ("Fri, 27 Nov 2026 18:05:00 GMT", SIX, timedelta(minutes=5)),
        ("Fri, 27 Nov 2026 17:55:00 GMT", SIX, None),
        ("Tue, 01 Dec 2026 18:00:00 GMT", SIX, timedelta(days=1)),
        ("Fri, 27 Nov 2026 18:05:00 GMT", "yesterday", None),
        ("9" * 40, SIX, timedelta(days=1)),
        ("soon", SIX, None),
    ],
)
async def test_a_date_to_come_back_at_is_counted_from_the_servers_own_clock(
    hook: Hook, asked: str, date: str, wait: timedelta | None
) -> None:
    hook.status, hook.headers = 503, {"Retry-After": asked, "Date": date}
    assert await send(hook) == Failed(reason="503 word", code=503, retry_after=wait)


async def test_no_answer_in_time_leaves_it_uncertain(hook: Hook) -> None:
    hook.hangs = True
    settings = WebhookSettings.model_validate({"url": hook.url})
    channel = WebhookChannel(settings, patience=0.2)
    outcome = await channel.send(channel.freeze(NOTICE))
    await channel.close()
    assert outcome == Failed(reason="127.0.0.1: no answer within 0.2 s", channel=True, uncertain=True)


def test_an_address_that_is_none_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("hunter2")
    with pytest.raises(ConfigError, match="url is no address like") as raised:
        WebhookChannel(WebhookSettings(url_file=tmp_path / "url"))
    assert "hunter2" not in str(raised.value)
