"""Requests become commands exactly, or are refused."""

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cryptovault.engine.money import format_units
from cryptovault.engine.types import OrderType, SelfTrade, Side, TimeInForce
from cryptovault.features.orders.bodies import OrderCreate
from cryptovault.features.orders.entry import command_of
from cryptovault.features.orders.requests import OrderRequest, decode_order
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import BadInput

TERMS = Terms("BTC-USDT", "BTC", "USDT", 8, 6, 10_000)


def decode(**fields: object) -> OrderRequest:
    """A limit order with some fields changed, read from JSON."""
    body = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "1", "qty": "1"} | fields
    return decode_order(msgspec.json.encode(body), b"")


@given(st.integers(1, 10**15), st.integers(1, 10**18))
def test_prices_and_quantities_survive_the_way_in_and_out(ticks: int, units: int) -> None:
    """What is written as a canonical decimal is read as the same integers: no float, no rounding (L7)."""
    request = decode(price=TERMS.price(ticks), qty=TERMS.qty(units))
    command = command_of(request, "a", TERMS)
    assert (command.price, command.qty) == (ticks, units)
    assert Decimal(TERMS.qty(units)) * 10**8 == units
    assert Decimal(TERMS.price(ticks)) * 100 == ticks


@given(st.integers(0, 10**30), st.integers(0, 18))
def test_written_amounts_are_canonical(units: int, scale: int) -> None:
    """No exponent, no trailing zero, no bare point."""
    text = format_units(units, scale)
    assert Fraction(text) == Fraction(units, 10**scale)
    assert "e" not in text.lower()
    assert not (("." in text) and text.endswith(("0", ".")))


@given(st.text(max_size=60))
def test_any_text_is_an_exact_amount_or_bad_input(text: str) -> None:
    """No text whatever gets past the parser changed, and none makes it fail in another way."""
    try:
        command = command_of(decode(qty=text), "a", TERMS)
    except BadInput:
        return
    assert text.isascii()
    assert Decimal(command.qty) == Decimal(text) * 10**8


@given(st.binary(max_size=200))
def test_any_bytes_are_an_order_or_bad_input(body: bytes) -> None:
    """No body whatever makes reading it fail in another way."""
    with pytest.raises(BadInput):
        decode_order(body, b"")


@given(st.binary(max_size=80))
def test_any_key_header_is_a_key_or_bad_input(header: bytes) -> None:
    """A key is 1 to 64 plain characters; without one the order gets a new key of its own."""
    body = msgspec.json.encode({"market": "BTC-USDT", "side": "buy", "type": "market", "qty": "1"})
    try:
        key = decode_order(body, header).client_order_id
    except BadInput:
        return
    assert key is not None
    assert key.encode() == header or (not header and len(key) == 24)


def test_a_price_between_two_ticks_is_refused() -> None:
    """Excess precision is refused, never cut off."""
    with pytest.raises(BadInput, match="tick"):
        command_of(decode(price="1.005"), "a", TERMS)


def test_defaults_are_told_to_the_engine_explicitly() -> None:
    """A limit order waits until cancelled, a market order is immediate; the newest order gives way to one's own."""
    limit = command_of(decode(), "a", TERMS)
    assert (limit.side, limit.type, limit.tif) == (Side.BUY, OrderType.LIMIT, TimeInForce.GTC)
    assert (limit.post_only, limit.self_trade, limit.budget) == (False, SelfTrade.CANCEL_NEWEST, 0)
    market = command_of(decode(type="market", price=None, qty=None, total="5.5"), "a", TERMS)
    assert (market.tif, market.price, market.qty, market.budget) == (TimeInForce.IOC, 0, 0, 5_500_000)


def accepted_by_the_documentation(body: dict[str, object]) -> bool:
    """What a client that trusts OpenAPI believes."""
    try:
        OrderCreate.model_validate(body)
    except ValidationError:
        return False
    return True


def accepted_by_the_decoder(body: dict[str, object]) -> bool:
    """What the route really takes, before it looks at the market."""
    try:
        decode_order(msgspec.json.encode(body), b"")
    except BadInput:
        return False
    return True


def test_the_documented_body_is_the_decoded_one() -> None:
    """OpenAPI shows the same fields that the fast decoder takes, and each takes null, wrong words and types alike."""
    assert set(OrderCreate.model_fields) == {field.name for field in msgspec.structs.fields(OrderRequest)}
    body: dict[str, object] = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "1", "qty": "1"}
    assert accepted_by_the_documentation(body)
    for field in OrderCreate.model_fields:
        for value in (None, 5, 0.5, [], {}, "no such word \n"):
            if field == "market" and isinstance(value, str):
                continue  # the catalogue answers that, with MARKET_UNKNOWN
            changed = body | {field: value}
            if field in {"price", "qty", "total"} and isinstance(value, str):
                continue  # the market's units answer that
            assert accepted_by_the_decoder(changed) == accepted_by_the_documentation(changed), (field, value)
