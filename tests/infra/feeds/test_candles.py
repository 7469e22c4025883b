from decimal import Decimal

from cryptovault.infra.feeds.candles import INTERVALS_MS, Candles, Key
from cryptovault.infra.feeds.quote import Kline

START = 1_795_219_200_000  # midnight: every interval opens here
MARKET = "BTC-USDT"


def kline(text: str, start: int = START, volume: int = 0) -> Kline:
    """A candle from "open high low close"."""
    opened, high, low, close = (Decimal(word) for word in text.split())
    return Kline(start, opened, high, low, close, Decimal(volume))


def test_ticks_make_candles_of_every_interval() -> None:
    """Open, high, low and close follow the ticks, alike in all intervals."""
    candles = Candles()
    for second, price in enumerate(("100", "103", "99", "101")):
        candles.tick(MARKET, Decimal(price), START + second * 1_000)
    changed = candles.take_changed()
    assert changed == {Key(MARKET, name, START): kline("100 103 99 101") for name in INTERVALS_MS}
    assert candles.take_changed() == {}


def test_a_candle_opens_where_the_last_one_closed() -> None:
    """There is no hole between neighbours; after a gap a candle opens at its own first price."""
    candles = Candles()
    candles.tick(MARKET, Decimal(100), START)
    candles.tick(MARKET, Decimal(104), START + 60_000)
    candles.tick(MARKET, Decimal(110), START + 600_000)
    changed = candles.take_changed()
    assert changed[Key(MARKET, "1m", START + 60_000)] == kline("100 104 100 104", START + 60_000)
    assert changed[Key(MARKET, "1m", START + 600_000)] == kline("110 110 110 110", START + 600_000)
    assert changed[Key(MARKET, "1d", START)] == kline("100 110 100 110")


def test_volume_counts_in_the_candle_of_its_time() -> None:
    """Trades add to the open candle, and not to one that is over."""
    candles = Candles()
    candles.tick(MARKET, Decimal(100), START + 60_000)
    candles.volume(MARKET, Decimal(3), START + 61_000)
    candles.volume(MARKET, Decimal(5), START)
    changed = candles.take_changed()
    assert changed[Key(MARKET, "1m", START + 60_000)].volume == 3
    assert changed[Key(MARKET, "1h", START)].volume == 8


def test_a_candle_is_resumed_after_a_restart() -> None:
    """What was stored of the open candle and what was seen since are one candle."""
    candles = Candles()
    candles.tick(MARKET, Decimal(107), START + 30_000)
    candles.resume(MARKET, "1m", kline("100 105 95 101", volume=9))
    candles.tick(MARKET, Decimal(106), START + 31_000)
    assert candles.take_changed()[Key(MARKET, "1m", START)] == kline("100 107 95 106", volume=9)
