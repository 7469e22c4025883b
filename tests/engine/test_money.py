"""L6 and L7: text to units and back, and the one rounding rule."""

import re
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptovault.engine.limits import MAX_AMOUNT
from cryptovault.engine.money import fee, format_price, format_units, notional, parse_price, parse_units
from cryptovault.engine.types import PPM

SCALES = st.integers(0, 18)
NUMBERISH = st.text(alphabet="0123456789.-+eE_ ,٣naif\n", max_size=12)


def what_it_should_say(text: str, scale: int) -> int | None:
    """Units by way of fractions, or None where the text is no plain decimal of that scale."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII) or re.match(r"0[0-9]", text):
        return None
    units = Fraction(text) * 10**scale
    return int(units) if units.denominator == 1 and units <= MAX_AMOUNT else None


@given(text=NUMBERISH | st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,20})?", fullmatch=True), scale=SCALES)
def test_l7_parser_accepts_exactly_plain_decimals(text: str, scale: int) -> None:
    """What is read is what fractions say, and everything that is no plain decimal is refused."""
    expected = what_it_should_say(text, scale)
    if expected is None:
        with pytest.raises(ValueError, match=r".+"):
            parse_units(text, scale)
    else:
        assert expected == parse_units(text, scale)


@pytest.mark.parametrize(
    "text",
    ["", ".", "1.", ".5", "+1", "-1", "1e3", "NaN", "Infinity", "1_000", "1,5", " 1", "1 ", "01", "٣", "1\n", "0x10"],
)
def test_l7_parser_refuses(text: str) -> None:
    """Signs, exponents, separators, spaces, names and foreign digits are not money."""
    with pytest.raises(ValueError, match="not a plain decimal"):
        parse_units(text, 8)


@pytest.mark.parametrize("value", [True, 1, 1.5, None, b"1"])
def test_l7_parser_refuses_other_types(value: object) -> None:
    """Only text is parsed; a float never becomes money."""
    with pytest.raises(ValueError, match="not a plain decimal"):
        parse_units(value, 8)  # type: ignore[arg-type]


def test_l7_excess_decimals_are_refused_not_cut() -> None:
    """Decimals beyond the scale are an error unless they are zeros."""
    with pytest.raises(ValueError, match="more than 2 decimals"):
        parse_units("1.005", 2)
    assert parse_units("1.500", 2) == 150


def test_l7_too_large_is_refused() -> None:
    """What the engine cannot hold is not read."""
    with pytest.raises(ValueError, match="too large"):
        parse_units("1" + "0" * 31, 0)


@given(units=st.integers(-MAX_AMOUNT, MAX_AMOUNT), scale=SCALES)
def test_l7_format_is_canonical(units: int, scale: int) -> None:
    """The text is exact, has neither exponent nor trailing zeros, and reads back as the same units."""
    text = format_units(units, scale)
    assert Fraction(text) * 10**scale == units
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", text)
    assert parse_units(text.removeprefix("-"), scale) == abs(units)


def test_price_lies_on_a_tick() -> None:
    """A price between two ticks is refused; ticks and text lead to each other."""
    assert parse_price("65000.05", 5_000_000, 8) == 1_300_001
    assert format_price(1_300_001, 5_000_000, 8) == "65000.05"
    with pytest.raises(ValueError, match=r"not a multiple of the tick 0\.05"):
        parse_price("65000.01", 5_000_000, 8)


@given(amount=st.integers(1, 10**24), rate=st.integers(0, 100_000))
def test_l6_fee_rounds_up_and_stays_within(amount: int, rate: int) -> None:
    """A fee is the exact share rounded up, never more than the amount."""
    assert fee(amount, rate) == ceil(Fraction(amount * rate, PPM))
    assert 0 <= fee(amount, rate) <= amount


@given(parts=st.lists(st.integers(1, 10**12), min_size=1, max_size=8), rate=st.integers(0, 100_000))
def test_l6_splitting_never_lowers_the_fee(parts: list[int], rate: int) -> None:
    """The fee of a sum is at most the sum of the fees."""
    assert fee(sum(parts), rate) <= sum(fee(part, rate) for part in parts)


@given(price=st.integers(1, 10**9), lots=st.integers(1, 10**9), tick=st.integers(1, 10**6), scale=SCALES)
def test_l5_notional_of_whole_lots_is_exact(price: int, lots: int, tick: int, scale: int) -> None:
    """With lot * tick a multiple of one coin, every notional is a whole number of quote units."""
    whole = 10**scale
    lot = whole // next(part for part in (10**k for k in range(18, -1, -1)) if tick % part == 0 and whole % part == 0)
    assert notional(price, lots * lot, tick, whole) == Fraction(price * lots * lot * tick, whole)
