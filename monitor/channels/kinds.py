"""Every kind of channel, as alerting.yaml may say it."""

from typing import Annotated, get_args

from pydantic import BaseModel, Field

from monitor.channels.settings import (
    AppriseSettings,
    ConsoleSettings,
    EmailSettings,
    MaildirSettings,
    WebhookSettings,
)

__all__ = ["KINDS", "AnyChannel"]

_Kind = EmailSettings | MaildirSettings | WebhookSettings | AppriseSettings | ConsoleSettings
AnyChannel = Annotated[_Kind, Field(discriminator="type")]
"""The settings of a channel of any kind."""

KINDS: dict[str, type[BaseModel]] = {kind.model_fields["type"].default: kind for kind in get_args(_Kind)}
"""Every kind by the word that alerting.yaml says in `type`."""
