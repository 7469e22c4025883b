"""Requests become commands exactly, or are refused."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from cryptovault.engine.commands import Leg
from cryptovault.engine.commands import Terms as OrderTerms
from cryptovault.engine.money import format_units
from cryptovault.engine.types import OrderType, SelfTrade, Side, TimeInForce, TriggerSource
from cryptovault.features.orders import bodies, requests
from cryptovault.features.orders.entry import bracket_of, command_of, moment, oco_of
from cryptovault.features.orders.requests import OrderRequest, decode, decode_keyed, read_order
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import BadInput

TERMS = Terms("BTC-USDT", "BTC", "USDT", 8, 6, 10_000)


def ask(**fields: object) -> OrderRequest:
    """A limit order with some fields changed, read from JSON."""
    body = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "1", "qty": "1"} | fields
    return decode_keyed(read_order, msgspec.json.encode(body), b"")


@given(st.integers(1, 10**15), st.integers(1, 10**18))
def test_prices_and_quantities_survive_the_way_in_and_out(ticks: int, units: int) -> None:
    """What is written as a canonical decimal is read as the same integers: no float, no rounding (L7)."""
    request = ask(price=TERMS.price(ticks), qty=TERMS.qty(units))
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
        command = command_of(ask(qty=text), "a", TERMS)
    except BadInput:
        return
    assert text.isascii()
    assert Decimal(command.qty) == Decimal(text) * 10**8


@given(st.binary(max_size=200))
def test_any_bytes_are_an_order_or_bad_input(body: bytes) -> None:
    """No body whatever makes reading it fail in another way."""
    with pytest.raises(BadInput):
        decode_keyed(read_order, body, b"")


@given(st.binary(max_size=80))
def test_any_key_header_is_a_key_or_bad_input(header: bytes) -> None:
    """A key is 1 to 64 plain characters; without one the order gets a new key of its own."""
    body = msgspec.json.encode({"market": "BTC-USDT", "side": "buy", "type": "market", "qty": "1"})
    try:
        key = decode_keyed(read_order, body, header).client_order_id
    except BadInput:
        return
    assert key is not None
    assert key.encode() == header or (not header and len(key) == 24)


def test_a_price_between_two_ticks_is_refused() -> None:
    """Excess precision is refused, never cut off."""
    with pytest.raises(BadInput, match="tick"):
        command_of(ask(price="1.005"), "a", TERMS)


def test_defaults_are_told_to_the_engine_explicitly() -> None:
    """A limit order waits until cancelled, a market order is immediate; the newest order gives way to one's own."""
    limit = command_of(ask(), "a", TERMS)
    assert (limit.side, limit.type, limit.tif) == (Side.BUY, OrderType.LIMIT, TimeInForce.GTC)
    assert (limit.post_only, limit.self_trade, limit.budget) == (False, SelfTrade.CANCEL_NEWEST, 0)
    market = command_of(ask(type="market", price=None, qty=None, total="5.5"), "a", TERMS)
    assert (market.tif, market.price, market.qty, market.budget) == (TimeInForce.IOC, 0, 0, 5_500_000)


def accepted_by_the_documentation(model: type[BaseModel], body: dict[str, object]) -> bool:
    """What a client that trusts OpenAPI believes."""
    try:
        model.model_validate(body)
    except ValidationError:
        return False
    return True


def accepted_by_the_decoder(struct: type[msgspec.Struct], body: dict[str, object]) -> bool:
    """What the route really takes, before it looks at the market."""
    try:
        decode(msgspec.json.Decoder(struct).decode, msgspec.json.encode(body))
    except BadInput:
        return False
    return True


GROUP: dict[str, object] = {
    "market": "BTC-USDT",
    "side": "buy",
    "qty": "1",
    "take_profit": {"type": "limit", "price": "1"},
    "stop_loss": {"type": "stop", "trigger_price": "1"},
}
PLAIN: dict[str, object] = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "1", "qty": "1"}
BODIES: list[tuple[type[BaseModel], type[msgspec.Struct], dict[str, object]]] = [
    (bodies.OrderCreate, requests.OrderRequest, PLAIN),
    (bodies.OcoCreate, requests.OcoRequest, GROUP),
    (bodies.BracketCreate, requests.BracketRequest, GROUP | {"entry": {"type": "market"}}),
    (bodies.EntryCreate, requests.EntryLeg, {"type": "market"}),
    (bodies.ProfitCreate, requests.ProfitLeg, {"type": "limit"}),
    (bodies.LossCreate, requests.LossLeg, {"type": "stop"}),
    (bodies.OrderAmend, requests.AmendRequest, {}),
]


@pytest.mark.parametrize(("model", "struct", "body"), BODIES)
def test_the_documented_body_is_the_decoded_one(
    model: type[BaseModel], struct: type[msgspec.Struct], body: dict[str, object]
) -> None:
    """OpenAPI shows the same fields that the fast decoder takes, and each takes null, wrong words and types alike."""
    assert set(model.model_fields) == {field.name for field in msgspec.structs.fields(struct)}
    assert accepted_by_the_documentation(model, body)
    for field in model.model_fields:
        for value in (None, 5, 0.5, [], {}, "no such word \n"):
            if isinstance(value, str) and (field == "market" or field in AMOUNTS):
                continue  # the catalogue answers that, or the market's units
            changed = body | {field: value}
            assert accepted_by_the_decoder(struct, changed) == accepted_by_the_documentation(model, changed), (
                field,
                value,
            )


AMOUNTS = {
    "price", "qty", "total", "trigger_price", "trail_amount", "trail_percent", "activation_price", "visible_qty",
}  # fmt: skip


def test_everything_an_order_can_say_reaches_the_engine() -> None:
    """Each field of a conditional order becomes the field of the command that means it, in the market's units."""
    body = {
        "market": "BTC-USDT", "side": "sell", "type": "trailing_stop", "qty": "0.5", "trail_percent": "2.5",
        "activation_price": "66000", "trigger_by": "last_trade", "expires_at": "2026-11-22T18:00:00.250+01:00",
    }  # fmt: skip
    command = command_of(decode_keyed(read_order, msgspec.json.encode(body), b""), "a", TERMS)
    assert (command.type, command.tif, command.qty) == (OrderType.TRAILING_STOP, TimeInForce.GTD, 50_000_000)
    at = 1_795_366_800_250
    assert command.terms == OrderTerms(0, TriggerSource.LAST_TRADE, 0, 25_000, 6_600_000, 0, at)
    iceberg = command_of(ask(visible_qty="0.1", reduce_to_available=True), "a", TERMS)
    assert (iceberg.type, iceberg.tif, iceberg.terms) == (
        OrderType.LIMIT,
        TimeInForce.GTC,
        OrderTerms(visible_qty=10_000_000, reduce_to_available=True),
    )


def test_groups_reach_the_engine() -> None:
    """The legs of a group become the legs of the command, each with what its type has."""
    oco = oco_of(decode(requests.read_oco, msgspec.json.encode(GROUP)), "a", TERMS)
    assert oco.take_profit == Leg(OrderType.LIMIT, 100)
    assert oco.stop_loss == Leg(OrderType.STOP, 0, OrderTerms(100))
    body = GROUP | {"entry": {"type": "limit", "price": "2"}, "expires_at": "2026-11-22T18:00:00Z"}
    bracket = bracket_of(decode(requests.read_bracket, msgspec.json.encode(body)), "a", TERMS)
    assert (bracket.tif, bracket.take_profit, bracket.stop_loss) == (TimeInForce.GTD, oco.take_profit, oco.stop_loss)
    assert bracket.entry == Leg(OrderType.LIMIT, 200, OrderTerms(expires_at=1_795_370_400_000))


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_bad_input(text: str) -> None:
    """A date is read with its offset, or refused: nothing is guessed."""
    try:
        assert moment("expires_at", text) > 0
    except BadInput:
        return
    assert datetime.fromisoformat(text).tzinfo is not None
