"""From an entry in the feed's bytes to the mail server's 250, at 10 articles a second with extraction on.

python tests/benchmarks/latency.py [SECONDS]

A whole daemon as a process of its own; `wait: 0s`. Its clock runs sixty times as fast, so that every feed is
polled each second; what is measured is real time. At 1, 10 and 100 alerts a second: one article in ten
matches, all do, all do for ten readers.
"""

import asyncio
import email
import re
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from hostile import Hostile
from newsdesk import Newsdesk
from newsstand import Newsstand, title
from nursery import Nursery

FEEDS = tuple(f"feed{number}" for number in range(10))


async def measure(seconds: int, *, rare: int, readers: int) -> list[float]:
    """Latencies of all mails, in seconds, sorted."""
    with tempfile.TemporaryDirectory() as folder, Nursery() as nursery:
        async with Newsstand(rare=rare) as stand, Hostile() as mail:
            readers_ = tuple(f"reader{number}@example.org" for number in range(readers))
            desk = Newsdesk(Path(folder), stand, mail, nursery, feeds=FEEDS, whole=FEEDS, readers=readers_)
            stand.publish(*FEEDS[:1])
            daemon = await desk.start()
            while 1 not in stand.listed_at:  # noqa: ASYNC110  another process
                await asyncio.sleep(0.1)
            await asyncio.sleep(3)  # the reading processes warm up
            first = stand.published + 1
            for _ in range(seconds):
                for feed in FEEDS:
                    stand.publish(feed)
                    await asyncio.sleep(1 / len(FEEDS))
            await asyncio.sleep(5)
            daemon.send_signal(signal.SIGTERM)
            await daemon.wait()
    numbers = {title(number): number for number in range(first, stand.published + 1)}
    found = re.compile("|".join(numbers))
    late = []
    for taken in mail.taken:
        text = email.message_from_bytes(taken.body).get_payload()[0].get_payload(decode=True).decode()
        if told := found.search(" ".join(text.split())):
            late.append(taken.at - stand.listed_at[numbers[told[0]]])
    expected = len([number for number in numbers.values() if number % rare == 0]) * readers
    assert len(late) == expected, f"{len(late)} mails of {expected} came in time"
    return sorted(late)


async def main(seconds: int) -> None:
    for rate, rare, readers in ((1, 10, 1), (10, 1, 1), (100, 1, 10)):
        late = await measure(seconds, rare=rare, readers=readers)
        shown = ", ".join(
            f"p{p} {late[min(len(late) - 1, len(late) * p // 100)] * 1000:.0f}" for p in (50, 90, 99)
        )
        print(f"{rate:3} alerts/s: {shown}, max {late[-1] * 1000:.0f} ms ({len(late)} mails)")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
