"""Any service that Apprise knows. The only module that knows apprise, an extra, imported when asked for."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

from monitor.channels import mime
from monitor.channels.base import Parcel
from monitor.channels.settings import AppriseSettings, read_secret
from monitor.errors import ConfigError, Place, Problem
from monitor.model import Delivered, Delivery, Failed, Notification

__all__ = ["AppriseChannel"]

THREADS = 4


class AppriseChannel:
    """Title and text to one Apprise address; Apprise says only whether it went well."""

    kind: ClassVar[str] = "apprise"

    def __init__(self, settings: AppriseSettings) -> None:
        place = Place(file=str(settings.url_file or "channels: apprise"))
        try:
            apprise = import_module("apprise")
        except ImportError as error:
            problem = "apprise is not installed; run pip install 'media-monitor[apprise]'"
            raise ConfigError([Problem(place=place, problem=problem)]) from error
        self._service: Any = apprise.Apprise()
        url = read_secret(settings.url, settings.url_file).strip()
        if not self._service.add(url):
            raise ConfigError([Problem(place=place, problem="url is none that Apprise knows")])
        self._name = url.partition("://")[0]
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="apprise")  # of no other channel

    def recipients(self) -> tuple[str, ...]:
        """The service's name; the rest of the address is a secret."""
        return (self._name,)

    def freeze(self, notification: Notification) -> Parcel:
        """Title and text."""
        subject = mime.clean(notification.subject)
        return Parcel(
            recipient=notification.recipient,
            message_id=mime.message_id(notification.key, self._name),
            subject=subject,
            body=json.dumps({"title": subject, "body": notification.text}).encode("utf-8", "replace"),
        )

    async def send(self, parcel: Parcel) -> Delivery:
        """Apprise blocks, so it works in a thread."""
        message = json.loads(parcel.body)
        notify = partial(self._service.notify, title=message["title"], body=message["body"])
        went_well = await asyncio.get_running_loop().run_in_executor(self._threads, notify)
        if went_well:
            return Delivered(reply=f"{self._name} took it")
        return Failed(reason=f"{self._name} did not take it; Apprise does not say why", channel=True)

    def given(self, parcel: Parcel) -> bool:  # noqa: ARG002  the protocol's signature
        """Apprise does not say how far it came."""
        return True

    async def close(self) -> None:
        """Let go of the threads; one that hangs is not waited for."""
        self._threads.shutdown(wait=False)
