"""The double-entry ledger: every effect is an entry whose postings sum to zero per asset."""

from cryptovault.engine.account import Account, Cell
from cryptovault.engine.book import Order
from cryptovault.engine.events import Event, Posted
from cryptovault.engine.types import Bucket, EntryKind, InvariantBroken

AVAILABLE = Bucket.AVAILABLE
HELD = Bucket.HELD
_HOLD = EntryKind.HOLD
_RELEASE = EntryKind.RELEASE
_new = tuple.__new__

Posting = tuple[str, str, Bucket, int]


class Ledger:
    """All accounts, and the one way to post an entry that is not part of matching."""

    __slots__ = ("accounts",)

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}

    def open(self, name: str) -> Account:
        """The account of that name, made where missing."""
        found = self.accounts.get(name)
        if found is None:
            found = self.accounts[name] = Account(name)
        return found

    def available(self, name: str, asset: str) -> int:
        """What the account can use now."""
        return self.balance(name, asset)[0]

    def balance(self, name: str, asset: str) -> tuple[int, int]:
        """(available, held) of an account in an asset; zeros where there is nothing."""
        account = self.accounts.get(name)
        cell = account.cells.get(asset) if account else None
        return (cell[0], cell[1]) if cell else (0, 0)

    def room(self, name: str, asset: str) -> int:
        """How much can be taken from the account's available balance before it reaches its floor."""
        account = self.accounts.get(name)
        floor = account.floor if account else Account(name).floor
        return self.available(name, asset) - floor

    def post(self, events: list[Event], kind: EntryKind, ref: str, postings: tuple[Posting, ...]) -> None:
        """Apply one entry.

        Raises InvariantBroken where it does not sum to zero or takes a balance below its floor: a bug of the caller.
        """
        sums: dict[str, int] = {}
        for name, asset, bucket, amount in postings:
            account = self.open(name)
            cell = account.cell(asset)
            cell[bucket] += amount
            sums[asset] = sums.get(asset, 0) + amount
            if amount == 0 or cell[bucket] < (0 if bucket else account.floor):
                raise InvariantBroken(f"posting {amount} {asset} to {name} leaves {cell}")
        if any(sums.values()):
            raise InvariantBroken(f"entry {kind.name} {ref} sums to {sums}")
        events.append(Posted(kind, ref, postings))


def held_entry(name: str, asset: str, order_id: int, amount: int) -> Posted:
    """The entry of `amount` moving from available to held for an order."""
    postings = ((name, asset, AVAILABLE, -amount), (name, asset, HELD, amount))
    return _new(Posted, (_HOLD, str(order_id), postings))


def released_entry(name: str, asset: str, order_id: int, amount: int) -> Posted:
    """The entry of `amount` moving back from held to available."""
    postings = ((name, asset, HELD, -amount), (name, asset, AVAILABLE, amount))
    return _new(Posted, (_RELEASE, str(order_id), postings))


def hold(events: list[Event], order: Order, cell: Cell, asset: str, amount: int) -> None:
    """Set `amount` aside for an order. The caller has checked that it is there."""
    cell[0] -= amount
    cell[1] += amount
    name = order.seat.name
    postings = ((name, asset, AVAILABLE, -amount), (name, asset, HELD, amount))
    events.append(_new(Posted, (_HOLD, str(order.id), postings)))


def release(events: list[Event], order: Order, cell: Cell, asset: str, amount: int) -> None:
    """Give `amount` of an order's reserve back."""
    cell[0] += amount
    cell[1] -= amount
    name = order.seat.name
    if cell[1] < 0:
        raise InvariantBroken(f"{order} released {amount} {asset} that {name} did not hold")
    postings = ((name, asset, HELD, -amount), (name, asset, AVAILABLE, amount))
    events.append(_new(Posted, (_RELEASE, str(order.id), postings)))
