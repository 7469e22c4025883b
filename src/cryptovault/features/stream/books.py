"""The books as this worker has heard them, so that a newcomer's snapshot joins up with the differences.

A book is a whole message and the raw differences behind it, put together only when somebody wants a snapshot. Where a
difference is missing, none is passed on until the book has been found again in Redis; then everybody in the room gets
it whole. So one lost message costs one look-up, not one for each client.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from zlib import crc32

import msgspec

from cryptovault.features.stream import policy

Levels = list[tuple[str, str]]
Tell = Callable[[str, str, bytes], None]
Find = Callable[[list[str]], Awaitable[list[bytes | None]]]


class Book(msgspec.Struct):
    """A `book` message, or with `prev_seq` a `book_delta`."""

    market: str
    seq: int
    bids: Levels
    asks: Levels
    checksum: int
    at: str


class _Place(msgspec.Struct):
    """Where a message stands among those of its market."""

    seq: int
    prev_seq: int = -1


_read_book = msgspec.json.Decoder(Book).decode
_read_place = msgspec.json.Decoder(_Place).decode


class _Tape:
    """One market: the last whole book, the differences behind it, and whether they join up."""

    def __init__(self) -> None:
        self.whole: bytes | None = None
        self.seq = -1
        self.behind: list[bytes] = []

    def begin(self, whole: bytes, seq: int) -> None:
        self.whole, self.seq, self.behind = whole, seq, []

    def lose(self) -> None:
        self.whole, self.seq, self.behind = None, -1, []

    def holds(self, place: _Place) -> bool:
        """Whether a difference is in the book already: one found in Redis may be ahead of what was heard."""
        return self.whole is not None and place.seq <= self.seq

    def follow(self, delta: bytes, place: _Place) -> bool:
        """Take a difference; False where something is missing before it."""
        joined = place.prev_seq == self.seq
        if not joined:
            self.lose()
        self.seq = place.seq
        self.behind.append(delta)
        if len(self.behind) > policy.MAX_DIFFERENCES:
            self.shorten()
        return joined

    def shorten(self) -> None:
        """Work the differences into the whole, or without one forget the oldest."""
        if self.whole is None:
            del self.behind[0]
        else:
            self.snapshot()

    def join(self, whole: bytes) -> bool:
        """Put a whole book from elsewhere under the differences heard since; False where it does not fit."""
        try:
            seq = _read_book(whole).seq
        except (msgspec.MsgspecError, UnicodeError):
            return False
        places = [_read_place(delta) for delta in self.behind]
        later = [index for index, place in enumerate(places) if place.seq > seq]
        if later and places[later[0]].prev_seq != seq:
            return False
        self.whole = whole
        self.behind = [self.behind[index] for index in later]
        self.seq = max(seq, self.seq)
        return True

    def snapshot(self) -> bytes | None:
        """The present book as a `book` message; None where it is not known, or does not add up."""
        if self.whole is not None and self.behind:
            self.whole, self.behind = folded(self.whole, self.behind), []
            if self.whole is None:
                self.lose()
        return self.whole


class Books:
    """All books of this worker. `tell` is given what its room is to hear, `find` looks up whole books in Redis."""

    def __init__(self, tell: Tell, find: Find) -> None:
        self._tell = tell
        self._find = find
        self._tapes: dict[str, _Tape] = {}
        self._repair: asyncio.Task[None] | None = None

    def hear(self, market: str, event: str, payload: bytes) -> None:
        """Take a message of the publisher, and pass it on if clients can use it."""
        tape, place = self._tapes.setdefault(market, _Tape()), _read_place(payload)
        if event == "book":
            tape.begin(payload, place.seq)
            self._tell(market, event, payload)
        elif tape.holds(place):
            return
        elif tape.follow(payload, place) and tape.whole is not None:
            self._tell(market, event, payload)
        else:
            self._begin_repair()

    def doubt(self) -> None:
        """Messages were lost: every book is looked up again."""
        for tape in self._tapes.values():
            tape.lose()
        self._begin_repair()

    async def snapshot(self, market: str) -> bytes | None:
        """The present book; None where nobody has told of it yet, in which case the room will hear it when it is found.

        Whoever joins the room without waiting in between misses no difference behind it.
        """
        tape = self._tapes.setdefault(market, _Tape())
        if tape.whole is None:
            for _, found in await self._look_up([market]):
                self._tell(market, "book", found)  # others may have been waiting for it
        whole = tape.snapshot()
        if whole is None:
            self._begin_repair()
        return whole

    def close(self) -> None:
        """Look for nothing any more."""
        if self._repair is not None:
            self._repair.cancel()

    def _begin_repair(self) -> None:
        if self._repair is None or self._repair.done():
            self._repair = asyncio.create_task(self._repair_all())

    async def _repair_all(self) -> None:
        pause = policy.REPAIR_SECONDS
        while missing := [market for market, tape in self._tapes.items() if tape.whole is None]:
            for market, whole in await self._look_up(missing):
                self._tell(market, "book", whole)
            await asyncio.sleep(pause)
            pause = min(2 * pause, policy.REPAIR_SECONDS_MAX)

    async def _look_up(self, markets: list[str]) -> list[tuple[str, bytes]]:
        """Books that were found and join up, now whole."""
        return [
            (market, whole)
            for market, payload in zip(markets, await self._find(markets), strict=True)
            if payload is not None
            and self._tapes[market].whole is None
            and self._tapes[market].join(payload)
            and (whole := self._tapes[market].snapshot()) is not None
        ]


def folded(whole: bytes, deltas: list[bytes]) -> bytes | None:
    """A book with differences worked in, as a `book` message; None where its checksum is not theirs."""
    book = _read_book(whole)
    bids, asks = dict(book.bids), dict(book.asks)
    for payload in deltas:
        delta = _read_book(payload)
        _change(bids, delta.bids)
        _change(asks, delta.asks)
        book.seq, book.checksum, book.at = delta.seq, delta.checksum, delta.at
    book.bids = sorted(bids.items(), key=_price, reverse=True)
    book.asks = sorted(asks.items(), key=_price)
    text = "|".join(",".join(_texts(side)) for side in (book.bids, book.asks))
    return msgspec.json.encode(book) if crc32(text.encode()) == book.checksum else None


def _change(side: dict[str, str], levels: Levels) -> None:
    for price, qty in levels:
        if qty == "0":
            side.pop(price, None)
        else:
            side[price] = qty


def _price(level: tuple[str, str]) -> Decimal:
    return Decimal(level[0])


def _texts(side: Levels) -> Iterator[str]:
    return (f"{price}:{qty}" for price, qty in side)
