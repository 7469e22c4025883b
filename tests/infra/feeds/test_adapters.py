from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.binance import BinanceSource
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.coinbase import CoinbaseSource
from cryptovault.infra.feeds.coincap import CoinCapSource
from cryptovault.infra.feeds.coingecko import CoinGeckoSource
from cryptovault.infra.feeds.kraken import KrakenSource
from cryptovault.infra.feeds.quote import FeedLimited, FeedRefused, FeedUnavailable, PriceSource, Quote
from cryptovault.infra.feeds.rules import plausible
from cryptovault.infra.feeds.runner import Plan, SourceRunner
from fixtures.fake_clock import Hasty
from fixtures.feed_exchanges import AGAINST_TETHER, TETHER
from fixtures.feed_server import FeedServer

LISTINGS = load_catalog().listings
BTC = LISTINGS[0]
MARKETS = {listing.market for listing in LISTINGS}
KNOWN = {
    "binance": {market for market in MARKETS if market.endswith("-USDT")},
    "kraken": {market for market in MARKETS if market.endswith("-USD") or market.split("-")[0] in AGAINST_TETHER},
    "coinbase": {market for market in MARKETS if market.endswith("-USD") or market.split("-")[0] in AGAINST_TETHER},
    "coingecko": MARKETS,
    "coincap": MARKETS,
}
PROVIDERS = tuple(KNOWN)


@pytest.fixture(name="sources")
async def _sources(feeds: FeedServer) -> AsyncIterator[dict[str, PriceSource]]:
    sources: dict[str, PriceSource] = {
        "binance": BinanceSource(feeds.url("binance"), clock=Hasty(), timeout=1.0),
        "kraken": KrakenSource(feeds.url("kraken"), clock=Hasty(), timeout=1.0),
        "coinbase": CoinbaseSource(feeds.url("coinbase"), clock=Hasty(), timeout=1.0),
        "coingecko": CoinGeckoSource(feeds.url("coingecko"), timeout=1.0),
        "coincap": CoinCapSource(feeds.url("coincap"), key="a-key", timeout=1.0),
    }
    yield sources
    for source in sources.values():
        await source.close()


def by_market(quotes: list[Quote]) -> dict[str, Quote]:
    """The answer of a source."""
    return {quote.market: quote for quote in quotes}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_source_knows_its_markets(feeds: FeedServer, sources: dict[str, PriceSource], provider: str) -> None:
    """One request gives the price of every market it has, as exact decimals, and no market it has not."""
    quotes = await sources[provider].poll(LISTINGS)
    assert {quote.market for quote in quotes} == KNOWN[provider]
    assert all(isinstance(quote.price, Decimal) and quote.price > 0 for quote in quotes)
    changes = [quote.change_24h for quote in quotes]
    rose = {change is not None and Decimal(2) < change < Decimal("2.1") for change in changes}
    assert rose == {provider != "kraken"}  # which tells no change
    timed = provider not in {"kraken", "coinbase"}  # these two tell no time
    assert all(abs(quote.at - feeds.tape.now()) < 5_000 if timed else quote.at == 0 for quote in quotes)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_prices_are_exactly_what_was_recorded(
    feeds: FeedServer, sources: dict[str, PriceSource], provider: str
) -> None:
    """The price of BTC is a recorded trade's price to the last digit, whichever protocol brought it."""
    before = feeds.tape.index("BTCUSDT")
    quotes = by_market(await sources[provider].poll(LISTINGS))
    after = feeds.tape.index("BTCUSDT")
    told = {Decimal(trade.price) for trade in feeds.tape.trades("BTCUSDT", after - before + 1)}
    assert quotes["BTC-USDT"].price in told


@pytest.mark.parametrize("provider", ["kraken", "coinbase", "coingecko", "coincap"])
async def test_a_dollar_is_not_a_tether(sources: dict[str, PriceSource], provider: str) -> None:
    """A market against USD has the dollar price, one against USDT the Tether price: here they differ by 0.2 %."""
    quotes = by_market(await sources[provider].poll(LISTINGS))
    assert abs(quotes["BTC-USD"].price / quotes["BTC-USDT"].price / TETHER - 1) < Decimal("0.0005")


async def test_without_tether_an_answer_in_dollars_says_nothing_of_tether_markets(
    feeds: FeedServer, sources: dict[str, PriceSource]
) -> None:
    """CoinGecko's answer lacks Tether: its markets against USDT are left out, never taken for dollars."""
    gecko = feeds.behaviour["coingecko"]
    gecko.fault, gecko.body = "body", '[{"id": "bitcoin", "current_price": 60000, "last_updated": "2026-11-21"}]'
    assert [quote.market for quote in await sources["coingecko"].poll(LISTINGS)] == ["BTC-USD"]


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
    if fault == "refused" and provider in {"binance", "kraken", "coinbase"}:
        error = FeedUnavailable  # public data needs no key: a 401 there is no answer, not a verdict on a key
    with pytest.raises(error):
        await sources[provider].poll(LISTINGS)


@pytest.mark.parametrize(("fault", "seconds"), [("limited", 7), ("banned", 120)])
async def test_patience_is_as_long_as_asked_for(
    feeds: FeedServer, sources: dict[str, PriceSource], fault: str, seconds: float
) -> None:
    """Retry-After of a 429, and of Binance's 418, is obeyed: until then not even a candle is asked for."""
    binance = sources["binance"]
    assert isinstance(binance, BinanceSource)
    feeds.behaviour["binance"].fault = fault
    with pytest.raises(FeedLimited) as caught:
        await binance.poll(LISTINGS)
    assert caught.value.retry_after == seconds
    feeds.behaviour["binance"].fault = ""
    calls = feeds.behaviour["binance"].calls
    with pytest.raises(FeedLimited) as caught:
        await binance.history(BTC, "1h", 0, 5)
    assert seconds - 2 < caught.value.retry_after <= seconds
    assert feeds.behaviour["binance"].calls == calls


async def test_coincap_v2_notice_is_not_an_empty_market(feeds: FeedServer, sources: dict[str, PriceSource]) -> None:
    """HTTP 200 with a deprecation notice where the list should be is a failure that repeats the notice."""
    feeds.behaviour["coincap"].fault = "notice"
    with pytest.raises(FeedUnavailable, match="deprecated"):
        await sources["coincap"].poll(LISTINGS)


async def test_an_unknown_symbol_is_left_out(sources: dict[str, PriceSource]) -> None:
    """An exchange refuses a list with one unknown symbol, so coins it does not trade are never asked for."""
    ghost = BTC._replace(base=BTC.base._replace(symbol="GHOST", coingecko_id="ghost"))
    for provider in ("binance", "kraken", "coinbase"):
        quotes = await sources[provider].poll([*LISTINGS, ghost])
        assert {quote.market for quote in quotes} == KNOWN[provider]


@pytest.mark.parametrize(("fault", "price"), [("zero", "0"), ("negative", "-1"), ("nan", "NaN")])
async def test_bad_prices_reach_the_rules_unchanged(
    feeds: FeedServer, sources: dict[str, PriceSource], fault: str, price: str
) -> None:
    """Adapters do not repair: zero, negative and NaN come through for the rules to refuse."""
    for provider in PROVIDERS:
        feeds.behaviour[provider].fault = fault
        quotes = by_market(await sources[provider].poll(LISTINGS))
        assert str(quotes["BTC-USDT" if provider == "binance" else "BTC-USD"].price) == price


HOSTILE = [
    "", "null", "true", "1e999", "[]", "{}", "[null]", "[[]]", "[1]", '["x"]', '{"data": null}', '{"data": [null]}',
    '{"data": [{"id": "bitcoin"}], "timestamp": "soon"}', '[{"id": "bitcoin"}]', '{"code": "x", "msg": 5}',
    '[{"id": "bitcoin", "current_price": {}}]', '[{"symbol": "BTCUSDT"}]', '[{"symbol": null}]', "[" * 50_000,
    '[{"symbol": "BTCUSDT", "lastPrice": [1], "closeTime": "soon"}]', '{"error": [], "result": {"XXBTZUSD": null}}',
    '{"error": [], "result": {"XXBTZUSD": {"a": [], "b": 1, "c": "x"}}}', '{"error": "x", "result": []}',
    '{"products": {}}', '{"products": [{"product_id": "BTC-USD", "price": {}}]}', '{"products": [{"product_id": []}]}',
]  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_whatever_a_provider_sends_its_runner_lives(
    feeds: FeedServer, sources: dict[str, PriceSource], provider: str
) -> None:
    """No answer, however odd, ends the task that asks, and none of them makes a usable price."""
    plan = Plan(1.0, 1.0, 4.0, max_silence_ms=1, max_age_ms=1, max_lag_ms=1)
    runner = SourceRunner(sources[provider], plan, LISTINGS, SystemClock())
    assert await runner._attempt() == 1.0
    good, runner.batch = runner.batch, None
    assert good is not None
    for body in HOSTILE:
        feeds.behaviour[provider].fault, feeds.behaviour[provider].body = "body", body
        await runner._attempt()
        told = runner.batch.quotes if runner.batch is not None else {}
        assert not any(plausible(quote.price) for quote in told.values()), body
        runner.batch = None
