import asyncio
from decimal import Decimal

import pytest

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.build import build_desk
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.coincap import CoinCapSource
from cryptovault.infra.feeds.coingecko import CoinGeckoSource
from cryptovault.infra.feeds.desk import PriceDesk, Tick
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from cryptovault.infra.feeds.simulated import SimulatedFeed
from cryptovault.settings import Environment, Settings
from fixtures.feed_server import FeedServer

COINS = load_catalog().coins
QUICK = Plan(0.05, 0.05, 0.5, max_silence_ms=400, max_age_ms=400, witness_age_ms=400, max_lag_ms=60_000)
SLOW_WITNESS = QUICK._replace(standby=30.0)


class Scene:
    """A desk over the local server, with paces of milliseconds."""

    def __init__(self, feeds: FeedServer, *, simulated: bool = False, plan: Plan = SLOW_WITNESS) -> None:
        self.feeds = feeds
        clock = SystemClock()
        self.runners = [
            SourceRunner(BinanceSource(feeds.url("binance")), QUICK, COINS, clock),
            SourceRunner(CoinGeckoSource(feeds.url("coingecko")), plan, COINS, clock),
            SourceRunner(CoinCapSource(feeds.url("coincap"), key="k"), plan, COINS, clock),
        ]
        self.desk = PriceDesk(self.runners, COINS, clock, SimulatedFeed() if simulated else None)

    async def until(self, label: str, seconds: float = 6.0) -> Tick:
        """Tick until the desk says this; fails with what it says instead."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while (tick := self.desk.tick()).label != label:
            assert loop.time() < deadline, (tick.label, list(tick.faults.items())[:3], self.desk.health)
            await asyncio.sleep(0.05)
        return tick

    def fault(self, provider: str, fault: str) -> None:
        """Make a provider misbehave."""
        self.feeds.behaviour[provider].fault = fault


@pytest.mark.parametrize("fault", ["down", "hang", "garbage", "limited", "error", "frozen"])
async def test_failover_goes_down_the_list_and_back(feeds: FeedServer, fault: str) -> None:
    """Binance, then CoinGecko, then CoinCap; and Binance again as soon as it answers."""
    scene = Scene(feeds)
    await scene.desk.start()
    try:
        tick = await scene.until("live: Binance")
        assert len(tick.prices) == len(COINS)
        scene.fault("binance", fault)
        await scene.until("live: CoinGecko")
        scene.fault("coingecko", fault)
        await scene.until("live: CoinCap")
        scene.fault("binance", "")
        assert len((await scene.until("live: Binance", 10.0)).prices) == len(COINS)
    finally:
        await scene.desk.close()


async def test_f19_a_bad_tick_of_the_only_source_never_becomes_a_price(feeds: FeedServer) -> None:
    """Whatever Binance says of BTC, no tick carries a price outside 10 % of the last good one."""
    scene = Scene(feeds)
    scene.runners[1:] = []
    scene.desk = PriceDesk(scene.runners, COINS, SystemClock(), None)
    await scene.desk.start()
    try:
        good = (await scene.until("live: Binance")).prices["BTC"]
        for fault in ("1000", "zero", "negative", "nan", "empty", "0.001"):
            binance = feeds.behaviour["binance"]
            scene.fault("binance", fault)
            seen, before = set(), binance.calls
            while binance.calls < before + 2:  # a third poll would confirm a new level
                await asyncio.sleep(0.01)
                seen.add(scene.desk.tick().prices.get("BTC"))
            assert all(price is None or abs(price / good - 1) < Decimal("0.1") for price in seen), (fault, seen)
            scene.fault("binance", "")
            await asyncio.sleep(0.2)
            await scene.until("live: Binance")
    finally:
        await scene.desk.close()


async def test_t10_a_source_a_thousand_times_off_is_caught_by_its_witness(feeds: FeedServer) -> None:
    """While two sources contradict each other there is no price at all."""
    scene = Scene(feeds, plan=QUICK)
    scene.fault("coincap", "down")
    await scene.desk.start()
    try:
        await scene.until("live: Binance")
        scene.fault("binance", "1000")
        await asyncio.sleep(0.5)
        tick = scene.desk.tick()
        assert tick.kind == "stale"
        assert set(tick.faults.values()) == {"sources disagree"}
    finally:
        await scene.desk.close()


async def test_all_sources_dead_is_stale_where_prices_must_be_real(feeds: FeedServer) -> None:
    """Without a simulated feed (production) there is no price, but the last statistics are still known."""
    scene = Scene(feeds)
    await scene.desk.start()
    try:
        await scene.until("live: Binance")
        for provider in feeds.behaviour:
            scene.fault(provider, "down")
        tick = await scene.until("stale")
        assert not tick.prices
        assert tick.quotes["BTC"].change_24h is not None
    finally:
        await scene.desk.close()


async def test_no_network_means_simulated_within_two_seconds(feeds: FeedServer) -> None:
    """With every source dead from the start the first tick is simulated, and soon."""
    scene = Scene(feeds, simulated=True)
    for provider in feeds.behaviour:
        scene.fault(provider, "hang")
    began = asyncio.get_running_loop().time()
    await scene.desk.start()
    try:
        tick = scene.desk.tick()
        assert (tick.kind, len(tick.prices)) == ("simulated", len(COINS))
        assert asyncio.get_running_loop().time() - began < 2.0
        for provider in feeds.behaviour:
            scene.fault(provider, "")
        await scene.until("live: Binance")
    finally:
        await scene.desk.close()


async def test_the_simulated_feed_goes_on_from_the_last_live_price(
    feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the network goes, invented prices begin where the real ones ended."""
    monkeypatch.setattr("cryptovault.infra.feeds.desk.SIMULATED_AFTER_MS", 300)
    scene = Scene(feeds, simulated=True)
    await scene.desk.start()
    try:
        live = (await scene.until("live: Binance")).prices
        for provider in feeds.behaviour:
            scene.fault(provider, "down")
        invented = (await scene.until("simulated")).prices
        assert all(abs(invented[symbol] / live[symbol] - 1) < Decimal("0.02") for symbol in live)
    finally:
        await scene.desk.close()


async def test_invented_prices_go_on_where_the_last_process_ended() -> None:
    """What was told before a restart is where the simulated feed continues."""
    clock = SystemClock()
    desk = PriceDesk([], COINS, clock, SimulatedFeed())
    desk.remember({"BTC": Decimal("61837.63"), "GONE": Decimal(1)}, clock.now_ms())
    assert abs(desk.tick().prices["BTC"] / Decimal("61837.63") - 1) < Decimal("0.001")


async def test_mock_prices_ask_nobody() -> None:
    """USE_MOCK_PRICES builds a desk without any source."""
    settings = Settings(_env_file=None, environment=Environment.TEST, use_mock_prices=True)
    desk, past = build_desk(settings, COINS, SystemClock())
    assert past is None
    assert desk.tick().label == "simulated"
    assert desk.health == []


async def test_coincap_is_only_asked_with_a_key() -> None:
    """CoinCap needs a key, so without one it is not among the sources."""
    settings = Settings(_env_file=None, environment=Environment.TEST)
    desk, _ = build_desk(settings, COINS, SystemClock())
    assert [health.name for health in desk.health] == ["Binance", "CoinGecko"]
    await desk.close()
