"""What happens at a time to come, soonest first."""

from bisect import bisect_left
from collections.abc import Callable
from enum import IntEnum


class DueKind(IntEnum):
    """What is due. Of what is due at the same millisecond, the first in this list happens first."""

    VOLUME = 0  # a day leaves the window of the fee tiers; the key is the day's number
    EXPIRY = 1  # an order's date; the key is its id
    TIMER = 2  # an account's cancel timer; the key is its name
    STATUS = 3  # a scheduled change of a market; the key is its symbol
    REOPEN = 4  # the end of an automatic halt; the key is the market's symbol
    FIRED = 5  # orders that have fired, more than one command may execute; the key is 0


Entry = tuple[int, DueKind, int | str]
"""Keys are of one type within a kind, so that entries can be sorted."""

NEVER = 2**63
"""Later than anything that can be asked for."""

_SLACK = 1024


class Due:
    """Entries (time, kind, key), each at most once. `next` is the soonest time, or NEVER.

    An entry may outlive what it is for: whoever takes it looks whether there still is anything to do. So the entries
    are no part of the state that is compared and stored; they follow from it.
    """

    __slots__ = ("_entries", "_worth_pruning", "next")

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._worth_pruning = _SLACK
        self.next = NEVER

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, at: int, kind: DueKind, key: int | str) -> None:
        """Note it, unless it is noted already."""
        entry, entries = (at, kind, key), self._entries
        place = bisect_left(entries, entry)
        if place == len(entries) or entries[place] != entry:
            entries.insert(place, entry)
            self.next = entries[0][0]

    def discard(self, at: int, kind: DueKind, key: int | str) -> None:
        """Forget it, if it is noted."""
        entry, entries = (at, kind, key), self._entries
        place = bisect_left(entries, entry)
        if place < len(entries) and entries[place] == entry:
            del entries[place]
            self.next = entries[0][0] if entries else NEVER

    def take(self, at: int) -> Entry | None:
        """Take the first entry out if its time has come."""
        if self.next > at:
            return None
        entry = self._entries.pop(0)
        self.next = self._entries[0][0] if self._entries else NEVER
        return entry

    def prune(self, is_wanted: Callable[[Entry], bool]) -> None:
        """Drop what outlived its purpose, once there may be as much of that as of the rest."""
        if len(self._entries) > self._worth_pruning:
            self._entries = list(filter(is_wanted, self._entries))
            self._worth_pruning = 2 * len(self._entries) + _SLACK
            self.next = self._entries[0][0] if self._entries else NEVER
