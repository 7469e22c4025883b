"""What orders are refused for, beyond the fields of limit orders: flat lists of guards, in order of precedence."""

from itertools import chain

from cryptovault.engine import limits
from cryptovault.engine.book import Order, Seat
from cryptovault.engine.commands import PlaceOrder, Terms
from cryptovault.engine.events import OrderState
from cryptovault.engine.market import Market
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import MarketStatus, OrderType, SelfTrade, Side, TimeInForce

Refusal = tuple[Reject, str]

ICEBERG, DATED, GROUPED = 16, 17, 18
"""Bits of a market's `order_types` beyond those of the order types themselves."""

_MARKET_OPEN = MarketStatus.OPEN
_MAX = limits.MAX_AMOUNT
_MARKET_TERMS = (None, Terms(), Terms(reduce_to_available=True))


def refuse_number(state: State, market: Market, seat: Seat, more: int = 1) -> Refusal | None:
    """Whether orders that may rest would be too many."""
    if len(seat.orders) + more > market.max_open_orders:
        return Reject.TOO_MANY_ORDERS, f"{len(seat.orders)} orders are open in this market"
    if len(state.orders) + more > limits.MAX_OPEN_ORDERS:
        return Reject.LIMIT_REACHED, "the exchange has no room for more open orders"
    return None


def refuse_market(state: State, market: Market, command: PlaceOrder, limit: int) -> Refusal | None:
    """What is wrong with a market order, short of its funds. `limit` is the collar's price."""
    if market.status is not _MARKET_OPEN and (refusal := refuse_status(market, command)):
        return refusal
    if (refusal := _refuse_market_fields(market, command)) is not None:
        return refusal
    reference = market.reference(state.at)
    if reference == 0:
        return Reject.PRICE_STALE, "no fresh reference price"
    if command.budget > market.notional(limit, market.max_qty):
        return Reject.AMOUNT_INVALID, f"the budget would buy more than {market.max_qty} units"
    if (command.budget or market.notional(reference, command.qty)) < market.min_notional:
        return Reject.MIN_NOTIONAL, f"the order is worth less than {market.min_notional} units of {market.quote}"
    makers = market.asks if command.side is Side.BUY else market.bids
    if not makers.ranks:
        return Reject.NO_LIQUIDITY, "the other side of the book is empty"
    return None


def _refuse_market_fields(market: Market, command: PlaceOrder) -> Refusal | None:
    _, _, _, side, kind, tif, price, qty, budget, post_only, self_trade, terms = command
    kinds = (Side, OrderType, TimeInForce, SelfTrade, int, int, bool)
    if tuple(map(type, (side, kind, tif, self_trade, qty, budget, post_only))) != kinds:
        return Reject.ORDER_INVALID, "a field has an unknown value"
    if price or post_only or (qty and budget):
        return Reject.ORDER_INVALID, "a market order has a quantity or a budget, and neither price nor post-only"
    if tif is TimeInForce.GTD or terms not in _MARKET_TERMS:
        return Reject.ORDER_INVALID, "a market order neither rests nor waits"
    if budget and (side is not Side.BUY or tif is TimeInForce.FOK):
        return Reject.ORDER_INVALID, "a budget is for market buys that are not fill-or-kill"
    if not budget and not 0 < qty <= market.max_qty:
        return Reject.QTY_INVALID, f"the quantity must be between 1 and {market.max_qty} units"
    if qty % market.lot:
        return Reject.LOT_SIZE, f"the quantity must be a multiple of {market.lot} units"
    if not 0 <= budget <= _MAX:
        return Reject.AMOUNT_INVALID, "the budget must be positive"
    return None


def refuse_status(market: Market, command: PlaceOrder) -> Refusal | None:
    """Whether a market that is not simply open takes this order."""
    status = market.status
    if status is MarketStatus.HALTED:
        return Reject.MARKET_HALTED, "the market is halted"
    if status is MarketStatus.CANCEL_ONLY:
        return Reject.MARKET_CANCEL_ONLY, "the market only takes cancels"
    if status is MarketStatus.POST_ONLY and command.post_only is not True:
        return Reject.MARKET_POST_ONLY, "the market only takes post-only orders"
    if status is MarketStatus.PRE_OPEN and _cannot_wait(command):
        return Reject.MARKET_PRE_OPEN, "the market has not opened yet and only takes orders that can wait for that"
    return None


def _cannot_wait(command: PlaceOrder) -> bool:
    passing = command.tif in {TimeInForce.IOC, TimeInForce.FOK}
    return command.type is OrderType.MARKET or (command.type is OrderType.LIMIT and passing)


def refuse_kind(market: Market, command: PlaceOrder) -> Refusal | None:
    """Whether a market that does not take every kind of order takes this one."""
    if market.status is not _MARKET_OPEN and (refusal := refuse_status(market, command)):
        return refusal
    kinds: list[tuple[int, str]] = []
    if type(command.type) is OrderType:
        kinds.append((command.type, f"{command.type.name.lower()} orders"))
    if command.terms is not None and command.terms.visible_qty:
        kinds.append((ICEBERG, "icebergs"))
    if command.tif is TimeInForce.GTD:
        kinds.append((DATED, "good-till-date orders"))
    for bit, name in kinds:
        if not market.order_types >> bit & 1:
            return Reject.ORDER_TYPE_CLOSED, f"this market takes no {name}"
    return None


def refuse_visible(market: Market, visible: int, qty: int) -> Refusal | None:
    """What is wrong with the visible part of an order; 0 is none."""
    if visible and (not 0 < visible <= qty or visible % market.lot or visible * limits.MAX_PARTS < qty):
        return (
            Reject.VISIBLE_QTY_INVALID,
            f"the visible part must be whole lots and at least 1/{limits.MAX_PARTS} of the order",
        )
    return None


def fillable(state: State, market: Market, seat: Seat, command: PlaceOrder | OrderState, limit: int) -> tuple[int, int]:
    """How much of the order's quantity would trade now, and the quote units that takes. Changes nothing."""
    makers = market.asks if command.side is Side.BUY else market.bids
    mode, no_quotes = command.self_trade, market.quotes_expired(state.at)
    left, filled, cost = command.qty, 0, 0
    for rank in reversed(makers.ranks):
        if rank < limit * makers.sign or not left:
            break
        later: list[Order] = []
        for maker in chain(makers.levels[rank].orders.values(), later):
            qty = min(left, maker.remaining)
            if maker.hidden:
                later.append(maker.next_part())
            if maker.seat is not seat:
                if no_quotes and maker.state is None:
                    continue
                filled += qty
                cost += market.notional(maker.price, qty)
                left -= qty
            elif mode is SelfTrade.DECREMENT:
                left -= qty
            elif mode is not SelfTrade.CANCEL_OLDEST:
                return filled, cost
            if not left:
                break
    return filled, cost
