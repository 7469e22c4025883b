"""Delivers one channel's messages: oldest first, a few at a time, again and again until they are settled.

What remains possible: the process dies, or the answer gets lost, after the provider has taken a message and before we
have noted it. The message is then sent again when its lease has ended: at least once, never not at all.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from pymongo.errors import PyMongoError

from cryptovault.infra.clock import Clock
from cryptovault.infra.logging import get_logger
from cryptovault.infra.mongo import Document
from cryptovault.infra.outbox.errors import DeliveryError, ProviderAway, Undeliverable
from cryptovault.infra.outbox.store import Claim, Outbox

LANES = 4
POLL_SECONDS = 0.5
SEND_SECONDS = 25.0
"""Well below the lease: a worker that still lives never sends what may already be another's."""
STOP_SECONDS = 4.0
_DATABASE_PAUSE = 1.0
_BACKOFF_FIRST, _BACKOFF_MAX = 2.0, 900.0
_COOL_FIRST, _COOL_MAX = 1.0, 60.0

log = get_logger("outbox")


class Channel(Protocol):
    """A way out. `spacing` is how many seconds one recipient is left alone after a message."""

    name: str
    spacing: float

    async def deliver(self, message: Claim, body: Document) -> str:
        """Send one message and return the provider's name for it; DeliveryError says what became of it otherwise."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


def backoff(attempts: int, *, first: float, most: float, chance: Callable[[], float] = random.random) -> float:
    """Seconds until the next try: doubling, at most `most`, the upper half of it by chance."""
    full = min(most, first * 2.0 ** min(attempts - 1, 30))
    return full / 2 + full / 2 * chance()


def _opened(claim: Claim) -> Document:
    if claim.body is None:
        raise Undeliverable("sealed with another ENCRYPTION_KEY")
    return claim.body


class Runner:
    """The deliverer of one channel. `counted` is told each outcome: sent, retried, dead, lost."""

    def __init__(
        self, outbox: Outbox, channel: Channel, clock: Clock, counted: Callable[[str, str], None] | None = None
    ) -> None:
        self._outbox, self._channel, self._clock = outbox, channel, clock
        self._counted = counted or (lambda _channel, _outcome: None)
        self._busy: dict[str, float] = {}
        self._claiming = asyncio.Lock()
        self._failures = 0
        self._cool_until = 0.0

    async def run(self) -> None:
        """Deliver until cancelled; a delivery under way may finish first."""
        async with asyncio.TaskGroup() as group:
            for _ in range(LANES):
                group.create_task(self._lane())

    async def step(self) -> bool:
        """Deliver the oldest message that is due; False where there is none, or the provider is left in peace."""
        now = self._clock.monotonic()
        if now < self._cool_until:
            return False
        async with self._claiming:  # one at a time, or two lanes could write to one recipient at once
            self._busy = {to: until for to, until in self._busy.items() if until > now}
            claim = await self._outbox.claim(self._channel.name, self._busy)
            if claim is None:
                return False
            self._busy[claim.to] = float("inf")
        try:
            await self._handle(claim)
        finally:
            self._busy[claim.to] = self._clock.monotonic() + self._channel.spacing
        return True

    async def _lane(self) -> None:
        while True:
            step = asyncio.create_task(self.step())
            try:
                worked = await asyncio.shield(step)
            except asyncio.CancelledError:
                # Cutting a delivery in two would send it twice: once now, and once by whoever finds it unsettled.
                await asyncio.wait({step}, timeout=STOP_SECONDS)
                step.cancel()
                raise
            except PyMongoError as error:
                log.warning("the outbox cannot be read", error=type(error).__name__)
                await self._clock.sleep(_DATABASE_PAUSE)
                continue
            if not worked:
                await self._clock.sleep(POLL_SECONDS)

    async def _handle(self, claim: Claim) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                provider_id = await self._channel.deliver(claim, _opened(claim))
        except Undeliverable as error:
            await self._bury(claim, error)
        except ProviderAway as error:
            self._cool(error)
            await self._postpone(claim, str(error), error.retry_after)
        except TimeoutError:
            self._cool(ProviderAway("timeout"))
            await self._postpone(claim, "no answer in time")
        except DeliveryError as error:
            await self._postpone(claim, str(error))
        except PyMongoError:
            raise
        except Exception as error:
            log.exception("delivery", channel=self._channel.name, message=claim.id, kind=claim.kind)
            await self._postpone(claim, type(error).__name__)
        else:
            self._failures = 0
            kept = await self._outbox.sent(claim, provider_id)
            self._note(claim, "sent" if kept else "lost")

    async def _bury(self, claim: Claim, error: Undeliverable) -> None:
        await self._outbox.bury(claim, str(error), error.fault)
        self._note(claim, "dead", str(error))

    async def _postpone(self, claim: Claim, reason: str, retry_after: float = 0.0) -> None:
        wait = max(retry_after, backoff(claim.attempts, first=_BACKOFF_FIRST, most=_BACKOFF_MAX))
        later = await self._outbox.postpone(claim, timedelta(seconds=wait), reason)
        self._note(claim, "retried" if later else "dead", reason)

    def _cool(self, error: ProviderAway) -> None:
        """Leave a provider that fails in peace for a while; each failure in a row doubles it."""
        self._failures += 1
        pause = max(error.retry_after, backoff(self._failures, first=_COOL_FIRST, most=_COOL_MAX))
        self._cool_until = self._clock.monotonic() + pause

    def _note(self, claim: Claim, outcome: str, reason: str = "") -> None:
        """One line for each outcome. The recipient and the content stay out of the log; the id finds them."""
        self._counted(self._channel.name, outcome)
        write = log.info if outcome == "sent" else log.error if outcome == "dead" and claim.security else log.warning
        facts = {"channel": self._channel.name, "message": claim.id, "kind": claim.kind, "attempts": claim.attempts}
        write(f"outbox {outcome}", **facts, **({"reason": reason} if reason else {}))
