"""Coinbase Advanced Trade's public market data through ccxt: against the dollar, and against Tether where it has that.

A product has no time of its own, so it is news when anything in the answer has changed.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import ccxt.async_support

from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.feeds.budget import Budget
from cryptovault.infra.feeds.candles import INTERVALS_MS, open_time
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.exchange import CLIENT, Exchange, believable, kline, rows_of
from cryptovault.infra.feeds.quote import Kline, Quote, decimal_or_none, price_of

PUBLIC_URL = "https://api.coinbase.com"
KLINES_MAX = 300
# 10 public requests a second for one address, of which these allow 9 at most.
_BURST, _PER_SECOND = 4, 5
_GRANULARITIES = {
    "1m": ("ONE_MINUTE", 1),
    "5m": ("FIVE_MINUTE", 1),
    "15m": ("FIFTEEN_MINUTE", 1),
    "1h": ("ONE_HOUR", 1),
    "4h": ("TWO_HOUR", 2),  # it has none of four hours
    "1d": ("ONE_DAY", 1),
}


class CoinbaseSource(Exchange):
    """Prices of every listed pair that Coinbase trades, in one request."""

    name = "Coinbase"

    def __init__(self, url: str = PUBLIC_URL, *, clock: Clock | None = None, timeout: float = 3.0) -> None:
        settings = {"timeout": int(timeout * 1_000), "urls": {"api": {"rest": url}}, "options": {"advanced": True}}
        client = ccxt.async_support.coinbase(settings | CLIENT)
        self._clock = clock or SystemClock()
        super().__init__(client, Budget(_BURST, _PER_SECOND, self._clock))
        self._products: frozenset[str] = frozenset()

    def speaks(self, listing: Listing) -> bool:
        """Every market, each from the product of its own quote currency, until its list of products says otherwise."""
        return not self._products or listing.market in self._products

    async def poll(self, listings: Sequence[Listing]) -> list[Quote]:
        """Ask for all products it has; its names are ours, such as `BTC-USD`."""
        if not self._products:
            self._products = await self._learn()
        wanted = [listing.market for listing in listings if listing.market in self._products]
        answer = await self._ask(self._client.v3PublicGetBrokerageMarketProducts, {"product_ids": wanted})
        return [_quote(row) for row in rows_of(answer, "products") if row.get("product_id") in wanted]

    async def history(self, listing: Listing, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first."""
        if not self._products:
            self._products = await self._learn()
        if listing.market not in self._products:
            return []
        span, found, now = INTERVALS_MS[interval], list[Kline](), self._clock.now_ms()
        start = -(-since_ms // span) * span
        while len(found) < limit and start <= now:
            count = min(limit - len(found), KLINES_MAX // _GRANULARITIES[interval][1])
            found += await self._window(listing.market, interval, start, count)
            start += count * span
        return found

    async def _window(self, product: str, interval: str, start_ms: int, count: int) -> list[Kline]:
        """The candles of a span of time, which may be none: its answers are bounded by time."""
        granularity, parts = _GRANULARITIES[interval]
        span = INTERVALS_MS[interval]
        params = {
            "product_id": product,
            "granularity": granularity,
            "start": str(start_ms // 1_000),
            "end": str((start_ms + count * span) // 1_000 - 1),
            "limit": str(count * parts),
        }
        answer = await self._ask(self._client.v3PublicGetBrokerageMarketProductsProductIdCandles, params)
        return _joined(believable(map(_candle, rows_of(answer, "candles"))), span)

    async def _learn(self) -> frozenset[str]:
        """Which products exist and trade: one unknown name could make it refuse the whole list."""
        answer = await self._ask(self._client.v3PublicGetBrokerageMarketProducts, {"product_type": "SPOT"})
        rows = rows_of(answer, "products")
        return frozenset(str(row.get("product_id")) for row in rows if not row.get("trading_disabled"))


def _quote(row: dict[str, Any]) -> Quote:
    return Quote(
        market=row["product_id"],
        price=price_of(row.get("price")),
        at=0,
        change_24h=decimal_or_none(row.get("price_percentage_change_24h")),
        volume_24h=decimal_or_none(row.get("volume_24h")),
        quote_volume_24h=decimal_or_none(row.get("approximate_quote_24h_volume")),
    )


def _candle(row: dict[str, Any]) -> Kline:
    prices = [row.get(name) for name in ("open", "high", "low", "close")]
    return kline(int(row["start"]) * 1_000, prices, row.get("volume"))


def _joined(klines: Iterable[Kline], span: int) -> list[Kline]:
    """Candles of a finer grid put together to candles of `span` milliseconds."""
    joined = []
    for opened, group in groupby(klines, key=lambda one: open_time(one.open_time, span)):
        parts = list(group)
        high, low = max(part.high for part in parts), min(part.low for part in parts)
        volume = sum((part.volume for part in parts), start=parts[0].volume * 0)
        joined.append(Kline(opened, parts[0].open, high, low, parts[-1].close, volume))
    return joined
