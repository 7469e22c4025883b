"""The open candles of the reference price as live messages, for spans in which the market had no trades of its own."""

from collections.abc import Sequence
from typing import Any

from cryptovault.features.markets.history import candle_fields
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.infra.feeds.candles import Candles, Key
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.quote import Kline

SOURCE = "reference"


class ReferenceCandles:
    """Remembers what was told, and where somebody has traded since: `candle` of our own trades is told elsewhere."""

    def __init__(self, listings: Sequence[Listing], own: DayStatistics) -> None:
        self._listings = {listing.market: listing for listing in listings}
        self._own = own
        self._traded: dict[str, int] = {}
        self._told: dict[tuple[str, str], Kline] = {}

    def traded(self, market: str, at_ms: int) -> None:
        """A trade was heard of, earlier than its candle can be read."""
        self._traded[market] = at_ms

    def news(self, candles: Candles) -> dict[str, Any]:
        """Candles that have changed, by `market:interval`."""
        changed = {}
        for key, kline in candles.open_ones():
            if self._told.get(key[:2]) != kline and key.market in self._listings and not self._has_trades(key):
                self._told[key[:2]] = kline
                fields = candle_fields(self._listings[key.market], key.interval, kline)
                changed[f"{key.market}:{key.interval}"] = fields | {
                    "quote_volume": None,
                    "trades": None,
                    "source": SOURCE,
                }
        return changed

    def _has_trades(self, key: Key) -> bool:
        heard = self._traded.get(key.market, -1) >= key.open_time
        return heard or self._own.traded_since(key.market, key.open_time)
