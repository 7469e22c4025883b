"""The sentences that explain an order. Amounts in coins, prices in the quote asset, no engine's words."""

from collections.abc import Sequence

from cryptovault.engine.commands import Terms as OrderTerms
from cryptovault.engine.events import OrderState, Trade
from cryptovault.engine.money import format_units
from cryptovault.engine.types import (
    PPM,
    CloseReason,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
    TriggerSource,
)
from cryptovault.features.orders.shape import PERCENT_SCALE
from cryptovault.features.orders.wording import Saying
from cryptovault.kit.catalogue import Terms

_SOURCES = {TriggerSource.REFERENCE: "reference", TriggerSource.LAST_TRADE: "last_trade"}
_STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_SHOWN = 5
"""Prices of fills that a sentence names."""


def placed(order: OrderState, terms: Terms) -> list[Saying]:
    """What was asked for."""
    manner = f"placed_{_side(order)}" + ("_for" if not order.qty else "_at" if order.price else "")
    values = {"type": _type(order), **_assets(terms)}
    if order.qty:
        values["qty"] = terms.qty(order.qty)
    else:
        values["total"] = terms.amount(order.budget)
    if order.price:
        values["price"] = terms.price(order.price)
    return [Saying(manner, values), *_conditions(order, terms)]


def _conditions(order: OrderState, terms: Terms) -> list[Saying]:
    visible = order.terms.visible_qty if order.terms else 0
    shown = {"amount": terms.qty(visible), "asset": terms.base} if visible else {}
    conditions: tuple[tuple[str, dict[str, str], bool], ...] = (
        ("only_adds", {}, order.post_only),
        ("at_once_or_not", {}, order.tif is TimeInForce.FOK),
        ("as_far_as_possible", {}, order.tif is TimeInForce.IOC and order.type is OrderType.LIMIT),
        ("shows", shown, bool(visible)),
        ("member", {"role": order.role.name.lower(), "group": str(order.group)}, bool(order.group)),
    )
    return [Saying(code, values) for code, values, holds in conditions if holds]


def waits(order: OrderState, terms: Terms) -> list[Saying]:
    """What fires it."""
    asked = order.terms or OrderTerms()
    values = {"source": _SOURCES[asked.trigger_by]}
    if order.type is not OrderType.TRAILING_STOP:
        values |= {"price": terms.price(asked.trigger_price), "quote": terms.quote}
        return [Saying(f"waits_{_beyond(order)}", values)]
    percent = f"{format_units(asked.trail_ppm, PERCENT_SCALE)} %"
    values["trail"] = f"{terms.price(asked.trail)} {terms.quote}" if asked.trail else percent
    if not asked.activation_price:
        return [Saying("trails", values)]
    return [Saying("trails_from", values | {"price": terms.price(asked.activation_price)})]


def fired(order: OrderState, terms: Terms) -> list[Saying]:
    """What the price did, once it is told."""
    trigger = (order.terms or OrderTerms()).trigger_price
    if not trigger:
        return [Saying("fired", {"type": _type(order)})]
    return [Saying("fired_at", {"type": _type(order), "price": terms.price(trigger)})]


def amended(before: OrderState, now: OrderState, terms: Terms) -> list[Saying]:
    """What its owner changed."""
    old, new = before.terms or OrderTerms(), now.terms or OrderTerms()
    changes = [
        Saying(f"changed_{name}", {"old": text(was), "new": text(is_now)})
        for name, was, is_now, text in (
            ("price", before.price, now.price, terms.price),
            ("qty", before.qty, now.qty, terms.qty),
            ("trigger", old.trigger_price, new.trigger_price, terms.price),
        )
        if was != is_now
    ]
    if not changes:
        return [Saying("changed_nothing", {})]
    kept = before.price == now.price and now.qty <= before.qty and old.trigger_price == new.trigger_price
    return [*changes, Saying("kept_place" if kept else "lost_place", {})]


def set_aside(order: OrderState, amount: int, terms: Terms) -> list[Saying]:
    """What was held."""
    return [Saying("set_aside", _paid(order, amount, terms))] if amount else []


def given_back(order: OrderState, amount: int, terms: Terms) -> list[Saying]:
    """What was released."""
    return [Saying("given_back", _paid(order, amount, terms))] if amount else []


def traded(order: OrderState, trades: Sequence[Trade], terms: Terms, *, auction: bool) -> list[Saying]:
    """Its fills: as the one who came or the one who was met, or in the auction that opened the market."""
    if not trades:
        return []
    qty, came = sum(trade.qty for trade in trades), trades[0].taker_order_id == order.order_id
    fee = sum(trade.taker_fee if trade.taker_order_id == order.order_id else trade.maker_fee for trade in trades)
    received = qty if order.side is Side.BUY else sum(trade.notional for trade in trades)
    values = {"qty": terms.qty(qty), "prices": _prices(trades, terms), **_assets(terms)}
    met = "reached" if terms.mirrors and not trades[0].taker_order_id else "made"
    how = "auctioned" if auction else "took" if came else met
    meeting = Saying(f"{how}_{_side(order)}", values)
    if not fee:
        return [meeting]
    percent = format_units(_share(fee, received), PERCENT_SCALE)
    return [meeting, Saying("fee", {**_got(order, fee, terms), "percent": percent})]


def rests(order: OrderState, ahead: int, terms: Terms) -> list[Saying]:
    """Where what is left of it is now."""
    left = {"qty": terms.qty(order.qty - order.filled), "price": terms.price(order.price), **_assets(terms)}
    return [Saying("rests_behind", left | {"ahead": terms.qty(ahead)}) if ahead else Saying("rests", left)]


def ended(order: OrderState, terms: Terms) -> list[Saying]:
    """How and why it closed."""
    why = [] if order.reason is CloseReason.NONE else [Saying(f"ended_{order.reason.name.lower()}", {})]
    if order.status is OrderStatus.FILLED:
        return [*why, Saying("filled", {})]
    had = Saying("had_traded", {"qty": terms.qty(order.filled), "base": terms.base})
    return [*why, had if order.filled else Saying("none_traded", {})]


def _type(order: OrderState) -> str:
    return order.type.name.lower()


def _side(order: OrderState) -> str:
    return "buy" if order.side is Side.BUY else "sell"


def _assets(terms: Terms) -> dict[str, str]:
    return {"base": terms.base, "quote": terms.quote}


def _paid(order: OrderState, units: int, terms: Terms) -> dict[str, str]:
    """An amount of what the order pays with."""
    return _amount(units, terms, in_quote=order.side is Side.BUY)


def _got(order: OrderState, units: int, terms: Terms) -> dict[str, str]:
    """An amount of what the order receives."""
    return _amount(units, terms, in_quote=order.side is Side.SELL)


def _amount(units: int, terms: Terms, *, in_quote: bool) -> dict[str, str]:
    amount, asset = (terms.amount(units), terms.quote) if in_quote else (terms.qty(units), terms.base)
    return {"amount": amount, "asset": asset}


def _prices(trades: Sequence[Trade], terms: Terms) -> str:
    """The price; of several each with its quantity."""
    at: dict[int, int] = {}
    for trade in trades:
        at[trade.price] = at.get(trade.price, 0) + trade.qty
    if len(at) == 1:
        return terms.price(trades[0].price)
    shown = [f"{terms.price(price)} ({terms.qty(qty)})" for price, qty in list(at.items())[:_SHOWN]]
    return ", ".join([*shown, *(["\N{HORIZONTAL ELLIPSIS}"] if len(at) > _SHOWN else [])])


def _share(fee: int, received: int) -> int:
    """Parts per million, rounded to the nearest."""
    return (2 * fee * PPM + received) // (2 * received)


def _beyond(order: OrderState) -> str:
    return "above" if (order.side is Side.BUY) == (order.type in _STOPS) else "below"
