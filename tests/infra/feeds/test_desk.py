import asyncio
import time
from decimal import Decimal
from secrets import token_hex
from typing import Self

import pytest
from pydantic import ValidationError

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.build import build_desk
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.coinbase import CoinbaseSource
from cryptovault.infra.feeds.coincap import CoinCapSource
from cryptovault.infra.feeds.coingecko import CoinGeckoSource
from cryptovault.infra.feeds.desk import PriceDesk
from cryptovault.infra.feeds.kraken import KrakenSource
from cryptovault.infra.feeds.quote import PriceSource
from cryptovault.infra.feeds.rules import Limits
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from cryptovault.infra.feeds.simulated import SimulatedFeed
from cryptovault.infra.feeds.tick import Tick
from cryptovault.settings import Environment, Settings
from fixtures.fake_clock import Hasty
from fixtures.feed_exchanges import TETHER
from fixtures.feed_server import FeedServer

LISTINGS = load_catalog().listings
QUICK = Plan(0.05, 0.05, 1.0, max_silence_ms=800, max_age_ms=800, max_lag_ms=60_000, backoff=0.2)
SLOW = QUICK._replace(standby=0.3, live=False, witness_ms=2_000)
LIMITS = Limits(age_ms=800)
EVERYBODY = ("binance", "kraken", "coinbase", "coingecko", "coincap")


class Scene:
    """A desk over the local server, with paces of milliseconds."""

    def __init__(self, feeds: FeedServer, names: tuple[str, ...] = EVERYBODY, *, simulated: bool = False) -> None:
        self.feeds = feeds
        made: dict[str, PriceSource] = {
            "binance": BinanceSource(feeds.url("binance"), clock=Hasty()),
            "kraken": KrakenSource(feeds.url("kraken"), clock=Hasty()),
            "coinbase": CoinbaseSource(feeds.url("coinbase"), clock=Hasty()),
            "coingecko": CoinGeckoSource(feeds.url("coingecko")),
            "coincap": CoinCapSource(feeds.url("coincap"), key="k"),
        }
        clock = SystemClock()
        plans = {name: SLOW if name.startswith("coin") and name != "coinbase" else QUICK for name in made}
        self.runners = [SourceRunner(made[name], plans[name], LISTINGS, clock) for name in names]
        self.desk = PriceDesk(self.runners, LISTINGS, clock, SimulatedFeed() if simulated else None, LIMITS)

    async def __aenter__(self) -> Self:
        await self.desk.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.desk.close()

    async def until(self, label: str, seconds: float = 10.0) -> Tick:
        """Tick until the desk says this; fails with what it says instead."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while (tick := self.desk.tick()).label != label:
            assert loop.time() < deadline, (tick.label, list(tick.faults.items())[:3], tick.sources)
            await asyncio.sleep(0.05)
        return tick

    def fault(self, fault: str, *providers: str) -> None:
        """Make providers misbehave."""
        for provider in providers:
            self.feeds.behaviour[provider].fault = fault

    def statuses(self) -> dict[str, str]:
        """How each source takes part now."""
        return {state.name: state.status for state in self.desk.tick().sources}


ALL_LIVE = "live: Binance, Kraken, Coinbase"


async def test_all_sources_run_side_by_side(feeds: FeedServer) -> None:
    """Every market has a price; exchanges give it, slow sources bear witness, and each one's age is told."""
    async with Scene(feeds) as scene:
        tick = await scene.until(ALL_LIVE)
        assert set(tick.prices) == {listing.market for listing in LISTINGS}
        assert [state.status for state in tick.sources] == ["used", "used", "used", "witness", "witness"]
        assert [state.markets for state in tick.sources] == [50, 62, 62, 0, 0]
        assert all(state.age_ms is not None and state.age_ms < 3_000 for state in tick.sources)
        assert abs(tick.prices["BTC-USD"] / tick.prices["BTC-USDT"] / TETHER - 1) < Decimal("0.001")
        assert tick.quotes["BTC-USD"].change_24h is not None
        assert tick.quotes["BTC-USD"].market_cap is not None


@pytest.mark.parametrize("fault", ["down", "hang", "garbage", "error", "frozen"])
async def test_failover_is_gradual_and_reported(feeds: FeedServer, fault: str) -> None:
    """Whoever fails drops out of the median, and says why; who comes back takes part again."""
    async with Scene(feeds) as scene:
        await scene.until(ALL_LIVE)
        scene.fault(fault, "binance")
        tick = await scene.until("live: Kraken, Coinbase, CoinGecko, CoinCap")  # the last two for Binance's own markets
        assert len(tick.prices) == len(LISTINGS)
        assert scene.statuses()["Binance"] in ({"stale"} if fault == "frozen" else {"stale", "down"})
        scene.fault(fault, "kraken", "coinbase")
        await scene.until("live: CoinGecko, CoinCap")
        scene.fault("", "binance", "kraken", "coinbase")
        assert len((await scene.until(ALL_LIVE)).prices) == len(LISTINGS)


async def test_a_limited_source_is_left_alone_and_said_to_be(feeds: FeedServer) -> None:
    """429 and 418 with Retry-After: not asked again, neither for prices nor for candles, while the others go on."""
    async with Scene(feeds) as scene:
        await scene.until(ALL_LIVE)
        scene.fault("limited", "coinbase")
        scene.fault("banned", "binance")
        await scene.until("live: Kraken, CoinGecko, CoinCap")
        assert [scene.statuses()[name] for name in ("Binance", "Coinbase")] == ["limited", "limited"]
        calls = feeds.behaviour["binance"].calls
        await asyncio.sleep(0.5)
        assert feeds.behaviour["binance"].calls == calls


async def test_a_source_that_is_asked_rarely_is_asked_at_once_when_needed(feeds: FeedServer) -> None:
    """While exchanges suffice it stands by, which is no fault; when one fails it gives the prices only that one had."""
    scene = Scene(feeds)
    for runner in scene.runners[3:]:
        runner.plan = SLOW._replace(standby=60.0, witness_ms=100)
    async with scene:
        await scene.until(ALL_LIVE)
        await asyncio.sleep(1.0)
        assert [scene.statuses()[name] for name in ("CoinGecko", "CoinCap")] == ["standby", "standby"]
        scene.fault("down", "binance")
        for _ in range(5):  # and it goes on being asked
            assert len((await scene.until("live: Kraken, Coinbase, CoinGecko, CoinCap")).prices) == len(LISTINGS)
            await asyncio.sleep(0.2)


async def test_p1_one_of_four_sources_is_not_enough(feeds: FeedServer) -> None:
    """With three or more configured one alone gives no price, however well it answers, and says that it is alone."""
    scene = Scene(feeds, ("binance", "kraken", "coinbase", "coingecko"))
    scene.fault("down", "kraken", "coinbase", "coingecko")
    async with scene:
        tick = scene.desk.tick()
        assert tick.label == "stale"
        assert set(tick.faults.values()) == {
            "1 of the 2 fresh sources that are needed",
            "0 of the 2 fresh sources that are needed",
        }
        assert scene.statuses()["Binance"] == "unconfirmed"
        scene.fault("", "kraken")
        tick = await scene.until("live: Binance, Kraken")
        assert "BTC-USDT" in tick.prices


async def test_p1_one_source_configured_is_one_source_needed(feeds: FeedServer) -> None:
    """Whoever chooses one source alone gets its prices, of the markets that it has."""
    async with Scene(feeds, ("binance",)) as scene:
        tick = await scene.until("live: Binance")
        assert (len(tick.prices), "BTC-USD" in tick.prices) == (50, False)


async def test_t10_a_source_a_thousand_times_off_is_thrown_out(feeds: FeedServer) -> None:
    """The others give the price, and the one is shown as an outlier."""
    async with Scene(feeds) as scene:
        good = (await scene.until(ALL_LIVE)).prices["BTC-USDT"]
        scene.fault("1000", "kraken")
        tick = await scene.until("live: Binance, Coinbase")
        assert abs(tick.prices["BTC-USDT"] / good - 1) < Decimal("0.02")
        assert scene.statuses()["Kraken"] == "outlier"


async def test_f19_a_bad_tick_of_the_only_source_never_becomes_a_price(feeds: FeedServer) -> None:
    """Whatever Binance alone says of BTC, no tick carries a price outside 10 % of the last good one."""
    async with Scene(feeds, ("binance",)) as scene:
        good = (await scene.until("live: Binance")).prices["BTC-USDT"]
        for fault in ("1000", "zero", "negative", "nan", "empty", "0.001"):
            binance = feeds.behaviour["binance"]
            scene.fault(fault, "binance")
            seen, before = set(), binance.calls
            while binance.calls < before + 2:  # a third poll would confirm a new level
                await asyncio.sleep(0.01)
                seen.add(scene.desk.tick().prices.get("BTC-USDT"))
            assert all(price is None or abs(price / good - 1) < Decimal("0.1") for price in seen), (fault, seen)
            scene.fault("", "binance")
            await asyncio.sleep(0.2)
            await scene.until("live: Binance")


async def test_a_hundred_markets_of_five_sources_cost_little(feeds: FeedServer) -> None:
    """Judging all markets once takes less than a tenth of the second it is done in, on any machine of today."""
    async with Scene(feeds) as scene:
        await scene.until(ALL_LIVE)
        started = time.process_time()
        for _ in range(5):
            scene.desk.tick()
        assert (time.process_time() - started) / 5 < 0.1


async def test_all_sources_dead_is_stale_where_prices_must_be_real(feeds: FeedServer) -> None:
    """Without a simulated feed (production) there is no price, but the last statistics are still known."""
    async with Scene(feeds) as scene:
        await scene.until(ALL_LIVE)
        scene.fault("down", *EVERYBODY)
        tick = await scene.until("stale")
        assert not tick.prices
        assert tick.quotes["BTC-USDT"].change_24h is not None


async def test_no_network_means_simulated_within_two_seconds(feeds: FeedServer) -> None:
    """With every source dead from the start the first tick is simulated, and soon."""
    scene = Scene(feeds, simulated=True)
    scene.fault("hang", *EVERYBODY)
    began = asyncio.get_running_loop().time()
    async with scene:
        tick = scene.desk.tick()
        assert (tick.kind, len(tick.prices)) == ("simulated", len(LISTINGS))
        assert (tick.sources[-1].name, tick.sources[-1].status) == ("simulated", "used")
        assert asyncio.get_running_loop().time() - began < 2.5
        scene.fault("", *EVERYBODY)
        await scene.until(ALL_LIVE)


async def test_the_simulated_feed_goes_on_from_the_last_live_price(
    feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the network goes, invented prices begin where the real ones ended."""
    monkeypatch.setattr("cryptovault.infra.feeds.desk.SIMULATED_AFTER_MS", 300)
    async with Scene(feeds, simulated=True) as scene:
        live = (await scene.until(ALL_LIVE)).prices
        scene.fault("down", *EVERYBODY)
        invented = (await scene.until("simulated")).prices
        assert all(abs(invented[market] / live[market] - 1) < Decimal("0.02") for market in live)


async def test_invented_prices_go_on_where_the_last_process_ended() -> None:
    """What was told before a restart is where the simulated feed continues."""
    clock = SystemClock()
    desk = PriceDesk([], LISTINGS, clock, SimulatedFeed())
    desk.remember({"BTC-USDT": Decimal("61837.63"), "GONE-USDT": Decimal(1)}, clock.now_ms())
    assert abs(desk.tick().prices["BTC-USDT"] / Decimal("61837.63") - 1) < Decimal("0.001")


def settings(**values: object) -> Settings:
    """Settings of a test, apart from these."""
    return Settings(_env_file=None, environment=Environment.TEST, **values)


async def test_production_cannot_invent_prices() -> None:
    """Where real money is at stake the desk has no simulated feed to fall back to."""
    production = settings().model_copy(update={"environment": Environment.PRODUCTION})
    desk, _ = build_desk(production, LISTINGS, SystemClock())
    assert desk.simulated is None
    await desk.close()


async def test_mock_prices_ask_nobody() -> None:
    """USE_MOCK_PRICES builds a desk without any source."""
    desk, past = build_desk(settings(use_mock_prices=True), LISTINGS, SystemClock())
    assert past is None
    assert desk.tick().label == "simulated"
    assert desk.health == []


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({}, ["Binance", "Kraken", "Coinbase", "CoinGecko"]),
        ({"coincap_api_key": token_hex(8)}, ["Binance", "Kraken", "Coinbase", "CoinGecko", "CoinCap"]),
        ({"price_sources": "Coinbase, kraken"}, ["Kraken", "Coinbase"]),
    ],
)
async def test_the_settings_choose_the_sources(values: dict[str, str], names: list[str]) -> None:
    """PRICE_SOURCES says who is asked; CoinCap needs a key, so without one it is not among them."""
    desk, _ = build_desk(settings(**values), LISTINGS, SystemClock())
    assert [health.name for health in desk.health] == names
    await desk.close()


@pytest.mark.parametrize("text", ["", "binance,bitfinex"])
def test_an_unknown_source_is_refused_at_the_start(text: str) -> None:
    """A name nobody knows, or none at all, is a sentence that names those there are."""
    with pytest.raises(ValidationError, match="must name some of binance, kraken, coinbase, coingecko, coincap"):
        settings(price_sources=text)
