"""Candles: spans of time, and how ticks become candles."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from cryptovault.infra.feeds.quote import Kline

MINUTE_MS = 60_000
INTERVALS_MS = {
    "1m": MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "1h": 60 * MINUTE_MS,
    "4h": 240 * MINUTE_MS,
    "1d": 1_440 * MINUTE_MS,
}
COLLECTION = "candles"


def open_time(at_ms: int, interval_ms: int) -> int:
    """When the candle of a moment opened."""
    return at_ms - at_ms % interval_ms


class Key(NamedTuple):
    """Which candle."""

    market: str
    interval: str
    open_time: int


class Candles:
    """The candles of the reference price that are still open, fed by ticks; changed ones are taken out to be stored."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Kline] = {}
        self._changed: dict[Key, Kline] = {}

    def resume(self, market: str, interval: str, kline: Kline) -> None:
        """Go on with a candle that was open before; what has been seen since is added to it."""
        since = self._open.get((market, interval))
        if since is not None and since.open_time == kline.open_time:
            high, low = max(kline.high, since.high), min(kline.low, since.low)
            kline = Kline(kline.open_time, kline.open, high, low, since.close, max(kline.volume, since.volume))
        elif since is not None and since.open_time > kline.open_time:
            return
        self._open[market, interval] = kline

    def tick(self, market: str, price: Decimal, at_ms: int) -> None:
        """The market has this price now."""
        for interval, span in INTERVALS_MS.items():
            start = open_time(at_ms, span)
            known = self._open.get((market, interval))
            if known is None or known.open_time < start:
                # A candle opens where the last one closed, if that was just before; else at its own first price.
                near = known is not None and known.open_time == start - span
                opened = known.close if known is not None and near else price
                known = Kline(start, opened, opened, opened, opened, Decimal(0))
            high, low = max(known.high, price), min(known.low, price)
            self._keep(market, interval, Kline(known.open_time, known.open, high, low, price, known.volume))

    def volume(self, market: str, qty: Decimal, at_ms: int) -> None:
        """Coins changed hands; a trade of a candle that is closed already is left out."""
        for interval, span in INTERVALS_MS.items():
            known = self._open.get((market, interval))
            if known is not None and known.open_time == open_time(at_ms, span):
                self._keep(market, interval, known._replace(volume=known.volume + qty))

    def _keep(self, market: str, interval: str, kline: Kline) -> None:
        self._open[market, interval] = kline
        self._changed[Key(market, interval, kline.open_time)] = kline

    def open_ones(self) -> Iterator[tuple[Key, Kline]]:
        """The newest candle of each market and interval."""
        return ((Key(market, interval, kline.open_time), kline) for (market, interval), kline in self._open.items())

    def take_changed(self) -> dict[Key, Kline]:
        """Candles to be written, each with its whole content."""
        changed, self._changed = self._changed, {}
        return changed
