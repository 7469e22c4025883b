"""Money as text and as integers, and every rounding rule there is.

Inside, an amount is an integer of its asset's smallest unit; outside, a canonical decimal string.
Rounding happens in one place only: a fee is rounded up, to the house. A notional is exact by the market's rules.
"""

import re

from cryptovault.engine.limits import MAX_AMOUNT
from cryptovault.engine.types import PPM

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,39})(?:\.([0-9]{1,40}))?", re.ASCII)


def parse_units(text: str, scale: int) -> int:
    """Units of a plain decimal such as "0.05": digits and at most one point, never rounded.

    Raises ValueError on anything else: signs, exponents, spaces, a bare point, leading zeros, more decimals
    than `scale` (unless they are zeros) or more than the engine can hold.
    """
    found = _DECIMAL.fullmatch(text) if type(text) is str else None
    if found is None:
        raise ValueError("not a plain decimal number")
    whole, fraction = found[1], (found[2] or "").rstrip("0")
    if len(fraction) > scale:
        raise ValueError(f"more than {scale} decimals")
    units = int(whole + fraction.ljust(scale, "0"))
    if units > MAX_AMOUNT:
        raise ValueError("too large")
    return units


def format_units(units: int, scale: int) -> str:
    """The canonical decimal of an amount: no exponent, no trailing zeros, "-" in front where negative."""
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(scale + 1, "0")
    whole, fraction = digits[: len(digits) - scale], digits[len(digits) - scale :].rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else sign + whole


def parse_price(text: str, tick: int, quote_scale: int) -> int:
    """Ticks of a price written in whole quote coins. Raises ValueError where it lies between two ticks."""
    ticks, rest = divmod(parse_units(text, quote_scale), tick)
    if rest:
        raise ValueError(f"not a multiple of the tick {format_units(tick, quote_scale)}")
    return ticks


def format_price(ticks: int, tick: int, quote_scale: int) -> str:
    """The decimal of a price in ticks."""
    return format_units(ticks * tick, quote_scale)


def notional(price: int, qty: int, tick: int, whole: int) -> int:
    """Quote units of `qty` base units at `price` ticks; `whole` is base units in one coin.

    Exact for every whole number of lots, because a market is only defined where `lot * tick` is a multiple of `whole`.
    """
    return price * qty * tick // whole


def fee(amount: int, rate: int) -> int:
    """The fee on a received amount at `rate` parts per million, rounded up to the house, never above the amount."""
    return -(-amount * rate // PPM)
