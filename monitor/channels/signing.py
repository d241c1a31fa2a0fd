"""DKIM signatures (RFC 6376). The only module that knows dkimpy, an extra, imported when it is asked for."""

from importlib import import_module
from typing import Any

from monitor.channels.settings import DkimSettings
from monitor.errors import ConfigError, Place, Problem

__all__ = ["Signer"]

_SIGNED = (
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"In-Reply-To",
    b"References",
    b"List-Id",
    b"List-Unsubscribe",
    b"Auto-Submitted",
    b"MIME-Version",
    b"Content-Type",
)


class Signer:
    """Signs with a key that is known to work."""

    def __init__(self, settings: DkimSettings, home: str) -> None:
        self._selector = settings.selector.encode()
        self._domain = (settings.domain or home).encode()
        place = Place(file=str(settings.key_file))
        try:
            self._dkim: Any = import_module("dkim")
            self._key = settings.key_file.read_bytes()
            self.signed(b"From: a@example.org\r\nSubject: trial\r\n\r\ntrial\r\n")
        except ImportError as error:
            remedy = "install it: pip install 'media-monitor[dkim]'"
            raise ConfigError(
                [Problem(place=place, problem="dkimpy is not installed", remedy=remedy)]
            ) from error
        except OSError as error:
            problem = f"the DKIM key cannot be read: {error.strerror}"
            raise ConfigError([Problem(place=place, problem=problem)]) from error
        except (ValueError, self._dkim.DKIMException) as error:
            raise ConfigError([Problem(place=place, problem=f"no key to sign with: {error}")]) from error

    def signed(self, message: bytes) -> bytes:
        """The message with its signature before it."""
        present = {line.partition(b":")[0].lower() for line in message.partition(b"\r\n\r\n")[0].splitlines()}
        headers = [name for name in _SIGNED if name.lower() in present]
        signature: bytes = self._dkim.sign(
            message,
            self._selector,
            self._domain,
            self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=headers,
        )
        return signature + message
