"""What can go wrong in a delivery, told apart by what it means for the message.

DeliveryError
├── ProviderAway   nobody's messages get through now: the whole channel pauses, the message is tried again
├── TryAgain       this message did not get through this time
└── Undeliverable  this message will never get through
"""

from typing import Literal

Fault = Literal["recipient", "message", "provider"]
"""Whose doing it is: the address does not exist, the message cannot be sent, or the provider was away for too long."""


class DeliveryError(Exception):
    """A message was not delivered; the text says why, without secrets and without the message."""


class ProviderAway(DeliveryError):
    """The provider is down, slow, overloaded or refuses us; `retry_after` seconds are its own wish."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class TryAgain(DeliveryError):
    """A passing refusal of this one message, a greylisted recipient for example."""


class Undeliverable(DeliveryError):
    """A final refusal."""

    def __init__(self, reason: str, fault: Fault = "message") -> None:
        super().__init__(reason)
        self.fault: Fault = fault
