import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from redis.asyncio import Redis
from rich.console import Console

from cryptovault.engine.commands import CreditDeposit, PlaceOrder, SetReferencePrices
from cryptovault.engine.events import Rejected
from cryptovault.engine.types import MAKER, OrderType, Side, TimeInForce
from cryptovault.entrypoints import maker_commands
from cryptovault.entrypoints.bootstrap import maker_funds, maker_target
from cryptovault.entrypoints.maker_desk import MakerDesk
from cryptovault.entrypoints.price_publisher import PricePublisher
from cryptovault.features.markets.maker_client import MarketMaker
from cryptovault.features.markets.maker_config import load_plan
from cryptovault.features.markets.maker_store import MakerStore
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.features.markets.tickers import TickerTape, reference_ticks
from cryptovault.infra import maker_status
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.tick import Tick
from cryptovault.infra.mongo import Database
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings
from fixtures.fake_clock import FakeClock
from fixtures.trading import Desk

CATALOG = load_catalog()
MARKETS = ("BTC-USDT", "ETH-USDT", "XRP-USDT", "SOL-USDT")
LISTINGS = [listing for listing in CATALOG.listings if listing.market in MARKETS]
PRICES = {listing.market: listing.base.base_price for listing in LISTINGS}
USER = "d" * 24
LIMITS = """
daily_loss_limit = 500
[markets.ETH-USDT]
daily_loss_limit = 100
[markets.SOL-USDT]
enabled = false
"""


class Scene:
    """A maker on duty over the real engine with its read models; time stands still until it is moved."""

    def __init__(self, db: Database, redis: Redis, home: Path) -> None:
        self.db, self.redis = db, redis
        self.clock = FakeClock(int(datetime.now(UTC).replace(hour=12).timestamp() * 1_000))
        self.desk = Desk(db, self.clock)
        path = home / "maker.toml"
        path.write_text(LIMITS)
        targets = {coin.symbol: maker_target(coin) for coin in CATALOG.coins}
        self.plan = load_plan(str(path), LISTINGS, targets)
        self.prices: dict[str, Decimal] = dict(PRICES)
        self.making = self.new_worker()
        self.keys = 0

    def new_worker(self) -> MakerDesk:
        """A process that starts, and knows only what is stored."""
        maker = MarketMaker(self.desk, self.plan.listings, self.clock, self.plan.targets)
        return MakerDesk(self.plan, maker, self.db, self.redis, self.clock)

    async def open(self) -> None:
        """Define and fund what is needed."""
        symbols = {"USDT", *(market.split("-")[0] for market in PRICES)}
        commands = [one for one in CATALOG.asset_commands() if one.asset in symbols]
        commands += [one for one in CATALOG.market_commands() if one.market in PRICES]
        commands += [one for one in maker_funds(CATALOG) if one.asset in symbols]
        commands.append(CreditDeposit(USER, "gift", "USDT", 10**15, "faucet"))
        for command in commands:
            assert not isinstance((await self.desk.submit(command)).verdict, Rejected)

    async def turn(self, times: int = 1) -> None:
        """What a second of duty is made of."""
        for _ in range(times):
            self.clock.move(seconds=1)
            marks = reference_ticks(LISTINGS, self.prices)
            await self.desk.submit(SetReferencePrices(tuple(marks.items())))
            for job in (self.making.look, lambda: self.making.quote(self.prices), self.making.learn, self.making.tell):
                await job()

    async def buy(self, market: str, lots: int) -> None:
        """Somebody buys from the maker, at whatever it asks."""
        self.keys += 1
        lot = next(one.lot_units for one in LISTINGS if one.market == market)
        order = PlaceOrder(USER, str(self.keys), market, Side.BUY, OrderType.MARKET, TimeInForce.IOC, 0, lots * lot)
        verdict = (await self.desk.submit(order)).verdict
        assert not isinstance(verdict, Rejected), verdict

    def holding(self, symbol: str) -> Decimal:
        """What the maker has of an asset, in coins."""
        exchange = self.desk.exchange
        return Decimal(sum(exchange.balance(MAKER, symbol))).scaleb(-exchange.assets[symbol].scale)

    def quoted(self) -> set[str]:
        """Markets with quotes of the maker in the book."""
        return {market for market in PRICES if any(self.desk.exchange.quotes(MAKER, market))}


@pytest.fixture(name="redis")
async def _redis(settings: Settings) -> AsyncIterator[Redis]:
    client = connect_redis(settings)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture(name="scene")
async def _scene(db: Database, redis: Redis, tmp_path: Path) -> Scene:
    scene = Scene(db, redis, tmp_path)
    await scene.open()
    await scene.turn(2)
    return scene


ENABLED = PRICES.keys() - {"SOL-USDT"}


async def test_the_switch_takes_all_quotes_back_and_survives_a_restart(scene: Scene) -> None:
    """One look after `stop` no quote rests; a worker that starts later does not quote either, until `start`."""
    assert scene.quoted() == ENABLED
    store = MakerStore(scene.db)
    await store.stop("for an audit", scene.clock.now_ms())
    await scene.making.look()
    assert scene.quoted() == set()
    scene.making = scene.new_worker()
    await scene.turn(3)
    assert scene.quoted() == set()
    assert (scene.making.status().state, scene.making.status().reasons) == ("stopped", ["for an audit"])
    await store.start(scene.clock.now_ms())
    await scene.turn(2)
    assert scene.quoted() == ENABLED


async def test_a_worker_that_has_not_seen_the_switch_does_not_quote(scene: Scene) -> None:
    """Before its first look a new process might not know that it was stopped."""
    await MakerStore(scene.db).stop("stop", scene.clock.now_ms())
    await scene.making.look()
    scene.making = scene.new_worker()
    await scene.making.quote(scene.prices)
    assert scene.quoted() == set()


async def test_it_keeps_to_rules_that_an_operator_has_changed(scene: Scene) -> None:
    """With a smaller maximum than its levels have it quotes on, in levels of that size."""
    most = 100 * scene.desk.exchange.markets["BTC-USDT"].lot
    rules = scene.desk.exchange.markets["BTC-USDT"].rules()
    await scene.desk.submit(rules._replace(max_qty=most))
    await scene.turn(2)
    scene.prices["BTC-USDT"] *= Decimal("1.01")
    await scene.turn(20)
    bids, asks = scene.desk.exchange.quotes(MAKER, "BTC-USDT")
    assert bids
    assert asks
    assert {qty for _, qty in (*bids, *asks)} == {most}


async def test_the_loss_of_a_market_stops_that_market_until_midnight(scene: Scene) -> None:
    """It sold ETH that rose: the loss since midnight reaches the market's limit, and only that market is left alone."""
    await scene.buy("ETH-USDT", 12_000)
    scene.prices["ETH-USDT"] *= Decimal("1.08")
    await scene.turn(3)
    assert scene.quoted() == ENABLED - {"ETH-USDT"}
    assert "the daily loss limit of 100 in ETH-USDT is reached" in scene.making.status().reasons[0]
    scene.prices["ETH-USDT"] = PRICES["ETH-USDT"]
    scene.making = scene.new_worker()
    await scene.turn(2)
    assert scene.quoted() == ENABLED - {"ETH-USDT"}  # neither a better price nor a restart makes it forget
    scene.clock.move(hours=13)
    await scene.turn(3)
    assert scene.quoted() == ENABLED


async def test_the_loss_of_a_day_stops_everything_until_somebody_says_start(scene: Scene) -> None:
    """All markets together reach the limit: no quote is left; `start` counts losses anew from now."""
    await scene.buy("BTC-USDT", 30_000)
    scene.prices["BTC-USDT"] *= Decimal("1.05")
    await scene.turn(3)
    assert scene.quoted() == set()
    status = await maker_status.told(scene.redis)
    assert status is not None
    assert (status.state, status.markets) == ("limited", 0)
    assert "the daily loss limit of 500 is reached" in status.reasons[0]
    assert Decimal(status.result_today) < -500
    await MakerStore(scene.db).start(scene.clock.now_ms())
    await scene.turn(2)
    assert scene.quoted() == ENABLED


async def test_why_it_does_not_quote_is_said(scene: Scene) -> None:
    """A market without a usable price, and one whose inventory is full, are named in the status."""
    del scene.prices["XRP-USDT"]
    for number in range(12):
        await scene.desk.submit(CreditDeposit(MAKER, f"more{number}", "BTC", 10**9, "house"))
    await scene.turn(2)
    reasons = " ".join(scene.making.status().reasons)
    assert "no usable price: " in reasons
    assert "XRP-USDT" in reasons
    assert "BTC-USDT: the inventory limit is reached, it only sells" in reasons
    assert not scene.desk.exchange.quotes(MAKER, "BTC-USDT")[0]
    assert scene.quoted() == ENABLED - {"XRP-USDT"}


async def test_the_commands_of_the_operator(scene: Scene, settings: Settings) -> None:
    """`stop`, `status`, `start` and `report` say what they did and found; the report is also what the ledger says."""
    before = {symbol: scene.holding(symbol) for symbol in ("USDT", "ETH")}
    await scene.buy("ETH-USDT", 1_000)
    tape = TickerTape(LISTINGS, DayStatistics())
    tick = Tick(int(datetime.now(UTC).timestamp() * 1_000), "live", "Binance", PRICES, {}, {})
    await PricePublisher(scene.redis, scene.db, SystemClock(), tape).publish(tick)
    scene.clock = FakeClock(int(datetime.now(UTC).timestamp() * 1_000))
    scene.making = scene.new_worker()

    async def duty() -> None:
        while True:
            scene.clock.now = max(scene.clock.now, int(datetime.now(UTC).timestamp() * 1_000))
            await scene.making.look()
            await scene.making.tell()
            await asyncio.sleep(0.05)

    job = asyncio.create_task(duty())

    async def said(command: object) -> str:
        console = Console(file=StringIO(), width=200)
        assert await command(settings, console) == 0  # type: ignore[operator]  # any of the commands
        return console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO

    try:
        assert "has taken back all its quotes" in await said(maker_commands.Stop("a test"))
        assert "a test" in await said(maker_commands.status)
        assert scene.quoted() == set()
        assert "switched on" in await said(maker_commands.start)
    finally:
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
    report = json.loads(await said(maker_commands.Report(today=False, as_json=True)))
    (row,) = report["markets"]
    assert row["trades"] == await scene.db["trades"].count_documents({}) > 0
    moved = {symbol: scene.holding(symbol) - funds for symbol, funds in before.items()}
    assert Decimal(row["inventory"]) == moved["ETH"] < 0
    assert Decimal(row["total"]) == moved["USDT"] + moved["ETH"] * Decimal(row["mark"])
    assert "ETH-USDT" in await said(maker_commands.Report(today=True, as_json=False))
