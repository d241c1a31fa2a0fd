"""What happens to an outbox row: outbox → channel, attempts, backoff, giving up.

    take      rows that are due, of each channel as many as it has places for
    deliver   freeze (first attempt only) ─ send, and note that it was taken ─ decide ─ settle

The bytes are fixed on disk before they leave, and the end of the attempt is recorded as soon as it is
known; what happens between is one attempt whose end is unknown, and the next one says so.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from monitor.channels import Channel, Parcel
from monitor.clock import Clock
from monitor.errors import StoreError
from monitor.lanes import Lane, offload
from monitor.logs import log
from monitor.model import Delivered, Failed, Kind, Notification, OutboxClaim, Refused, RowState
from monitor.model import Delivery as Outcome
from monitor.receipts import Slip
from monitor.store import Ending, Store

__all__ = ["Breaker", "Delivery", "after", "decide"]

QUEUE = 32  # rows of one channel in hand; how many of them it sends at once is its own affair
ATTEMPT = timedelta(minutes=30)  # more than any channel takes: were it given up under way, it might go twice
LEASE = ATTEMPT + timedelta(minutes=5)
PATIENCE = timedelta(hours=48)
BASE = timedelta(seconds=60)
CAP = timedelta(hours=1)
TRIPS = 3  # troubles of a channel in a row that pause it
PAUSE = timedelta(seconds=30)
_URGENCY = {RowState.SENT: logging.INFO, RowState.PENDING: logging.WARNING}  # else somebody did not hear
RECORD_AGAIN = 1.0  # seconds between tries to record what was sent


def decide(outcome: Outcome, claim: OutboxClaim, *, now: datetime, draw: float) -> Ending:
    """How an attempt ends: by age, not by count; `draw` in [0, 1) spreads the next one (full jitter).

    A message that the server refuses is dead at once. What concerns the channel is not the message's
    fault: it waits, as long as patience lasts.
    """
    match outcome:
        case Delivered(reply=reply):
            return Ending(state=RowState.SENT, words=reply)
        case Refused(reason=reason, code=code, channel=False):
            return Ending(state=RowState.DEAD, code=code, words=reason)
        case Refused(reason=reason, code=code):
            wait = backoff(claim.attempts, draw)
        case Failed(reason=reason, code=code, retry_after=asked):
            wait = backoff(claim.attempts, draw) + (asked or timedelta(0))
        case _:
            assert_never(outcome)
    uncertain = isinstance(outcome, Failed) and outcome.uncertain
    if now - (claim.begun or now) >= PATIENCE:
        return Ending(state=RowState.EXPIRED, code=code, words=reason, uncertain=uncertain)
    return Ending(state=RowState.PENDING, due=now + wait, code=code, words=reason, uncertain=uncertain)


def backoff(attempts: int, draw: float) -> timedelta:
    """The wait after so many attempts: anything up to a bound that doubles from a minute to an hour.

    >>> backoff(1, 0.5), backoff(3, 0.5), backoff(99, 0.5)
    (datetime.timedelta(seconds=30), datetime.timedelta(seconds=120), datetime.timedelta(seconds=1800))
    """
    return min(CAP, BASE * (1 << min(attempts - 1, 10))) * draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """A channel's troubles in a row, since when, and the last one's words.

    Until `until` it is left alone, then one attempt may try it.
    """

    troubles: int = 0
    until: datetime | None = None
    since: datetime | None = None
    words: str = ""


def after(breaker: Breaker, outcome: Outcome, now: datetime) -> Breaker:
    """The breaker after an attempt: a refused login opens it at once, lost connections after a few.

    Any answer about a message proves that the channel works.
    """
    refused = isinstance(outcome, Refused)
    if isinstance(outcome, Delivered) or not outcome.channel:
        return Breaker()
    troubles = max(breaker.troubles + 1, TRIPS if refused else 0)
    pause = min(CAP, PAUSE * (1 << min(max(troubles - TRIPS, 0), 10)))
    return Breaker(
        troubles=troubles,
        until=now + pause if troubles >= TRIPS else None,
        since=breaker.since or now,
        words=outcome.reason,
    )


class Delivery:
    """Takes rows from the outbox and brings each to a known state."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        compose: Callable[[OutboxClaim], Notification],
        *,
        clock: Clock,
        random: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._channels = channels
        self._compose = compose
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._breakers: dict[str, Breaker] = {}
        self._busy: Counter[str] = Counter()
        self._hand: set[int] = set()

    def paused(self) -> Mapping[str, tuple[datetime, str]]:
        """The channels that are left alone but for one attempt now and then: since when, and why."""
        return {
            name: (breaker.since, breaker.words)
            for name, breaker in self._breakers.items()
            if breaker.until is not None and breaker.since is not None
        }

    async def take(self, limit: int) -> list[OutboxClaim]:
        """Up to `limit` rows that are due; a channel that hangs or is paused takes no place of another."""
        now = self._clock.now()
        rooms = {name: self._room(name, now) for name in {*self._channels, *self._busy, *self._breakers}}
        claims = await self._store.claim_outbox(now, limit=limit, lease=LEASE, rooms=rooms, held=self._hand)
        self._busy.update(claim.channel for claim in claims)
        self._hand.update(claim.id for claim in claims)
        return claims

    def adopt(self, channels: Mapping[str, Channel]) -> None:
        """Use these channels from now on, even those that were left alone; what is in hand goes on."""
        self._channels = channels
        self._breakers.clear()

    def _room(self, name: str, now: datetime) -> int:
        breaker = self._breakers.get(name, Breaker())
        if breaker.until is None:
            return max(0, QUEUE - self._busy[name])
        return 1 if breaker.until <= now and not self._busy[name] else 0

    async def deliver(self, claim: OutboxClaim) -> RowState:
        """Try a row once; the state it is in now (SENDING: it was lost to another).

        A row whose attempt is cancelled goes back to the queue before the cancelling goes on.
        """
        try:
            outcome = await self._outcome(claim)
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(claim, "stopped while sending", uncertain=True))
            raise
        except StoreError as error:
            return await self._give_back(claim, str(error), uncertain=claim.uncertain)
        else:
            return await asyncio.shield(self._settle(claim, outcome)) if outcome else RowState.SENDING
        finally:
            self._busy[claim.channel] -= 1
            self._hand.discard(claim.id)

    async def _outcome(self, claim: OutboxClaim) -> Outcome | None:
        """What came of sending the row's bytes; None where the claim was lost before."""
        channel = self._channels.get(claim.channel)
        parcel = await self._parcel(claim, channel) if channel else None
        channel = self._channels.get(claim.channel)  # a reload may have come meanwhile
        if channel is None:
            return Refused(reason=f"no channel {claim.channel} is configured any more", channel=True)
        return await _sent(channel, parcel) if parcel else None

    async def _parcel(self, claim: OutboxClaim, channel: Channel) -> Parcel | None:
        """The row's bytes, fixed on disk now if they are not yet; None where the claim was lost."""
        slip = Slip(row=claim.id, key=claim.key, fence=claim.fence)
        if claim.frozen is not None:
            return Parcel(
                recipient=claim.recipient, message_id=claim.message_id, body=claim.frozen, slip=slip
            )
        # A digest may take a second, and each reader has one: an alert does not wait for them.
        lane = Lane.DIGEST if claim.kind is Kind.DIGEST else Lane.COMPOSE
        made = await offload(lane, lambda: channel.freeze(self._compose(claim)))
        parcel = replace(made, slip=slip)
        ours = await self._store.freeze(
            claim,
            parcel=parcel.body,
            subject=parcel.subject,
            message_id=parcel.message_id,
            now=self._clock.now(),
        )
        return parcel if ours else None

    async def _give_back(self, claim: OutboxClaim, why: str, *, uncertain: bool) -> RowState:
        """Put a row back whose attempt did not come to an end."""
        ending = Ending(state=RowState.PENDING, due=self._clock.now(), words=why, uncertain=uncertain)
        return ending.state if await self._record(claim, ending) else RowState.SENDING

    async def _settle(self, claim: OutboxClaim, outcome: Outcome) -> RowState:
        now = self._clock.now()
        self._breakers[claim.channel] = after(self._breakers.get(claim.channel, Breaker()), outcome, now)
        ending = decide(outcome, claim, now=now, draw=self._random())
        ours = await self._record(claim, ending)
        log.log(
            _URGENCY.get(ending.state, logging.ERROR),
            "delivery settled",
            state=ending.state,
            channel=claim.channel,
            recipient=claim.recipient,
            row=claim.id,
            attempt=claim.attempts,
            reply=ending.words,
            next=ending.due,
        )
        return ending.state if ours else RowState.SENDING

    async def _record(self, claim: OutboxClaim, ending: Ending) -> bool:
        """Record an end, however long the disk is full: what was sent must not be sent again."""
        while True:
            try:
                return await self._store.settle(claim, ending, now=self._clock.now())
            except StoreError as error:
                log.error("delivery could not be recorded yet", row=claim.id, error=str(error))
                await self._sleep(RECORD_AGAIN)


async def _sent(channel: Channel, parcel: Parcel) -> Outcome:
    """What came of sending, however long the channel takes."""
    try:
        async with asyncio.timeout(ATTEMPT.total_seconds()):
            return await channel.send(parcel)
    except TimeoutError:
        return Failed(reason=f"no end after {ATTEMPT.total_seconds():g} s", uncertain=True, channel=True)
