"""A copy of one's own open orders and balances, kept from private messages, and read again where some were lost."""

from collections.abc import Iterable
from typing import Any, TypedDict, cast

OPEN = frozenset({"open", "partially_filled", "waiting", "dormant"})
FILLS_KEPT = 200


class Balance(TypedDict):
    """What is held of one asset, as decimal strings, true as of journal position `seq`."""

    asset: str
    available: str
    held: str
    seq: int


class Order(TypedDict, total=False):
    """An order as the API tells it; fields beyond these are there too."""

    id: str
    market: str
    side: str
    type: str
    status: str
    price: str | None
    qty: str | None
    filled: str
    seq: int


class Fill(TypedDict):
    """One execution of an own order."""

    order_id: str
    market: str
    side: str
    price: str
    qty: str
    fee: str
    fee_asset: str
    role: str
    trade_id: int
    at: str
    seq: int


class Account:
    """Open orders, balances and the last fills told, newest first.

    Whatever says more about the same thing, the higher `seq` is the newer.
    """

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.balances: dict[str, Balance] = {}
        self.fills: list[Fill] = []
        self._closed: dict[str, int] = {}
        self._user_seq: int | None = None

    def begin(self) -> None:
        """A new connection: its private messages have numbers of their own."""
        self._user_seq = None

    def take(self, event: str, data: dict[str, Any]) -> bool:
        """Take a private message; False where messages were lost before it, so that `load` is due."""
        if event == "resync":
            return False
        if event == "order":
            self._order(cast("Order", data))
        elif event == "balance":
            self._balance(cast("Balance", data))
        elif event == "fill":
            self._fill(cast("Fill", data))
        number, before = data.get("user_seq"), self._user_seq
        if number is None:
            return True
        self._user_seq = number if before is None else max(before, number)
        return before is None or number <= before + 1

    def load(self, orders: Iterable[Order], balances: Iterable[dict[str, Any]], seq: int) -> None:
        """Take what was read over HTTP: all open orders, and balances true as of `seq`; what is newer stays."""
        read = {order["id"]: order for order in orders}
        kept = {id_: order for id_, order in self.orders.items() if order["seq"] > seq}
        self.orders = kept
        for order in read.values():
            self._order(order)
        for balance in balances:
            self._balance(
                {"asset": balance["asset"], "available": balance["available"], "held": balance["held"], "seq": seq}
            )

    def _order(self, order: Order) -> None:
        known = self.orders.get(order["id"])
        newest = max(self._closed.get(order["id"], -1), known["seq"] if known is not None else -1)
        if order["seq"] < newest:
            return
        if order["status"] in OPEN:
            self.orders[order["id"]] = order
        else:
            self.orders.pop(order["id"], None)
            self._closed[order["id"]] = order["seq"]
            if len(self._closed) > 10_000:  # noqa: PLR2004 - late news of the ten thousand last closed orders is known
                del self._closed[next(iter(self._closed))]

    def _fill(self, fill: Fill) -> None:
        if _name(fill) not in map(_name, self.fills):
            self.fills = [fill, *self.fills[: FILLS_KEPT - 1]]

    def _balance(self, balance: Balance) -> None:
        known = self.balances.get(balance["asset"])
        if known is None or balance["seq"] >= known["seq"]:
            self.balances[balance["asset"]] = balance


def _name(fill: Fill) -> tuple[str, int, str]:
    return fill["market"], fill["trade_id"], fill["order_id"]
