"""PlaceOrder: refuse, or hold -> match -> settle, and let the rest rest or expire."""

from cryptovault.engine import limits
from cryptovault.engine.account import Account, is_customer
from cryptovault.engine.book import Order, Seat
from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.events import Event, LevelChanged, OrderState, Rejected, Repeated, Verdict
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.matching import match, release_reserve
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import (
    CloseReason,
    MarketStatus,
    OrderStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
)

_new = tuple.__new__
_BUY = Side.BUY
_LIMIT = OrderType.LIMIT
_GTC = TimeInForce.GTC
_FOK = TimeInForce.FOK
_MARKET_OPEN = MarketStatus.OPEN
_NONE = CloseReason.NONE
_MAX = limits.MAX_AMOUNT


def place_order(state: State, command: PlaceOrder, events: list[Event]) -> Verdict:
    """Answer a known key as before; else place the order and remember the answer."""
    account = state.ledger.accounts.get(command.account)
    if account is None or not 0 < len(command.key) <= limits.MAX_KEY:
        if (refusal := _refuse_sender(state, command)) is not None:
            return refusal
        account = state.ledger.open(command.account)
    known = account.keys.get(command.key)
    if known is not None:
        if known.command != command or type(known.command) is not PlaceOrder:
            return Rejected(command.account, Reject.KEY_REUSED, "this key was used for another request")
        events.append(Repeated(command.account, command.key))
        return known.verdict
    verdict = _place(state, account, command, events)
    state.remember_order(account, command, verdict)
    return verdict


def _refuse_sender(state: State, command: PlaceOrder) -> Rejected | None:
    if not 0 < len(command.key) <= limits.MAX_KEY:
        return Rejected(command.account, Reject.COMMAND_INVALID, f"a key has 1 to {limits.MAX_KEY} characters")
    if not is_customer(command.account):
        return Rejected(command.account, Reject.ACCOUNT_INVALID, "this account cannot trade")
    if state.account_limit_reached(command.account):
        return Rejected(command.account, Reject.LIMIT_REACHED, "no more accounts")
    return None


def _place(state: State, account: Account, command: PlaceOrder, events: list[Event]) -> Verdict:
    market = state.markets.get(command.market)
    if market is None:
        return Rejected(command.account, Reject.MARKET_UNKNOWN, "no such market")
    seat = market.seats.get(command.account) or market.seat(account)
    if command.type is _LIMIT:
        limit = command.price
        refusal = _refuse_limit(state, market, seat, command)
    else:
        limit = market.worst_price(command.side, market.reference(state.at))
        refusal = _refuse_market(state, market, command, limit)
    if refusal is not None:
        return Rejected(command.account, *refusal)
    reserve = _reserve(market, seat, command, limit)
    refusal = _refuse_funds(market, seat, command, limit, reserve)
    if refusal is not None:
        return Rejected(command.account, *refusal)
    # From here on the order must succeed.
    return _execute(state, market, seat, command, limit, reserve, events)


Refusal = tuple[Reject, str]


def _refuse_status(market: Market, command: PlaceOrder) -> Refusal | None:
    status = market.status
    if status is MarketStatus.HALTED:
        return Reject.MARKET_HALTED, "the market is halted"
    if status is MarketStatus.CANCEL_ONLY:
        return Reject.MARKET_CANCEL_ONLY, "the market only takes cancels"
    if status is MarketStatus.POST_ONLY and command.post_only is not True:
        return Reject.MARKET_POST_ONLY, "the market only takes post-only orders"
    return None


def _refuse_fields(command: PlaceOrder) -> Refusal | None:
    """Values that no order can have."""
    if type(command.side) is not Side or type(command.tif) is not TimeInForce:
        return Reject.ORDER_INVALID, "unknown side or time in force"
    if type(command.self_trade) is not SelfTrade or type(command.post_only) is not bool:
        return Reject.ORDER_INVALID, "unknown self-trade prevention or post-only flag"
    if not (type(command.price) is type(command.qty) is type(command.budget) is int):
        return Reject.ORDER_INVALID, "price, quantity and budget are integers"
    return None


def _refuse_limit(state: State, market: Market, seat: Seat, command: PlaceOrder) -> Refusal | None:
    if market.status is not _MARKET_OPEN and (refusal := _refuse_status(market, command)):
        return refusal
    if (refusal := _refuse_fields(command)) is not None:
        return refusal
    price, qty, resting = command.price, command.qty, command.tif is _GTC
    if command.budget or (command.post_only and not resting):
        return Reject.ORDER_INVALID, "a limit order has no budget, and post-only goes with GTC only"
    if not 0 < price <= _MAX:
        return Reject.PRICE_INVALID, "the price must be positive"
    if not 0 < qty <= market.max_qty:
        return Reject.QTY_INVALID, f"the quantity must be between 1 and {market.max_qty} units"
    if qty % market.lot:
        return Reject.LOT_SIZE, f"the quantity must be a multiple of {market.lot} units"
    if price * qty * market.tick // market.whole < market.min_notional:
        return Reject.MIN_NOTIONAL, f"the order is worth less than {market.min_notional} units of {market.quote}"
    if resting and len(seat.orders) >= market.max_open_orders:
        return Reject.TOO_MANY_ORDERS, f"{len(seat.orders)} orders are open in this market"
    if resting and len(state.orders) >= limits.MAX_OPEN_ORDERS:
        return Reject.LIMIT_REACHED, "the exchange has no room for more open orders"
    return None


def _refuse_market(state: State, market: Market, command: PlaceOrder, limit: int) -> Refusal | None:
    if market.status is not _MARKET_OPEN and (refusal := _refuse_status(market, command)):
        return refusal
    if type(command.type) is not OrderType:
        return Reject.ORDER_INVALID, "unknown order type"
    if (refusal := _refuse_fields(command)) is not None:
        return refusal
    qty, budget = command.qty, command.budget
    if command.price or command.post_only or (qty and budget):
        return Reject.ORDER_INVALID, "a market order has a quantity or a budget, and neither price nor post-only"
    if budget and (command.side is not _BUY or command.tif is _FOK):
        return Reject.ORDER_INVALID, "a budget is for market buys that are not fill-or-kill"
    if not budget and not 0 < qty <= market.max_qty:
        return Reject.QTY_INVALID, f"the quantity must be between 1 and {market.max_qty} units"
    if qty % market.lot:
        return Reject.LOT_SIZE, f"the quantity must be a multiple of {market.lot} units"
    if not 0 <= budget <= _MAX:
        return Reject.AMOUNT_INVALID, "the budget must be positive"
    reference = market.reference(state.at)
    if reference == 0:
        return Reject.PRICE_STALE, "no fresh reference price"
    if budget > market.notional(limit, market.max_qty):
        return Reject.QTY_INVALID, f"the budget would buy more than {market.max_qty} units"
    if (budget or market.notional(reference, qty)) < market.min_notional:
        return Reject.MIN_NOTIONAL, f"the order is worth less than {market.min_notional} units of {market.quote}"
    makers = market.asks if command.side is _BUY else market.bids
    if not makers.ranks:
        return Reject.NO_LIQUIDITY, "the other side of the book is empty"
    return None


def _reserve(market: Market, seat: Seat, command: PlaceOrder, limit: int) -> int:
    """What the order has to hold: base for a sell, else quote for the worst it may cost."""
    if command.side is not _BUY:
        return command.qty
    if command.type is _LIMIT:
        return command.price * command.qty * market.tick // market.whole
    return command.budget or fillable(market, seat, command, limit)[1]


def _refuse_funds(market: Market, seat: Seat, command: PlaceOrder, limit: int, reserve: int) -> Refusal | None:
    cell, asset = (seat.quote, market.quote) if command.side is _BUY else (seat.base, market.base)
    if cell[0] < reserve:
        return Reject.INSUFFICIENT_FUNDS, f"needs {reserve} units of {asset}, has {cell[0]} available"
    if command.post_only:
        makers = market.asks if command.side is _BUY else market.bids
        if makers.crosses(limit):
            return Reject.POST_ONLY_WOULD_TAKE, "the order would trade at once"
    if command.tif is _FOK:
        qty = fillable(market, seat, command, limit)[0]
        if qty < command.qty:
            return Reject.FOK_NOT_FILLABLE, f"only {qty} of {command.qty} units could be filled"
    return None


def fillable(market: Market, seat: Seat, command: PlaceOrder, limit: int) -> tuple[int, int]:
    """How much of the order's quantity would trade now, and the quote units that takes. Changes nothing."""
    makers = market.asks if command.side is _BUY else market.bids
    mode = command.self_trade
    left, filled, cost = command.qty, 0, 0
    for rank in reversed(makers.ranks):
        if rank < limit * makers.sign or not left:
            break
        for maker in makers.levels[rank].orders.values():
            qty = min(left, maker.remaining)
            if maker.seat is not seat:
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


def _execute(
    state: State, market: Market, seat: Seat, command: PlaceOrder, limit: int, reserve: int, events: list[Event]
) -> OrderState:
    """Hold, match, and rest or close."""
    side, qty = command.side, command.qty
    order_id = state.next_order_id
    state.next_order_id = order_id + 1
    order = Order(order_id, seat, side, command.price, qty, reserve, (order_id, *command), state.at)
    if side is _BUY:
        own, makers = market.bids, market.asks
        if reserve:
            hold(events, seat.quote, seat.name, market.quote, order_id, reserve)
    else:
        own, makers = market.asks, market.bids
        hold(events, seat.base, seat.name, market.base, order_id, reserve)
    reason = _NONE
    if makers.ranks and makers.ranks[-1] >= limit * makers.sign:
        reason = match(state, market, order, limit, command.self_trade, bool(command.budget), events)
    if reason is not _NONE or command.tif is not _GTC or command.type is not _LIMIT or not order.remaining:
        return _close(state, market, order, command, reason, events)
    if order.filled:  # it may have traded at better prices than it held for
        rest = market.notional(order.price, order.remaining) if side is _BUY else order.remaining
        release_reserve(market, order, order.reserved - rest, events)
    level = own.add(order)
    state.orders[order_id] = seat.orders[order_id] = order
    events.append(_new(LevelChanged, (market.symbol, side, level.price, level.qty)))
    return order.state()


def _close(
    state: State, market: Market, order: Order, command: PlaceOrder, reason: CloseReason, events: list[Event]
) -> OrderState:
    """End an order that does not rest: give back what it still holds, and say how it ended."""
    spent_all = not order.reserved
    release_reserve(market, order, order.reserved, events)
    if reason is CloseReason.SELF_TRADE:
        status = OrderStatus.CANCELLED
    elif command.budget:
        reason = CloseReason.BUDGET if reason is CloseReason.BUDGET or spent_all else _why_expired(market, command)
        status = OrderStatus.FILLED if order.filled and reason is CloseReason.BUDGET else OrderStatus.EXPIRED
    elif not order.remaining:
        status = OrderStatus.FILLED
    else:
        status = OrderStatus.EXPIRED
        reason = _why_expired(market, command)
    final = order.final(status, reason)
    state.closed[order.id] = final
    return final


def _why_expired(market: Market, command: PlaceOrder) -> CloseReason:
    """The collar, where a market order left orders on the other side; else that nothing rests."""
    makers = market.asks if command.side is _BUY else market.bids
    return CloseReason.COLLAR if command.type is not _LIMIT and makers.ranks else CloseReason.IMMEDIATE
