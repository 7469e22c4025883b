"""Coins as people know them: put together from the catalogue, the assets of the ledger, tickers and candles."""

from typing import Any

import msgspec
from redis.exceptions import RedisError

from cryptovault.features.crypto import repository
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.kit.errors import NotFound
from cryptovault.kit.schemas import iso_ms
from cryptovault.kit.services import Services

SPARKLINES_KEY = "cv:sparklines"
SPARKLINES_TTL_SECONDS = 300
_QUOTES = ("USDT", "USD")
SPANS = {1: "5m", 7: "1h", 30: "4h"}
"""Days of history and the candles that draw them."""

_DAY_MS = 86_400_000


async def coins(services: Services) -> dict[str, str]:
    """Every coin that can be traded for dollars, by id: the market its price comes from. The largest first."""
    known = {name: terms for name, terms in (await services.catalogue.markets()).items() if not terms.mirrors}
    ids = {coin.symbol: coin.id for coin in load_catalog().coins}
    found: dict[str, str] = {}
    for symbol in [*ids, *sorted({terms.base for terms in known.values()} - set(ids))]:
        for quote in _QUOTES:
            if f"{symbol}-{quote}" in known:
                found[ids.get(symbol, symbol.lower())] = f"{symbol}-{quote}"
                break
    return found


async def market_of(services: Services, coin_id: str) -> str:
    """The market a coin's price comes from; NotFound where there is no such coin."""
    market = (await coins(services)).get(coin_id)
    if market is None:
        raise NotFound("There is no such coin.")
    return market


async def sparklines(services: Services) -> dict[str, list[str]]:
    """Every market's sparkline: ready made in Redis, else worked out from candles."""
    try:
        message = await services.redis.get(SPARKLINES_KEY)
    except (RedisError, OSError):
        message = None
    if message is not None:
        return msgspec.json.decode(message, type=dict[str, list[str]])
    return await repository.sparklines(services.db, services.clock.now_ms())


async def view(services: Services, coin_id: str, market: str, lines: dict[str, list[str]]) -> dict[str, Any]:
    """The answer for one coin."""
    base = market.partition("-")[0]
    asset = await services.catalogue.asset(base)
    ticker = services.board.ticker(market) or {}
    reference = ticker.get("reference", ticker)
    last = reference.get("last")
    return {
        "id": coin_id,
        "symbol": base,
        "name": asset.name if asset is not None else base,
        "price_usd": last,
        "change_24h": reference.get("change_24h"),
        "volume_24h": reference.get("quote_volume_24h"),
        "market_cap": ticker.get("market_cap"),
        "sparkline": [*lines.get(market, []), *([last] if last is not None else [])],
    }


async def history(services: Services, market: str, days: int) -> list[dict[str, str]]:
    """A coin's price over a span of days, up to now."""
    now = services.clock.now_ms()
    points = await repository.history(services.db, market, SPANS[days], now - days * _DAY_MS)
    ticker = services.board.ticker(market) or {}
    last = ticker.get("reference", ticker).get("last")
    # The newest candle is still open: its close is what the ticker says, or will be.
    items = [{"at": iso_ms(at), "price": price} for at, price in points if at <= now]
    return [*items, {"at": iso_ms(now), "price": last}] if last is not None else items
