from decimal import Decimal

from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.features.markets.tickers import TickerTape, turnover
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.tick import SourceState, Tick

LISTINGS = load_catalog().listings
AT = 1_795_219_200_000
BTC = Quote(
    "BTC-USDT", Decimal("61837.63000000"), AT, Decimal("-2.0408163"), Decimal("62000.128"), Decimal(60000), Decimal(10),
    None,
)  # fmt: skip

OUTSIDE = {
    "last": "61837.63", "change_24h": "-2.04", "high_24h": "62000.13", "low_24h": "60000", "volume_24h": "10",
    "quote_volume_24h": None,
}  # fmt: skip


def tick(price: str | None, quote: Quote = BTC) -> Tick:
    """A live tick of BTC alone."""
    prices = {} if price is None else {"BTC-USDT": Decimal(price)}
    return Tick(AT, "live", "Binance", prices, {"BTC-USDT": quote}, {}, (SourceState("Binance", "used", 700, 50),))


def test_prices_are_decimal_strings_on_the_markets_tick() -> None:
    """Every figure of the messages is a plain decimal string."""
    tape = TickerTape(LISTINGS, DayStatistics())
    tape.top("BTC-USDT", "61837.62", "61837.64")
    message = tape.prices(tick("61837.63000000"))
    assert message["source"] == {
        "name": "Binance", "kind": "live", "label": "live: Binance", "age_ms": 0,
        "sources": [{"name": "Binance", "status": "used", "age_ms": 700, "markets": 50}],
    }  # fmt: skip
    assert message["prices"]["BTC-USDT"] == {"last": "61837.63", "change_24h": "-2.04", "reference_price": "61837.63"}
    assert tape.tickers(tick("61837.63"), message)["BTC-USDT"] == {
        "market": "BTC-USDT", "last": "61837.63", "change_24h": "-2.04", "reference_price": "61837.63",
        "high_24h": "62000.13", "low_24h": "60000", "volume_24h": "10", "quote_volume_24h": None,
        "trades_24h": None, "stats_source": "reference",
        "reference": OUTSIDE,
        "market_cap": "1230568837000", "bid": "61837.62", "ask": "61837.64", "source": "live: Binance",
        "at": "2026-11-21T00:00:00.000Z",
    }  # fmt: skip


def test_a_stale_price_keeps_its_last_value_but_no_reference() -> None:
    """While stale, `last` stays where it was, `reference_price` is null and the ticker's source says stale."""
    tape = TickerTape(LISTINGS, DayStatistics())
    tape.prices(tick("61837.63"))
    message = tape.prices(tick(None))
    row = message["prices"]["BTC-USDT"]
    assert (row["last"], row["reference_price"]) == ("61837.63", None)
    assert tape.tickers(tick(None), message)["BTC-USDT"]["source"] == "stale"
    assert message["prices"]["ETH-USDT"] == {"last": None, "change_24h": None, "reference_price": None}


def test_volume_is_worked_out_from_turnover_where_a_source_has_only_that() -> None:
    """CoinGecko and CoinCap tell dollars a day; coins a second follow."""
    quote = BTC._replace(volume_24h=None, quote_volume_24h=Decimal("61837.63") * 86_400)
    assert turnover(quote, 1_000) == 1
    assert turnover(BTC, 8_640_000) == 1
    assert turnover(BTC._replace(volume_24h=None), 1_000) == 0


def test_own_trades_of_the_day_are_told_instead_of_the_outside_figures() -> None:
    """As soon as a market had a trade in the last 24 hours, its figures are its own; the outside ones stay beside."""
    own = DayStatistics()
    candle = {
        "market": "BTC-USDT",
        "open": "60000",
        "high": "61000.5",
        "low": "59000",
        "close": "60600",
        "volume": "0.015",
    }
    own.take([candle | {"open_time": AT - 60_000, "quote_volume": "905.1", "trades": 3}])
    tape = TickerTape(LISTINGS, own)
    ticker = tape.tickers(tick("61837.63"), tape.prices(tick("61837.63")))["BTC-USDT"]
    wanted = {
        "last": "60600", "change_24h": "1", "high_24h": "61000.5", "low_24h": "59000", "volume_24h": "0.015",
        "quote_volume_24h": "905.1", "trades_24h": 3, "stats_source": "trades", "reference_price": "61837.63",
        "reference": OUTSIDE,
    }  # fmt: skip
    assert ticker | wanted == ticker


def test_the_last_price_is_never_outside_the_days_range() -> None:
    """A source's range is older than the median of this second: it is widened by it."""
    tape = TickerTape(LISTINGS, DayStatistics())
    for price, low, high in (("62500", "60000", "62500"), ("59000.5", "59000.5", "62000.13")):
        ticker = tape.tickers(tick(price), tape.prices(tick(price)))["BTC-USDT"]
        assert (ticker["last"], ticker["low_24h"], ticker["high_24h"]) == (price, low, high)
