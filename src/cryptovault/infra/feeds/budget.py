"""What a provider allows: so many units in so many seconds, and nothing at all until the time it named in a refusal."""

import asyncio

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.quote import FeedLimited


class Budget:
    """A bucket of `burst` units that fills by so many `per_second`; who finds it empty waits in turn.

    A span of n seconds never sees more than burst + n x per_second. Prices and history of a provider share one, so that
    filling charts never costs the prices their place: at most one request of history stands before a poll.
    """

    def __init__(self, burst: float, per_second: float, clock: Clock) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left = burst
        self._counted_at = clock.monotonic()
        self._closed_until = float("-inf")
        self._turn = asyncio.Lock()

    async def take(self, cost: float = 1.0) -> None:
        """Spend; waits until there is enough. Raises FeedLimited while the provider has asked for patience."""
        async with self._turn:
            self._check()
            if (missing := cost - self._filled()) > 0:
                await self._clock.sleep(missing / self._per_second)
                self._check()
            self._left = self._filled() - cost
            self._counted_at = self._clock.monotonic()

    def close(self, seconds: float) -> None:
        """The provider asked for patience: nobody asks it anything until then."""
        self._closed_until = max(self._closed_until, self._clock.monotonic() + seconds)

    def _check(self) -> None:
        if (wait := self._closed_until - self._clock.monotonic()) > 0:
            raise FeedLimited("waiting as long as it asked for", wait)

    def _filled(self) -> float:
        since = self._clock.monotonic() - self._counted_at
        return min(self._burst, self._left + since * self._per_second)
