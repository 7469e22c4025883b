"""The reference history: candles of the outside world, from whichever exchange has the market.

`history` is all that others need. Each exchange paces its requests by its own budget, so a caller may ask for as much
as it likes, one request after the other.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.candles import INTERVALS_MS, open_time
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.quote import CandleSource, FeedError, Kline
from cryptovault.infra.feeds.simulated import SimulatedFeed


class ReferenceHistory(Protocol):
    """Somebody who knows the candles of the reference price."""

    async def history(self, market: str, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first; the last one may still be open. `limit` <= 1,000.

        Empty where nobody has that market. Raises FeedError where nobody who may have it answers.
        """
        ...


class ExchangeHistory:
    """The past as the exchanges tell it: the first one that has the market, the others while it does not answer."""

    def __init__(self, sources: Sequence[CandleSource], listings: Iterable[Listing]) -> None:
        self._sources = sources
        self._listings = {listing.market: listing for listing in listings}

    async def history(self, market: str, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first. See ReferenceHistory."""
        listing = self._listings[market]
        fault: FeedError | None = None
        for source in self._sources:
            if not source.speaks(listing):
                continue
            try:
                if klines := await source.history(listing, interval, since_ms, limit):
                    return klines
            except FeedError as error:
                fault = error
        if fault is not None:
            raise fault
        return []


class SimulatedHistory:
    """The past of the simulated feed, asked for like that of a real one."""

    def __init__(self, feed: SimulatedFeed, listings: Iterable[Listing], clock: Clock) -> None:
        self._feed = feed
        self._listings = {listing.market: listing for listing in listings}
        self._clock = clock

    async def history(self, market: str, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first; the last one ends in the present."""
        coin, span = self._listings[market].base, INTERVALS_MS[interval]
        first, now = -(-since_ms // span) * span, self._clock.now_ms()
        start = open_time(now, span)
        count = min(limit, max(0, (start - first) // span + 1))
        open_too = first + count * span > start
        klines = self._feed.candles(coin, span, first, count - 1 if open_too and count else count)
        return [*klines, *self._feed.candles(coin, max(1, now - start), start, 1)] if open_too and count else klines
