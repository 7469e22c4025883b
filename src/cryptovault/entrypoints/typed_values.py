"""What an operator types for a rule of the exchange, and how the same is printed: shares, times, kinds of orders."""

import re
from collections.abc import Callable

from cryptovault.engine.money import format_units, parse_units
from cryptovault.features.markets.projection import ORDER_BITS, PERCENT_SCALE, order_types

_SHARE = re.compile(r"([0-9.]+) ?%", re.ASCII)
_SPAN = re.compile(r"([0-9]{1,9}) ?(ms|s|m|h)", re.ASCII)
_SPANS = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}
_NAMES = ", ".join(ORDER_BITS)


class Fault(ValueError):
    """What was typed cannot be meant; the text says why."""


def share(text: str) -> int:
    """Parts per million of a share in per cent; the sign is wanted, so that 0.1 is not taken for 10 %. Raises Fault."""
    found = _SHARE.fullmatch(text)
    if found is None:
        raise Fault("a share is written in per cent, such as 0.1%")
    return plain(found[1], lambda digits: parse_units(digits, PERCENT_SCALE))


def share_text(ppm: int) -> str:
    """The same, printed."""
    return f"{format_units(ppm, PERCENT_SCALE)}%"


def span(text: str) -> int:
    """Milliseconds of a time such as 5m. Raises Fault."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise Fault("a time is written such as 30s, 5m or 2h")
    return int(found[1]) * _SPANS[found[2]]


def span_text(ms: int) -> str:
    """The same, printed in the largest unit that leaves nothing over."""
    name, size = next((name, size) for name, size in _SPANS.items() if ms % size == 0)
    return f"{ms // size}{name}"


def kinds(text: str) -> int:
    """The mask of names of kinds of orders, separated by commas, or `all`. Raises Fault."""
    if text == "all":
        return 0
    mask = 0
    for name in text.replace("-", "_").split(","):
        if name not in ORDER_BITS:
            raise Fault(f"{name or 'nothing'} is no kind of order; there are {_NAMES}, or all")
        mask |= 1 << ORDER_BITS[name]
    return mask


def kinds_text(mask: int) -> str:
    """The same, printed."""
    return ",".join(order_types(mask)) if mask else "all"


def count(text: str) -> int:
    """A whole number. Raises Fault."""
    return plain(text, lambda digits: parse_units(digits, 0))


def flag(text: str) -> bool:
    """Yes or no. Raises Fault."""
    if text not in {"yes", "no"}:
        raise Fault("say yes or no")
    return text == "yes"


def plain(text: str, parse: Callable[[str], int]) -> int:
    """What `parse` makes of a plain decimal; its ValueError as a Fault."""
    try:
        return parse(text)
    except ValueError as error:
        raise Fault(str(error)) from None
