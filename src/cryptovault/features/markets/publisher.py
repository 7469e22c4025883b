"""Public live messages: each trade at once, each changed book at most ten times a second."""

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from cryptovault.engine.events import Event, LevelChanged, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.features.markets.schemas import SIDES
from cryptovault.kit.catalogue import Terms, TermsBook
from cryptovault.kit.projection import Message
from cryptovault.kit.schemas import iso_ms

BOOK_LEVELS = 50
BOOK_PAUSE_MS = 100
BOOK_REFRESH_MS = 10_000
BOOK_KEY = "cv:book:"
BOOK_KEPT_SECONDS = 60

BookLevels = list[tuple[str, str]]


def book_checksum(bids: BookLevels, asks: BookLevels) -> int:
    """CRC-32 of `bids|asks`, each level as `price:qty`, levels joined by commas, exactly as in the message."""
    sides = (",".join(f"{price}:{qty}" for price, qty in side) for side in (bids, asks))
    return crc32("|".join(sides).encode())


def book_payload(market: str, exchange: Exchange, terms: Terms, at: int) -> dict[str, Any]:
    """The whole of a `book` message; `seq` is the journal position it shows."""
    bids, asks = exchange.depth(market, BOOK_LEVELS)
    bid_levels = [(terms.price(price), terms.qty(qty)) for price, qty in bids]
    ask_levels = [(terms.price(price), terms.qty(qty)) for price, qty in asks]
    return {
        "market": market,
        "seq": exchange.seq,
        "bids": bid_levels,
        "asks": ask_levels,
        "checksum": book_checksum(bid_levels, ask_levels),
        "at": iso_ms(at),
    }


class MarketPublisher:
    """Publishes `trade` and `book`.

    `publish` takes note of what changed and gives the trades; `flush`, called after each batch and some times a second,
    gives the books whose time has come. Every book is told again now and then even if it has not changed, so that a
    Redis that has lost everything, or a start from a snapshot, is repaired by itself.
    """

    name = "markets"

    def __init__(self) -> None:
        self._terms = TermsBook()
        self._changed: dict[str, None] = {}
        self._sent_ms: dict[str, int] = {}
        self._refreshed_ms: int | None = None

    def publish(self, seq: int, at: int, event: Event, exchange: Exchange) -> Iterable[Message]:  # noqa: ARG002
        """The messages that must not wait: trades."""
        if isinstance(event, LevelChanged):
            self._changed[event.market] = None
        elif isinstance(event, Trade):
            yield self._trade(event, at, exchange)

    def flush(self, exchange: Exchange, now_ms: int) -> list[Message]:
        """The changed books that were last told long enough ago. `now_ms` is any clock that only goes forward."""
        if self._refreshed_ms is None or now_ms - self._refreshed_ms >= BOOK_REFRESH_MS:
            self._refreshed_ms = now_ms
            self._changed.update(dict.fromkeys(exchange.markets))
        due = [market for market in self._changed if now_ms - self._sent_ms.get(market, -1_000) >= BOOK_PAUSE_MS]
        for market in due:
            del self._changed[market]
            self._sent_ms[market] = now_ms
        return [self._book(market, exchange) for market in due]

    def _book(self, market: str, exchange: Exchange) -> Message:
        payload = book_payload(market, exchange, self._terms.of(market, exchange), exchange.at)
        return Message(f"book:{market}", "book", payload, f"{BOOK_KEY}{market}", BOOK_KEPT_SECONDS)

    def _trade(self, trade: Trade, at: int, exchange: Exchange) -> Message:
        terms = self._terms.of(trade.market, exchange)
        payload = {
            "market": trade.market,
            "trade_id": trade.trade_id,
            "price": terms.price(trade.price),
            "qty": terms.qty(trade.qty),
            "taker_side": SIDES[trade.taker_side],
            "at": iso_ms(at),
        }
        return Message(f"trades:{trade.market}", "trade", payload)
