"""The reading process: requests in on its standard input (a socket), articles out; killed at will.

It starts clean (no inherited state, no watchlists, no passwords) and ends when its parent does.
"""

import gc
import logging
import resource
import signal
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime

from monitor.extraction.page import read_page
from monitor.extraction.wire import PIECE, Inbox, Request, framed, write_article
from monitor.model import Origin

__all__ = ["main", "prepare"]


def _serve(connection: socket.socket, patience: int) -> None:
    """Answer requests until the other side hangs up; the first answer is empty: ready."""
    prepare()  # once more, within our own limits
    gc.collect()
    gc.freeze()  # what was imported stays: the collector need not look at it again, page after page
    connection.sendall(framed(b""))
    inbox = Inbox()
    while piece := connection.recv(PIECE):
        for message in inbox.put(piece):
            signal.alarm(patience)
            answer = _answer(Request.unpacked(message))
            signal.alarm(0)
            connection.sendall(framed(answer))


def _answer(request: Request) -> bytes:
    article, claim = read_page(
        request.body,
        request.content_type,
        request.entry,
        request.origin,
        url=request.url,
        seen=request.seen,
    )
    return write_article(article, claim)


def prepare() -> None:
    """Read a page of our own: what is loaded and compiled when first needed is then there."""
    sentence = "The ferry left the pier two hours after its time, and nobody told the passengers why."
    page = f"<html><body><h1>The ferry is late</h1>{f'<p>{sentence}</p>' * 9}<p>By nobody</p></body></html>"
    origin = Origin(source="rehearsal", outlet="Rehearsal")
    read_page(page.encode(), "text/html", None, origin, url="", seen=datetime.min.replace(tzinfo=UTC))


def main(memory: int, patience: int) -> None:
    """Take limits, then serve: no more than `memory` bytes, nor `patience` seconds for a page.

    The pool kills us sooner. Where it is gone, a page that it would have killed us for ends us all the same.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    with socket.socket(fileno=sys.stdin.fileno()) as connection, suppress(ConnectionError):
        _serve(connection, patience)  # our parent may hang up in the middle of a word
