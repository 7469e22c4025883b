"""Which fields go together: what no market whatever would take is told here, with the field that is at fault."""

from typing import NamedTuple

from cryptovault.features.orders.requests import AnyLeg, BracketRequest, OcoRequest, OrderRequest, ProfitLeg, refuse

PERCENT_SCALE = 4
"""Decimals of a trail in per cent: one ten-thousandth of a per cent is one part per million."""


class _Shape(NamedTuple):
    """What a type of order has."""

    name: str
    price: bool
    trigger: bool
    trail: bool = False

    @property
    def waits(self) -> bool:
        """Whether there is something that fires it."""
        return self.trigger or self.trail


SHAPES = {
    "market": _Shape("a market order", price=False, trigger=False),
    "limit": _Shape("a limit order", price=True, trigger=False),
    "stop": _Shape("a stop", price=False, trigger=True),
    "stop_limit": _Shape("a stop-limit order", price=True, trigger=True),
    "take_profit": _Shape("a take-profit", price=False, trigger=True),
    "take_profit_limit": _Shape("a take-profit limit order", price=True, trigger=True),
    "trailing_stop": _Shape("a trailing stop", price=False, trigger=False, trail=True),
}


def needs_terms(request: OrderRequest) -> bool:
    """Whether it is more than a plain order."""
    return (
        SHAPES[request.type].waits
        or request.expires_at is not None
        or request.visible_qty is not None
        or request.reduce_to_available
    )


def check_order(request: OrderRequest) -> None:
    """Raise BadInput where the fields of a single order contradict each other."""
    check_prices(request)
    if request.total is not None:
        _check_total(request)
    elif request.qty is None:
        missing = "needs either qty or total" if request.type == "market" else "needs a quantity"
        refuse("qty", f"{SHAPES[request.type].name} {missing}")
    if request.type == "market" and request.time_in_force in {"GTC", "GTD"}:
        refuse("time_in_force", "a market order cannot wait: IOC or FOK")
    if (request.expires_at is not None) != (request.time_in_force == "GTD"):
        _check_date(request)
    if request.visible_qty is not None and not SHAPES[request.type].price:
        refuse("visible_qty", "only an order with a limit can rest, and show a part of itself")


def check_prices(order: OrderRequest | AnyLeg, prefix: str = "") -> None:
    """Raise BadInput unless an order has the prices its type has, and no other."""
    shape = SHAPES[order.type]
    _agree(f"{prefix}price", shape.name, "price", wanted=shape.price, given=order.price)
    _agree(f"{prefix}trigger_price", shape.name, "trigger_price", wanted=shape.trigger, given=order.trigger_price)
    if order.trigger_by is not None and not shape.waits:
        refuse(f"{prefix}trigger_by", f"{shape.name} has nothing that fires it")
    if not isinstance(order, ProfitLeg):
        _check_trail(order.trail_amount, order.trail_percent, order.activation_price, prefix, shape)


def check_legs(request: OcoRequest | BracketRequest) -> None:
    """Raise BadInput unless both exits have the prices their types have."""
    check_prices(request.take_profit, "take_profit.")
    check_prices(request.stop_loss, "stop_loss.")


def _agree(field: str, name: str, what: str, *, wanted: bool, given: str | None) -> None:
    if wanted and given is None:
        refuse(field, f"{name} needs a {what}")
    if not wanted and given is not None:
        refuse(field, f"{name} has no {what}")


def _check_trail(amount: str | None, percent: str | None, activation: str | None, prefix: str, shape: _Shape) -> None:
    if shape.trail:
        if (amount is None) == (percent is None):
            refuse(f"{prefix}trail_amount", "a trailing stop needs either trail_amount or trail_percent")
        return
    for field, given in (("trail_amount", amount), ("trail_percent", percent), ("activation_price", activation)):
        if given is not None:
            refuse(f"{prefix}{field}", f"only a trailing stop has {field}")


def _check_total(request: OrderRequest) -> None:
    if request.type != "market" or request.side != "buy":
        refuse("total", "only a market buy can be by total")
    if request.qty is not None:
        refuse("qty", "a market order needs either qty or total")
    if request.reduce_to_available:
        refuse("reduce_to_available", "an order by total spends its total; give a qty")


def _check_date(request: OrderRequest) -> None:
    if request.expires_at is None:
        refuse("expires_at", "GTD needs the time at which it ends")
    if request.time_in_force is not None:
        refuse("time_in_force", "an order with expires_at is GTD")
    if request.type == "market":
        refuse("expires_at", "a market order cannot wait")
