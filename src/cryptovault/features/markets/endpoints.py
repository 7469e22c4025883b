"""The public side of trading: what there is to trade, and what it costs."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query
from redis.exceptions import RedisError

from cryptovault.features.markets import repository
from cryptovault.features.markets.publisher import BOOK_KEY, BOOK_LEVELS, book_checksum
from cryptovault.features.markets.schemas import (
    Book,
    Candles,
    Interval,
    Market,
    Markets,
    PublicTrade,
    Ticker,
    market_view,
    trade_view,
)
from cryptovault.infra.mongo import Document
from cryptovault.kit.access import DbDep, RedisDep, ServicesDep
from cryptovault.kit.errors import NotFound, RateLimited, Unavailable, declare
from cryptovault.kit.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from cryptovault.kit.schemas import MarketText, iso_ms

router = APIRouter(prefix="/markets", tags=["markets"])

_LISTING = declare(RateLimited)
_ONE = declare(NotFound, RateLimited)
CANDLES_MAX = 1_000

Pair = Annotated[MarketText, Path(description="A market, for example BTC-USDT.")]


@router.get("", response_model=Markets, responses=_LISTING)
async def list_markets(
    db: DbDep,
    services: ServicesDep,
    *,
    paper: Annotated[bool, Query(description="The markets of paper trading, instead of the real ones.")] = False,
) -> dict[str, Any]:
    """All markets with their rules and the last 24 hours."""
    rows = await repository.markets(db, paper=paper)
    await services.board.refresh()
    items = [await _view(services, row) for row in rows]
    return {"items": sorted(items, key=_largest_first)}


@router.get("/{pair}", response_model=Market, responses=_ONE)
async def get_market(pair: Pair, db: DbDep, services: ServicesDep) -> dict[str, Any]:
    """One market with its rules and the last 24 hours."""
    row = await repository.market(db, pair)
    if row is None:
        raise NotFound("There is no such market.")
    await services.board.refresh()
    return await _view(services, row)


@router.get("/{pair}/ticker", response_model=Ticker, responses=_ONE)
async def get_ticker(pair: Pair, services: ServicesDep) -> Document:
    """The last 24 hours of a market."""
    pair = await _shown(services, pair)
    await services.board.refresh()
    return services.board.ticker(pair) or _silent(pair, services.clock.now_ms())


@router.get("/{pair}/orderbook", response_model=Book, responses=declare(NotFound, RateLimited, Unavailable))
async def get_order_book(
    pair: Pair,
    redis: RedisDep,
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1, le=BOOK_LEVELS, description="Levels on each side.")] = BOOK_LEVELS,
) -> Document:
    """The best levels of both sides. Live updates of the same shape come in the room `book:{pair}`."""
    pair = await _shown(services, pair)
    try:
        message = await redis.get(f"{BOOK_KEY}{pair}")
    except (RedisError, OSError) as error:
        raise Unavailable("The order book cannot be read right now.") from error
    if message is None:
        now = iso_ms(services.clock.now_ms())
        return {"market": pair, "seq": 0, "bids": [], "asks": [], "checksum": book_checksum([], []), "at": now}
    try:
        book: Document = msgspec.json.decode(message)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unavailable("The order book cannot be read right now.") from error
    if limit < BOOK_LEVELS:
        bids, asks = book["bids"][:limit], book["asks"][:limit]
        book |= {"bids": bids, "asks": asks, "checksum": book_checksum(bids, asks)}
    return book


@router.get("/{pair}/trades", response_model=Page[PublicTrade], responses=_ONE)
async def list_trades(
    pair: Pair, db: DbDep, services: ServicesDep, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """The market's trades, newest first."""
    pair = await _shown(services, pair)
    position = decode_cursor(cursor, int)
    rows = await repository.trades(db, pair, limit + 1, position[0] if position else None)
    more = len(rows) > limit
    return {
        "items": [trade_view(row) for row in rows[:limit]],
        "next_cursor": encode_cursor(rows[limit - 1]["trade_id"]) if more else None,
    }


@router.get("/{pair}/candles", response_model=Candles, responses=_ONE)
async def list_candles(
    pair: Pair,
    services: ServicesDep,
    *,
    interval: Annotated[Interval, Query(description="The span of one candle.")] = "1m",
    limit: Annotated[int, Query(ge=1, le=CANDLES_MAX, description="How many candles at most.")] = 500,
    before: Annotated[
        int | None, Query(ge=0, lt=2**53, description="Only candles opened before this time (ms).")
    ] = None,
    source: Annotated[
        Literal["trades", "reference"] | None,
        Query(description="Only candles of our own trades, or only those of the reference price."),
    ] = None,
) -> dict[str, Any]:
    """Candles, the oldest first, each with its source.

    A span in which the market had trades of its own is told from these; any other one from the reference price.
    """
    pair = await _shown(services, pair)
    sources = ("trades", "reference") if source is None else (source,)
    return {"items": await repository.candles(services.db, pair, interval, limit, before=before, sources=sources)}


async def _shown(services: ServicesDep, pair: str) -> str:
    """The market whose prices and depth are shown: of a paper market those of the real one."""
    terms = await services.catalogue.market(pair)
    if terms is None:
        raise NotFound("There is no such market.")
    return terms.mirrors or pair


async def _view(services: ServicesDep, row: Document) -> dict[str, Any]:
    base = await services.catalogue.asset(row["base"])
    ticker = services.board.ticker(row["mirrors"] if "mirrors" in row else row["_id"])
    return market_view(row, base.name if base is not None else row["base"], ticker)


def _largest_first(item: dict[str, Any]) -> tuple[Decimal, str]:
    ticker = item["ticker"]
    volume = Decimal(ticker.get("reference", ticker)["quote_volume_24h"] or 0) if ticker is not None else Decimal(0)
    return -volume, item["symbol"]


def _silent(pair: str, now_ms: int) -> Document:
    """The ticker of a market nobody has said anything of yet."""
    fields = dict.fromkeys(Ticker.model_fields)
    told = {"market": pair, "stats_source": "reference", "reference": {}, "source": "stale", "at": iso_ms(now_ms)}
    return fields | told
