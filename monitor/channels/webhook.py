"""A POST of JSON to an address of the admin's, signed, with a key that makes repeating it harmless."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

import aiohttp

from monitor.channels import mime
from monitor.channels.base import Parcel
from monitor.channels.settings import WebhookSettings, read_secret
from monitor.errors import ConfigError, Place, Problem
from monitor.headers import http_date, retry_after
from monitor.model import Delivered, Delivery, Failed, Notification, Refused

__all__ = ["WebhookChannel"]

PATIENCE = 30.0  # seconds for an answer
WORDS = 200
_LONGEST = timedelta(days=1)  # that a server may have us wait
_LATER = frozenset({408, 423, 425, 429})
_LOCKED = frozenset({401, 403, 404, 405, 407, 410})


class WebhookChannel:
    """Sends `{key, subject, text, …}` with `Idempotency-Key` and `X-Monitor-Signature: sha256=…`.

    The signature is HMAC-SHA-256 of the body with the shared secret, in hex.
    """

    kind: ClassVar[str] = "webhook"

    def __init__(
        self,
        settings: WebhookSettings,
        *,
        session: Callable[[], aiohttp.ClientSession] = aiohttp.ClientSession,
        patience: float = PATIENCE,
    ) -> None:
        self._url = read_secret(settings.url, settings.url_file).strip()
        self._secret = read_secret(settings.secret, settings.secret_file).encode()
        parts = urlsplit(self._url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            where = Place(file=str(settings.url_file or "channels: webhook"))
            raise ConfigError(
                [Problem(place=where, problem="url is no address like https://example.org/hook")]
            )
        self._host = parts.hostname
        self._new_session = session
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    def recipients(self) -> tuple[str, ...]:
        """The host; the rest of the address may be a secret."""
        return (self._host,)

    def freeze(self, notification: Notification) -> Parcel:
        """The notification's facts and its prose, as JSON."""
        subject = mime.clean(notification.subject)
        content = {
            **notification.payload,
            "key": notification.key,
            "kind": notification.kind,
            "severity": notification.severity,
            "subject": subject,
            "text": notification.text,
            "created": notification.created.isoformat(),
            "thread": notification.thread,
        }
        body = json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "replace")
        identity = mime.message_id(notification.key, self._host)
        return Parcel(recipient=notification.recipient, message_id=identity, subject=subject, body=body)

    async def send(self, parcel: Parcel) -> Delivery:
        """POST once; redirects are not followed, a secret body goes where the admin said."""
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": parcel.message_id.strip("<>").partition("@")[0],
            "User-Agent": "media-monitor",
        }
        if self._secret:
            digest = hmac.new(self._secret, parcel.body, hashlib.sha256).hexdigest()
            headers["X-Monitor-Signature"] = f"sha256={digest}"
        if self._session is None:
            self._session = self._new_session()
        try:
            async with (
                asyncio.timeout(self._patience),
                self._session.post(
                    self._url, data=parcel.body, headers=headers, allow_redirects=False
                ) as response,
            ):
                words = (await response.content.read(WORDS)).decode("utf-8", "replace")
                return _answered(response.status, mime.clean(words), response.headers)
        except aiohttp.ClientConnectorError as error:
            return Failed(reason=f"{self._host}: {error.strerror or 'no connection'}", channel=True)
        except TimeoutError:
            reason = f"{self._host}: no answer within {self._patience:g} s"
            return Failed(reason=reason, channel=True, uncertain=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = f"{self._host}: {type(error).__name__}"
            return Failed(reason=reason, channel=True, uncertain=True)

    def given(self, parcel: Parcel) -> bool:  # noqa: ARG002  the protocol's signature
        """Nobody sees how far a request came."""
        return True

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()


def _answered(status: int, words: str, headers: Mapping[str, str]) -> Delivery:
    said = f"{status} {words}".strip()
    if 200 <= status < 300:
        return Delivered(reply=said)
    if status >= 500 or status in _LATER:
        return Failed(reason=said, code=status, retry_after=_asked_wait(headers))
    return Refused(reason=said, code=status, channel=status in _LOCKED or status < 400)


def _asked_wait(headers: Mapping[str, str]) -> timedelta | None:
    """How long the server wants us to wait; a date is counted from the server's own."""
    now = http_date(headers.get("Date", "")) or datetime.max.replace(tzinfo=UTC)
    wait = retry_after(headers.get("Retry-After", ""), now)
    return min(wait, _LONGEST) if wait is not None else None
