"""Placing an order that waits for a price: what it is refused for, what it holds, and where its trigger stands."""

from cryptovault.engine import limits
from cryptovault.engine.book import Order, Seat
from cryptovault.engine.commands import PlaceOrder, Terms
from cryptovault.engine.events import Event, OrderState, Rejected
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.order_rules import Refusal, refuse_number, refuse_status, refuse_visible
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import watch
from cryptovault.engine.state import State
from cryptovault.engine.terms import are_well_typed, refuse_expiry
from cryptovault.engine.triggers import PRICED, fires_rising, is_active, is_reached, trailing_trigger
from cryptovault.engine.types import (
    PPM,
    CloseReason,
    GroupRole,
    OrderStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
)

_TRAILING = OrderType.TRAILING_STOP
_WAIT = (TimeInForce.GTC, TimeInForce.GTD)
_MAX = limits.MAX_AMOUNT


def place_conditional(
    state: State, market: Market, seat: Seat, command: PlaceOrder, events: list[Event]
) -> Rejected | OrderState:
    """Refuse a stop, take-profit or trailing stop, or hold what it may cost and let it wait."""
    name = command.account
    refusal = refuse_status(market, command) or refuse_fields(state, market, command)
    if refusal is None:
        command = _reduced(market, seat, command, state.at)
        refusal = refuse_visible(market, terms_of(command).visible_qty, command.qty)
    refusal = refusal or refuse_price(state, market, command) or refuse_number(state, market, seat)
    if refusal is not None:
        return Rejected(name, *refusal)
    trigger, best = first_trigger(market, command, state.at)
    reserve = need(market, command.side, command.price, command.qty, trigger)
    cell, asset = (seat.quote, market.quote) if command.side is Side.BUY else (seat.base, market.base)
    if cell[0] < reserve:
        return Rejected(name, Reject.INSUFFICIENT_FUNDS, f"needs {reserve} units of {asset}, has {cell[0]} available")
    # From here on the order must succeed.
    placed = waiting_state(state, command, trigger if best else 0)
    order = Order(placed.order_id, seat, command.side, command.price, command.qty, reserve, placed)
    hold(events, order, cell, asset, reserve)
    state.orders[order.id] = seat.orders[order.id] = order
    watch(state, market, order, best)
    return placed


def waiting_state(state: State, command: PlaceOrder, trailing: int) -> OrderState:
    """The first state of an order that waits; `trailing` is where the trigger of an active trailing stop stands."""
    order_id = state.next_order_id
    state.next_order_id += 1
    terms = terms_of(command)
    return OrderState(
        order_id, *command[:11], 0, 0, 0, OrderStatus.WAITING, CloseReason.NONE, 1, state.at, state.at,
        terms._replace(trigger_price=trailing) if trailing else terms, 0, GroupRole.NONE, 0,
    )  # fmt: skip


def terms_of(command: PlaceOrder) -> Terms:
    """The command's terms."""
    return command.terms or Terms()


def _reduced(market: Market, seat: Seat, command: PlaceOrder, at: int) -> PlaceOrder:
    """The order for as much as can be held for it now, if it asks for that and something can."""
    terms = terms_of(command)
    trigger, _ = first_trigger(market, command, at)
    if not terms.reduce_to_available or trigger <= 0:
        return command
    available = (seat.quote if command.side is Side.BUY else seat.base)[0]
    each = need(market, command.side, command.price, market.lot, trigger)
    fits = min(command.qty, available // each * market.lot) if each else command.qty
    is_enough = fits > 0 and market.notional(command.price or trigger, fits) >= market.min_notional
    return command._replace(qty=fits) if is_enough else command


def refuse_fields(state: State, market: Market, command: PlaceOrder, *, amended: bool = False) -> Refusal | None:
    """What is wrong with the fields of an order that waits, or of a limit order in a group, whatever the prices are.

    An order that is amended may become smaller than its visible part.
    """
    terms = terms_of(command)
    refusal = _refuse_kind(command) or _refuse_trigger(command, terms)
    refusal = refusal or refuse_expiry(state, command.tif, terms.expires_at)
    refusal = refusal or refuse_visible(market, terms.visible_qty, max(command.qty, terms.visible_qty * amended))
    if refusal is not None:
        return refusal
    if (command.type in PRICED) != (command.price != 0) or not 0 <= command.price <= _MAX:
        return Reject.PRICE_INVALID, "an order with a limit has a positive price, one without has none"
    if not 0 < command.qty <= market.max_qty:
        return Reject.QTY_INVALID, f"the quantity must be between 1 and {market.max_qty} units"
    if command.qty % market.lot:
        return Reject.LOT_SIZE, f"the quantity must be a multiple of {market.lot} units"
    return None


def _refuse_kind(command: PlaceOrder) -> Refusal | None:
    kinds = (Side, OrderType, TimeInForce, SelfTrade)
    terms = terms_of(command)
    given = (command.side, command.type, command.tif, command.self_trade)
    if tuple(map(type, given)) != kinds or not are_well_typed(terms):
        return Reject.ORDER_INVALID, "a field has an unknown value"
    if command.budget:
        return Reject.ORDER_INVALID, "an order that waits has a quantity, no budget"
    if command.tif not in _WAIT and (command.type not in PRICED or command.post_only):
        return Reject.ORDER_INVALID, "an order without a limit, or post-only, is GTC or GTD"
    if command.post_only and command.type not in PRICED:
        return Reject.ORDER_INVALID, "an order without a limit takes; it cannot be post-only"
    if terms.expires_at and command.tif is not TimeInForce.GTD:
        return Reject.ORDER_INVALID, "a date goes with good-till-date only"
    if terms.visible_qty and (command.type not in PRICED or command.tif not in _WAIT):
        return Reject.ORDER_INVALID, "only an order that will rest has a visible part"
    return None


def _refuse_trigger(command: PlaceOrder, terms: Terms) -> Refusal | None:
    trailing = (terms.trail, terms.trail_ppm, terms.activation_price)
    if command.type is OrderType.LIMIT:
        fires = any(trailing) or terms.trigger_price
        return (Reject.ORDER_INVALID, "a limit order waits for no price") if fires else None
    if command.type is not _TRAILING:
        if any(trailing) or not 0 < terms.trigger_price <= _MAX:
            return Reject.TRIGGER_INVALID, "the trigger price must be positive, and only a trailing stop trails"
        return None
    if terms.trigger_price or not all(0 <= value <= _MAX for value in trailing):
        return Reject.TRIGGER_INVALID, "a trailing stop finds its trigger by itself, from figures that are not negative"
    if bool(terms.trail) == bool(terms.trail_ppm) or terms.trail_ppm >= PPM:
        return Reject.TRIGGER_INVALID, "a trailing stop trails by an amount or by a share below one"
    return None


def first_trigger(market: Market, command: PlaceOrder, at: int) -> tuple[int, int]:
    """(trigger, best price so far or 0) of an order placed now."""
    terms = terms_of(command)
    return _first_trigger(command.side, command.type, terms, market.price_of(terms.trigger_by, at))


def start_of(market: Market, order: Order, at: int) -> tuple[int, int]:
    """The same of an order that begins to wait now; a trailing stop without a fresh price begins at the last trade."""
    if order.state is None or order.state.terms is None:
        return 0, 0
    terms = order.state.terms
    price = market.price_of(terms.trigger_by, at) or market.last_price
    return _first_trigger(order.side, order.state.type, terms, price)


def _first_trigger(side: Side, kind: OrderType, terms: Terms, price: int) -> tuple[int, int]:
    """A trailing stop that is not active yet has the trigger that it will have at its activation."""
    if kind is not _TRAILING:
        return terms.trigger_price, 0
    best = price if price and is_active(side, terms.activation_price, price) else 0
    return trailing_trigger(side, best or terms.activation_price, terms), best


def refuse_price(state: State, market: Market, command: PlaceOrder) -> Refusal | None:
    """What is wrong with an order that waits, given the price now."""
    terms = terms_of(command)
    price = market.price_of(terms.trigger_by, state.at)
    if command.type is _TRAILING and not price and not terms.activation_price:
        return Reject.PRICE_STALE, "there is no price to trail from"
    trigger, _ = first_trigger(market, command, state.at)
    if trigger <= 0:
        return Reject.TRIGGER_INVALID, "the trail is as long as the price is high"
    if command.type is not _TRAILING and price and is_reached(command.side, command.type, trigger, price):
        side = "below" if fires_rising(command.side, command.type) else "above"
        return Reject.WOULD_TRIGGER, f"the price is not {side} the trigger"
    if market.notional(command.price or trigger, command.qty) < market.min_notional:
        return Reject.MIN_NOTIONAL, f"worth less than {market.min_notional} units of {market.quote}"
    return None


def need(market: Market, side: Side, price: int, qty: int, trigger: int) -> int:
    """What an order that waits has to hold: a buy without a limit may trade up to the collar above its trigger."""
    if side is Side.SELL:
        return qty
    return market.notional(price or market.worst_price(side, trigger), qty)
