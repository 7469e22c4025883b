"""Candles of our own trades: exact, made from the journal, and told live while they grow.

Trades are counted by their number, which has no holes in a market: a candle that was written before a crash is read
again, and the trades it holds already are passed over when the journal is read once more.
"""

from collections.abc import Iterator
from typing import Any

from cryptovault.engine.events import Event, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.infra.feeds.candles import INTERVALS_MS, open_time
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.catalogue import Terms, TermsBook
from cryptovault.kit.projection import Message, Writes

COLLECTION = "trade_candles"
TELL_PAUSE_MS = 250
SOURCE = "trades"

Key = tuple[str, str, int]
"""Market, interval, opening time."""


class TradeCandle:
    """One span of one market. Prices are ticks, `volume` base units, `turnover` quote units."""

    __slots__ = ("close", "high", "last_trade_id", "low", "open", "seq", "trades", "turnover", "volume")

    def __init__(self) -> None:
        self.open = self.high = self.low = self.close = 0
        self.volume = self.turnover = self.trades = self.last_trade_id = self.seq = 0

    @classmethod
    def of(cls, document: Document, terms: Terms) -> "TradeCandle":
        """The candle of a stored document."""
        candle = cls()
        candle.open, candle.high = terms.parse_price(document["open"]), terms.parse_price(document["high"])
        candle.low, candle.close = terms.parse_price(document["low"]), terms.parse_price(document["close"])
        candle.volume = terms.parse_qty(document["volume"])
        candle.turnover = terms.parse_amount(document["quote_volume"])
        candle.trades, candle.last_trade_id = document["trades"], document["last_trade_id"]
        candle.seq = document["seq"]
        return candle

    def add(self, seq: int, trade: Trade) -> bool:
        """Count a trade; False where it was counted already."""
        if trade.trade_id <= self.last_trade_id:
            return False
        price = trade.price
        if not self.trades:
            self.open = self.high = self.low = price
        self.high, self.low, self.close = max(self.high, price), min(self.low, price), price
        self.volume += trade.qty
        self.turnover += trade.notional
        self.trades += 1
        self.last_trade_id, self.seq = trade.trade_id, seq
        return True

    def told(self, terms: Terms) -> dict[str, Any]:
        """Its figures as decimal strings."""
        return {
            "open": terms.price(self.open),
            "high": terms.price(self.high),
            "low": terms.price(self.low),
            "close": terms.price(self.close),
            "volume": terms.qty(self.volume),
            "quote_volume": terms.amount(self.turnover),
            "trades": self.trades,
        }


class TradeCandles:
    """The read model `trade_candles`: every span in which a market had trades.

    Journal time never goes back, so of each market and interval only the newest candle can still change.
    """

    name = "trade_candles"
    collections = (COLLECTION,)

    def __init__(self) -> None:
        self._terms = TermsBook()
        self._newest: dict[tuple[str, str], tuple[int, TradeCandle]] = {}
        self._stored: dict[Key, Document] = {}
        self._touched: dict[Key, TradeCandle] = {}
        self._untold: dict[Key, TradeCandle] | None = None

    async def load(self, db: Database, exchange: Exchange) -> None:
        """Read the candles that trades after the state of `exchange` may belong to."""
        for interval, span in INTERVALS_MS.items():
            query = {"interval": interval, "open_time": {"$gte": open_time(exchange.at, span)}}
            async for row in db[COLLECTION].find(query):
                self._stored[row["market"], interval, row["open_time"]] = row

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:  # noqa: ARG002
        """Count a trade in the candle of each interval; paper trades make none."""
        if not isinstance(event, Trade) or exchange.markets[event.market].mirrors is not None:
            return
        for interval, span in INTERVALS_MS.items():
            start = at - at % span
            key = (event.market, interval, start)
            candle = self._candle(key, exchange)
            if candle.add(seq, event):
                self._touched[key] = candle
                if self._untold is not None:
                    self._untold[key] = candle

    def _candle(self, key: Key, exchange: Exchange) -> TradeCandle:
        market, interval, start = key
        opened, candle = self._newest.get((market, interval), (-1, None))
        if candle is None or opened != start:
            row = self._stored.pop(key, None)
            candle = TradeCandle() if row is None else TradeCandle.of(row, self._terms.of(market, exchange))
            self._newest[market, interval] = start, candle
        return candle

    def take_untold(self) -> dict[Key, TradeCandle]:
        """The candles that have changed since this was last asked; from the first time on they are remembered."""
        changed, self._untold = self._untold or {}, {}
        return changed

    def flush(self, exchange: Exchange, writes: Writes) -> None:
        """Write each candle that has changed, whole."""
        for key, candle in self._touched.items():
            market, interval, start = key
            names = {"_id": f"{market}/{interval}/{start}", "market": market, "interval": interval, "open_time": start}
            rest = {"last_trade_id": candle.last_trade_id, "seq": candle.seq}
            writes.replace(COLLECTION, names | candle.told(self._terms.of(market, exchange)) | rest)
        self._touched.clear()


class CandlePublisher:
    """Publishes `candle` for each candle of own trades that has changed, at most four times a second."""

    name = "candles"

    def __init__(self, candles: TradeCandles) -> None:
        self._candles = candles
        self._terms = TermsBook()
        self._told_ms = -TELL_PAUSE_MS

    def publish(self, seq: int, at: int, event: Event, exchange: Exchange) -> tuple[Message, ...]:  # noqa: ARG002
        """Nothing that cannot wait."""
        return ()

    def flush(self, exchange: Exchange, now_ms: int) -> Iterator[Message]:
        """The candles that have changed, if the last were told long enough ago."""
        if now_ms - self._told_ms < TELL_PAUSE_MS:
            return
        changed = self._candles.take_untold()
        if changed:
            self._told_ms = now_ms
        for (market, interval, start), candle in changed.items():
            figures = candle.told(self._terms.of(market, exchange))
            told = {"market": market, "interval": interval, "open_time": start, **figures, "source": SOURCE}
            yield Message(f"candles:{market}:{interval}", "candle", told)
