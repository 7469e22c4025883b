"""Rules about orders that need neither database nor network."""

import re

from cryptovault.engine.events import OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderStatus
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import Refused

FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED})


def is_news(order: OrderState, exchange: Exchange) -> bool:
    """False for the old state that an idempotency key repeats after the order has moved on.

    A final state is the last one an order ever has. A state that is not final counts only while the
    order is open in just this version.
    """
    if order.status in FINAL:
        return True
    now = exchange.order(order.order_id)
    return now is not None and now.version == order.version


def in_coins(refused: Refused, terms: Terms) -> Refused:
    """The same refusal with the figures of its detail in whole coins: the engine counts in smallest units."""

    def coins(units: str, asset: str) -> str:
        return terms.qty(int(units)) if asset == terms.base else terms.amount(int(units))

    # One sentence speaks of one asset, so "has 5 available" is of the asset named before it.
    text = re.sub(
        r"(units of ([A-Z0-9]+), has )(\d+)", lambda found: found[1] + coins(found[3], found[2]), refused.reason
    )
    text = re.sub(r"(\d+) units of ([A-Z0-9]+)", lambda found: f"{coins(found[1], found[2])} {found[2]}", text)
    text = re.sub(r"between 1 and (\d+) units", r"positive and at most \1 units", text)
    text = re.sub(r"(\d+) of (\d+) units", lambda found: f"{terms.qty(int(found[1]))} of {found[2]} units", text)
    text = re.sub(r"(\d+) units\b(?! of)", lambda found: f"{coins(found[1], terms.base)} {terms.base}", text)
    return Refused(refused.reject, text)
