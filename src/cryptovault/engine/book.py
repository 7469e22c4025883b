"""One side of an order book: price levels in order of price, orders within a level in order of arrival."""

from bisect import bisect_left, insort

from cryptovault.engine.account import Account, Cell
from cryptovault.engine.events import OrderState
from cryptovault.engine.types import Side


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
    """An order with something left to trade.

    `remaining` is what the book shows of it, `hidden` what an iceberg has behind that. `reserved` is what it still
    holds, in the asset it pays with. `state` is its last told state; a quote has none. `turn` orders the queue of a
    level: an order's own number, or, where it went to the back later, the highest number there was then.
    """

    __slots__ = ("hidden", "id", "price", "remaining", "reserved", "seat", "side", "state", "turn")

    def __init__(  # noqa: PLR0917 - hot path
        self, order_id: int, seat: Seat, side: Side, price: int, remaining: int, reserved: int, state: OrderState | None
    ) -> None:
        self.id = order_id
        self.seat = seat
        self.side = side
        self.price = price
        self.remaining = remaining
        self.reserved = reserved
        self.state = state
        self.hidden = 0
        self.turn = order_id

    @property
    def left(self) -> int:
        """All that is left to trade, shown or not."""
        return self.remaining + self.hidden

    def shown_next(self) -> int:
        """How much of what is hidden an iceberg shows next."""
        terms = self.state.terms if self.state is not None else None
        return min(self.hidden, terms.visible_qty) if terms is not None and terms.visible_qty else self.hidden

    def next_part(self) -> "Order":
        """The order as it will be once what it shows now has traded."""
        part = Order(self.id, self.seat, self.side, self.price, 0, 0, self.state)
        part.hidden = self.hidden
        part.refresh(self.turn)
        return part

    def refresh(self, turn: int) -> None:
        """Show the next part, at the back of the queue."""
        shown = self.shown_next()
        self.remaining += shown
        self.hidden -= shown
        self.turn = turn

    def __repr__(self) -> str:
        return f"Order({self.id} {self.seat.name} {self.side.name} {self.remaining} @ {self.price})"


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

    def shrink(self, price: int, qty: int) -> Level:
        """An order at this price shows `qty` less."""
        level = self.levels[price * self.sign]
        level.qty -= qty
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
