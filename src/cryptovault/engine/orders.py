"""PlaceOrder: refuse, or hold -> match -> settle, and let the rest rest or expire."""

from cryptovault.engine import limits
from cryptovault.engine.account import is_customer, repeat
from cryptovault.engine.aftermath import traded
from cryptovault.engine.book import BookSide, Order, Seat
from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.conditional import place_conditional
from cryptovault.engine.events import Event, LevelChanged, OrderState, Rejected, Verdict
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.matching import Matching, release_reserve
from cryptovault.engine.mirror import lay_for
from cryptovault.engine.order_rules import Refusal, fillable, refuse_kind, refuse_market, refuse_number, refuse_status
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import rest
from cryptovault.engine.state import State
from cryptovault.engine.terms import reduced, refuse_terms
from cryptovault.engine.types import (
    CloseReason,
    GroupRole,
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
_GTD = TimeInForce.GTD
_OPEN = OrderStatus.OPEN
_PARTIALLY_FILLED = OrderStatus.PARTIALLY_FILLED
_NONE = CloseReason.NONE
_ALONE = GroupRole.NONE
_MARKET_OPEN = MarketStatus.OPEN
_PRE_OPEN = MarketStatus.PRE_OPEN
_MAX = limits.MAX_AMOUNT
_MAX_KEY = limits.MAX_KEY


def place_order(state: State, command: PlaceOrder, events: list[Event]) -> Verdict:
    """Answer a known key as before; else place the order and remember the answer."""
    name, key = command[0], command[1]
    account = state.accounts.get(name)
    if account is None or not account.is_customer or not 0 < len(key) <= _MAX_KEY:
        if (refusal := refuse_sender(state, name, key)) is not None:
            return Rejected(name, *refusal)
        account = state.ledger.open(name)
    known = account.keys.get(key)
    if known is not None:
        return repeat(known, command, events)
    verdict: Verdict
    market = state.markets.get(command[2])
    if market is None:
        verdict = Rejected(name, Reject.MARKET_UNKNOWN, "no such market")
    elif market.order_types and (refusal := refuse_kind(market, command)):
        verdict = Rejected(name, *refusal)
    elif command[11] is None and command[4] is _LIMIT and market.mirrors is None:  # by far the most
        verdict = _place_limit(state, market, market.seats.get(name) or market.seat(account), command, events)
    elif command[4] > _LIMIT:
        verdict = place_conditional(state, market, market.seat(account), command, events)
    else:
        if market.mirrors is not None:
            lay_for(state, market, command, events)
        place = _place_limit if command[4] is _LIMIT else _place_market
        seat = market.seats.get(name) or market.seat(account)
        order = command if command[11] is None else reduced(state, market, seat, command)
        verdict = place(state, market, seat, order, events)
    account.keys[key] = record = (state.at, command, verdict)
    state.order_keys.append(record)
    return verdict


def place_kind(
    state: State, market: Market, seat: Seat, command: PlaceOrder, events: list[Event]
) -> Rejected | OrderState:
    """Place an order of any type, whose key and sender are known to be good."""
    if command.type > _LIMIT:
        return place_conditional(state, market, seat, command, events)
    order = reduced(state, market, seat, command)
    return (_place_limit if order.type is _LIMIT else _place_market)(state, market, seat, order, events)


def refuse_sender(state: State, name: str, key: str) -> Refusal | None:
    """Whether this account may place orders, and the key can be one."""
    if not 0 < len(key) <= _MAX_KEY:
        return Reject.COMMAND_INVALID, f"a key has 1 to {_MAX_KEY} characters"
    if not is_customer(name):
        return Reject.ACCOUNT_INVALID, "this account cannot trade"
    if state.account_limit_reached(name):
        return Reject.LIMIT_REACHED, "no more accounts"
    return None


def _place_limit(  # noqa: C901, PLR0912 - one flat list, then what must succeed
    state: State, market: Market, seat: Seat, command: PlaceOrder, events: list[Event]
) -> Rejected | OrderState:
    """Refuse a limit order, or hold what it may cost, match it and let its rest rest."""
    name, key, symbol, side, kind, tif, price, qty, budget, post_only, self_trade, terms = command
    if market.status is not _MARKET_OPEN and (refusal := refuse_status(market, command)):
        return Rejected(name, *refusal)
    if not (type(side) is Side and type(tif) is TimeInForce and type(self_trade) is SelfTrade):
        return Rejected(name, Reject.ORDER_INVALID, "unknown side, time in force or self-trade prevention")
    if not (type(price) is type(qty) is int and type(post_only) is bool):
        return Rejected(name, Reject.ORDER_INVALID, "price and quantity are integers, post-only a flag")
    if budget or (post_only and tif is not _GTC and tif is not _GTD):
        return Rejected(name, Reject.ORDER_INVALID, "a limit order has no budget, and post-only must be able to rest")
    if (terms is not None or tif is _GTD) and (refusal := refuse_terms(state, market, command)):
        return Rejected(name, *refusal)
    if not 0 < price <= _MAX:
        return Rejected(name, Reject.PRICE_INVALID, "the price must be positive")
    if not 0 < qty <= market.max_qty:
        return Rejected(name, Reject.QTY_INVALID, f"the quantity must be between 1 and {market.max_qty} units")
    if qty % market.lot:
        return Rejected(name, Reject.LOT_SIZE, f"the quantity must be a multiple of {market.lot} units")
    reserve = price * qty * market.tick // market.whole
    if reserve < market.min_notional:
        worth = f"worth less than {market.min_notional} units of {market.quote}"
        return Rejected(name, Reject.MIN_NOTIONAL, worth)
    is_full = len(seat.orders) >= market.max_open_orders or len(state.orders) >= limits.MAX_OPEN_ORDERS
    if is_full and (tif is _GTC or tif is _GTD) and (refusal := refuse_number(state, market, seat)):
        return Rejected(name, *refusal)
    if side is _BUY:
        own, makers, cell, asset = market.bids, market.asks, seat.quote, market.quote
    else:
        own, makers, cell, asset = market.asks, market.bids, seat.base, market.base
        reserve = qty
    if cell[0] < reserve:
        return Rejected(name, Reject.INSUFFICIENT_FUNDS, f"needs {reserve} units of {asset}, has {cell[0]} available")
    ranks = makers.ranks
    takes = bool(ranks) and ranks[-1] >= price * makers.sign
    if takes and post_only and market.status is not _PRE_OPEN:
        return Rejected(name, Reject.POST_ONLY_WOULD_TAKE, "the order would trade at once")
    if tif is _FOK and (found := fillable(state, market, seat, command, price)[0]) < qty:
        return Rejected(name, Reject.FOK_NOT_FILLABLE, f"only {found} of {qty} units could be filled")
    # From here on the order must succeed.
    order_id = state.next_order_id
    state.next_order_id = order_id + 1
    at = state.at
    placed = _new(
        OrderState,
        (
            order_id, name, key, symbol, side, kind, tif, price, qty, budget, post_only, self_trade,
            0, 0, 0, _OPEN, _NONE, 1, at, at, terms, 0, _ALONE, 0,
        ),
    )  # fmt: skip
    order = Order(order_id, seat, side, price, qty, reserve, placed)
    hold(events, order, cell, asset, reserve)
    if takes or tif is not _GTC or terms is not None:
        return take(state, market, order, price, placed, events)
    level = own.add(order)
    state.orders[order_id] = seat.orders[order_id] = order
    events.append(_new(LevelChanged, (symbol, side, price, level.qty)))
    return placed


def _place_market(
    state: State, market: Market, seat: Seat, command: PlaceOrder, events: list[Event]
) -> Rejected | OrderState:
    """Refuse a market order, or hold what it is going to cost and match it down to the collar."""
    name, side = command.account, command.side
    limit = market.worst_price(side, market.reference(state.at))
    refusal = refuse_market(state, market, command, limit)
    if refusal is not None:
        return Rejected(name, *refusal)
    found, cost = fillable(state, market, seat, command, limit)
    if side is _BUY:
        cell, asset, reserve = seat.quote, market.quote, command.budget or cost
    else:
        cell, asset, reserve = seat.base, market.base, command.qty
    if cell[0] < reserve:
        return Rejected(name, Reject.INSUFFICIENT_FUNDS, f"needs {reserve} units of {asset}, has {cell[0]} available")
    if command.tif is _FOK and found < command.qty:
        return Rejected(name, Reject.FOK_NOT_FILLABLE, f"only {found} of {command.qty} units could be filled")
    # From here on the order must succeed.
    placed = OrderState(state.next_order_id, *command[:11], 0, 0, 0, _OPEN, _NONE, 1, state.at, state.at, command.terms)
    state.next_order_id += 1
    order = Order(placed.order_id, seat, side, 0, command.qty, reserve, placed)
    if reserve:
        hold(events, order, cell, asset, reserve)
    return take(state, market, order, limit, placed, events)


def take(  # noqa: PLR0917 - hot path
    state: State,
    market: Market,
    order: Order,
    limit: int,
    placed: OrderState,
    events: list[Event],
    kind: type[Matching] = Matching,
) -> OrderState:
    """Match an order down to a limit price, then let its rest rest or close it. `placed` is its state before."""
    matching = kind(state, market, order, placed.self_trade, events)
    matching.budget = placed.budget > 0
    start = len(events)
    reason = matching.run(limit)
    rests = placed.price > 0 and (placed.tif is _GTC or placed.tif is _GTD) and reason is _NONE and order.remaining > 0
    spent_all = order.reserved == 0
    needed = 0
    if rests:  # it may have traded at better prices than it held for
        needed = market.notional(order.price, order.remaining) if order.side is _BUY else order.remaining
    release_reserve(market, order, order.reserved - needed, events)
    if rests:
        status = _PARTIALLY_FILLED if placed.filled or matching.filled else _OPEN
    elif reason is CloseReason.SELF_TRADE:
        status = OrderStatus.CANCELLED
    elif reason is CloseReason.BUDGET or (placed.budget and spent_all):
        filled = matching.filled and placed.budget
        status, reason = OrderStatus.FILLED if filled else OrderStatus.EXPIRED, CloseReason.BUDGET
    elif order.remaining or placed.budget:
        status, reason = OrderStatus.EXPIRED, _why_expired(placed, matching.makers)
    else:
        status = OrderStatus.FILLED
    order.state = matching.told(placed, status, reason)
    if rests:
        rest(state, market, order, events)
    else:
        state.closed[order.id] = order.state
    if matching.filled and (market.band or state.tiers.schedule):
        traded(state, market, events, start)
    return order.state


def _why_expired(placed: OrderState, makers: BookSide) -> CloseReason:
    """The collar, where a market order left orders on the other side; else that nothing rests."""
    return CloseReason.COLLAR if not placed.price and makers.ranks else CloseReason.IMMEDIATE
