"""An account: its balances per asset and the idempotency keys it has used."""

from cryptovault.engine.commands import (
    Adjust,
    HoldWithdrawal,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    ResetPaper,
    Transfer,
)
from cryptovault.engine.events import Event, GroupPlaced, OrderState, Rejected, Repeated, Verdict
from cryptovault.engine.limits import HOUSE_FLOOR, MAX_NAME
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CLEARING_PREFIX, HOUSE_ACCOUNTS, HOUSE_PREFIX, MAKER, PAPER, TREASURY

Cell = list[int]
"""The balances of one account in one asset: [available, held]. A list, because the hot path changes it in place."""

KeyedCommand = PlaceOrder | PlaceOco | PlaceBracket | HoldWithdrawal | Transfer | Adjust | ResetPaper


Record = tuple[int, KeyedCommand, Verdict]
"""What an idempotency key remembers: when it was used, for what, and the answer."""


class Account:
    """Balances by asset, idempotency keys, and the fee tier its volume has earned."""

    __slots__ = ("cells", "floor", "is_customer", "keys", "name", "tier")

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells: dict[str, Cell] = {}
        self.keys: dict[str, Record] = {}
        self.tier = 0
        self.is_customer = is_customer(name)
        self.floor = HOUSE_FLOOR if name in {TREASURY, PAPER} or name.startswith(CLEARING_PREFIX) else 0

    def cell(self, asset: str) -> Cell:
        """The balances in an asset, made where missing."""
        found = self.cells.get(asset)
        if found is None:
            found = self.cells[asset] = [0, 0]
        return found


def is_name(text: str) -> bool:
    """Whether a text can name a user, an asset, a market or a rail: short, printable ASCII without spaces or "@"."""
    return (
        type(text) is str and 0 < len(text) <= MAX_NAME and text.isascii() and text.isprintable()
        and " " not in text and HOUSE_PREFIX not in text
    )  # fmt: skip


def is_customer(name: str) -> bool:
    """Whether an account may trade, deposit and withdraw: users and the market maker."""
    return is_name(name) or name == MAKER


def is_holder(name: str) -> bool:
    """Whether an account may send and receive transfers: customers and the accounts of the house."""
    return is_name(name) or name in HOUSE_ACCOUNTS


def orders_of(verdict: Verdict) -> tuple[int, ...]:
    """The numbers of the orders that a verdict placed."""
    if isinstance(verdict, OrderState):
        return (verdict.order_id,)
    return tuple(order.order_id for order in verdict.orders) if isinstance(verdict, GroupPlaced) else ()


def repeat(known: Record, command: KeyedCommand, events: list[Event]) -> Verdict:
    """The answer to a key that was used before: the first one again, or a refusal where the request is another."""
    _, first, verdict = known
    if first != command or type(first) is not type(command):
        return Rejected(command.account, Reject.KEY_REUSED, "this key was used for another request")
    events.append(Repeated(command.account, command.key))
    return verdict
