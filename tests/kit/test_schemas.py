import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cryptovault.kit.errors import BadInput
from cryptovault.kit.pagination import decode_cursor, encode_cursor
from cryptovault.kit.schemas import Amount, MarketText, PositiveAmount, iso_ms

AMOUNT = TypeAdapter(Amount)


@pytest.mark.parametrize("text", ["0", "1", "0.05", "65000", "0.00000001", "123456789012345678.123456789012345678"])
def test_plain_decimals_are_amounts(text: str) -> None:
    """L7: a plain decimal string is an amount, unchanged."""
    assert AMOUNT.validate_python(text) == text


@pytest.mark.parametrize(
    "value",
    [1, 1.5, True, None, "", "-1", "+1", "1e5", "NaN", "Infinity", "1_000", "01", ".5", "5.", " 1", "1 ", "1\n",
     "\u0661", "1,5", "0." + "1" * 19, "1" * 19, "0x10", b"1", ["1"]],
)  # fmt: skip
def test_everything_else_is_refused(value: object) -> None:
    """L7: numbers, signs, exponents, spaces and foreign digits are refused, never guessed at."""
    with pytest.raises(ValidationError):
        AMOUNT.validate_python(value)


@pytest.mark.parametrize("text", ["0", "0.0", "0.000"])
def test_zero_is_not_positive(text: str) -> None:
    """A positive amount is more than zero."""
    with pytest.raises(ValidationError):
        TypeAdapter(PositiveAmount).validate_python(text)


def test_market_names() -> None:
    """A market is BASE-QUOTE in capitals."""
    assert TypeAdapter(MarketText).validate_python("BTC-USDT") == "BTC-USDT"
    for wrong in ("btc-usdt", "BTCUSDT", "BTC-USDT\n", "$where", "A" * 17 + "-B"):
        with pytest.raises(ValidationError):
            TypeAdapter(MarketText).validate_python(wrong)


def test_iso_of_milliseconds() -> None:
    """Times are ISO 8601 in UTC with milliseconds and a Z."""
    assert iso_ms(0) == "1970-01-01T00:00:00.000Z"
    assert iso_ms(1_700_000_000_007) == "2023-11-14T22:13:20.007Z"


@given(st.text(max_size=40), st.integers(-(2**63) + 1, 2**63 - 1))
def test_cursor_round_trip(text: str, number: int) -> None:
    """A cursor gives back the position it was made of."""
    assert decode_cursor(encode_cursor(text, number), str, int) == (text, number)


@given(st.text(max_size=200))
def test_foreign_cursors_are_bad_input(text: str) -> None:
    """Whatever is sent as a cursor, the worst answer is 400."""
    try:
        position = decode_cursor(text, int)
    except BadInput:
        return
    assert position is None or isinstance(position[0], int)
