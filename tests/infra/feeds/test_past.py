from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.candles import INTERVALS_MS
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.coinbase import CoinbaseSource
from cryptovault.infra.feeds.kraken import KrakenSource
from cryptovault.infra.feeds.past import ExchangeHistory, ReferenceHistory, SimulatedHistory
from cryptovault.infra.feeds.quote import CandleSource, FeedUnavailable
from cryptovault.infra.feeds.simulated import SimulatedFeed
from fixtures.fake_clock import Hasty
from fixtures.feed_exchanges import TETHER
from fixtures.feed_server import FeedServer

LISTINGS = load_catalog().listings
COUNT = 400
EXCHANGES = ("binance", "kraken", "coinbase")


@pytest.fixture(name="exchanges")
async def _exchanges(feeds: FeedServer) -> AsyncIterator[dict[str, CandleSource]]:
    """The three exchanges that know the past."""
    exchanges: dict[str, CandleSource] = {
        "binance": BinanceSource(feeds.url("binance"), clock=Hasty()),
        "kraken": KrakenSource(feeds.url("kraken"), clock=Hasty()),
        "coinbase": CoinbaseSource(feeds.url("coinbase"), clock=Hasty()),
    }
    yield exchanges
    for exchange in exchanges.values():
        await exchange.close()


async def on_the_grid(past: ReferenceHistory, interval: str, market: str = "BTC-USDT") -> None:
    """Ask for COUNT candles up to now; they come oldest first, without a hole, the last one open."""
    span, now = INTERVALS_MS[interval], SystemClock().now_ms()
    klines = await past.history(market, interval, now - (COUNT - 1) * span, COUNT)
    times = [kline.open_time for kline in klines]
    assert times == list(range(times[0], times[0] + len(times) * span, span))
    assert COUNT - 1 <= len(times) <= COUNT
    assert times[-1] <= SystemClock().now_ms() < times[-1] + 2 * span
    assert all(kline.low <= min(kline.open, kline.close) <= kline.high for kline in klines)


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("interval", ["1m", "1h", "1d"])
async def test_the_past_ends_in_the_present(exchanges: dict[str, CandleSource], exchange: str, interval: str) -> None:
    """Whichever exchange tells it, and in however many answers, the past is whole."""
    await on_the_grid(ExchangeHistory([exchanges[exchange]], LISTINGS), interval)


@pytest.mark.parametrize("interval", INTERVALS_MS)
async def test_the_simulated_past_is_asked_for_in_the_same_way(interval: str) -> None:
    """Invented candles come through the same interface."""
    await on_the_grid(SimulatedHistory(SimulatedFeed(), LISTINGS, SystemClock()), interval)


async def test_four_hours_of_coinbase_are_put_together_from_two(exchanges: dict[str, CandleSource]) -> None:
    """It has no candles of four hours; two of two hours make one."""
    span, now = INTERVALS_MS["4h"], SystemClock().now_ms()
    klines = await exchanges["coinbase"].history(LISTINGS[0], "4h", now - 20 * span, 20)
    assert len(klines) == 20
    assert all(kline.open_time % span == 0 for kline in klines)


async def test_a_market_against_the_dollar_has_a_past_in_dollars(exchanges: dict[str, CandleSource]) -> None:
    """Binance trades no dollars, so the candles of BTC-USD come from Coinbase, and differ from those of BTC-USDT."""
    past = ExchangeHistory([exchanges["binance"], exchanges["coinbase"]], LISTINGS)
    since = SystemClock().now_ms() - INTERVALS_MS["1d"] * 3
    tether, dollar = [(await past.history(market, "1d", since, 2))[0] for market in ("BTC-USDT", "BTC-USD")]
    assert tether.open_time == dollar.open_time
    assert abs(dollar.close / tether.close / TETHER - 1) < Decimal("0.001")


async def test_the_next_exchange_answers_where_the_first_is_down(
    feeds: FeedServer, exchanges: dict[str, CandleSource]
) -> None:
    """The past is still told; when nobody answers, that is said."""
    past = ExchangeHistory([exchanges["binance"], exchanges["coinbase"]], LISTINGS)
    feeds.behaviour["binance"].fault = "down"
    since = SystemClock().now_ms() - INTERVALS_MS["1h"] * 5
    assert await past.history("BTC-USDT", "1h", since, 5)
    feeds.behaviour["coinbase"].fault = "down"
    with pytest.raises(FeedUnavailable):
        await past.history("BTC-USDT", "1h", since, 5)


ODD = [
    "", "null", "true", "[]", "{}", "[[]]", "[1]", '["x"]', "[" * 50_000, '{"code": "x", "msg": 5}',
    '[[1, "NaN", "1", "1", "1", "1"]]', '[[1, "1", "0", "1", "1", "1"]]', '{"candles": [{"start": "x"}]}',
    '{"candles": [{"start": "1", "open": "-1", "high": "1", "low": "1", "close": "1", "volume": "1"}]}',
    '{"error": [], "result": {"XBTUSDT": [[1]]}}', '{"error": [], "result": {"XBTUSDT": "x"}}',
]  # fmt: skip


@pytest.mark.parametrize("exchange", EXCHANGES)
async def test_odd_candles_are_unavailable(
    feeds: FeedServer, exchanges: dict[str, CandleSource], exchange: str
) -> None:
    """Candles that make no sense, or hold impossible prices, are refused as a whole."""
    source = exchanges[exchange]
    await source.poll(LISTINGS)
    since = SystemClock().now_ms() - 60_000
    for body in ODD:
        feeds.behaviour[exchange].fault, feeds.behaviour[exchange].body = "body", body
        try:
            assert await source.history(LISTINGS[0], "1m", since, 5) == [], body
        except FeedUnavailable:
            continue
        assert body == "[]", body
