"""Moments in the life of an order, as the journal makes them again: runtime finds them, features tell of them."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from cryptovault.engine.commands import Command
from cryptovault.engine.events import Event
from cryptovault.kit.catalogue import Terms

Levels = tuple[tuple[int, int], ...]
"""(price in ticks, quantity in base units), best first."""


class Moment(NamedTuple):
    """One command that did something to the order. `bids` and `asks` are the best levels just before it.

    `ahead` is what lay at the order's own price before it was placed, in base units.
    """

    seq: int
    at: int
    command: Command
    events: tuple[Event, ...]
    bids: Levels
    asks: Levels
    ahead: int


class Life(NamedTuple):
    """The moments of an order, up to journal time `reached` (ms).

    Not `complete` where time or room ran out before the last of them, or where it is still being read.
    """

    moments: tuple[Moment, ...]
    terms: Terms | None
    complete: bool
    reached: int


class Wanted(NamedTuple):
    """The order whose life is asked for: when it was made (ms), and the seq of its last news."""

    order_id: int
    market: str
    created: int
    last_seq: int


Explain = Callable[[Wanted], Awaitable[bytes]]
"""Gives the JSON object {steps, complete, pending, reached_at} of an order. Raises ApiError."""
