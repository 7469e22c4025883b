"""O7: the engine against the naive exchange, on random orders of every kind."""

import os
import random

import pytest

from cryptovault.engine import limits
from engine.comparing import SideBySide
from engine.market_of_fools import OPENING, Fools

ORDERS = int(os.environ.get("CRYPTOVAULT_DIFFERENTIAL", "100000"))
SEEDS = 40
LIFE = 300  # orders; what is long gone makes the naive exchange slow and finds nothing new
IN_FULL = 10  # every tenth exchange is compared in full after every command, the others now and then


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.timeout(3600)
def test_o7_engine_equals_naive_exchange(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts and trades of random commands equal those of the naive exchange, and so do balances and queues."""
    placed = number = 0
    while placed < ORDERS // SEEDS:
        monkeypatch.setattr(limits, "MAX_FIRED", (200, 1, 2)[number % 3])
        placed += live_once(random.Random(f"{seed} {number}"), always=number % IN_FULL == 0)
        number += 1


def live_once(rng: random.Random, *, always: bool) -> int:
    """An exchange from its first order to its last; how many those were."""
    both = SideBySide()
    for command in OPENING:
        assert both.apply(command)[0] == "done"
    fools, number = Fools(rng), 0
    while fools.orders < LIFE:
        fools.now = both.at
        number += 1
        wait = rng.choice((1, 1, 1, 1, 5, 30))
        both.apply(fools.command(), wait, in_full=always or number % 10 == 0)
        if number % 100 == 0:
            both.engine.check()
    both.engine.check()
    return fools.orders
