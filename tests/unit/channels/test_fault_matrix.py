"""Every fault at every stage of SMTP has one end, a cell each: what becomes of the row, and of its channel."""

from datetime import UTC, datetime, timedelta

import pytest
from hostile import Fault, Hostile, Stage

from monitor.channels.base import Parcel
from monitor.channels.email import EmailChannel, Patience
from monitor.channels.settings import EmailSettings, MailSettings
from monitor.delivery import Breaker, after, decide
from monitor.model import Kind, OutboxClaim, RowState

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARCEL = Parcel(
    recipient="desk@example.org",
    message_id="<a@example.org>",
    body=b"Message-ID: <a@example.org>\r\n\r\nx\r\n",
)
CLAIM = OutboxClaim(
    id=1,
    key="k",
    channel="desk",
    recipient="desk@example.org",
    kind=Kind.ALERT,
    alerts=(),
    frozen=PARCEL.body,
    attempts=1,
    created=NOW,
    fence=1,
    begun=NOW,
)
FAULTS: dict[str, str | Fault] = {
    "452": "452 no room",
    "450": "450 greylisted",
    "421": "421 closing",
    "554": "554 no",
    "drop": Fault.DROP,
    "hang": Fault.HANG,
}
# later: the row waits. grey: at least 300 s. dead: at once, after one. channel: the row waits and the
# channel is counted a trouble. pause: the channel is left alone at once. unsure: as channel, and the
# server may have taken the mail.
GRID = """
      connect  ehlo     starttls auth     mail     rcpt     data     dot
452   channel  channel  channel  channel  later    later    later    later
450   channel  channel  channel  channel  grey     grey     grey     grey
421   channel  channel  channel  channel  channel  channel  channel  channel
554   pause    pause    pause    pause    pause    dead     dead     dead
drop  channel  channel  channel  channel  channel  channel  unsure   unsure
hang  channel  channel  channel  channel  channel  channel  unsure   unsure
"""
HEAD, *LINES = (line.split() for line in GRID.strip().splitlines())
CELLS = [(fault, Stage(stage), end) for fault, *ends in LINES for stage, end in zip(HEAD, ends, strict=True)]


async def end_of(fault: str, stage: Stage) -> str:
    """Send one mail to a server with one fault; the word for its end."""
    offered = {Stage.STARTTLS: ("STARTTLS",), Stage.AUTH: ("AUTH PLAIN",)}.get(stage, ())
    behave = lambda where, _: FAULTS[fault] if where is stage else None  # noqa: E731
    hangs, last = fault == "hang", stage in {Stage.DATA, Stage.DOT}
    patience = Patience(command=0.15 if hangs and not last else 60, final=0.15 if hangs else 60)
    async with Hostile(behave=behave, extensions=offered) as server:
        given = {"host": "127.0.0.1", "port": server.port, "tls": "none"}
        if stage is Stage.STARTTLS:
            given["tls"] = "starttls"
        if stage is Stage.AUTH:
            given |= {"username": "monitor", "password": "secret"}
        mail = MailSettings.model_validate({"from": "m@example.org", "smtp": given})
        channel = EmailChannel(EmailSettings(to=("desk@example.org",)), mail=mail, patience=patience)
        outcome = await channel.send(PARCEL)
        await channel.close()
    assert server.taken == []
    ending = decide(outcome, CLAIM, now=NOW, draw=0.0)
    breaker = after(Breaker(), outcome, NOW)
    if ending.state is RowState.DEAD:
        return "dead"
    assert ending.state is RowState.PENDING
    assert ending.words
    if breaker.until is not None:
        return "pause"
    if breaker.troubles:
        return "unsure" if ending.uncertain else "channel"
    assert ending.due is not None
    return "grey" if ending.due - NOW >= timedelta(seconds=300) else "later"


@pytest.mark.parametrize(("fault", "stage", "end"), CELLS, ids=lambda value: getattr(value, "value", value))
async def test_a_fault_at_a_stage_has_one_end(fault: str, stage: Stage, end: str) -> None:
    assert await end_of(fault, stage) == end


def test_the_grid_has_every_stage_a_mail_goes_through() -> None:
    assert {stage for _, stage, _ in CELLS} == set(Stage) - {Stage.NOOP, Stage.RSET}
