"""A reproducible stream of orders: 60 % adds that rest, 30 % cancels of what rests, 10 % takers that trade at once.

Prices are ticks and quantities lots, so that any engine can be fed with it. Resting orders lie up to `levels` ticks
from the middle, more of them near it. Makers and takers are different people, so that an engine without self-trade
prevention does the same trades.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

MIDDLE = 100_000
BUY, SELL = 0, 1
MAKERS = 90
TAKERS = 10
WARM_UP_PER_LEVEL = 5
ADDS, CANCELS = 0.6, 0.3


class Add(NamedTuple):
    """A limit order: rests if it is priced away from the middle, trades at once if it reaches across."""

    trader: int
    side: int
    price: int
    lots: int


class Cancel(NamedTuple):
    """Cancel the `number`th Add of the stream, counted from 1."""

    trader: int
    number: int


Step = Add | Cancel


class Resting:
    """Who rests where, so that cancels only name orders that are still there."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lots: dict[int, int] = {}
        self.traders: dict[int, int] = {}
        self.queues: tuple[dict[int, list[int]], ...] = ({}, {})
        self.numbers: list[int] = []

    def add(self, number: int, order: Add) -> None:
        """An order rests."""
        self.lots[number] = order.lots
        self.traders[number] = order.trader
        self.queues[order.side].setdefault(order.price, []).append(number)
        self.numbers.append(number)

    def take(self, order: Add) -> None:
        """An order trades with the best of the other side."""
        queues, left = self.queues[1 - order.side], order.lots
        while left and queues:
            best = min(queues) if order.side == BUY else max(queues)
            queue = queues[best]
            while queue and left:
                lots = min(left, self.lots.get(queue[0], 0))
                left -= lots
                if lots == self.lots.get(queue[0], 0):
                    self.lots.pop(queue.pop(0), None)
                else:
                    self.lots[queue[0]] -= lots
            if not queue:
                del queues[best]

    def cancel(self) -> Cancel:
        """Some order that still rests."""
        while True:
            position = self.rng.randrange(len(self.numbers))
            number = self.numbers[position]
            self.numbers[position] = self.numbers[-1]
            self.numbers.pop()
            if self.lots.pop(number, 0):
                return Cancel(self.traders[number], number)


def warm_up(levels: int) -> int:
    """How many adds fill a book of so many price levels a side."""
    return 2 * levels * WARM_UP_PER_LEVEL


def stream(first: int, steps: int, levels: int, seed: int = 1) -> Iterator[Step]:
    """First so many adds that only fill the book, then `steps` steps of the mix."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    resting = Resting(rng)
    number = 0
    for position in range(first + steps):
        kind = 0.0 if position < first else rng.random()
        if ADDS <= kind < ADDS + CANCELS and resting.lots:
            yield resting.cancel()
            continue
        number += 1
        order = _maker(rng, levels) if kind < ADDS else _taker(rng, levels)
        if order.trader < MAKERS:
            resting.add(number, order)
        else:
            resting.take(order)
        yield order


def _maker(rng: random.Random, levels: int) -> Add:
    side = rng.randrange(2)
    distance = 1 + int(levels * rng.random() ** 2)
    return Add(rng.randrange(MAKERS), side, MIDDLE - distance if side == BUY else MIDDLE + distance, rng.randint(1, 10))


def _taker(rng: random.Random, levels: int) -> Add:
    """As large as any order, at a price that reaches the last level."""
    side = rng.randrange(2)
    price = MIDDLE + levels if side == BUY else MIDDLE - levels
    return Add(MAKERS + rng.randrange(TAKERS), side, price, rng.randint(1, 10))
