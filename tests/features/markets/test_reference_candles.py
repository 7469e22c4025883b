from decimal import Decimal

from cryptovault.features.markets.reference_candles import ReferenceCandles
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.infra.feeds.candles import INTERVALS_MS, MINUTE_MS, Candles
from cryptovault.infra.feeds.catalog import load_catalog

LISTINGS = load_catalog().listings
AT = 1_795_219_200_000  # the beginning of a day
LATER = AT + 7 * MINUTE_MS


def reference(own: DayStatistics) -> tuple[ReferenceCandles, Candles]:
    """Candles of BTC-USDT that a few ticks have made."""
    candles = Candles()
    for price in (64_000, 64_100, 63_900):
        candles.tick("BTC-USDT", Decimal(price), LATER)
    return ReferenceCandles(LISTINGS, own), candles


def test_open_candles_are_told_when_they_change() -> None:
    """Each open candle of the reference price is told, marked as such, and not again until it has changed."""
    tape, candles = reference(DayStatistics())
    news = tape.news(candles)
    assert set(news) == {f"BTC-USDT:{interval}" for interval in INTERVALS_MS}
    assert news["BTC-USDT:5m"] == {
        "market": "BTC-USDT", "interval": "5m", "open_time": AT + 5 * MINUTE_MS, "open": "64000", "high": "64100",
        "low": "63900", "close": "63900", "volume": "0", "quote_volume": None, "trades": None, "source": "reference",
    }  # fmt: skip
    assert tape.news(candles) == {}
    candles.tick("BTC-USDT", Decimal(63_950), LATER + 1_000)
    assert len(tape.news(candles)) == len(INTERVALS_MS)


def test_spans_with_own_trades_are_left_to_them() -> None:
    """Where the market has traded in a span, as stored or as just heard, the reference price is not told for it."""
    own = DayStatistics()
    row = dict.fromkeys(("open", "high", "low", "close", "volume", "quote_volume"), "1")
    own.take([row | {"market": "BTC-USDT", "open_time": AT + 2 * MINUTE_MS, "trades": 1}])
    tape, candles = reference(own)
    assert set(tape.news(candles)) == {"BTC-USDT:1m", "BTC-USDT:5m"}
    tape.traded("BTC-USDT", LATER + 2_000)
    candles.tick("BTC-USDT", Decimal(63_950), LATER + 3_000)
    assert tape.news(candles) == {}
    candles.tick("BTC-USDT", Decimal(63_950), LATER + MINUTE_MS)
    assert set(tape.news(candles)) == {"BTC-USDT:1m"}
