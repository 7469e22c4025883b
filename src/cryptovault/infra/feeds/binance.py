"""Binance's public market data through ccxt, from the host that needs no key.

Only ccxt's request methods are used, never its parsed tickers: those are floats, while Binance's own answers carry
every price as text.
"""

import json
from collections.abc import Awaitable, Sequence
from decimal import Decimal
from typing import Any

import ccxt
import ccxt.async_support

from cryptovault.infra.feeds.catalog import Coin
from cryptovault.infra.feeds.http import retry_after
from cryptovault.infra.feeds.quote import (
    FeedLimited,
    FeedRefused,
    FeedUnavailable,
    Kline,
    Quote,
    decimal_or_none,
    price_of,
)
from cryptovault.infra.feeds.rules import plausible

PUBLIC_URL = "https://data-api.binance.vision/api/v3"
QUOTE_ASSET = "USDT"
INTERVALS = ("1m", "5m", "15m", "1h", "4h", "1d")
KLINES_MAX = 1_000


class BinanceSource:
    """Prices of every coin that Binance trades against USDT, in one request."""

    name = "Binance"

    def __init__(self, url: str = PUBLIC_URL, *, timeout: float = 2.0) -> None:
        self._client: Any = ccxt.async_support.binance(
            {
                "timeout": int(timeout * 1_000),
                "enableRateLimit": False,  # the runner paces the polls; ccxt's throttle would only add delay
                "urls": {"api": {"public": url}},
                "options": {"defaultType": "spot", "fetchMargins": False, "fetchCurrencies": False},
            }
        )
        self._traded: frozenset[str] = frozenset()

    async def poll(self, coins: Sequence[Coin]) -> list[Quote]:
        """Ask for the 24-hour tickers. A symbol that was delisted meanwhile is learned and left out next time."""
        if not self._traded:
            self._traded = await self._learn()
        names = {f"{coin.symbol}{QUOTE_ASSET}": coin.symbol for coin in coins}
        wanted = [name for name in names if name in self._traded]
        try:
            symbols = json.dumps(wanted, separators=(",", ":"))
            rows = await self._ask(self._client.publicGetTicker24hr({"symbols": symbols}))
        except FeedUnavailable as error:
            if isinstance(error.__cause__, ccxt.BadSymbol):
                self._traded = frozenset()
            raise
        return [_quote(row, names) for row in _rows(rows) if row.get("symbol") in names]

    async def klines(self, coin: Coin, interval: str, limit: int) -> list[Kline]:
        """The newest candles, the oldest first; the last one is still open."""
        params = {"symbol": f"{coin.symbol}{QUOTE_ASSET}", "interval": interval, "limit": limit}
        rows = await self._ask(self._client.publicGetKlines(params))
        if not isinstance(rows, list):
            raise FeedUnavailable("the klines are no list")
        try:
            klines = [_kline(row) for row in rows]
        except (LookupError, TypeError, ValueError) as error:
            raise FeedUnavailable("the klines make no sense") from error
        if not all(plausible(price) for kline in klines for price in kline[1:5]):
            raise FeedUnavailable("the klines hold impossible prices")
        return klines

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _learn(self) -> frozenset[str]:
        """Which symbols exist: one unknown name would make Binance refuse the whole list."""
        rows = await self._ask(self._client.publicGetTickerPrice())
        return frozenset(str(row.get("symbol")) for row in _rows(rows))

    async def _ask(self, request: Awaitable[Any]) -> Any:
        """Await a request of ccxt and translate its errors."""
        try:
            return await request
        except (ccxt.DDoSProtection, ccxt.RateLimitExceeded) as error:
            raise FeedLimited(str(error)[:200], retry_after(self._client.last_response_headers or {})) from error
        except (ccxt.AuthenticationError, ccxt.PermissionDenied) as error:
            raise FeedRefused(str(error)[:200]) from error
        except (ccxt.BaseError, ValueError) as error:
            raise FeedUnavailable(f"{type(error).__name__}: {str(error)[:200]}") from error


def _rows(answer: Any) -> list[dict[str, Any]]:
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        message = "the ticker list is no list"
        raise FeedUnavailable(message)
    return answer


def _quote(row: dict[str, Any], names: dict[str, str]) -> Quote:
    return Quote(
        symbol=names[row["symbol"]],
        price=price_of(row.get("lastPrice")),
        at=int(row.get("closeTime") or 0),
        change_24h=decimal_or_none(row.get("priceChangePercent")),
        high_24h=decimal_or_none(row.get("highPrice")),
        low_24h=decimal_or_none(row.get("lowPrice")),
        volume_24h=decimal_or_none(row.get("volume")),
        quote_volume_24h=decimal_or_none(row.get("quoteVolume")),
    )


def _kline(row: list[Any]) -> Kline:
    opened, high, low, close = (price_of(text) for text in row[1:5])
    return Kline(int(row[0]), opened, high, low, close, decimal_or_none(row[5]) or Decimal(0))
