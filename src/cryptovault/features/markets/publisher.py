"""Public live messages: trades and rules at once, each changed book as a difference at most so many times a second."""

from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from cryptovault.engine.events import Event, FeeTiersSet, LevelChanged, MarketChanged, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.features.markets.projection import fee_tiers, market_document
from cryptovault.features.markets.schemas import SIDES
from cryptovault.kit.catalogue import Terms, TermsBook
from cryptovault.kit.projection import Message
from cryptovault.kit.schemas import iso_ms

BOOK_LEVELS = 50
BOOK_PAUSE_MS = 50
BOOK_REFRESH_MS = 10_000
BOOK_KEY = "cv:book:"
BOOK_KEPT_SECONDS = 60
MARKETS_ROOM = "markets"

BookLevels = list[tuple[str, str]]
GONE = "0"


def book_checksum(bids: BookLevels, asks: BookLevels) -> int:
    """CRC-32 of `bids|asks`, each level as `price:qty`, levels joined by commas, exactly as in the message."""
    sides = (",".join(f"{price}:{qty}" for price, qty in side) for side in (bids, asks))
    return crc32("|".join(sides).encode())


def book_payload(market: str, exchange: Exchange, terms: Terms, at: int) -> dict[str, Any]:
    """The whole of a `book` message; `seq` is the journal position it shows."""
    return _View(market, terms).look(exchange).whole(exchange.seq, at)


def changes(before: BookLevels, after: BookLevels) -> BookLevels:
    """What makes one side of a book from another: new and changed levels, and those that are gone with quantity 0."""
    old, new = dict(before), dict(after)
    changed = [level for level in after if old.get(level[0]) != level[1]]
    return changed + [(price, GONE) for price in old if price not in new]


class _View:
    """The best levels of one market as text; what has not changed since the last look is not written again."""

    def __init__(self, market: str, terms: Terms) -> None:
        self.market = market
        self.bids: BookLevels = []
        self.asks: BookLevels = []
        self._terms = terms
        self._texts: dict[tuple[int, int], tuple[str, str]] = {}

    def look(self, exchange: Exchange) -> "_View":
        """Take over the book as it is now."""
        bids, asks = exchange.depth(self.market, BOOK_LEVELS)
        known, terms = self._texts, self._terms
        texts = self._texts = {
            level: known.get(level) or (terms.price(level[0]), terms.qty(level[1])) for level in (*bids, *asks)
        }
        self.bids, self.asks = [texts[level] for level in bids], [texts[level] for level in asks]
        return self

    def whole(self, seq: int, at: int) -> dict[str, Any]:
        """The `book` message."""
        return {"market": self.market, "seq": seq} | self._rest(self.bids, self.asks, at)

    def difference(self, seq: int, prev_seq: int, bids: BookLevels, asks: BookLevels, at: int) -> dict[str, Any]:
        """The `book_delta` message; its checksum is that of the whole book behind it."""
        return {"market": self.market, "seq": seq, "prev_seq": prev_seq} | self._rest(bids, asks, at)

    def top(self, seq: int, at: int) -> dict[str, Any]:
        """The `top` message."""
        best = {"bid": self.bids[0] if self.bids else None, "ask": self.asks[0] if self.asks else None}
        return {"market": self.market, "seq": seq} | best | {"at": iso_ms(at)}

    def _rest(self, bids: BookLevels, asks: BookLevels, at: int) -> dict[str, Any]:
        checksum = book_checksum(self.bids, self.asks)
        return {"bids": bids, "asks": asks, "checksum": checksum, "at": iso_ms(at)}


class _Told(_View):
    """A market's book as it was last told, and when."""

    def __init__(self, market: str, terms: Terms) -> None:
        super().__init__(market, terms)
        self.seq = -1
        self.at_ms: int | None = None

    def tell(self, exchange: Exchange, *, whole: bool) -> Iterator[Message]:
        """The messages that bring everybody from what was told to what is; the whole book, if asked for."""
        bids, asks = self.bids, self.asks
        self.look(exchange)
        changed = changes(bids, self.bids), changes(asks, self.asks)
        if not whole and not any(changed):
            return
        seq, before, at = exchange.seq, self.seq, exchange.at
        self.seq = seq
        room, kept = f"book:{self.market}", (f"{BOOK_KEY}{self.market}", BOOK_KEPT_SECONDS)
        if whole:
            yield Message(room, "book", self.whole(seq, at), *kept)
        else:
            yield Message(room, "book_delta", self.difference(seq, before, *changed, at))
            yield Message("", "book", self.whole(seq, at), *kept)
        if whole or bids[:1] != self.bids[:1] or asks[:1] != self.asks[:1]:
            yield Message(f"top:{self.market}", "top", self.top(seq, at))


class MarketPublisher:
    """Publishes `trade`, `market`, `fees`, `book`, `book_delta` and `top`; the last three at most once in `pause_ms`.

    Books and trades are those of real markets: paper ones have no depth of their own.

    `publish` takes note of what changed and gives trades and rules; `flush`, called after each batch and some times a
    second, gives the books whose time has come: differences, each naming the message before it. Every book is told
    whole now and then, so that a Redis that has lost everything, or a start from a snapshot, is repaired by itself.
    """

    name = "markets"

    def __init__(self, pause_ms: int = BOOK_PAUSE_MS) -> None:
        self._pause_ms = pause_ms
        self._terms = TermsBook()
        self._told: dict[str, _Told] = {}
        self._changed: dict[str, None] = {}
        self._whole: dict[str, None] = {}
        self._refreshed_ms: int | None = None

    def publish(self, seq: int, at: int, event: Event, exchange: Exchange) -> Iterable[Message]:
        """The messages that must not wait: trades, and the rules that hold from now on."""
        if isinstance(event, LevelChanged | Trade) and exchange.markets[event.market].mirrors is not None:
            return
        if isinstance(event, LevelChanged):
            self._changed[event.market] = None
        elif isinstance(event, Trade):
            yield self._trade(event, at, exchange)
        elif isinstance(event, MarketChanged):
            rules = market_document(event.market, exchange, seq)
            yield Message(MARKETS_ROOM, "market", {"symbol": rules.pop("_id"), **rules})
        elif isinstance(event, FeeTiersSet):
            yield Message(MARKETS_ROOM, "fees", {"tiers": fee_tiers(exchange), "seq": seq})

    def flush(self, exchange: Exchange, now_ms: int) -> list[Message]:
        """The books that were last told long enough ago. `now_ms` is any clock that only goes forward."""
        if self._refreshed_ms is None or now_ms - self._refreshed_ms >= BOOK_REFRESH_MS:
            self._refreshed_ms = now_ms
            self._whole.update({name: None for name, market in exchange.markets.items() if market.mirrors is None})
        messages: list[Message] = []
        for market in [*self._whole, *(market for market in self._changed if market not in self._whole)]:
            told = self._of(market, exchange)
            if told.at_ms is None or now_ms - told.at_ms >= self._pause_ms:
                messages += told.tell(exchange, whole=market in self._whole)
                told.at_ms = now_ms
                self._changed.pop(market, None)
                self._whole.pop(market, None)
        return messages

    def _of(self, market: str, exchange: Exchange) -> _Told:
        if (told := self._told.get(market)) is None:
            told = self._told[market] = _Told(market, self._terms.of(market, exchange))
            self._whole[market] = None
        return told

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
