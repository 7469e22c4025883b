"""How much the faucet gives, and how values are written."""

from decimal import ROUND_DOWN, Context, Decimal

from cryptovault.kit.dollars import PAR

CLAIMS_A_DAY = 5
STABLE_AMOUNT = Decimal(10_000)
OTHER_VALUE = Decimal(1_000)
_CENT = Decimal("0.01")
EXACT = Context(prec=60)
"""Wide enough for every product of an amount and a price."""
_TWO_DIGITS = Context(prec=2, rounding=ROUND_DOWN)
_DAY_MS = 86_400_000


def plain(value: Decimal) -> str:
    """A canonical decimal string: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dollars(value: Decimal) -> str:
    """Dollars for people, to the cent."""
    return f"{value.quantize(_CENT, context=EXACT):f}"


def most_per_claim(asset: str, price: Decimal, scale: int) -> str:
    """10,000 of a dollar coin; of anything else about 1,000 dollars' worth, rounded down to two digits."""
    amount = STABLE_AMOUNT if asset in PAR else _TWO_DIGITS.divide(OTHER_VALUE, price)
    unit = Decimal(1).scaleb(-scale)
    return plain(max(amount, unit).quantize(unit, rounding=ROUND_DOWN, context=EXACT))


def seconds_to_midnight(now_ms: int) -> int:
    """Seconds until the next day begins in UTC."""
    return (_DAY_MS - now_ms % _DAY_MS) // 1000 + 1
