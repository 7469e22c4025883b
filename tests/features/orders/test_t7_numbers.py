"""T7 and T9 over every number and every nested body of orders: exact, or refused before the engine is asked."""

from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.limits import MAX_AMOUNT
from cryptovault.engine.types import PPM
from cryptovault.features.orders.entry import amendment_of, bracket_of, command_of, oco_of
from cryptovault.features.orders.requests import (
    AmendRequest,
    BracketRequest,
    OcoRequest,
    OrderRequest,
    decode,
)
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import BadInput
from fixtures.order_flow import SETUP, deposit
from fixtures.trading import ALICE, Venue

TERMS = Terms("BTC-USDT", "BTC", "USDT", 8, 8, 10**6)
TICK, UNIT = Fraction(1, 100), Fraction(1, 10**8)
EXACT = {
    "price": TICK, "trigger_price": TICK, "trail_amount": TICK, "activation_price": TICK, "qty": UNIT, "total": UNIT,
    "visible_qty": UNIT, "trail_percent": Fraction(1, PPM // 100),
}  # fmt: skip
"""What one unit of each field is worth outside."""

HEAD: dict[str, Any] = {"market": "BTC-USDT", "side": "sell"}
LOSS = {"type": "stop", "trigger_price": "62000"}
TRAIL = {"type": "trailing_stop", "trail_percent": "2.5", "activation_price": "66000"}
BODIES: list[tuple[str, type[msgspec.Struct], dict[str, Any]]] = [
    ("/orders", OrderRequest, HEAD | {"type": "limit", "price": "60000", "qty": "0.1", "visible_qty": "0.01"}),
    ("/orders", OrderRequest, HEAD | {"type": "stop_limit", "price": "60000", "qty": "0.1", "trigger_price": "61000"}),
    ("/orders", OrderRequest, HEAD | TRAIL | {"qty": "0.1"}),
    ("/orders", OrderRequest, HEAD | {"type": "trailing_stop", "trail_amount": "500", "qty": "0.1"}),
    ("/orders", OrderRequest, HEAD | {"side": "buy", "type": "market", "total": "500"}),
    ("/orders/preview", OrderRequest, HEAD | {"type": "take_profit", "qty": "0.1", "trigger_price": "70000"}),
    (
        "/orders/oco",
        OcoRequest,
        HEAD | {"qty": "0.1", "take_profit": {"type": "limit", "price": "70000"}, "stop_loss": TRAIL},
    ),
    (
        "/orders/bracket",
        BracketRequest,
        HEAD
        | {
            "qty": "0.1",
            "entry": {"type": "stop_limit", "price": "60000", "trigger_price": "61000"},
            "take_profit": {"type": "take_profit_limit", "price": "50000", "trigger_price": "50100"},
            "stop_loss": LOSS,
        },
    ),
    ("PATCH", AmendRequest, {"price": "60000", "qty": "0.1", "trigger_price": "61000"}),
]


def numbers(body: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the numbers of a body are."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from numbers(value, (*path, name))
        elif name in EXACT:
            yield (*path, name)


def changed(body: dict[str, Any], path: tuple[str, ...], value: object) -> dict[str, Any]:
    """The body with one value another."""
    copied = deepcopy(body)
    target = copied
    for name in path[:-1]:
        target = target[name]
    target[path[-1]] = value
    return copied


FIELDS = [(route, struct, body, path) for route, struct, body in BODIES for path in numbers(body)]


def command(struct: type[msgspec.Struct], body: dict[str, Any]) -> Any:
    """The command of a body. Raises BadInput."""
    request: Any = decode(msgspec.json.Decoder(struct).decode, msgspec.json.encode(body))
    if isinstance(request, AmendRequest):
        return amendment_of(request, "ann", 1, TERMS)
    request.client_order_id = "k"
    make = {OrderRequest: command_of, OcoRequest: oco_of, BracketRequest: bracket_of}[struct]  # type: ignore[index]
    return make(request, "ann", TERMS)  # type: ignore[operator]


def attempt(struct: type[msgspec.Struct], body: dict[str, Any]) -> tuple[Any, str | None]:
    """The command, or the field that is at fault."""
    try:
        return command(struct, body), None
    except BadInput as error:
        details: Any = error.details
        return None, details[0]["field"]


def integers(value: object) -> Iterator[int]:
    """Every integer in a command, those in its tuples too."""
    if isinstance(value, tuple):
        for part in value:
            yield from integers(part)
    elif type(value) is int:
        yield value


texts = st.one_of(
    st.text(max_size=45),
    st.from_regex(r"[+-]?[0-9]{0,30}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,4})?", fullmatch=True),
    st.integers(-5, 10**40).map(str),
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
)


@given(st.sampled_from(FIELDS), texts)
def test_t7_every_number_is_exact_or_refused(
    field: tuple[str, Any, dict[str, Any], tuple[str, ...]], text: str
) -> None:
    """Whatever is written in a field reaches the engine to the unit, or is bad input that names the field (L7)."""
    _, struct, body, path = field
    made, fault = attempt(struct, changed(body, path, text))
    if fault is not None:
        assert fault == ".".join(path)
        return
    units = Fraction(text) / EXACT[path[-1]]
    assert units.denominator == 1
    assert 0 < units <= MAX_AMOUNT
    assert int(units) in list(integers(made))


ATTACKS = [
    "1e5", "1E-3", "NaN", "Infinity", "-Infinity", "-1", "-0", "+1", "0", "0.0", "", " 1", "1 ", "1_000", "0x10", "01",
    ".5", "5.", "1,5", "\u0663", "\uff11", "\u00b2", "0.00000000000001", "9" * 60, "9" * 39, str(2**256), "1.2.3",
    "null", "0.1\n", "\u00001", "1/2", 1, 0.5, True, ["1"], {"a": 1}, 10**400, -1,
]  # fmt: skip


async def test_t7_attacks_on_every_number(venue: Venue) -> None:
    """Over HTTP each attack on each number of each body is 400, names the field, and nothing reaches the engine."""
    await venue.desk.fund(ALICE, "USDT", "100000")
    order = (await venue.desk.limit(ALICE, "buy", "0.01", "60000")).order_id  # type: ignore[union-attr]
    before = venue.desk.exchange.seq
    for route, _, body, path in FIELDS:
        method, url = ("PATCH", f"/orders/{order}") if route == "PATCH" else ("POST", route)
        for attack in ATTACKS:
            answer = await venue.alice(method, url, json=changed(body, path, attack))
            assert answer.status_code == 400, (route, path, attack, answer.text)
            assert path[-1] in answer.text
    assert venue.desk.exchange.seq == before


@pytest.mark.parametrize(("route", "struct", "body"), BODIES)
def test_t9_no_other_field_is_taken(route: str, struct: type[msgspec.Struct], body: dict[str, Any]) -> None:
    """T9: at every depth of every body a field that is not documented is refused, least of all one of the engine's."""
    nested = [name for name, value in body.items() if isinstance(value, dict)]
    command(struct, body)
    for name in (
        "user_id",
        "account",
        "status",
        "filled",
        "fee",
        "group",
        "role",
        "triggered",
        "trail_ppm",
        "_id",
        "trail",
    ):
        for path in [(name,), *((leg, name) for leg in nested)]:
            with pytest.raises(BadInput, match=name):
                command(struct, changed(body, path, "1"))
    assert route


@given(st.sampled_from(FIELDS), st.integers(1, MAX_AMOUNT))
def test_the_engine_survives_every_number(field: tuple[str, Any, dict[str, Any], tuple[str, ...]], units: int) -> None:
    """However large a number is that can be written, the engine gives a verdict, and its books still balance."""
    _, struct, body, path = field
    exchange = Exchange()
    for each in (*SETUP, deposit("ann", "USDT", 10**9), deposit("ann", "BTC", 10**6)):
        exchange.apply(exchange.seq + 1, 1, each)
    value = units * EXACT[path[-1]]
    text = f"{value.numerator // value.denominator}.{value % 1 * 10**8 // 1:08}" if value >= 1 else "0.01"
    made, _ = attempt(struct, changed(body, path, text))
    if made is None:
        return
    exchange.apply(exchange.seq + 1, 2, made)
    exchange.check()
