import asyncio
from decimal import Decimal
from itertools import pairwise

import pytest

from cryptovault.engine.commands import Command, PlaceOrder, ReplaceQuotes, SetMarketStatus, SetReferencePrices
from cryptovault.engine.events import QuotesReplaced, Rejected
from cryptovault.engine.types import MAKER, PPM, MarketStatus, OrderType, Side, TimeInForce
from cryptovault.entrypoints.bootstrap import maker_funds, maker_target
from cryptovault.features.markets.maker import ladder, lean
from cryptovault.features.markets.maker_client import COMMANDS_PER_TICK_MAX, MarketMaker
from cryptovault.features.markets.tickers import reference_ticks
from cryptovault.infra.engine_frames import Ack, EngineTimeout
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.local_engine import LocalEngine

CATALOG = load_catalog()
LISTINGS = CATALOG.listings
BTC = LISTINGS[0]
PRICES = {listing.market: listing.base.base_price for listing in LISTINGS}


class SlowClock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def now_ms(self) -> int:
        """The time."""
        return self.ms

    def monotonic(self) -> float:
        """The same in seconds."""
        return self.ms / 1_000

    async def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.ms += int(seconds * 1_000)


class Scene:
    """The real exchange with the whole catalogue, a funded maker, and a record of what it sends."""

    def __init__(self) -> None:
        self.clock = SlowClock()
        self.engine = LocalEngine(clock=self.clock)
        self.sent: list[ReplaceQuotes] = []
        self.failure: Exception | None = None
        targets = {coin.symbol: maker_target(coin) for coin in CATALOG.coins}
        self.maker = MarketMaker(self, LISTINGS, self.clock, targets)

    @classmethod
    async def open(cls) -> "Scene":
        """Define and fund everything."""
        scene = cls()
        for command in [*CATALOG.asset_commands(), *CATALOG.market_commands(), *maker_funds(CATALOG)]:
            assert not isinstance((await scene.engine.submit(command)).verdict, Rejected)
        return scene

    async def submit(self, command: Command, *, timeout: float = 5.0) -> Ack:  # noqa: ASYNC109 - the engine's interface
        """Pass on to the exchange, unless it is meant to be out of reach."""
        assert isinstance(command, ReplaceQuotes)
        self.sent.append(command)
        if self.failure is not None:
            raise self.failure
        return await self.engine.submit(command, timeout=timeout)

    async def tick(self, prices: dict[str, Decimal] = PRICES, seconds: int = 1) -> list[ReplaceQuotes]:
        """Time passes, the maker looks at the prices; gives what it sent."""
        self.clock.ms += seconds * 1_000
        self.sent = []
        await self.maker.tick(prices)
        return self.sent

    async def settle(self, prices: dict[str, Decimal] = PRICES) -> None:
        """Let the maker quote until it has nothing to say."""
        while await self.tick(prices):
            pass

    async def take_the_best_ask(self) -> None:
        """Somebody buys all of the best level of BTC-USDT."""
        price, qty = self.quotes()[1][0]
        taker = PlaceOrder(MAKER[1:], "k", "BTC-USDT", Side.BUY, OrderType.LIMIT, TimeInForce.IOC, price, qty)
        await self.engine.submit(maker_funds(CATALOG)[0]._replace(account=MAKER[1:], key="gift"))
        await self.engine.submit(taker)

    def quotes(self, market: str = "BTC-USDT") -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """What rests in the book."""
        return self.engine.exchange.quotes(MAKER, market)


@pytest.mark.parametrize("inventory", [0, PPM, -PPM, PPM // 3])
@pytest.mark.parametrize("factor", ["0.6", "1", "1.5"])
def test_a_ladder_never_crosses_itself(inventory: int, factor: str) -> None:
    """For every listing bids fall, asks rise, and the best bid is below the best ask."""
    for listing in LISTINGS:
        price = listing.base.base_price * Decimal(factor)
        bids, asks = ladder(listing, price, inventory)
        assert all(better > worse for (better, _), (worse, _) in pairwise(bids))
        assert all(better < worse for (better, _), (worse, _) in pairwise(asks))
        if bids and asks:
            assert bids[0][0] < asks[0][0]


async def test_the_exchange_takes_every_level_of_every_market() -> None:
    """All levels of all hundred markets rest, and the books still balance."""
    scene = await Scene.open()
    await scene.settle()
    for listing in LISTINGS:
        bids, asks = scene.quotes(listing.market)
        assert (len(bids), len(asks)) == (listing.maker.levels, listing.maker.levels), listing.market
        reference = listing.ticks(listing.base.base_price)
        assert bids[0][0] < reference <= asks[0][0] or bids[0][0] <= reference < asks[0][0], listing.market
    scene.engine.exchange.check()


async def test_commands_per_tick_are_bounded() -> None:
    """Even when every market needs quotes, one tick sends a fixed number of commands at most."""
    scene = await Scene.open()
    assert len(await scene.tick()) == COMMANDS_PER_TICK_MAX
    crash = {market: price * Decimal("0.9") for market, price in PRICES.items()}
    await scene.settle()
    assert len(await scene.tick(crash)) == COMMANDS_PER_TICK_MAX


async def test_nothing_is_sent_inside_the_threshold() -> None:
    """A price that moves by less than a third of the half spread moves no quotes; one that moves more does."""
    scene = await Scene.open()
    await scene.settle()
    threshold = Decimal(BTC.maker.half_spread_ppm) / 3 / PPM
    assert await scene.tick(PRICES | {"BTC-USDT": PRICES["BTC-USDT"] * (1 + threshold * Decimal("0.9"))}) == []
    sent = await scene.tick(PRICES | {"BTC-USDT": PRICES["BTC-USDT"] * (1 + threshold * Decimal("1.1"))})
    assert {command.market for command in sent} == {"BTC-USDT"}


async def test_p1_a_stale_price_takes_the_quotes_away_once() -> None:
    """Without a usable price the maker quotes nothing, and says so only once."""
    scene = await Scene.open()
    await scene.settle()
    without = {market: price for market, price in PRICES.items() if not market.startswith("BTC-")}
    sent = await scene.tick(without)
    assert {(command.market, command.bids, command.asks) for command in sent} == {
        ("BTC-USDT", (), ()),
        ("BTC-USD", (), ()),
    }
    assert scene.quotes() == ([], [])
    assert await scene.tick(without) == []
    assert {command.market for command in await scene.tick()} == {"BTC-USDT", "BTC-USD"}


async def test_a_trade_is_answered_with_full_levels() -> None:
    """After somebody took a level, the next tick restores it, whatever the price did."""
    scene = await Scene.open()
    await scene.settle()
    full = scene.quotes()
    await scene.engine.submit(SetReferencePrices((("BTC-USDT", BTC.ticks(PRICES["BTC-USDT"])),)))
    await scene.take_the_best_ask()
    assert scene.quotes() != full
    assert scene.engine.exchange.markets["BTC-USDT"].last_trade_id == 1
    scene.maker.traded("BTC-USDT")
    assert [command.market for command in await scene.tick()] == ["BTC-USDT"]
    assert scene.quotes() == full
    scene.engine.exchange.check()


async def test_quotes_that_expired_unseen_are_placed_again() -> None:
    """Whoever meets a quote while the mark is stale takes it out without a trade; the maker sees it from the book."""
    scene = await Scene.open()
    await scene.settle()
    full, best = scene.quotes(), [BTC.tick * side[0][0] for side in scene.quotes()]
    scene.maker.saw("BTC-USDT", scene.engine.exchange.seq + 1, str(best[0]), str(best[1]))
    assert await scene.tick() == []
    await scene.take_the_best_ask()
    assert scene.engine.exchange.markets["BTC-USDT"].last_trade_id == 0
    scene.maker.saw("BTC-USDT", scene.engine.exchange.seq, str(best[0]), str(best[1] + BTC.tick))
    assert [command.market for command in await scene.tick()] == ["BTC-USDT"]
    assert scene.quotes() == full


async def test_a_book_older_than_the_quotes_says_nothing() -> None:
    """A book from before the quotes were placed lacks them, and is no reason to place them again."""
    scene = await Scene.open()
    await scene.settle()
    scene.maker.saw("BTC-USDT", 1, None, None)
    assert await scene.tick() == []


async def test_an_unanswered_command_is_sent_again() -> None:
    """When the outcome is unknown the quotes are sent again, though the price has not moved."""
    scene = await Scene.open()
    scene.failure = EngineTimeout("no answer")
    first = await scene.tick({"BTC-USDT": PRICES["BTC-USDT"]})
    scene.failure = None
    again = await scene.tick({"BTC-USDT": PRICES["BTC-USDT"]})
    assert {command.market for command in first if command.bids} <= {command.market for command in again}


async def test_a_halted_market_is_left_alone_for_a_while() -> None:
    """A refusal silences the quoter of that market for fifteen seconds, not for ever."""
    scene = await Scene.open()
    await scene.engine.submit(SetMarketStatus("BTC-USDT", MarketStatus.HALTED))
    await scene.settle()
    assert scene.quotes() == ([], [])
    await scene.engine.submit(SetMarketStatus("BTC-USDT", MarketStatus.OPEN))
    assert await scene.tick(seconds=10) == []
    assert "BTC-USDT" in {command.market for command in await scene.tick(seconds=6)}
    assert scene.quotes()[0]


async def test_going_off_duty_leaves_no_quote_behind() -> None:
    """The maker takes back every quote when it stops."""
    scene = await Scene.open()
    await scene.settle()
    await scene.maker.withdraw()
    assert all(scene.quotes(listing.market) == ([], []) for listing in LISTINGS)
    assert all(isinstance(command, ReplaceQuotes) for command in scene.sent)


async def test_no_quote_is_placed_after_the_maker_has_left() -> None:
    """A tick that is under way when the maker leaves, and any later one, leaves no quote behind."""
    scene = await Scene.open()
    under_way = asyncio.create_task(scene.tick())
    await asyncio.sleep(0)
    await scene.maker.withdraw()
    await under_way
    await scene.tick()
    assert all(scene.quotes(listing.market) == ([], []) for listing in LISTINGS)


def test_too_long_an_inventory_lowers_prices_and_bids_less() -> None:
    """With too many coins both sides move down and bids shrink; with too few the reverse."""
    price = PRICES["BTC-USDT"]
    even, long, short = (ladder(BTC, price, inventory) for inventory in (0, PPM // 2, -PPM // 2))
    assert long.bids[0][0] < even.bids[0][0] < short.bids[0][0]
    assert long.asks[0][0] < even.asks[0][0] < short.asks[0][0]
    assert long.bids[0][1] < even.bids[0][1]
    assert short.asks[0][1] < even.asks[0][1]


def test_a_full_inventory_stops_the_side_that_adds_to_it() -> None:
    """At the limit the maker only unwinds."""
    assert ladder(BTC, PRICES["BTC-USDT"], PPM).bids == ()
    assert ladder(BTC, PRICES["BTC-USDT"], -PPM).asks == ()
    assert ladder(BTC, PRICES["BTC-USDT"], PPM).asks
    limit = BTC.maker.level_usd * BTC.maker.levels * 10 / PRICES["BTC-USDT"]
    assert [lean(BTC, PRICES["BTC-USDT"], limit * part) for part in (0, 1, 5, -5)] == [0, PPM, PPM, -PPM]


async def test_holdings_make_the_maker_lean() -> None:
    """A balance above the target shifts the quotes of that coin, and of no other."""
    scene = await Scene.open()
    await scene.settle()
    before = scene.quotes()
    target = maker_target(CATALOG.coins[0])
    scene.maker.holds({"BTC": target + Decimal(2), "ETH": maker_target(CATALOG.coins[1])})
    assert {command.market for command in await scene.tick()} == {"BTC-USDT", "BTC-USD"}
    assert scene.quotes()[0][0][0] < before[0][0][0]


def test_quotes_replaced_is_the_verdict() -> None:
    """The maker reads the verdict of ReplaceQuotes; a rename there must be noticed here."""
    assert QuotesReplaced._fields == ("account", "market", "bids", "asks")


def test_reference_prices_of_markets_are_whole_ticks() -> None:
    """Each market's mark is its own price in its own ticks, 0 where there is none."""
    ticks = reference_ticks(LISTINGS, {"BTC-USDT": Decimal("61837.63")})
    assert (ticks["BTC-USDT"], ticks["BTC-USD"]) == (6_183_763, 0)
    assert ticks["ETH-USDT"] == 0
