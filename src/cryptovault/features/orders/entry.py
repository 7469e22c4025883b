"""From requests to commands: in a market's units, and refused where the fields make no order.

What depends on the market or the account is the engine's to judge; here is only what no market takes.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptovault.engine.commands import AmendOrder, Leg, PlaceBracket, PlaceOco, PlaceOrder
from cryptovault.engine.commands import Terms as OrderTerms
from cryptovault.engine.money import parse_units
from cryptovault.engine.types import OrderType, SelfTrade, Side, TimeInForce, TriggerSource
from cryptovault.features.orders.requests import (
    AmendRequest,
    AnyLeg,
    BracketRequest,
    EntryLeg,
    Keyed,
    OcoRequest,
    OrderRequest,
    ProfitLeg,
    refuse,
)
from cryptovault.features.orders.shape import PERCENT_SCALE, check_legs, check_order, check_prices, needs_terms
from cryptovault.kit.catalogue import Terms

SIDES = {"buy": Side.BUY, "sell": Side.SELL}
TYPES = {kind.name.lower(): kind for kind in OrderType}
TIFS = {tif.name: tif for tif in TimeInForce}
SELF_TRADES = {mode.name.lower(): mode for mode in SelfTrade}
TRIGGERS = {source.name.lower(): source for source in TriggerSource}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def placing_of(request: Keyed, account: str, terms: Terms) -> PlaceOrder | PlaceOco | PlaceBracket:
    """The command of a request in a market's units; raises BadInput where text or fields make no sense."""
    if isinstance(request, OrderRequest):
        return command_of(request, account, terms)
    if isinstance(request, OcoRequest):
        return oco_of(request, account, terms)
    return bracket_of(request, account, terms)


def command_of(request: OrderRequest, account: str, terms: Terms) -> PlaceOrder:
    """The command of a request in a market's units; raises BadInput where text or fields make no sense."""
    check_order(request)
    tif = request.time_in_force or _usual_tif(request)
    return PlaceOrder(
        account,
        request.client_order_id or "",
        terms.market,
        SIDES[request.side],
        TYPES[request.type],
        TIFS[tif],
        _units("price", request.price, terms.parse_price),
        _units("qty", request.qty, terms.parse_qty),
        _units("total", request.total, terms.parse_amount),
        request.post_only,
        SELF_TRADES[request.self_trade_prevention],
        _order_terms(request, terms) if needs_terms(request) else None,
    )


def oco_of(request: OcoRequest, account: str, terms: Terms) -> PlaceOco:
    """The command of POST /orders/oco; raises BadInput."""
    check_legs(request)
    return PlaceOco(
        account,
        request.client_order_id or "",
        terms.market,
        SIDES[request.side],
        _units("qty", request.qty, terms.parse_qty),
        _leg("take_profit.", request.take_profit, terms),
        _leg("stop_loss.", request.stop_loss, terms),
        moment("expires_at", request.expires_at),
        SELF_TRADES[request.self_trade_prevention],
    )


def bracket_of(request: BracketRequest, account: str, terms: Terms) -> PlaceBracket:
    """The command of POST /orders/bracket; raises BadInput."""
    check_legs(request)
    entry = request.entry
    check_prices(entry, "entry.")
    return PlaceBracket(
        account,
        request.client_order_id or "",
        terms.market,
        SIDES[request.side],
        _units("qty", request.qty, terms.parse_qty),
        _leg("entry.", entry, terms, moment("expires_at", request.expires_at)),
        _leg("take_profit.", request.take_profit, terms),
        _leg("stop_loss.", request.stop_loss, terms),
        TIFS[_bracket_tif(request, entry)],
        request.post_only,
        SELF_TRADES[request.self_trade_prevention],
    )


def amendment_of(request: AmendRequest, account: str, order_id: int, terms: Terms) -> AmendOrder:
    """The command of PATCH /orders/{id}; raises BadInput."""
    if request.price is request.qty is request.trigger_price is None:
        refuse("body", "say what to change: price, qty or trigger_price")
    return AmendOrder(
        account,
        order_id,
        "",
        _units("price", request.price, terms.parse_price),
        _units("qty", request.qty, terms.parse_qty),
        _units("trigger_price", request.trigger_price, terms.parse_price),
    )


def moment(field: str, text: str | None) -> int:
    """Milliseconds since 1970 of an ISO 8601 time with its offset; 0 for none. Raises BadInput."""
    if text is None:
        return 0
    try:
        time = datetime.fromisoformat(text) if text.isascii() else None
        milliseconds = 0 if time is None or time.tzinfo is None else (time - _EPOCH) // _MILLISECOND
    except (ValueError, OverflowError):
        milliseconds = 0
    if milliseconds <= 0:
        refuse(field, 'must be a time such as "2026-11-21T18:00:00Z"')
    return milliseconds


def _usual_tif(request: OrderRequest) -> str:
    if request.expires_at is not None:
        return "GTD"
    return "IOC" if request.type == "market" else "GTC"


def _bracket_tif(request: BracketRequest, entry: EntryLeg) -> str:
    tif = request.time_in_force
    if tif is None:
        tif = "GTD" if request.expires_at is not None else "IOC" if entry.type == "market" else "GTC"
    if (tif == "GTD") != (request.expires_at is not None):
        refuse("expires_at", "goes with time_in_force GTD, and GTD with it")
    return tif


def _order_terms(request: OrderRequest, terms: Terms) -> OrderTerms:
    triggers = _trigger_terms("", request, terms)
    return triggers._replace(
        visible_qty=_units("visible_qty", request.visible_qty, terms.parse_qty),
        expires_at=moment("expires_at", request.expires_at),
        reduce_to_available=request.reduce_to_available,
    )


def _leg(prefix: str, leg: AnyLeg, terms: Terms, expires_at: int = 0) -> Leg:
    """One order of a group, in the market's units."""
    kind = TYPES[leg.type]
    price = _units(f"{prefix}price", leg.price, terms.parse_price)
    if kind <= OrderType.LIMIT and not expires_at:
        return Leg(kind, price)
    return Leg(kind, price, _trigger_terms(prefix, leg, terms)._replace(expires_at=expires_at))


def _trigger_terms(prefix: str, request: OrderRequest | AnyLeg, terms: Terms) -> OrderTerms:
    """What makes an order wait. A take-profit leg has no trail."""
    by = TRIGGERS[request.trigger_by or "reference"]
    trigger = _units(f"{prefix}trigger_price", request.trigger_price, terms.parse_price)
    if isinstance(request, ProfitLeg):
        return OrderTerms(trigger, by)
    return OrderTerms(
        trigger,
        by,
        _units(f"{prefix}trail_amount", request.trail_amount, terms.parse_price),
        _units(f"{prefix}trail_percent", request.trail_percent, _ppm_of_percent),
        _units(f"{prefix}activation_price", request.activation_price, terms.parse_price),
    )


def _ppm_of_percent(text: str) -> int:
    return parse_units(text, PERCENT_SCALE)


def _units(field: str, text: str | None, parse: Any) -> int:
    if text is None:
        return 0
    try:
        units: int = parse(text)
    except ValueError as error:
        refuse(field, str(error))
    if units == 0:
        refuse(field, "must be greater than zero")
    return units
