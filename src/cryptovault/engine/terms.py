"""Terms of market and limit orders beyond the plain ones: a date, a visible part, as much as one can pay for."""

from cryptovault.engine import limits
from cryptovault.engine.book import Seat
from cryptovault.engine.commands import PlaceOrder, Terms
from cryptovault.engine.market import Market
from cryptovault.engine.order_rules import Refusal, fillable, refuse_visible
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import OrderType, Side, TimeInForce, TriggerSource

_TYPES = (int, TriggerSource, int, int, int, int, int, bool)


def are_well_typed(terms: Terms) -> bool:
    """Whether each term is of its own type."""
    return tuple(map(type, terms)) == _TYPES


def refuse_terms(state: State, market: Market, command: PlaceOrder) -> Refusal | None:
    """What is wrong with the terms of a market or limit order whose other fields make sense."""
    terms = command.terms or Terms()
    if not are_well_typed(terms):
        return Reject.ORDER_INVALID, "a term has an unknown value"
    if terms.trigger_price or terms.trail or terms.trail_ppm or terms.activation_price:
        return Reject.ORDER_INVALID, "a market or limit order has no trigger"
    if terms.visible_qty and (command.type is OrderType.MARKET or command.tif in (TimeInForce.IOC, TimeInForce.FOK)):
        return Reject.ORDER_INVALID, "only an order that may rest has a visible part"
    if (refusal := refuse_expiry(state, command.tif, terms.expires_at)) is not None:
        return refusal
    return refuse_visible(market, terms.visible_qty, command.qty)


def refuse_expiry(state: State, tif: TimeInForce, expires_at: int) -> Refusal | None:
    """A date goes with good-till-date and nothing else, lies ahead, and not too far."""
    if tif is not TimeInForce.GTD:
        return (Reject.ORDER_INVALID, "a date goes with good-till-date only") if expires_at else None
    if not state.at < expires_at <= state.at + limits.MAX_AHEAD:
        return Reject.EXPIRY_INVALID, f"the date must lie ahead, by at most {limits.MAX_AHEAD} ms"
    return None


def reduced(state: State, market: Market, seat: Seat, command: PlaceOrder) -> PlaceOrder:
    """The order made as large as the account can pay for, if it asks for that; else, or where it cannot be, as it is.

    An order with any other fault stays as it is too, so that the fault is told.
    """
    qty, budget, price = command.qty, command.budget, command.price
    if not command.terms or command.terms.reduce_to_available is not True or type(command.side) is not Side:
        return command
    available = (seat.quote if command.side is Side.BUY else seat.base)[0]
    if type(qty) is not int or type(budget) is not int or type(price) is not int or min(qty, budget, price) < 0:
        return command
    if budget:
        is_enough = command.type is OrderType.MARKET and available > 0 and available >= market.min_notional
        return command._replace(budget=min(budget, available)) if is_enough else command
    if qty > market.max_qty or qty % market.lot:
        return command
    fits = _lots(state, market, seat, command, available) * market.lot
    worth = market.notional(price or market.reference(state.at), fits)
    return command._replace(qty=fits) if fits > 0 and worth >= market.min_notional else command


def _lots(state: State, market: Market, seat: Seat, command: PlaceOrder, available: int) -> int:
    """How many lots of the order's quantity `available` pays for."""
    wanted = command.qty // market.lot
    if command.side is Side.SELL:
        return min(wanted, available // market.lot)
    if command.type is OrderType.LIMIT:
        each = market.notional(command.price, market.lot)
        return min(wanted, available // each) if each else wanted
    limit = market.worst_price(Side.BUY, market.reference(state.at))
    low, high = 0, wanted
    while low < high:
        middle = (low + high + 1) // 2
        cost = fillable(state, market, seat, command._replace(qty=middle * market.lot), limit)[1]
        low, high = (middle, high) if cost <= available else (low, middle - 1)
    return low
