"""How a scenario writes conditions and groups."""

import re

from cryptovault.engine.commands import AmendOrder, Leg, PlaceBracket, PlaceOco, SetFeeTiers, Terms
from cryptovault.engine.triggers import PRICED
from cryptovault.engine.types import OrderType, SelfTrade, Side, TimeInForce, TriggerSource
from engine.telling import units

PAIR = "BTC-USD"


def conditions(text: str) -> tuple[OrderType | None, Terms | None]:
    """`stop 1500`, `take-profit-limit 1700`, `trailing 20 activates 1700`, `trailing 5%`, each `by last-trade`."""
    found = re.search(r"(stop|stop-limit|take-profit|take-profit-limit|trailing) (-?\d+)(%?)", text)
    if not found:
        return None, None
    source = TriggerSource.LAST_TRADE if "by last-trade" in text else TriggerSource.REFERENCE
    number, activation = int(found[2]), re.search(r"activates (\d+)", text)
    if found[1] != "trailing":
        return OrderType[found[1].upper().replace("-", "_")], Terms(number, source)
    trail = (0, number * 10_000) if found[3] else (number, 0)
    return OrderType.TRAILING_STOP, Terms(0, source, *trail, int(activation[1]) if activation else 0)


def group_order(account: str, key: str, text: str, now: int) -> PlaceOco | PlaceBracket:
    """`oco sell 1: limit 1700 / stop 1500`, `bracket buy 1: @ 1600 / take-profit 1700 / trailing 5%`."""
    head, _, tail = text.partition(":")
    kind, side, qty = head.split()
    legs = [_leg(part.strip()) for part in tail.split("/")]
    shared = (account, key, PAIR, Side[side.upper()], units("BTC", qty))
    until = re.search(r"until=(\d+)", text)
    expires_at = now + int(until[1]) * 1000 if until else 0
    if kind == "oco":
        return PlaceOco(*shared, *legs, expires_at)
    tif = next((tif for tif in TimeInForce if tif.name.lower() in text.split()), TimeInForce.GTC)
    mode = SelfTrade.DECREMENT if "stp=decrement" in text else SelfTrade.CANCEL_NEWEST
    return PlaceBracket(*shared, *legs, tif, "post-only" in text, mode)


def _leg(text: str) -> Leg:
    kind, terms = conditions(text)
    price = re.search(r"(?:@|^limit) (-?\d+)", text)
    plain = OrderType.MARKET if text.startswith("market") else OrderType.LIMIT
    show = re.search(r"show=([\d.]+)", text)
    if show or " reduce" in text:
        visible = units("BTC", show[1]) if show else 0
        terms = (terms or Terms())._replace(visible_qty=visible, reduce_to_available=" reduce" in text)
    return Leg(kind or plain, int(price[1]) if price and (kind is None or kind in PRICED) else 0, terms)


def amendment(account: str, name: str, words: list[str]) -> AmendOrder:
    """`bob amend #1 to 2 @ 1601`, `to 2` or `@ 1601` or `trigger 1500` alone; by `key=` instead of a number."""
    said = dict(zip(words[::2], words[1::2], strict=True))
    number = int(name[1:]) if name.startswith("#") else 0
    key = name.removeprefix("key=") if not number else ""
    return AmendOrder(
        account, number, key, int(said.get("@", "0")), units("BTC", said.get("to", "0")), int(said.get("trigger", "0"))
    )


def schedule(tiers: list[str]) -> SetFeeTiers:
    """`0:1000:2000 5000:500:1000`: from which volume on, maker and taker rates."""
    parts = (map(int, tier.split(":")) for tier in tiers)
    return SetFeeTiers(("USD",), tuple((start, maker, taker) for start, maker, taker in parts))
