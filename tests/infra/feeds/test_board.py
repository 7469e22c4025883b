from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from cryptovault.entrypoints.price_publisher import PricePublisher
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.features.markets.tickers import TickerTape
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.board import PriceBoard
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.tick import SourceState, Tick
from cryptovault.infra.mongo import Database
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings

CLOCK = SystemClock()
SOURCES = (SourceState("Binance", "used", 700, 50), SourceState("CoinCap", "starting", None))


@pytest.fixture(name="redis")
async def _redis(settings: Settings) -> AsyncIterator[Redis]:
    client = connect_redis(settings)
    await client.flushdb()
    yield client
    await client.aclose()


async def publish(redis: Redis, db: Database, price: str = "61837.63", age_ms: int = 0) -> None:
    """The worker tells one price."""
    at = CLOCK.now_ms() - age_ms
    quote = Quote("BTC-USDT", Decimal(price), at, Decimal("1.5"))
    tick = Tick(at, "live", "Binance", {"BTC-USDT": quote.price}, {"BTC-USDT": quote}, {}, SOURCES)
    await PricePublisher(redis, db, CLOCK, TickerTape(load_catalog().listings, DayStatistics())).publish(tick)


async def seen(redis: Redis, db: Database) -> PriceBoard:
    """A board that has just looked."""
    board = PriceBoard(CLOCK, redis, db)
    await board.refresh()
    return board


async def test_a_board_shows_what_the_worker_told(redis: Redis, db: Database) -> None:
    """Prices and tickers come through Redis, with the source and its age."""
    await publish(redis, db)
    board = await seen(redis, db)
    ticker = board.ticker("BTC-USDT")
    assert ticker is not None
    assert (ticker["last"], ticker["change_24h"]) == ("61837.63", "1.5")
    told = {"name": "Binance", "kind": "live", "label": "live: Binance"}
    assert {name: board.source[name] for name in told} == told
    binance, coincap = board.source["sources"]
    assert (binance["name"], binance["status"], binance["markets"]) == ("Binance", "used", 50)
    assert 700 <= binance["age_ms"] < 2_700
    assert coincap == {"name": "CoinCap", "status": "starting", "age_ms": None, "markets": 0}
    assert 0 <= board.source["age_ms"] < 2_000


async def test_f18_a_flushed_redis_leaves_the_stored_prices(redis: Redis, db: Database) -> None:
    """When Redis has forgotten everything, MongoDB still has the last prices."""
    await publish(redis, db)
    await redis.flushdb()
    board = await seen(redis, db)
    assert (board.ticker("BTC-USDT") or {})["last"] == "61837.63"


async def test_a_dead_redis_is_survived(settings: Settings, db: Database, redis: Redis) -> None:
    """A Redis that cannot be reached costs no error."""
    await publish(redis, db)
    dead = connect_redis(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    board = await seen(dead, db)
    assert (board.ticker("BTC-USDT") or {})["last"] == "61837.63"
    await dead.aclose()


async def test_silence_of_the_worker_is_stale(redis: Redis, db: Database) -> None:
    """Prices older than five seconds are shown as stale, whatever they said of themselves."""
    await publish(redis, db, age_ms=6_000)
    board = await seen(redis, db)
    assert (board.source["kind"], board.source["label"]) == ("stale", "stale")
    assert board.source["age_ms"] >= 6_000
    assert [state["status"] for state in board.source["sources"]] == ["stale", "stale"]


async def test_nothing_known_is_stale(redis: Redis, db: Database) -> None:
    """Before the first price the board is empty and stale, not broken."""
    board = await seen(redis, db)
    assert (board.source["kind"], board.tickers) == ("stale", {})


async def test_a_board_looks_at_most_twice_a_second(redis: Redis, db: Database) -> None:
    """Between two looks the board answers from memory."""
    await publish(redis, db)
    board = await seen(redis, db)
    await publish(redis, db, "70000")
    await board.refresh()
    assert (board.ticker("BTC-USDT") or {})["last"] == "61837.63"
