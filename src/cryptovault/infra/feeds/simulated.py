"""The simulated feed: invented prices that look like a market, for when there is no network.

The price of a coin is a pure function of the seed, the coin and the time: its base price times one plus a sum of noise
waves, each four times slower than the last and twice as high (as a random walk is). So history, candles and live ticks
agree with each other, across restarts, without storing anything. Integers only: noise is in parts per 10 ** 9.

Prices are labelled as simulated wherever they appear; production never builds this class.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from math import isqrt
from typing import NamedTuple
from zlib import crc32

from cryptovault.infra.feeds.catalog import Coin
from cryptovault.infra.feeds.quote import Kline, Quote

UNIT = 1_000_000_000
DAY_MS = 86_400_000
_PERIODS_MS = tuple(2_000 * 4**octave for octave in range(11))  # 2 s ... 24 days
_DAILY_MOVE = 22_000_000  # 2.2 % of UNIT: the typical height of the wave that lasts a day
_AMPLITUDES = tuple(_DAILY_MOVE * isqrt(period * 10**12 // DAY_MS) // 10**6 for period in _PERIODS_MS)
_MASK = (1 << 64) - 1
_DECIMALS = 12
STATISTIC_POINTS = 48


@lru_cache(maxsize=65_536)
def _lattice(seed: int, octave: int, index: int) -> int:
    """A well mixed number of -UNIT..UNIT (splitmix64)."""
    z = (seed + octave * 0xD1B54A32D192ED03 + index * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (z ^ (z >> 31)) % (2 * UNIT + 1) - UNIT


def _noise(seed: int, at_ms: int) -> int:
    """The height of all waves at a time, in parts of UNIT; always above -UNIT / 2."""
    total = 0
    for octave, (period, amplitude) in enumerate(zip(_PERIODS_MS, _AMPLITUDES, strict=True)):
        index, within = divmod(at_ms, period)
        left = _lattice(seed, octave, index)
        right = _lattice(seed, octave, index + 1)
        total += amplitude * (left * (period - within) + right * within) // (period * UNIT)
    return total


class _Day(NamedTuple):
    """The 24 hours before a minute."""

    minute: int
    first: Decimal
    high: Decimal
    low: Decimal


class SimulatedFeed:
    """A price source that never fails. `seed` makes another world; the same seed makes the same prices."""

    name = "simulated"

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        self._anchors: dict[str, tuple[int, int]] = {}  # symbol -> (scaled price * UNIT, noise factor there)
        self._days: dict[str, _Day] = {}

    def _coin_seed(self, coin: Coin) -> int:
        return (self._seed << 32) | crc32(coin.symbol.encode())

    def anchor(self, coin: Coin, price: Decimal, at_ms: int) -> None:
        """Go on from this price at this time, where the live feed ended."""
        here = UNIT + _noise(self._coin_seed(coin), at_ms)
        self._anchors[coin.symbol] = (int(price.scaleb(_DECIMALS)) * UNIT, here)
        self._days.pop(coin.symbol, None)

    def price_at(self, coin: Coin, at_ms: int) -> Decimal:
        """The price at any time, past or future, with at most 12 decimals and 6 significant digits or more."""
        base, divisor = self._anchors.get(coin.symbol, (int(coin.base_price.scaleb(_DECIMALS)) * UNIT, UNIT))
        scaled = base // divisor * (UNIT + _noise(self._coin_seed(coin), at_ms)) // UNIT
        return Decimal(scaled).scaleb(-_DECIMALS).normalize()

    def quotes(self, coins: Sequence[Coin], at_ms: int) -> list[Quote]:
        """All coins at one moment, named by their symbols, with the statistics of the 24 hours before it."""
        return [self._quote(coin, at_ms) for coin in coins]

    def _quote(self, coin: Coin, at_ms: int) -> Quote:
        price = self.price_at(coin, at_ms)
        past = self._day_before(coin, at_ms // 60_000)
        high, low = max(past.high, price), min(past.low, price)
        volume = self._day_volume(coin)
        return Quote(
            market=coin.symbol,
            price=price,
            at=at_ms,
            change_24h=((price / past.first - 1) * 100).quantize(Decimal("0.01")),
            high_24h=high,
            low_24h=low,
            volume_24h=volume,
            quote_volume_24h=(volume * price).quantize(Decimal("0.01")),
        )

    def _day_before(self, coin: Coin, minute: int) -> _Day:
        """The day before a minute; samples lie on a fixed grid, so that high and low do not flicker."""
        known = self._days.get(coin.symbol)
        if known is not None and known.minute == minute:
            return known
        step = DAY_MS // STATISTIC_POINTS
        end = minute * 60_000
        start = end - DAY_MS
        first = self.price_at(coin, start)
        samples = [first, *(self.price_at(coin, at) for at in range((start // step + 1) * step, end, step))]
        day = self._days[coin.symbol] = _Day(minute, first, max(samples), min(samples))
        return day

    def _day_volume(self, coin: Coin) -> Decimal:
        """Coins traded in a day: about 3 % of all there are."""
        return (coin.supply * 3 / 100).to_integral_value()

    def candles(self, coin: Coin, interval_ms: int, start_ms: int, count: int) -> list[Kline]:
        """`count` candles from `start_ms` (a multiple of the interval); each opens where the last one closed."""
        klines = []
        close = self.price_at(coin, start_ms)
        for opened_at in range(start_ms, start_ms + count * interval_ms, interval_ms):
            opened = close
            between = [self.price_at(coin, opened_at + interval_ms * part // 4) for part in (1, 2, 3)]
            close = self.price_at(coin, opened_at + interval_ms)
            path = (opened, *between, close)
            volume = self._volume(coin, interval_ms, opened_at)
            klines.append(Kline(opened_at, opened, max(path), min(path), close, volume))
        return klines

    def _volume(self, coin: Coin, interval_ms: int, open_time: int) -> Decimal:
        """The day's volume in proportion, between half and one and a half times of it."""
        whim = UNIT + _lattice(self._coin_seed(coin) ^ interval_ms, 12, open_time // interval_ms) // 2
        return (self._day_volume(coin) * interval_ms * whim / (DAY_MS * UNIT)).quantize(Decimal("0.001"))
