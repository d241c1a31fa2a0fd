"""One conditional GET, politely and safely. The only module that knows aiohttp's client.

Whatever a server does is a value: no exception leaves `fetch` but the caller's own cancellation.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from monitor.clock import Clock
from monitor.fetching.body import BodyError, Unpacker, unwrapped
from monitor.fetching.guard import ForbiddenAddressError, socket_factory
from monitor.fetching.place import Place, place
from monitor.fetching.politeness import Politeness
from monitor.fetching.robots import Robots
from monitor.fetching.settings import FetchingSettings
from monitor.headers import fresh_for, retry_after
from monitor.lanes import Lane, offload
from monitor.model import Failed, Fetched, Gone, NotModified, Validators

__all__ = ["FEED_TYPES", "Answer", "Client"]

Answer = Fetched | NotModified | Gone | Failed
"""How a fetch ended."""

_NONE: Final = Validators()

FEED_TYPES: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)
_PAGE_TYPES: Final = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_LARGEST = 10 * 2**20
_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LASTING = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class _Hop:
    """A redirect's target, and whether it is meant to last."""

    url: str
    lasting: bool


@dataclass(slots=True, kw_only=True)
class _Request:
    """What holds on every hop of a fetch; an obedient one asks robots.txt first.

    `left` are the seconds that all hops together may still take; waiting for a turn is not counted.
    """

    validators: Validators
    accept: str
    obedient: bool
    left: float


class Client:
    """Fetches. One session and one TLS context for everything; belongs to the running event loop.

    `resolver` turns names into addresses (default: aiohttp's own); the guard does not depend on it.
    """

    def __init__(
        self,
        settings: FetchingSettings,
        *,
        clock: Clock,
        version: str,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = settings
        self._deadline = settings.deadline.total_seconds()
        self._clock = clock
        self._agent = f"media-monitor/{version}" + (f" (+{settings.contact})" if settings.contact else "")
        self._politeness = Politeness(
            concurrent=settings.per_host.concurrent,
            gap=settings.per_host.gap.total_seconds(),
            total=settings.total,
            clock=clock,
            pause=pause,
        )
        self._robots = Robots(clock)
        self._resolver = resolver
        self._opened: aiohttp.ClientSession | None = None

    def fetch(
        self, url: str, *, validators: Validators = _NONE, accept: str = "", configured: bool = False
    ) -> Coroutine[Any, Any, Answer]:
        """What stands at `url`; `configured` marks a feed the admin named, which needs no robots.txt."""
        request = _Request(
            validators=validators,
            accept=accept or (FEED_TYPES if configured else _PAGE_TYPES),
            obedient=not configured,
            left=self._deadline,
        )
        return self._follow(url, request)

    async def _follow(self, url: str, request: _Request) -> Answer:
        """The answer behind up to five redirects, each of them checked like the first address."""
        moved, lasting = "", True
        for _ in range(_HOPS + 1):
            step = await self._step(url, request)
            if isinstance(step, Fetched):
                return replace(step, moved=moved)
            if not isinstance(step, _Hop):
                return step
            lasting = lasting and step.lasting
            url = step.url
            moved = url if lasting else moved
        return Failed(reason=f"more than {_HOPS} redirects")

    async def _step(self, url: str, request: _Request) -> Answer | _Hop:
        there = place(url)
        if there.refusal:
            return Failed(reason=there.refusal)
        if not request.obedient:
            return await self._ask_in_turn(there, request)
        allowed = await self._robots.permission(url, self._robots_txt)
        if allowed.refusal:
            return Failed(reason=allowed.refusal)
        return await self._ask_in_turn(there, request, gap=allowed.gap)

    async def _robots_txt(self, url: str) -> Answer:
        request = _Request(validators=_NONE, accept="text/plain", obedient=False, left=self._deadline)
        return await self._follow(url, request)

    async def _ask_in_turn(self, there: Place, request: _Request, *, gap: float = 0.0) -> Answer | _Hop:
        async with self._politeness.turn(there.host, gap=gap):
            began = self._clock.monotonic()
            try:
                async with asyncio.timeout(max(request.left, 0)):
                    return await self._ask_safely(there, request)
            except TimeoutError:
                return Failed(reason=f"no full answer within {self._deadline:g} s")
            finally:
                request.left -= self._clock.monotonic() - began

    async def _ask_safely(self, there: Place, request: _Request) -> Answer | _Hop:
        """The answer, or the trouble in words; aiohttp itself asks once more after a reset connection."""
        try:
            return await self._ask(there, request)
        except _TROUBLE as error:
            return Failed(reason=_in_words(error))

    async def _ask(self, there: Place, request: _Request) -> Answer | _Hop:
        url = there.url
        validators = request.validators if request.validators.url in {"", url} else Validators()
        headers = {"Accept": request.accept}
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.modified:
            headers["If-Modified-Since"] = validators.modified
        session = await self._session()
        async with session.get(
            there.verbatim or URL(url), headers=headers, allow_redirects=False
        ) as response:
            return await self._answer(url, response, validators)

    async def _answer(self, url: str, response: aiohttp.ClientResponse, asked: Validators) -> Answer | _Hop:
        status, headers = response.status, response.headers
        if status == 304:
            if not asked.etag and not asked.modified:
                return Failed(reason="the server says 'not modified' to a first request", code=status)
            return NotModified(validators=_renewed(asked, headers, url), fresh_for=fresh_for(headers))
        if status in _REDIRECTS and "Location" in headers:
            return _Hop(urljoin(url, headers["Location"].strip()), status in _LASTING)
        if status == 410:
            return Gone(reason="HTTP 410: the server says it is gone for good")
        if not 200 <= status < 300:
            wait = retry_after(headers.get("Retry-After", ""), self._clock.now())
            return Failed(reason=_status_words(response), code=status, retry_after=wait)
        return Fetched(
            url=url,
            status=status,
            body=await _body(response),
            content_type=headers.get("Content-Type", ""),
            received=self._clock.now(),
            validators=_validators(headers, url),
            fresh_for=fresh_for(headers),
        )

    async def _session(self) -> aiohttp.ClientSession:
        """The one session, opened by the first who needs it."""
        if self._opened is not None:
            return self._opened
        trust = await offload(Lane.PARSE, _tls)
        if self._opened is None:  # nobody was quicker
            connector = aiohttp.TCPConnector(
                limit=0,
                ssl=trust,
                force_close=True,
                resolver=self._resolver,
                socket_factory=socket_factory(self._settings.allow_private),
            )
            self._opened = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                headers={"User-Agent": self._agent, "Accept-Encoding": "gzip, deflate"},
            )
        return self._opened

    async def close(self) -> None:
        """Close the session; a fetch under way fails."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None


_TROUBLE = (aiohttp.ClientError, OSError, BodyError, ValueError)
"""What aiohttp raises for servers that misbehave; ValueError for addresses and headers it cannot read."""


@cache
def _tls() -> ssl.SSLContext:
    """The process's one TLS context: loading the trusted certificates takes longer than a fetch."""
    return ssl.create_default_context()


async def _body(response: aiohttp.ClientResponse) -> bytes:
    unpacker = Unpacker(response.headers.get("Content-Encoding", ""), limit=_LARGEST)
    async for piece in response.content.iter_any():
        unpacker.feed(piece)
    return unwrapped(unpacker.finish(), limit=_LARGEST)


def _validators(headers: Mapping[str, str], url: str) -> Validators:
    etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    return Validators(etag=etag, modified=modified, url=url) if etag or modified else Validators()


def _renewed(asked: Validators, headers: Mapping[str, str], url: str) -> Validators:
    """What was asked with, but for what a 304 puts in its place."""
    etag, modified = headers.get("ETag") or asked.etag, headers.get("Last-Modified") or asked.modified
    return Validators(etag=etag, modified=modified, url=url)


def _status_words(response: aiohttp.ClientResponse) -> str:
    return f"HTTP {response.status} {response.reason or ''}".strip()


def _in_words(error: Exception) -> str:  # noqa: PLR0911 - a table
    """A failure as one short line for people."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} cannot be resolved"
        case aiohttp.ClientConnectorCertificateError():
            return f"the certificate of {error.host} is not trusted ({error.certificate_error})"
        case aiohttp.ClientSSLError():
            return f"no secure connection to {error.host} ({error.os_error})"
        case aiohttp.ClientConnectorError():
            cause = error.os_error
            if isinstance(cause, ForbiddenAddressError):
                return str(cause)
            return f"cannot connect to {error.host} ({cause.strerror or cause})"
        case aiohttp.ServerDisconnectedError() | ConnectionResetError():
            return "the server closed the connection before it answered"
        case aiohttp.ClientPayloadError():
            return "the answer was cut short or garbled"
        case aiohttp.InvalidURL():
            return f"{str(error.url)!r} is no web address"
        case aiohttp.ClientResponseError():
            told = error.message.partition("\n")[0].rstrip(":")  # the rest shows its bytes
            return f"the server does not speak proper HTTP ({told})"
        case _:
            return str(error) or type(error).__name__
