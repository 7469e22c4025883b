"""T7: every text that might be an amount, against fractions; and what is read never comes out as something else."""

import os
import random
import re
from fractions import Fraction

import pytest

from cryptovault.engine.limits import MAX_AMOUNT
from cryptovault.engine.money import format_units, parse_price, parse_units

CASES = int(os.environ.get("CRYPTOVAULT_AMOUNTS", "40000"))
SEEDS = 10
PLAIN = re.compile(r"(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?", re.ASCII)
NASTY = (
    "1e-19", "1e400", "1E5", "NaN", "nan", "Infinity", "-inf", "-0", "-0.0", "+1", "0x10", "1_000", "1,000.5", "\u0663",
    "\uff11", "³", "½", "1 ", " 1", "1\n", "\t1", "1\x00", "", ".", "0.", ".5", "00", "01", "0.0.0", "--1", "1-", "1e",
    "e1", "\U0001d7cf", "0b1", "1j", "True", "None", "null", f"{2**63}", f"{2**64}", f"{2**256}", f"-{2**63}",
    "9" * 41, "0." + "1" * 41,
    f"{MAX_AMOUNT}", f"{MAX_AMOUNT + 1}", "0.1", "0.2", "0.3", "0.30000000000000004",
)  # fmt: skip
PIECES = (*"0123456789", *"0123456789", *".-+eE_, \u0663\u066b\uff11", "00", "9" * 9, "000000001", "e-", "NaN")


def some_text(rng: random.Random) -> str:
    """A number, something like one, or one with a fault."""
    kind = rng.random()
    if kind < 0.1:
        return rng.choice(NASTY)
    if kind < 0.3:
        return "".join(rng.choices(PIECES, k=rng.randint(1, 8)))
    whole = str(rng.randrange(10 ** rng.randint(1, 32)))
    text = whole + (f".{rng.randrange(10**19):0{rng.randint(1, 19)}}" if rng.random() < 0.7 else "")
    text += "0" * rng.choice((0, 0, 0, 1, 12)) if "." in text else ""
    if kind < 0.5:
        at = rng.randint(0, len(text))
        return text[:at] + rng.choice(PIECES) + text[at + rng.randint(0, 1) :]
    return text


def meant(text: str, scale: int) -> int | None:
    """What it says, by way of fractions; None where it must be refused."""
    if not PLAIN.fullmatch(text):
        return None
    units = Fraction(text) * 10**scale
    return units.numerator if units.denominator == 1 and units <= MAX_AMOUNT else None


def read(text: str, scale: int) -> int | None:
    """What the engine reads; None where it refuses."""
    try:
        return parse_units(text, scale)
    except ValueError:
        return None


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.timeout(3600)
def test_t7_amounts_are_read_as_fractions_say(seed: int) -> None:
    """T7: read to the unit or refused, never rounded, cut, overflowed or guessed; a price only on its tick."""
    rng, good = random.Random(seed), 0
    for _ in range(CASES // SEEDS):
        text, scale, tick = some_text(rng), rng.randint(0, 18), rng.choice((1, 1, 5, 10**6))
        units = read(text, scale)
        assert units == meant(text, scale), (text, scale)
        if units is None:
            continue
        good += 1
        assert type(units) is int
        assert Fraction(format_units(units, scale)) == Fraction(text)
        if units % tick:
            with pytest.raises(ValueError, match="tick"):
                parse_price(text, tick, scale)
        else:
            assert parse_price(text, tick, scale) * tick == units
    assert good > CASES // SEEDS // 20, "hardly anything was an amount"


@pytest.mark.parametrize("text", NASTY)
def test_t7_what_is_no_amount_is_refused_at_every_scale(text: str) -> None:
    """T7: the known tricks, at every number of decimals an asset may have."""
    for scale in range(19):
        assert read(text, scale) == meant(text, scale)
