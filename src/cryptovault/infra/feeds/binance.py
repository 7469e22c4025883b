"""Binance's public market data through ccxt, from the host that needs no key. It trades against USDT."""

import json
from collections.abc import Sequence
from typing import Any

import ccxt
import ccxt.async_support

from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.feeds.budget import Budget
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.exchange import CLIENT, Exchange, believable, kline, rows_of
from cryptovault.infra.feeds.quote import FeedUnavailable, Kline, Quote, decimal_or_none, price_of

PUBLIC_URL = "https://data-api.binance.vision/api/v3"
QUOTE_ASSET = "USDT"
KLINES_MAX = 1_000
# 6,000 weight a minute for one address, of which these allow 5,500 at most. 50 tickers weigh 40.
_BURST, _PER_SECOND = 700, 80
_TICKERS_WEIGHT, _SYMBOLS_WEIGHT, _KLINES_WEIGHT = 40, 4, 2


class BinanceSource(Exchange):
    """Prices of every coin that Binance trades against USDT, in one request."""

    name = "Binance"

    def __init__(self, url: str = PUBLIC_URL, *, clock: Clock | None = None, timeout: float = 2.0) -> None:
        options = {"defaultType": "spot", "fetchMargins": False, "fetchCurrencies": False}
        settings = {"timeout": int(timeout * 1_000), "urls": {"api": {"public": url}}, "options": options}
        client = ccxt.async_support.binance(settings | CLIENT)
        super().__init__(client, Budget(_BURST, _PER_SECOND, clock or SystemClock()))
        self._traded: frozenset[str] = frozenset()

    def speaks(self, listing: Listing) -> bool:
        """Markets against USDT only: a dollar is not a Tether."""
        return listing.quote.symbol == QUOTE_ASSET

    async def poll(self, listings: Sequence[Listing]) -> list[Quote]:
        """Ask for the 24-hour tickers. A symbol that was delisted meanwhile is learned and left out next time."""
        if not self._traded:
            self._traded = await self._learn()
        names = {_symbol(listing): listing.market for listing in listings if self.speaks(listing)}
        symbols = json.dumps([name for name in names if name in self._traded], separators=(",", ":"))
        try:
            rows = await self._ask(self._client.publicGetTicker24hr, {"symbols": symbols}, cost=_TICKERS_WEIGHT)
        except FeedUnavailable as error:
            if isinstance(error.__cause__, ccxt.BadSymbol):
                self._traded = frozenset()
            raise
        return [_quote(row, names) for row in rows_of(rows) if row.get("symbol") in names]

    async def history(self, listing: Listing, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first; the last one may still be open."""
        if not self.speaks(listing):
            return []
        params = {"symbol": _symbol(listing), "interval": interval, "startTime": since_ms}
        params["limit"] = min(limit, KLINES_MAX)
        rows = await self._ask(self._client.publicGetKlines, params, cost=_KLINES_WEIGHT)
        if not isinstance(rows, list):
            raise FeedUnavailable("the klines are no list")
        return believable(kline(int(row[0]), row[1:5], row[5]) for row in rows)

    async def _learn(self) -> frozenset[str]:
        """Which symbols exist: one unknown name would make Binance refuse the whole list."""
        rows = await self._ask(self._client.publicGetTickerPrice, {}, cost=_SYMBOLS_WEIGHT)
        return frozenset(str(row.get("symbol")) for row in rows_of(rows))


def _symbol(listing: Listing) -> str:
    return f"{listing.base.symbol}{listing.quote.symbol}"


def _quote(row: dict[str, Any], names: dict[str, str]) -> Quote:
    return Quote(
        market=names[row["symbol"]],
        price=price_of(row.get("lastPrice")),
        at=int(row.get("closeTime") or 0),
        change_24h=decimal_or_none(row.get("priceChangePercent")),
        high_24h=decimal_or_none(row.get("highPrice")),
        low_24h=decimal_or_none(row.get("lowPrice")),
        volume_24h=decimal_or_none(row.get("volume")),
        quote_volume_24h=decimal_or_none(row.get("quoteVolume")),
    )
