"""What trading has earned, exactly, from trades alone: first in, first out, in the quote currency of each market.

    total = realised + unrealised - fees = what was received - what was paid + inventory x mark

A buyer's fee is paid in coins; it counts at the price of its trade, and those coins never enter the inventory.
"""

from collections import deque
from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import NamedTuple

from cryptovault.infra.mongo import Document

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
_ZERO = Decimal(0)


class Fill(NamedTuple):
    """One side of a trade. The fee is in coins where it `buys`, in the quote currency where it sells."""

    market: str
    buys: bool
    price: Decimal
    qty: Decimal
    fee: Decimal


class Lot(NamedTuple):
    """Coins bought (or, negative, sold) at one price, and not yet sold (or bought back)."""

    qty: Decimal
    price: Decimal


class Position:
    """The books of one market."""

    def __init__(self) -> None:
        self.fills = 0
        self.cash = self.inventory = self.realised = self.fees = self.bought = self.sold = _ZERO
        self.last = _ZERO  # the price of the newest fill
        self._lots: deque[Lot] = deque()

    def add(self, fill: Fill) -> None:
        """Take a fill into the books."""
        value = EXACT.multiply(fill.price, fill.qty)
        fee = EXACT.multiply(fill.fee, fill.price) if fill.buys else fill.fee
        signed = EXACT.subtract(fill.qty, fill.fee) if fill.buys else -fill.qty
        self.fills, self.last = self.fills + 1, fill.price
        self.fees = EXACT.add(self.fees, fee)
        if fill.buys:
            self.bought, self.cash = EXACT.add(self.bought, fill.qty), EXACT.subtract(self.cash, value)
        else:
            received = EXACT.subtract(value, fill.fee)
            self.sold, self.cash = EXACT.add(self.sold, fill.qty), EXACT.add(self.cash, received)
        self.inventory = EXACT.add(self.inventory, signed)
        self._match(signed, fill.price)

    def total(self, mark: Decimal) -> Decimal:
        """What all of it has brought at a price of now."""
        return EXACT.add(self.cash, EXACT.multiply(self.inventory, mark))

    def unrealised(self, mark: Decimal) -> Decimal:
        """What the open lots would bring at a price of now."""
        total = _ZERO
        for lot in self._lots:
            total = EXACT.add(total, EXACT.multiply(lot.qty, EXACT.subtract(mark, lot.price)))
        return total

    def _match(self, qty: Decimal, price: Decimal) -> None:
        """Close the oldest lots of the other side; what is left over opens a new one."""
        while qty and self._lots and (self._lots[0].qty > 0) != (qty > 0):
            oldest = self._lots.popleft()
            closed = min(abs(oldest.qty), abs(qty)).copy_sign(oldest.qty)
            gain = EXACT.multiply(closed, EXACT.subtract(price, oldest.price))
            self.realised = EXACT.add(self.realised, gain)
            qty = EXACT.add(qty, closed)
            if rest := EXACT.subtract(oldest.qty, closed):
                self._lots.appendleft(Lot(rest, oldest.price))
        if qty:
            self._lots.append(Lot(qty, price))


class Books:
    """The positions of one account in all markets."""

    def __init__(self) -> None:
        self.positions: dict[str, Position] = {}

    def take(self, fills: Iterable[Fill]) -> None:
        """Take fills into the books, in the order of the journal."""
        for fill in fills:
            self.positions.setdefault(fill.market, Position()).add(fill)


def fills_of(trade: Document, account: str) -> list[Fill]:
    """What a row of the read model `trades` is to an account: nothing, one side, or both."""
    price, qty, bought_by_taker = Decimal(trade["price"]), Decimal(trade["qty"]), trade["taker_side"] == "buy"
    sides = (("taker", bought_by_taker), ("maker", not bought_by_taker))
    return [
        Fill(trade["market"], buys, price, qty, Decimal(trade[f"{side}_fee"]))
        for side, buys in sides
        if trade[f"{side}_user_id"] == account
    ]
