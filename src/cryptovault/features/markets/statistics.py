"""A market's last 24 hours from its own trades, to the minute: the 1,440 minutes up to and with the present one."""

from collections.abc import Iterable
from decimal import Context, Decimal
from typing import NamedTuple

from cryptovault.features.markets.trade_candles import COLLECTION
from cryptovault.infra.feeds.candles import MINUTE_MS, open_time
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.watermark import Watermark

DAY_MINUTES = 1_440
_WIDE = Context(prec=100)
_FIELDS = ("open", "high", "low", "close", "volume", "quote_volume")


class Figures(NamedTuple):
    """What happened in 24 hours; `change` is per cent, signed."""

    open: Decimal
    high: Decimal
    low: Decimal
    last: Decimal
    volume: Decimal
    quote_volume: Decimal
    trades: int

    @property
    def change(self) -> Decimal:
        """From the first trade of the 24 hours to the last."""
        return _WIDE.divide((self.last - self.open) * 100, self.open)


class _Minute(NamedTuple):
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal
    trades: int


class DayStatistics:
    """Follows the read model `trade_candles` and keeps a day of minutes of each market."""

    def __init__(self) -> None:
        self._minutes: dict[str, dict[int, _Minute]] = {}
        self._known: dict[str, tuple[int, Figures | None]] = {}
        self._seq = -1

    async def follow(self, db: Database, now_ms: int) -> None:
        """Read what was written since the last time. Raises PyMongoError."""
        watermark = Watermark(db)
        await watermark.refresh()  # what is read below is complete up to here, and perhaps not beyond
        query = {"interval": "1m", "seq": {"$gt": self._seq}, "open_time": {"$gt": _begin(now_ms)}}
        self.take(await db[COLLECTION].find(query).to_list())
        self._seq = max(self._seq, watermark.seq)

    def take(self, rows: Iterable[Document]) -> None:
        """Take note of one-minute candles, each whole."""
        for row in rows:
            minute = _Minute(trades=row["trades"], **{name: Decimal(row[name]) for name in _FIELDS})
            self._minutes.setdefault(row["market"], {})[row["open_time"]] = minute
            self._known.pop(row["market"], None)

    def of(self, market: str, now_ms: int) -> Figures | None:
        """The 24 hours up to now; None where the market had no trade in them."""
        minutes = self._minutes.get(market)
        if not minutes:
            return None
        begin = _begin(now_ms)
        known = self._known.get(market)
        if known is None or known[0] != begin:
            for start in [start for start in minutes if start <= begin]:
                del minutes[start]
            known = self._known[market] = begin, _sum([minutes[start] for start in sorted(minutes)])
        return known[1]

    def traded_since(self, market: str, begin_ms: int) -> bool:
        """Whether the market had a trade in a minute that began at or after a time."""
        return any(start >= begin_ms for start in self._minutes.get(market, ()))


def _begin(now_ms: int) -> int:
    """The last minute that is out of the 24 hours."""
    return open_time(now_ms, MINUTE_MS) - DAY_MINUTES * MINUTE_MS


def _sum(minutes: list[_Minute]) -> Figures | None:
    if not minutes:
        return None
    volume = quote_volume = Decimal(0)
    for minute in minutes:
        volume, quote_volume = _WIDE.add(volume, minute.volume), _WIDE.add(quote_volume, minute.quote_volume)
    return Figures(
        minutes[0].open,
        max(minute.high for minute in minutes),
        min(minute.low for minute in minutes),
        minutes[-1].close,
        volume,
        quote_volume,
        sum(minute.trades for minute in minutes),
    )
