from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.coincap import CoinCapSource
from cryptovault.infra.feeds.coingecko import CoinGeckoSource
from cryptovault.infra.feeds.quote import FeedLimited, FeedRefused, FeedUnavailable, PriceSource
from cryptovault.infra.feeds.rules import plausible
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from fixtures.feed_server import FeedServer

COINS = load_catalog().coins
BTC = COINS[0]
PROVIDERS = ("binance", "coingecko", "coincap")


@pytest.fixture(name="sources")
async def _sources(feeds: FeedServer) -> AsyncIterator[dict[str, PriceSource]]:
    sources: dict[str, PriceSource] = {
        "binance": BinanceSource(feeds.url("binance"), timeout=1.0),
        "coingecko": CoinGeckoSource(feeds.url("coingecko"), timeout=1.0),
        "coincap": CoinCapSource(feeds.url("coincap"), key="a-key", timeout=1.0),
    }
    yield sources
    for source in sources.values():
        await source.close()


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_source_knows_every_listed_coin(
    feeds: FeedServer, sources: dict[str, PriceSource], provider: str
) -> None:
    """One request gives a price and the 24-hour change of all fifty coins, as exact decimals."""
    quotes = await sources[provider].poll(COINS)
    assert {quote.symbol for quote in quotes} == {coin.symbol for coin in COINS}
    assert all(isinstance(quote.price, Decimal) and quote.price > 0 for quote in quotes)
    assert all(quote.change_24h is not None and Decimal(2) < quote.change_24h < Decimal("2.1") for quote in quotes)
    assert all(abs(quote.at - feeds.tape.now()) < 5_000 for quote in quotes)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_prices_are_exactly_what_was_recorded(
    feeds: FeedServer, sources: dict[str, PriceSource], provider: str
) -> None:
    """The price of BTC is a recorded trade's price to the last digit, whichever protocol brought it."""
    before = feeds.tape.index("BTCUSDT")
    quotes = {quote.symbol: quote.price for quote in await sources[provider].poll(COINS)}
    after = feeds.tape.index("BTCUSDT")
    told = {Decimal(trade.price) for trade in feeds.tape.trades("BTCUSDT", after - before + 1)}
    assert quotes["BTC"] in told


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", FeedUnavailable), ("garbage", FeedUnavailable), ("error", FeedUnavailable),
        ("notice", FeedUnavailable), ("limited", FeedLimited), ("refused", FeedRefused),
    ],
)  # fmt: skip
async def test_each_failure_has_its_own_error(
    feeds: FeedServer, sources: dict[str, PriceSource], provider: str, fault: str, error: type[Exception]
) -> None:
    """Silence, nonsense and HTTP errors are "unavailable", 429 asks for patience, 401 is a refusal."""
    feeds.behaviour[provider].fault = fault
    if (provider, fault) == ("binance", "refused"):
        error = FeedUnavailable  # public data needs no key: a 401 there is no answer, not a verdict on a key
    with pytest.raises(error):
        await sources[provider].poll(COINS)


async def test_patience_is_as_long_as_asked_for(feeds: FeedServer, sources: dict[str, PriceSource]) -> None:
    """Retry-After of a 429 is obeyed."""
    feeds.behaviour["coingecko"].fault = "limited"
    with pytest.raises(FeedLimited) as caught:
        await sources["coingecko"].poll(COINS)
    assert caught.value.retry_after == 7


async def test_coincap_v2_notice_is_not_an_empty_market(feeds: FeedServer, sources: dict[str, PriceSource]) -> None:
    """HTTP 200 with a deprecation notice where the list should be is a failure that repeats the notice."""
    feeds.behaviour["coincap"].fault = "notice"
    with pytest.raises(FeedUnavailable, match="deprecated"):
        await sources["coincap"].poll(COINS)


async def test_an_unknown_symbol_is_left_out(sources: dict[str, PriceSource]) -> None:
    """Binance refuses a list with one unknown symbol, so coins it does not trade are never asked for."""
    ghost = BTC._replace(symbol="GHOST", coingecko_id="ghost")
    quotes = await sources["binance"].poll([*COINS[:3], ghost])
    assert {quote.symbol for quote in quotes} == {coin.symbol for coin in COINS[:3]}


@pytest.mark.parametrize(("fault", "price"), [("zero", "0"), ("negative", "-1"), ("nan", "NaN")])
async def test_bad_prices_reach_the_rules_unchanged(
    feeds: FeedServer, sources: dict[str, PriceSource], fault: str, price: str
) -> None:
    """Adapters do not repair: zero, negative and NaN come through for the rules to refuse."""
    for provider in PROVIDERS:
        feeds.behaviour[provider].fault = fault
        quotes = {quote.symbol: quote for quote in await sources[provider].poll(COINS)}
        assert str(quotes["BTC"].price) == price


async def test_klines_end_in_the_present(feeds: FeedServer, sources: dict[str, PriceSource]) -> None:
    """Binance's candles come oldest first, on the grid of the interval, the last one open now."""
    source = sources["binance"]
    assert isinstance(source, BinanceSource)
    klines = await source.klines(BTC, "1h", 500)
    times = [kline.open_time for kline in klines]
    assert len(klines) == 500
    assert times == list(range(times[0], times[0] + 500 * 3_600_000, 3_600_000))
    assert times[-1] <= feeds.tape.now() < times[-1] + 3_600_000
    assert all(kline.low <= min(kline.open, kline.close) <= kline.high for kline in klines)


HOSTILE = [
    "", "null", "true", "1e999", "[]", "{}", "[null]", "[[]]", "[1]", '["x"]', '{"data": null}', '{"data": [null]}',
    '{"data": [{"id": "bitcoin"}], "timestamp": "soon"}', '[{"id": "bitcoin"}]', '{"code": "x", "msg": 5}',
    '[{"id": "bitcoin", "current_price": {}}]', '[{"symbol": "BTCUSDT"}]', '[{"symbol": null}]', "[" * 50_000,
    '[{"symbol": "BTCUSDT", "lastPrice": [1], "closeTime": "soon"}]',
]  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_whatever_a_provider_sends_its_runner_lives(
    feeds: FeedServer, sources: dict[str, PriceSource], provider: str
) -> None:
    """No answer, however odd, ends the task that asks, and none of them makes a usable price."""
    plan = Plan(1.0, 1.0, 2.0, max_silence_ms=1, max_age_ms=1, witness_age_ms=1, max_lag_ms=1)
    runner = SourceRunner(sources[provider], plan, COINS, SystemClock())
    assert await runner._attempt() == 1.0
    good, runner.batch = runner.batch, None
    assert good is not None
    for body in HOSTILE:
        feeds.behaviour[provider].fault, feeds.behaviour[provider].body = "body", body
        await runner._attempt()
        told = runner.batch.quotes if runner.batch is not None else {}
        assert not any(plausible(quote.price) for quote in told.values()), body
        runner.batch = None


@pytest.mark.parametrize("body", [*HOSTILE, '[[1, "NaN", "1", "1", "1", "1"]]', '[[1, "1", "0", "1", "1", "1"]]'])
async def test_odd_klines_are_unavailable(feeds: FeedServer, sources: dict[str, PriceSource], body: str) -> None:
    """Candles with impossible figures are refused as a whole."""
    source = sources["binance"]
    assert isinstance(source, BinanceSource)
    feeds.behaviour["binance"].fault, feeds.behaviour["binance"].body = "body", body
    try:
        assert await source.klines(BTC, "1h", 5) == []
    except FeedUnavailable:
        return
    assert body == "[]"
