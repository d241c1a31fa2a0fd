"""Where the daemon answers operators."""

from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.settings import Settings

__all__ = ["HttpSettings"]


def _bind(written: str) -> str:
    host, mark, port = written.rpartition(":")
    if not mark or not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{written!r} is no address to listen at; write host:port, like 127.0.0.1:8080")
    return written


class HttpSettings(Settings):
    """`http:` of monitor.yaml."""

    bind: Annotated[
        str,
        AfterValidator(_bind),
        Field(description="host:port of /healthz, /readyz and /metrics; port 0: any"),
    ] = "127.0.0.1:8080"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port apart."""
        host, _, port = self.bind.rpartition(":")
        return host.strip("[]"), int(port)
