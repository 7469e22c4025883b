"""What an order, or a group of orders, would do if it came now: the real handlers, on a copy of what they can touch.

It is the sender's own outcome that is foretold. What others wait for is not: it would tell where their stops lie.
"""

from typing import NamedTuple

from cryptovault.engine.commands import PlaceBracket, PlaceOco, PlaceOrder
from cryptovault.engine.events import Event, GroupPlaced, OrderState, Rejected, Trade
from cryptovault.engine.group_orders import place_bracket, place_oco
from cryptovault.engine.orders import place_order
from cryptovault.engine.rejects import Reject
from cryptovault.engine.scene import MAX_MAKERS, Scene, TooDeep
from cryptovault.engine.state import State

Placing = PlaceOrder | PlaceOco | PlaceBracket
"""What can be foretold."""

_KEY = "preview"


class Foreseen(NamedTuple):
    """An order as it would stand and what it would hold, and the best and the worst price it would trade at (or 0)."""

    order: OrderState
    best_price: int
    worst_price: int
    hold: int


class Preview(NamedTuple):
    """The orders as they would stand, or why there would be none, and the balances in base and quote.

    A balance is (asset, available, held) afterwards. The rates are what a fill right now would cost (ppm), and `at` the
    journal time (ms) it is true at.
    """

    refusal: Rejected | None
    orders: tuple[Foreseen, ...]
    balances: tuple[tuple[str, int, int], ...]
    maker_rate: int
    taker_rate: int
    at: int


def preview(state: State, command: Placing, at: int) -> Preview:
    """The fate of what comes at time `at` (ms). Changes nothing."""
    at = max(state.at, at)
    market = state.markets.get(command.market)
    if market is None:
        return _refused(command, Reject.MARKET_UNKNOWN, "no such market", at)
    try:
        scene = Scene(state, market, command, at)
    except TooDeep:
        reason = f"the order would reach more than {MAX_MAKERS} others: too many to foresee"
        return _refused(command, Reject.LIMIT_REACHED, reason, at)
    maker, taker = scene.rates()
    events: list[Event] = []
    verdict = _place(scene.state, command, events)
    refusal = verdict if isinstance(verdict, Rejected) else None
    orders = () if isinstance(verdict, Rejected) else tuple(_foreseen(scene, order, events) for order in verdict)
    return Preview(refusal, orders, scene.balances(), maker, taker, at)


def _refused(command: Placing, reason: Reject, text: str, at: int) -> Preview:
    return Preview(Rejected(command.account, reason, text), (), (), 0, 0, at)


def _place(state: State, command: Placing, events: list[Event]) -> Rejected | tuple[OrderState, ...]:
    """Place it under a key that nobody has."""
    if isinstance(command, PlaceOrder):
        verdict = place_order(state, command._replace(key=_KEY), events)
    elif isinstance(command, PlaceOco):
        verdict = place_oco(state, command._replace(key=_KEY), events)
    else:
        verdict = place_bracket(state, command._replace(key=_KEY), events)
    if isinstance(verdict, Rejected | OrderState):
        return verdict if isinstance(verdict, Rejected) else (verdict,)
    assert isinstance(verdict, GroupPlaced)  # noqa: S101 - what placing a group answers
    return verdict.orders


def _foreseen(scene: Scene, order: OrderState, events: list[Event]) -> Foreseen:
    prices = [event.price for event in events if isinstance(event, Trade) and event.taker_order_id == order.order_id]
    first, last = (prices[0], prices[-1]) if prices else (0, 0)
    still_open = scene.state.orders.get(order.order_id)
    return Foreseen(order, first, last, still_open.reserved if still_open is not None else 0)
