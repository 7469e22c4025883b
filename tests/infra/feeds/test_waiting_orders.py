"""F19 and T10 over everything between a provider's answer and a stop: adapters, median, marks, journal, engine."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cryptovault.engine.commands import Command, CreditDeposit, PlaceOrder, SetReferencePrices, Terms
from cryptovault.engine.events import Rejected, Verdict
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import OrderStatus, OrderType, Side, TimeInForce
from cryptovault.features.markets.marks import Marks
from cryptovault.features.markets.tickers import reference_ticks
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.coinbase import CoinbaseSource
from cryptovault.infra.feeds.desk import PriceDesk
from cryptovault.infra.feeds.kraken import KrakenSource
from cryptovault.infra.feeds.quote import PriceSource
from cryptovault.infra.feeds.rules import Limits
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from cryptovault.infra.feeds.tick import Tick
from cryptovault.infra.mongo import Database
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head
from cryptovault.runtime.recovery import recover
from cryptovault.runtime.snapshots import Snapshots
from fixtures.fake_clock import Hasty
from fixtures.feed_server import FeedServer
from fixtures.nodes import RunningNode

BTC = load_catalog().listings[0]
EXCHANGES = ("binance", "kraken", "coinbase")
QUICK = Plan(0.02, 0.02, 1.0, max_silence_ms=500, max_age_ms=500, max_lag_ms=60_000, backoff=0.1)
OWNER, DEEP = "a" * 24, "b" * 24
COIN = 10**8
WAITING = {"stop-sell", "stop-buy", "take-sell", "take-buy", "trail-sell", "trail-buy"}


class Scene:
    """Three exchanges, the price desk, and an engine with a journal in which orders wait for the reference price."""

    def __init__(self, feeds: FeedServer, engine: RunningNode) -> None:
        self.feeds, self.engine = feeds, engine
        clock = SystemClock()
        sources: list[PriceSource] = [
            BinanceSource(feeds.url("binance"), clock=Hasty()),
            KrakenSource(feeds.url("kraken"), clock=Hasty()),
            CoinbaseSource(feeds.url("coinbase"), clock=Hasty()),
        ]
        self.runners = [SourceRunner(source, QUICK, [BTC], clock) for source in sources]
        self.desk = PriceDesk(self.runners, [BTC], clock, None, Limits(age_ms=500))
        self.marks = Marks()
        self.keys = 0

    async def submit(self, command: Command) -> Verdict:
        """The engine's verdict, once it is in the journal."""
        return (await self.engine.client.submit(command)).verdict

    async def tick(self) -> Tick:
        """One look at the sources, each with another answer than before; the ledger is told what came of it."""
        before = [runner.health.failures or runner.batch for runner in self.runners]
        deadline = asyncio.get_running_loop().time() + 0.3
        while (
            any(
                (runner.health.failures or runner.batch) is known
                for runner, known in zip(self.runners, before, strict=True)
            )
            and asyncio.get_running_loop().time() < deadline
        ):
            await asyncio.sleep(0.005)
        tick = self.desk.tick()
        ticks = reference_ticks([BTC], tick.prices)
        if marks := self.marks.due(ticks, int(SystemClock().monotonic() * 1_000)):
            assert not isinstance(await self.submit(SetReferencePrices(marks)), Rejected)
            self.marks.told(marks, int(SystemClock().monotonic() * 1_000))
        return tick

    async def until(self, kind: str) -> Tick:
        """Tick until the prices are of this kind."""
        async with asyncio.timeout(20):
            while (tick := await self.tick()).kind != kind:
                pass
        return tick

    def fault(self, fault: str, *providers: str) -> None:
        """Make exchanges misbehave."""
        for provider in providers or EXCHANGES:
            self.feeds.behaviour[provider].fault = fault

    def order(
        self, side: Side, kind: OrderType, price: int = 0, terms: Terms | None = None, key: str = ""
    ) -> PlaceOrder:
        """An order of half a coin by the one whose orders wait."""
        tif = TimeInForce.IOC if kind is OrderType.MARKET else TimeInForce.GTC
        self.keys += 1
        return PlaceOrder(OWNER, key or f"k{self.keys}", BTC.market, side, kind, tif, price, COIN // 2, terms=terms)

    def waiting(self) -> set[str]:
        """Keys of the orders that have not fired."""
        held = self.engine.node.exchange.open_orders(OWNER)
        return {order.client_order_id for order in held if order.status is OrderStatus.WAITING}

    @property
    def trades(self) -> int:
        """How many there have been."""
        return self.engine.node.exchange.markets[BTC.market].last_trade_id

    @property
    def mark(self) -> int:
        """The reference price that the ledger has."""
        return self.engine.node.exchange.markets[BTC.market].reference_price


async def opened(scene: Scene) -> int:
    """Everything defined and funded; a deep book, and orders waiting 3 % away. Gives the price in ticks."""
    catalog = load_catalog()
    commands: list[Command] = [one for one in catalog.asset_commands() if one.asset in {"BTC", "USDT"}]
    commands += [one for one in catalog.market_commands() if one.market == BTC.market]
    for account in (OWNER, DEEP):
        commands.append(CreditDeposit(account, f"{account}/USDT", "USDT", 10**9 * COIN, "faucet"))
        commands.append(CreditDeposit(account, f"{account}/BTC", "BTC", 100 * COIN, "faucet"))
    for command in commands:
        assert not isinstance(await scene.submit(command), Rejected)
    price = BTC.ticks((await scene.until("live")).prices[BTC.market])
    for number, percent in enumerate((50, 80, 93, 107, 150, 1_000)):
        side = Side.BUY if percent < 100 else Side.SELL
        order = PlaceOrder(
            DEEP, f"d{number}", BTC.market, side, OrderType.LIMIT, TimeInForce.GTC, price * percent // 100, 5 * COIN
        )
        assert not isinstance(await scene.submit(order), Rejected)
    low, high = price * 97 // 100, price * 103 // 100
    for key, side, kind, terms in (
        ("stop-sell", Side.SELL, OrderType.STOP, Terms(trigger_price=low)),
        ("stop-buy", Side.BUY, OrderType.STOP, Terms(trigger_price=high)),
        ("take-sell", Side.SELL, OrderType.TAKE_PROFIT, Terms(trigger_price=high)),
        ("take-buy", Side.BUY, OrderType.TAKE_PROFIT, Terms(trigger_price=low)),
        ("trail-sell", Side.SELL, OrderType.TRAILING_STOP, Terms(trail_ppm=30_000)),
        ("trail-buy", Side.BUY, OrderType.TRAILING_STOP, Terms(trail_ppm=30_000)),
    ):
        verdict = await scene.submit(scene.order(side, kind, terms=terms, key=key))
        assert not isinstance(verdict, Rejected), (key, verdict)
    return price


@pytest.fixture(name="scene")
async def _scene(feeds: FeedServer, engine: RunningNode) -> AsyncIterator[Scene]:
    feeds.tape.speed = 0.01  # so that the market itself stays where it is
    scene = Scene(feeds, engine)
    await scene.desk.start()
    yield scene
    await scene.desk.close()


SCRIPTS = [
    ("dead", "down", EXCHANGES, "stale"),
    ("frozen", "frozen", EXCHANGES, "stale"),
    ("no number", "nan", EXCHANGES, "stale"),
    ("zero", "zero", EXCHANGES, "stale"),
    ("negative", "negative", EXCHANGES, "stale"),
    ("out of order", "backwards", ("binance",), "live"),
    ("one a thousand times off", "1000", ("kraken",), "live"),
    ("two of three wrong, apart", "0.5", ("kraken",), "stale"),
    ("two of three wrong, together", "1000", ("kraken", "coinbase"), "stale"),
]


async def test_f19_t10_no_bad_tick_fires_a_stop_or_trades(scene: Scene, db: Database, tmp_path: Path) -> None:
    """No fault fires an order or makes a trade, nor a mark that is 2 % off the truth; then a real move fires them.

    While the price is stale, market orders are refused. The journal replayed gives the same exchange.
    """
    price = await opened(scene)
    for name, fault, providers, outcome in SCRIPTS:
        scene.fault(fault, *providers)
        if name == "two of three wrong, apart":
            scene.fault("2", "coinbase")
        for _ in range(8):
            await scene.tick()
            assert not scene.mark or abs(scene.mark - price) * 50 < price, name
        assert (await scene.until(outcome)).kind == outcome
        if outcome == "stale":
            refused = await scene.submit(scene.order(Side.BUY, OrderType.MARKET))
            assert isinstance(refused, Rejected), name
            assert refused.reason is Reject.PRICE_STALE, name
        assert (scene.waiting(), scene.trades) == (WAITING, 0), name
        scene.fault("")
        await scene.until("live")
    await a_gap_then_a_jump(scene)
    await a_real_fall(scene, price)
    replayed = await recover(Journal(db, SystemClock()), Snapshots(tmp_path / "none"), Head())
    assert replayed.exchange.digest() == scene.engine.node.exchange.digest()
    replayed.exchange.check()


async def a_gap_then_a_jump(scene: Scene) -> None:
    """After silence all three come back at half the price, for fewer ticks than confirm it."""
    scene.fault("down")
    await scene.until("stale")
    scene.fault("0.5")
    for _ in range(2):
        await scene.tick()
        assert scene.mark == 0
    scene.fault("")
    await scene.until("live")
    assert (scene.waiting(), scene.trades) == (WAITING, 0)


async def a_real_fall(scene: Scene, price: int) -> None:
    """The market falls by 4 %, all three say so: who waited for that fires, and no fill is outside the collar."""
    scene.fault("0.96")
    async with asyncio.timeout(20):
        while scene.waiting() & {"stop-sell", "take-buy", "trail-sell"}:
            await scene.tick()
    assert scene.waiting() == {"stop-buy", "take-sell", "trail-buy"}
    exchange = scene.engine.node.exchange
    assert exchange.markets[BTC.market].last_trade_id > 0
    assert exchange.balance(OWNER, "BTC")[0] + exchange.balance(OWNER, "BTC")[1] < 100 * COIN
    collar = price * 96 // 100 * 95 // 100
    assert price * 93 // 100 > collar  # the best bid lies inside it; the ones at 80 % and 50 % do not
    bids = dict(exchange.depth(BTC.market, 10)[0])
    assert (bids[price * 80 // 100], bids[price * 50 // 100]) == (5 * COIN, 5 * COIN)
