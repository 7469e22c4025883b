"""The sentences that explain an order. Amounts in coins, prices in the quote asset, no engine's words."""

from collections.abc import Sequence

from cryptovault.engine.commands import Terms as OrderTerms
from cryptovault.engine.events import OrderState, Trade
from cryptovault.engine.money import format_units
from cryptovault.engine.types import (
    PPM,
    CloseReason,
    GroupRole,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
    TriggerSource,
)
from cryptovault.features.orders.shape import PERCENT_SCALE
from cryptovault.kit.catalogue import Terms

_NAMES = {
    OrderType.MARKET: "market order",
    OrderType.LIMIT: "limit order",
    OrderType.STOP: "stop",
    OrderType.STOP_LIMIT: "stop-limit order",
    OrderType.TAKE_PROFIT: "take-profit",
    OrderType.TAKE_PROFIT_LIMIT: "take-profit limit order",
    OrderType.TRAILING_STOP: "trailing stop",
}
_ENDS = {
    CloseReason.NONE: "",
    CloseReason.USER: "Its owner cancelled it.",
    CloseReason.IMMEDIATE: "What could not trade at once expired, because the order was not to rest.",
    CloseReason.SELF_TRADE: "It met an order of the same account; self-trade prevention ended it.",
    CloseReason.COLLAR: "It stopped at the collar: the next price was too far from the reference price.",
    CloseReason.BUDGET: "It spent what it was allowed to spend.",
    CloseReason.DATE: "Its date had come.",
    CloseReason.LINKED: "Another order of its group traded, fired or was cancelled, and that cancelled this one.",
    CloseReason.NOT_PLACED: "It fired, but could not be placed in the market as it was then.",
    CloseReason.TIMER: "The account's cancel timer ran out.",
    CloseReason.HOUSE: "The exchange took it out.",
    CloseReason.AMENDED: "It was made as small as what had traded already.",
}
_ROLES = {role: role.name.lower().replace("_", "-") for role in GroupRole}
_SOURCES = {TriggerSource.REFERENCE: "the reference price", TriggerSource.LAST_TRADE: "the last trade"}
_STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_SHOWN = 5
"""Prices of fills that a sentence names."""


def placed(order: OrderState, terms: Terms) -> str:
    """What was asked for."""
    size = f"{terms.qty(order.qty)} {terms.base}" if order.qty else f"{terms.base} for {money(order.budget, terms)}"
    price = f" at {terms.price(order.price)} {terms.quote} or better" if order.price else ""
    verb = "buy" if order.side is Side.BUY else "sell"
    extras = [
        text
        for text, holds in (
            ("only if it adds to the book", order.post_only),
            ("at once or not at all", order.tif is TimeInForce.FOK),
            ("as far as possible at once", order.tif is TimeInForce.IOC and order.type is OrderType.LIMIT),
            (f"showing {_visible(order, terms)} at a time", bool(order.terms and order.terms.visible_qty)),
        )
        if holds
    ]
    manner = f", {', '.join(extras)}" if extras else ""
    role = f" It is the {_ROLES[order.role]} of group {order.group}." if order.group else ""
    return f"A {_NAMES[order.type]} was placed to {verb} {size}{price}{manner}.{role}"


def waits(order: OrderState, terms: Terms) -> str:
    """What fires it."""
    asked = order.terms or OrderTerms()
    source = _SOURCES[asked.trigger_by]
    if order.type is OrderType.TRAILING_STOP:
        behind = (
            f"{terms.price(asked.trail)} {terms.quote}"
            if asked.trail
            else f"{format_units(asked.trail_ppm, PERCENT_SCALE)} %"
        )
        start = (
            f"Once {source} has been at {terms.price(asked.activation_price)}, its" if asked.activation_price else "Its"
        )
        return f"{start} trigger stays {behind} behind the best that {source} has been, and never moves back."
    return f"It waits until {source} is at {terms.price(asked.trigger_price)} {terms.quote} or {_beyond(order)}."


def fired(order: OrderState, cause: str, terms: Terms) -> str:
    """Why it fired."""
    asked = order.terms or OrderTerms()
    trigger = f" of {terms.price(asked.trigger_price)}" if asked.trigger_price else ""
    return f"{cause}, which reached the trigger{trigger}: the {_NAMES[order.type]} fired."


def amended(before: OrderState, now: OrderState, terms: Terms) -> str:
    """What its owner changed."""
    old, new = before.terms or OrderTerms(), now.terms or OrderTerms()
    changes = [
        f"{name} from {text(was)} to {text(is_now)}"
        for name, was, is_now, text in (
            ("the price", before.price, now.price, terms.price),
            ("the quantity", before.qty, now.qty, terms.qty),
            ("the trigger", old.trigger_price, new.trigger_price, terms.price),
        )
        if was != is_now
    ]
    if not changes:
        return "Its owner amended it, to what it was already."
    kept = before.price == now.price and now.qty <= before.qty and old.trigger_price == new.trigger_price
    place = "It kept its place in the queue." if kept else "It lost its place in the queue."
    return f"Its owner changed {' and '.join(changes)}. {place}"


def set_aside(order: OrderState, amount: int, terms: Terms) -> str:
    """What was held."""
    return f"{paid(order, amount, terms)} was set aside for it." if amount else ""


def given_back(order: OrderState, amount: int, terms: Terms) -> str:
    """What was released."""
    return f"{paid(order, amount, terms)} that it did not need was given back." if amount else ""


def traded(order: OrderState, trades: Sequence[Trade], terms: Terms) -> str:
    """Its fills, as the one who came or the one who was met."""
    if not trades:
        return ""
    qty, came = sum(trade.qty for trade in trades), trades[0].taker_order_id == order.order_id
    did = ("bought" if order.side is Side.BUY else "sold") + f" {terms.qty(qty)} {terms.base}"
    fee = sum(trade.taker_fee if trade.taker_order_id == order.order_id else trade.maker_fee for trade in trades)
    received = qty if order.side is Side.BUY else sum(trade.notional for trade in trades)
    who = (
        f"It met {_orders(len(trades))} that rested, best price first, and {did}"
        if came
        else f"{_orders(len(trades), capital=True)} came that met it first in line, and it {did}"
    )
    charge = f" The fee was {got(order, fee, terms)} ({format_units(_share(fee, received), 4)} %)." if fee else ""
    return f"{who} {_prices(trades, terms)}.{charge}"


def rests(order: OrderState, ahead: int, terms: Terms) -> str:
    """Where what is left of it is now."""
    behind = f", behind {terms.qty(ahead)} {terms.base} that was there before" if ahead else ""
    left = terms.qty(order.qty - order.filled)
    return f"{left} {terms.base} rests in the book at {terms.price(order.price)} {terms.quote}{behind}."


def ended(order: OrderState, terms: Terms) -> str:
    """How and why it closed."""
    reason = _ENDS[order.reason]
    if order.status is OrderStatus.FILLED:
        return f"{reason} The order is filled.".strip()
    did = f"{terms.qty(order.filled)} {terms.base} of it had traded." if order.filled else "None of it had traded."
    return f"{reason} {did}".strip()


def money(units: int, terms: Terms) -> str:
    """An amount of the quote asset with its name."""
    return f"{terms.amount(units)} {terms.quote}"


def paid(order: OrderState, units: int, terms: Terms) -> str:
    """An amount of what the order pays with."""
    return money(units, terms) if order.side is Side.BUY else f"{terms.qty(units)} {terms.base}"


def got(order: OrderState, units: int, terms: Terms) -> str:
    """An amount of what the order receives."""
    return f"{terms.qty(units)} {terms.base}" if order.side is Side.BUY else money(units, terms)


def _prices(trades: Sequence[Trade], terms: Terms) -> str:
    at: dict[int, int] = {}
    for trade in trades:
        at[trade.price] = at.get(trade.price, 0) + trade.qty
    if len(at) == 1:
        return f"at {terms.price(trades[0].price)} {terms.quote}"
    shown = [f"{terms.qty(qty)} at {terms.price(price)}" for price, qty in list(at.items())[:_SHOWN]]
    more = f" and at {len(at) - _SHOWN} more prices" if len(at) > _SHOWN else ""
    return f"({', '.join(shown)}{more})"


def _share(fee: int, received: int) -> int:
    """Parts per million, rounded to the nearest."""
    return (2 * fee * PPM + received) // (2 * received)


def _orders(count: int, *, capital: bool = False) -> str:
    text = "another order" if count == 1 else f"{count} orders"
    return text.capitalize() if capital else text


def _visible(order: OrderState, terms: Terms) -> str:
    return f"{terms.qty(order.terms.visible_qty)} {terms.base}" if order.terms else ""


def _beyond(order: OrderState) -> str:
    return "above" if (order.side is Side.BUY) == (order.type in _STOPS) else "below"
