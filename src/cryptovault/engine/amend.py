"""AmendOrder: another price or quantity for an order that rests."""

from typing import NamedTuple

from cryptovault.engine import limits
from cryptovault.engine.amend_waiting import amend_waiting, as_placed, is_waiting, refuse_entry
from cryptovault.engine.book import Order
from cryptovault.engine.cancel import order_id_of
from cryptovault.engine.commands import AmendOrder
from cryptovault.engine.events import Event, LevelChanged, OrderState, Rejected, Verdict
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.matching import release_reserve
from cryptovault.engine.mirror import lay
from cryptovault.engine.order_rules import Refusal, refuse_visible
from cryptovault.engine.orders import take
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import take_out
from cryptovault.engine.state import State
from cryptovault.engine.types import CloseReason, MarketStatus, OrderStatus, Side

_LIVE = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)


class _Wish(NamedTuple):
    """The order as it is, and as it is to be."""

    market: Market
    order: Order
    old: OrderState
    price: int
    qty: int

    @property
    def shrinks(self) -> bool:
        return self.price == self.old.price and self.qty < self.old.qty

    @property
    def left(self) -> int:
        return self.qty - self.old.filled

    @property
    def need(self) -> int:
        """What the order has to hold."""
        return self.market.notional(self.price, self.left) if self.old.side is Side.BUY else self.left


def amend_order(state: State, command: AmendOrder, events: list[Event]) -> Verdict:
    """Change an order, or refuse and leave it exactly as it is."""
    name = command.account
    if (refusal := _refuse_fields(command)) is not None:
        return Rejected(name, *refusal)
    order_id = command.order_id or order_id_of(state, command)
    order = state.orders.get(order_id)
    old = order.state if order is not None else None
    if order is None or old is None or old.account != name:
        closed = state.closed.get(order_id)
        if closed is not None and closed.account == name:
            return Rejected(name, Reject.ORDER_CLOSED, f"the order is {closed.status.name.lower()}")
        return Rejected(name, Reject.ORDER_UNKNOWN, "no such order, or closed long ago")
    if is_waiting(state, old):
        return amend_waiting(state, order, command, events)
    market = state.markets[old.market]
    if market.mirrors is not None:
        lay(state, market, name, events)
    wish = _Wish(market, order, old, command.price or old.price, command.qty or old.qty)
    if (refusal := _refuse_as_it_is(state, command, wish) or _refuse(wish)) is not None:
        return Rejected(name, *refusal)
    # From here on it must succeed.
    if (wish.price, wish.qty) == (old.price, old.qty):
        return old
    if wish.left <= 0:
        order.state = old._replace(qty=old.filled)
        return take_out(state, order, OrderStatus.FILLED, CloseReason.AMENDED, events)
    return _shrink(state, wish, events) if wish.shrinks else _move(state, wish, events)


def _refuse_fields(command: AmendOrder) -> Refusal | None:
    values = (command.price, command.qty, command.trigger_price)
    if not all(type(value) is int and 0 <= value <= limits.MAX_AMOUNT for value in values) or not any(values):
        return Reject.COMMAND_INVALID, "give a price, a quantity or a trigger price, each positive"
    return None


def _refuse_as_it_is(state: State, command: AmendOrder, wish: _Wish) -> Refusal | None:
    """What the market's status, or what the order is part of, does not allow."""
    old = wish.old
    if (refusal := _refuse_status(wish)) is not None:
        return refusal
    if command.trigger_price:
        return Reject.ORDER_INVALID, "the order waits for no trigger"
    # What it once waited for is past.
    return refuse_entry(state, old, as_placed(old)._replace(price=wish.price, terms=None)) if old.group else None


def _refuse(wish: _Wish) -> Refusal | None:
    market, order, old, price, qty = wish
    if wish.left <= 0 and price == old.price:
        return None
    visible = old.terms.visible_qty if old.terms is not None else 0
    if (refusal := refuse_visible(market, visible, max(visible, qty))) is not None:
        return refusal
    if qty > market.max_qty or wish.left <= 0:
        return Reject.QTY_INVALID, f"at most {market.max_qty} units, and more than the {old.filled} that have traded"
    if qty % market.lot:
        return Reject.LOT_SIZE, f"the quantity must be a multiple of {market.lot} units"
    if market.notional(price, qty) < market.min_notional:
        return Reject.MIN_NOTIONAL, f"worth less than {market.min_notional} units of {market.quote}"
    available = (order.seat.quote if old.side is Side.BUY else order.seat.base)[0]
    if wish.need - order.reserved > available:
        return Reject.INSUFFICIENT_FUNDS, f"needs {wish.need - order.reserved} units more, has {available} available"
    makers = market.asks if old.side is Side.BUY else market.bids
    if old.post_only and market.status is not MarketStatus.PRE_OPEN and makers.crosses(price):
        return Reject.POST_ONLY_WOULD_TAKE, "the order would trade at once"
    return None


def _refuse_status(wish: _Wish) -> Refusal | None:
    """A smaller quantity is a cancel in part, and allowed wherever cancels are."""
    status = wish.market.status
    if status is MarketStatus.HALTED:
        return Reject.MARKET_HALTED, "the market is halted"
    if wish.shrinks:
        return None
    if status is MarketStatus.CANCEL_ONLY:
        return Reject.MARKET_CANCEL_ONLY, "the market only takes cancels, and amendments that make an order smaller"
    if status is MarketStatus.POST_ONLY and not wish.old.post_only:
        return Reject.MARKET_POST_ONLY, "the market only takes post-only orders"
    return None


def _shrink(state: State, wish: _Wish, events: list[Event]) -> OrderState:
    """The order keeps its place; of an iceberg the hidden part goes first."""
    market, order, old, _, qty = wish
    less = old.qty - qty
    from_hidden = min(less, order.hidden)
    order.hidden -= from_hidden
    order.remaining -= less - from_hidden
    if less > from_hidden:
        level = (market.bids if old.side is Side.BUY else market.asks).shrink(order.price, less - from_hidden)
        events.append(LevelChanged(market.symbol, old.side, level.price, level.qty))
    release_reserve(market, order, order.reserved - wish.need, events)
    order.state = told = old._replace(qty=qty, version=old.version + 1, updated=state.at)
    return told


def _move(state: State, wish: _Wish, events: list[Event]) -> OrderState:
    """The order goes to the back of its new price, and trades first if it can: as if it had just come."""
    market, order, old, price, qty = wish
    level = (market.bids if old.side is Side.BUY else market.asks).remove(order)
    if price != old.price:
        events.append(LevelChanged(market.symbol, old.side, level.price, level.qty))
    cell, asset = (order.seat.quote, market.quote) if old.side is Side.BUY else (order.seat.base, market.base)
    more = wish.need - order.reserved
    if more > 0:
        hold(events, order, cell, asset, more)
        order.reserved += more
    else:
        release_reserve(market, order, -more, events)
    order.price, order.remaining, order.hidden = price, wish.left, 0
    changed = old._replace(price=price, qty=qty, version=old.version + 1, updated=state.at)
    told = take(state, market, order, price, changed, events)
    if told.status not in _LIVE:
        del state.orders[order.id]
        del order.seat.orders[order.id]
    return told
