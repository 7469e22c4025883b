import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from cryptovault.engine.commands import Command, CreditDeposit, PlaceOrder
from cryptovault.engine.events import OrderState, Rejected, Verdict
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import MAKER, OrderType, Side, TimeInForce
from cryptovault.entrypoints.market_desk import MarketDesk
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_frames import Ack
from cryptovault.infra.lease import SingletonLease
from cryptovault.infra.mongo import Database
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings
from fixtures.feed_server import FeedServer
from fixtures.processes import Program
from fixtures.trading import Desk

USER = "c" * 24
ALL_LIVE = "live: Binance, Kraken, Coinbase"


class OneByOne:
    """The small exchange with its read models, for callers that send many commands at once."""

    def __init__(self, db: Database) -> None:
        self.desk = Desk(db)
        self._lock = asyncio.Lock()

    async def submit(self, command: Command, *, timeout: float = 5.0) -> Ack:  # noqa: ASYNC109 - the engine's interface
        """Execute in order."""
        async with self._lock:
            return await self.desk.submit(command, timeout=timeout)

    async def buy_at_market(self, key: str) -> Verdict:
        """A user buys a thousandth of a bitcoin."""
        order = PlaceOrder(USER, key, "BTC-USDT", Side.BUY, OrderType.MARKET, TimeInForce.IOC, 0, 100_000)
        return (await self.submit(order)).verdict

    def reference(self, market: str = "BTC-USDT") -> int:
        """The mark the ledger has."""
        return self.desk.exchange.markets[market].reference_price if market in self.desk.exchange.markets else 0


@pytest.fixture(name="feeds")
async def _feeds() -> AsyncIterator[FeedServer]:
    server = FeedServer()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(name="redis")
async def _redis(settings: Settings) -> AsyncIterator[Redis]:
    client = connect_redis(settings)
    await client.flushdb()
    yield client
    await client.aclose()


def pointed_at(feeds: FeedServer) -> dict[str, str]:
    """Settings that make the local server the world."""
    return {f"{provider}_url": feeds.url(provider) for provider in feeds.behaviour}


async def until(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Wait for something to come true; fails with what it was last."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := condition()):
        assert asyncio.get_running_loop().time() < deadline, value
        await asyncio.sleep(0.05)
    return value


@asynccontextmanager
async def on_duty(settings: Settings, db: Database, redis: Redis, engine: OneByOne) -> AsyncIterator[asyncio.Event]:
    """A market desk at work; yields once the first prices are told."""
    ready = asyncio.Event()
    desk = MarketDesk(settings, db, redis, engine, clock=SystemClock(), on_ready=ready.set)
    job = asyncio.create_task(desk.run())
    await asyncio.wait_for(ready.wait(), 5)
    try:
        yield ready
        assert not job.done(), job
    finally:
        await desk.go_off_duty()
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_f19_without_usable_prices_market_orders_are_refused(
    settings: Settings, db: Database, redis: Redis, feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live prices make a book and market orders; when every source dies the mark becomes 0 and the quotes go."""
    monkeypatch.setattr("cryptovault.infra.feeds.desk.SIMULATED_AFTER_MS", 10**9)  # as in production
    engine = OneByOne(db)
    with_key = {"coingecko_api_key": SecretStr("a-key")}  # asked more often, so it is found silent sooner
    async with on_duty(settings.model_copy(update=pointed_at(feeds) | with_key), db, redis, engine):
        await until(lambda: engine.reference() and engine.desk.exchange.depth("BTC-USDT", 1)[1])
        await engine.submit(CreditDeposit(USER, "gift", "USDT", 10**12, "faucet"))
        bought = await engine.buy_at_market("one")
        assert isinstance(bought, OrderState)
        assert bought.filled == 100_000
        collar = engine.reference() * 5 // 100
        assert abs(bought.spent * 1_000 // 10**6 - engine.reference()) <= collar
        for provider in feeds.behaviour:
            feeds.behaviour[provider].fault = "down"
        await until(lambda: not engine.reference(), 30)
        refused = await engine.buy_at_market("two")
        assert isinstance(refused, Rejected)
        assert refused.reason is Reject.PRICE_STALE
        await until(lambda: engine.desk.exchange.quotes(MAKER, "BTC-USDT") == ([], []))
        feeds.behaviour["binance"].fault = feeds.behaviour["kraken"].fault = ""
        await until(lambda: engine.reference() and engine.desk.exchange.quotes(MAKER, "BTC-USDT")[0], 30)
    engine.desk.exchange.check()
    assert engine.desk.exchange.quotes(MAKER, "BTC-USDT") == ([], [])  # off duty


async def test_simulated_prices_reach_ledger_redis_and_charts(settings: Settings, db: Database, redis: Redis) -> None:
    """With USE_MOCK_PRICES everything is there within seconds, and says what it is."""
    engine = OneByOne(db)
    async with on_duty(settings.model_copy(update={"use_mock_prices": True}), db, redis, engine):
        prices = json.loads(await redis.get("cv:price:all"))
        assert (prices["source"]["label"], len(prices["prices"])) == ("simulated", 100)
        await until(lambda: engine.reference("ETH-USD"))
        await until(lambda: engine.desk.exchange.depth("BTC-USDT", 1)[0])
        tickers = json.loads(await redis.get("cv:ticker:all"))
        assert tickers["BTC-USDT"]["source"] == "simulated"
        for _ in range(100):
            if await db["candles"].count_documents({"market": "BTC-USDT", "interval": "1m"}) >= 499:
                break
            await asyncio.sleep(0.1)
        else:
            pytest.fail("the chart is not filled")


async def test_prices_go_on_while_the_engine_is_away(settings: Settings, db: Database, redis: Redis) -> None:
    """An engine that answers nothing holds up neither prices nor candles."""
    engine = OneByOne(db)
    engine.desk.failure = TimeoutError("away")
    async with on_duty(settings.model_copy(update={"use_mock_prices": True}), db, redis, engine):
        first = json.loads(await redis.get("cv:price:all"))["at_ms"]
        await asyncio.sleep(2.2)
        assert json.loads(await redis.get("cv:price:all"))["at_ms"] >= first + 2_000


async def test_one_lease_has_one_holder(db: Database) -> None:
    """The second asks in vain until the first lets go or falls silent."""
    first, second = (SingletonLease(db, "worker", name, seconds=0.4) for name in ("one", "two"))
    assert [await first.hold(), await second.hold(), await first.hold()] == [True, False, True]
    await first.release()
    assert [await second.hold(), await first.hold()] == [True, False]
    await asyncio.sleep(0.5)
    assert [await first.hold(), await second.hold()] == [True, False]


@pytest.fixture(name="start")
def _start(settings: Settings) -> Iterator[Callable[..., Program]]:
    """Starts real processes that see the recorded world; all are killed at the end."""
    started: list[Program] = []

    def start(name: str, extra: dict[str, str] | None = None, home: str = "") -> Program:
        own = settings.model_copy(
            update={"cryptovault_home": settings.cryptovault_home.with_name(home)} if home else {}
        )
        program = Program(name, own, {key.upper(): value for key, value in (extra or {}).items()})
        started.append(program)
        program.start()
        return program

    yield start
    for program in started:
        program.kill()


async def test_a_worker_process_makes_a_market_of_the_recorded_prices(
    db: Database, redis: Redis, feeds: FeedServer, start: Callable[..., Program]
) -> None:
    """Engine, projector and worker together: real recorded prices, a book around them, few commands, a clean end."""
    await asyncio.to_thread(start, "engine")
    await asyncio.to_thread(start, "projector")
    worker = await asyncio.to_thread(start, "worker", pointed_at(feeds))
    while (prices := json.loads(await redis.get("cv:price:all")))["source"]["label"] != ALL_LIVE:
        await asyncio.sleep(0.1)
    assert abs(Decimal(prices["prices"]["BTC-USDT"]["last"]) / feeds.tape.price("BTCUSDT") - 1) < Decimal("0.01")

    async def book() -> dict[str, Any]:
        return json.loads(await redis.get("cv:book:BTC-USDT") or '{"bids":[],"asks":[]}')  # type: ignore[no-any-return]

    while not (found := await book())["asks"]:
        await asyncio.sleep(0.1)
    middle = (Decimal(found["bids"][0][0]) + Decimal(found["asks"][0][0])) / 2
    assert abs(middle / feeds.tape.price("BTCUSDT") - 1) < Decimal("0.005")
    await asyncio.sleep(4)
    head = await db["watermarks"].find_one({"_id": "read_models"})
    await asyncio.sleep(4)
    later = await db["watermarks"].find_one({"_id": "read_models"})
    assert head is not None
    assert later is not None
    assert 1 <= later["seq"] - head["seq"] <= 4 * 22
    assert await asyncio.to_thread(worker.stop) == 0
    for _ in range(50):
        if not (await book())["asks"]:
            break
        await asyncio.sleep(0.1)
    else:
        pytest.fail("the quotes were left behind")


async def test_a_second_worker_takes_over_from_a_killed_one(redis: Redis, start: Callable[..., Program]) -> None:
    """A standby is ready at once, tells no prices while the first works, and does soon after it is killed."""
    start("engine")
    first = start("worker", {"use_mock_prices": "true"})
    start("worker", {"use_mock_prices": "true"}, home="second")
    first.signal(signal.SIGKILL)
    first.kill()
    await asyncio.sleep(0.3)
    await redis.delete("cv:price:all")
    for _ in range(120):
        if await redis.get("cv:price:all"):
            break
        await asyncio.sleep(0.1)
    else:
        pytest.fail("nobody took over")
