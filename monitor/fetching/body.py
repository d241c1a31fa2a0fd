"""Bodies, unpacked piece by piece and never beyond a limit."""

import zlib

__all__ = ["BodyError", "Unpacker", "unwrapped"]

_GZIP = b"\x1f\x8b\x08"
_PIECE = 64 * 1024


class BodyError(ValueError):
    """A body that is too large, or packed in a way we cannot read; the message says so."""


class Unpacker:
    """Collects a body of at most `limit` bytes, undoing the `encoding` the server names.

    A body that only claims to be packed is taken as it is: some servers lie about it.
    """

    def __init__(self, encoding: str, *, limit: int) -> None:
        self._limit = limit
        self._packing = encoding.rpartition(",")[2].strip().lower()
        if self._packing not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BodyError(f"the server packs its answer as {self._packing!r}, which was not asked for")
        self._body = bytearray()
        self._inflate: zlib._Decompress | None = None
        self._started = False

    def feed(self, piece: bytes) -> None:
        """Take the next bytes as they came."""
        if not self._started:
            self._started = True
            self._inflate = _decompressor(self._packing, piece)
        if self._inflate is None:
            self._append(piece)
            return
        while piece:
            self._append(_inflated(self._inflate, piece))
            if self._inflate.eof:
                piece = self._inflate.unused_data
                if not piece.startswith(_GZIP):  # trailing garbage is common, and harmless
                    return
                self._inflate = zlib.decompressobj(31)
            else:
                piece = self._inflate.unconsumed_tail

    def _append(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) > self._limit:
            raise BodyError(f"the body is larger than {self._limit // 2**20} MiB")

    def finish(self) -> bytes:
        """The whole body."""
        if self._inflate is not None and not self._inflate.eof:
            self._append(self._inflate.flush())
            if not self._inflate.eof:
                raise BodyError("the body was cut short")
        return bytes(self._body)


def _decompressor(packing: str, start: bytes) -> "zlib._Decompress | None":
    if packing in {"gzip", "x-gzip"}:
        return zlib.decompressobj(31) if start.startswith(_GZIP[: len(start)]) else None
    if packing == "deflate":
        # the name means zlib's format (RFC 9110, 8.4.1.2), but some send the bare stream
        return zlib.decompressobj(15 if start[0] & 15 == 8 and start[0] >> 4 <= 7 else -15)
    return None


def _inflated(inflate: "zlib._Decompress", piece: bytes) -> bytes:
    try:
        return inflate.decompress(piece, _PIECE)
    except zlib.error as error:
        raise BodyError(f"the packed body is broken ({error})") from error


def unwrapped(body: bytes, *, limit: int) -> bytes:
    """The body without a gzip layer of its own: a .xml.gz file, or one packed twice over.

    >>> import gzip
    >>> unwrapped(gzip.compress(b"<urlset/>"), limit=100)
    b'<urlset/>'
    """
    if not body.startswith(_GZIP):
        return body
    unpacker = Unpacker("gzip", limit=limit)
    unpacker.feed(body)
    return unpacker.finish()
