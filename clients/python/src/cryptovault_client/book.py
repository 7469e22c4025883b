"""A copy of one market's order book, kept from snapshots and numbered differences.

Plain data in, plain data out: no network here, so the same recorded messages test this and every other client.
"""

from decimal import Decimal
from enum import Enum
from typing import TypedDict
from zlib import crc32

Level = list[str]
"""[price, quantity], as decimal strings."""


class BookMessage(TypedDict):
    """The data of a `book`: the best levels of both sides, best first."""

    market: str
    seq: int
    bids: list[Level]
    asks: list[Level]
    checksum: int
    at: str


class BookDelta(BookMessage):
    """The data of a `book_delta`: changed levels, quantity "0" for one that is gone. `checksum` is the whole book's."""

    prev_seq: int


class Outcome(Enum):
    """What a message did."""

    APPLIED = "applied"
    IGNORED = "ignored"
    RESYNC = "resync"
    """Something is missing or wrong: subscribe to the room again; differences are ignored until the snapshot comes."""


def checksum(bids: list[Level], asks: list[Level]) -> int:
    """CRC-32 of `bids|asks`, each level as `price:qty`, levels joined by commas."""
    return crc32("|".join(",".join(f"{price}:{qty}" for price, qty in side) for side in (bids, asks)).encode())


class BookReplica:
    """The book of one market, both sides best first. `synced` is False before the first snapshot and in a resync."""

    def __init__(self) -> None:
        self.seq = -1
        self.bids: list[Level] = []
        self.asks: list[Level] = []
        self.synced = False

    def take_snapshot(self, data: BookMessage) -> Outcome:
        """Take a `book`, whatever its number: a lower one means that the publisher has begun again."""
        return self._checked(data, list(data["bids"]), list(data["asks"]))

    def take_delta(self, data: BookDelta) -> Outcome:
        """Take a `book_delta`. A wrong one changes nothing but `synced`."""
        if not self.synced or data["seq"] <= self.seq:
            return Outcome.IGNORED
        if data["prev_seq"] != self.seq:
            return self._lost()
        bids = _changed(self.bids, data["bids"], best_is_highest=True)
        return self._checked(data, bids, _changed(self.asks, data["asks"], best_is_highest=False))

    def doubt(self) -> None:
        """The connection was lost: only a snapshot counts now."""
        self.synced = False

    def _checked(self, data: BookMessage, bids: list[Level], asks: list[Level]) -> Outcome:
        if checksum(bids, asks) != data["checksum"]:
            return self._lost()
        self.bids, self.asks, self.seq, self.synced = bids, asks, data["seq"], True
        return Outcome.APPLIED

    def _lost(self) -> Outcome:
        self.synced = False
        return Outcome.RESYNC


def _changed(side: list[Level], levels: list[Level], *, best_is_highest: bool) -> list[Level]:
    known = {level[0]: level for level in side}
    for level in levels:
        if level[1] == "0":
            known.pop(level[0], None)
        else:
            known[level[0]] = level
    return sorted(known.values(), key=_price, reverse=best_is_highest)


def _price(level: Level) -> Decimal:
    return Decimal(level[0])
