"""One side of an order book: price levels in order of price, orders within a level in order of arrival."""

from bisect import bisect_left, insort
from typing import Any

from cryptovault.engine.events import OrderState
from cryptovault.engine.account import Account, Cell
from cryptovault.engine.types import CloseReason, OrderStatus, Side

_new = tuple.__new__
_QTY = OrderState._fields.index("qty")
_BUDGET = OrderState._fields.index("budget")
_NO_REASON = CloseReason.NONE
_OPEN = OrderStatus.OPEN
_PARTIALLY_FILLED = OrderStatus.PARTIALLY_FILLED


class Seat:
    """One account's place in one market: its two balances there and its open orders and quotes."""

    __slots__ = ("account", "base", "name", "orders", "quote", "quotes")

    def __init__(self, account: Account, base: Cell, quote: Cell) -> None:
        self.account = account
        self.name = account.name
        self.base = base
        self.quote = quote
        self.orders: dict[int, Order] = {}
        self.quotes: dict[int, Order] = {}


class Order:
    """An order with something left to trade. `reserved` is what it still holds, in the asset it pays with.

    `placed` is the id and the fields of the command it came from, as OrderState begins; empty for a quote.
    """

    __slots__ = (
        "created", "fee", "filled", "id", "placed", "price", "remaining", "reserved", "seat", "side", "spent", "updated", "version",
    )  # fmt: skip

    def __init__(
        self,
        order_id: int,
        seat: Seat,
        side: Side,
        price: int,
        qty: int,
        reserved: int,
        placed: tuple[Any, ...],
        at: int,
    ) -> None:
        self.id = order_id
        self.seat = seat
        self.side = side
        self.price = price
        self.remaining = qty
        self.reserved = reserved
        self.placed = placed
        self.created = at
        self.updated = at
        self.filled = 0
        self.spent = 0
        self.fee = 0
        self.version = 1

    def __repr__(self) -> str:
        return f"Order({self.id} {self.seat.name} {self.side.name} {self.remaining} @ {self.price})"

    def state(self) -> OrderState:
        """The order as it stands while it is open."""
        return self.final(_PARTIALLY_FILLED if self.filled else _OPEN, _NO_REASON)

    def final(self, status: OrderStatus, reason: CloseReason) -> OrderState:
        """The order with the given status."""
        tail = (self.filled, self.spent, self.fee, status, reason, self.version, self.created, self.updated)
        return _new(OrderState, self.placed + tail)

    def touch(self, at: int) -> None:
        """Count a change after the first state of the order was told."""
        self.version += 1
        self.updated = at

    def lower(self, qty: int) -> None:
        """Ask for less: self-trade prevention took `qty` out of the order."""
        self.remaining -= qty
        if self.placed:
            self.placed = (*self.placed[:_QTY], self.placed[_QTY] - qty, *self.placed[_QTY + 1 :])

    def lower_budget(self, qty: int, cost: int) -> None:
        """The same for an order by total: `qty` base units at a price would have cost `cost`."""
        self.remaining -= qty
        self.placed = (*self.placed[:_BUDGET], self.placed[_BUDGET] - cost, *self.placed[_BUDGET + 1 :])


class Level:
    """All orders at one price, oldest first, and their total quantity."""

    __slots__ = ("orders", "price", "qty")

    def __init__(self, price: int) -> None:
        self.price = price
        self.qty = 0
        self.orders: dict[int, Order] = {}


class BookSide:
    """Bids or asks. A rank is a price made comparable: the best level always has the highest, and ranks are sorted."""

    __slots__ = ("levels", "ranks", "side", "sign")

    def __init__(self, side: Side, sign: int) -> None:
        self.side = side
        self.sign = sign
        self.ranks: list[int] = []
        self.levels: dict[int, Level] = {}

    def best(self) -> Level | None:
        """The level that trades first."""
        return self.levels[self.ranks[-1]] if self.ranks else None

    def crosses(self, limit: int) -> bool:
        """Whether an order of the other side with this limit price would trade."""
        return bool(self.ranks) and self.ranks[-1] >= limit * self.sign

    def add(self, order: Order) -> Level:
        """Queue an order behind those already at its price."""
        rank = order.price * self.sign
        level = self.levels.get(rank)
        if level is None:
            level = self.levels[rank] = Level(order.price)
            insort(self.ranks, rank)
        level.orders[order.id] = order
        level.qty += order.remaining
        return level

    def remove(self, order: Order) -> Level:
        """Take an order out; its level goes with the last one."""
        rank = order.price * self.sign
        level = self.levels[rank]
        del level.orders[order.id]
        level.qty -= order.remaining
        if not level.orders:
            self.drop(rank)
        return level

    def drop(self, rank: int) -> None:
        """Forget an empty level."""
        del self.levels[rank]
        ranks = self.ranks
        if ranks[-1] == rank:
            ranks.pop()
        else:
            del ranks[bisect_left(ranks, rank)]

    def qty_at(self, price: int) -> int:
        """The total quantity at a price."""
        level = self.levels.get(price * self.sign)
        return level.qty if level else 0

    def depth(self, limit: int) -> list[tuple[int, int]]:
        """The best `limit` levels as (price, quantity), best first."""
        levels = (self.levels[rank] for rank in self.ranks[: -limit - 1 : -1])
        return [(level.price, level.qty) for level in levels]
