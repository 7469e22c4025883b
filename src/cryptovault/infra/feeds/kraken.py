"""Kraken's public market data through ccxt: its pairs against the dollar, and against Tether where it has one.

A ticker has no time of its own, so it is news when anything in the answer has changed. Kraken says most of what it
refuses with HTTP 200 and a list of errors, which ccxt raises as its own.
"""

from collections.abc import Sequence
from typing import Any

import ccxt.async_support

from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.feeds.budget import Budget
from cryptovault.infra.feeds.candles import INTERVALS_MS, MINUTE_MS
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.exchange import CLIENT, Exchange, believable, between, kline
from cryptovault.infra.feeds.quote import FeedUnavailable, Kline, Quote, decimal_or_none, price_of

PUBLIC_URL = "https://api.kraken.com"
KLINES_MAX = 720
# About one public request a second for one address; a ticker every two seconds leaves the other half for candles.
_BURST, _PER_SECOND = 1.2, 1
_CANDLES_COST = 1.2
_OLD_NAMES = {"BTC": "XBT", "DOGE": "XDG"}


class KrakenSource(Exchange):
    """Prices of every listed pair that Kraken trades, in one request."""

    name = "Kraken"

    def __init__(self, url: str = PUBLIC_URL, *, clock: Clock | None = None, timeout: float = 3.0) -> None:
        settings = {"timeout": int(timeout * 1_000), "urls": {"api": {"public": url}}}
        client = ccxt.async_support.kraken(settings | CLIENT)
        super().__init__(client, Budget(_BURST, _PER_SECOND, clock or SystemClock()))
        self._pairs: dict[str, str] = {}  # "XBT/USD" -> "XXBTZUSD"

    def speaks(self, listing: Listing) -> bool:
        """Every market, each from the pair of its own quote currency, until its list of pairs says otherwise."""
        return not self._pairs or _pair_name(listing) in self._pairs

    async def poll(self, listings: Sequence[Listing]) -> list[Quote]:
        """Ask for the tickers of all pairs it has."""
        if not self._pairs:
            self._pairs = await self._learn()
        wanted = {pair: one.market for one in listings if (pair := self._pairs.get(_pair_name(one))) is not None}
        rows = _result(await self._ask(self._client.publicGetTicker, {"pair": ",".join(wanted)}))
        return [_quote(row, wanted[pair]) for pair, row in rows.items() if pair in wanted and isinstance(row, dict)]

    async def history(self, listing: Listing, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first; it has the newest 720 only."""
        if not self._pairs:
            self._pairs = await self._learn()
        pair = self._pairs.get(_pair_name(listing))
        if pair is None:
            return []
        minutes = INTERVALS_MS[interval] // MINUTE_MS
        params = {"pair": pair, "interval": minutes, "since": since_ms // 1_000 - 1}  # what it gives is later than that
        rows = _result(await self._ask(self._client.publicGetOHLC, params, cost=_CANDLES_COST)).get(pair)
        if not isinstance(rows, list):
            raise FeedUnavailable("the candles are no list")
        return believable(kline(int(row[0]) * 1_000, row[1:5], row[6]) for row in rows)[:limit]

    async def _learn(self) -> dict[str, str]:
        """Its pairs by their readable names; those that are not trading are left out."""
        rows = _result(await self._ask(self._client.publicGetAssetPairs, {}))
        known = {
            str(row.get("wsname")): pair
            for pair, row in rows.items()
            if isinstance(row, dict) and row.get("status", "online") == "online"
        }
        if not known:
            raise FeedUnavailable("no pair of any kind")
        return known


def _pair_name(listing: Listing) -> str:
    base = listing.base.symbol
    return f"{_OLD_NAMES.get(base, base)}/{listing.quote.symbol}"


def _result(answer: Any) -> dict[str, Any]:
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise FeedUnavailable("no result")
    return result


def _quote(row: dict[str, Any], market: str) -> Quote:
    """The second figure of a pair is that of the last 24 hours; what it calls opening price is that of midnight."""
    volume, average = decimal_or_none(row["v"][1]), decimal_or_none(row["p"][1])
    return Quote(
        market=market,
        price=between(price_of(row["b"][0]), price_of(row["c"][0]), price_of(row["a"][0])),
        at=0,
        high_24h=decimal_or_none(row["h"][1]),
        low_24h=decimal_or_none(row["l"][1]),
        volume_24h=volume,
        quote_volume_24h=None if volume is None or average is None else volume * average,
    )
