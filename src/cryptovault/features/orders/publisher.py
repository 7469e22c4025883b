"""Private live messages: a user's own orders, fills and balances."""

from collections.abc import Iterable, Iterator
from typing import Any

from cryptovault.engine.events import Event, OrderState, Posted, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import format_units
from cryptovault.engine.types import HOUSE_PREFIX, Side
from cryptovault.features.orders.policy import is_news
from cryptovault.features.orders.views import SIDES, order_answer
from cryptovault.kit.catalogue import Terms, TermsBook
from cryptovault.kit.projection import Message
from cryptovault.kit.schemas import iso_ms

News = tuple[str, str, dict[str, Any]]
"""An account, an event, and what it says."""


def room_of(account: str) -> str:
    """The private room of a user."""
    return f"user:{account}"


class PrivatePublisher:
    """Publishes `order`, `fill` and `balance` to the user they belong to; the house gets none.

    A user's messages are counted by `user_seq`. The count begins at the journal time (ms) of the first message that
    this process tells the user, so that it goes on rising, with a gap, when the process is another one.
    """

    name = "private"

    def __init__(self) -> None:
        self._terms = TermsBook()
        self._seq = 0
        self._told: set[tuple[str, str]] = set()
        self._counts: dict[str, int] = {}

    def publish(self, seq: int, at: int, event: Event, exchange: Exchange) -> Iterable[Message]:
        """The private messages of one event."""
        if isinstance(event, OrderState):
            found = self._order(seq, event, exchange)
        elif isinstance(event, Trade):
            found = self._fills(seq, at, event, exchange)
        elif isinstance(event, Posted):
            found = self._balances(seq, event, exchange)
        else:
            return
        for account, name, payload in found:
            count = self._counts[account] = self._counts.get(account, at - 1) + 1
            yield Message(room_of(account), name, payload | {"user_seq": count})

    def _order(self, seq: int, order: OrderState, exchange: Exchange) -> Iterator[News]:
        if order.account.startswith(HOUSE_PREFIX) or not is_news(order, exchange):
            return
        yield order.account, "order", order_answer(order, self._terms.of(order.market, exchange), seq)

    def _fills(self, seq: int, at: int, trade: Trade, exchange: Exchange) -> Iterator[News]:
        terms = self._terms.of(trade.market, exchange)
        shared = {"trade_id": trade.trade_id, "at": iso_ms(at), "seq": seq}
        for role in ("maker", "taker"):
            account = trade.maker_account if role == "maker" else trade.taker_account
            if not account.startswith(HOUSE_PREFIX):
                yield account, "fill", _fill(trade, terms, role) | shared

    def _balances(self, seq: int, entry: Posted, exchange: Exchange) -> Iterator[News]:
        """Each balance once per command: `exchange` is already the state after all of it."""
        if seq != self._seq:
            self._seq = seq
            self._told.clear()
        for account, asset, _, _ in entry.postings:
            if account.startswith(HOUSE_PREFIX) or (account, asset) in self._told:
                continue
            self._told.add((account, asset))
            available, held = exchange.balance(account, asset)
            scale = exchange.assets[asset].scale
            payload = {"asset": asset, "available": format_units(available, scale), "held": format_units(held, scale)}
            yield account, "balance", payload | {"seq": seq}


def _fill(trade: Trade, terms: Terms, role: str) -> dict[str, object]:
    maker = role == "maker"
    side = Side(1 - trade.taker_side) if maker else trade.taker_side
    fee = trade.maker_fee if maker else trade.taker_fee
    buys = side == Side.BUY
    return {
        "order_id": str(trade.maker_order_id if maker else trade.taker_order_id),
        "market": trade.market,
        "side": SIDES[side],
        "price": terms.price(trade.price),
        "qty": terms.qty(trade.qty),
        "fee": terms.qty(fee) if buys else terms.amount(fee),
        "fee_asset": terms.base if buys else terms.quote,
        "role": role,
    }
