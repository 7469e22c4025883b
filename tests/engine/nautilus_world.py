"""The outside world: the orders of everybody but the one client that both exchanges serve, as a queue per price.

nautilus_trader matches one client against such a book as data, and leaves the book to its owner. So the world itself
says what is left of it once the client has taken something.
"""

from collections import deque

from cryptovault.engine.types import Side


class Resting:
    """An order of the world. `turn` tells who was first at a price, the client's orders included."""

    __slots__ = ("id", "left", "price", "side", "turn")

    def __init__(self, order_id: int, side: Side, price: int, left: int, turn: int) -> None:
        self.id = order_id
        self.side = side
        self.price = price
        self.left = left
        self.turn = turn


class World:
    """Both sides of the book, best price and oldest order first."""

    def __init__(self) -> None:
        self.sides: tuple[dict[int, deque[Resting]], dict[int, deque[Resting]]] = ({}, {})
        self.turn = 0

    def next_turn(self) -> int:
        self.turn += 1
        return self.turn

    def add(self, order_id: int, side: Side, price: int, qty: int) -> Resting:
        order = Resting(order_id, side, price, qty, self.next_turn())
        self.sides[side].setdefault(price, deque()).append(order)
        return order

    def remove(self, order: Resting) -> None:
        queue = self.sides[order.side][order.price]
        queue.remove(order)
        if not queue:
            del self.sides[order.side][order.price]

    def touch(self, side: Side) -> int:
        """The best price of a side; neither is ever empty."""
        return (max if side is Side.BUY else min)(self.sides[side])

    def prices(self, side: Side) -> list[int]:
        """All prices of a side, best first."""
        return sorted(self.sides[side], reverse=side is Side.BUY)

    def count(self, side: Side) -> int:
        """How many orders a side has."""
        return sum(map(len, self.sides[side].values()))

    def orders(self, side: Side) -> list[Resting]:
        """All orders of a side, in the order in which they trade."""
        return [order for price in self.prices(side) for order in self.sides[side][price]]

    def take(self, side: Side, qty: int) -> list[Resting]:
        """The client has taken so much of this side: those it was taken from, what is left of them."""
        touched = []
        while qty:
            order = self.sides[side][self.touch(side)][0]
            taken = min(qty, order.left)
            qty -= taken
            self.take_from(order, taken)
            touched.append(order)
        return touched

    def take_from(self, order: Resting, qty: int) -> None:
        """An order gets smaller, and leaves with its last lot."""
        order.left -= qty
        if not order.left:
            self.remove(order)
