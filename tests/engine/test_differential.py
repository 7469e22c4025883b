"""O7: the engine against the naive exchange."""

import os
import random

import pytest

from engine.comparing import SideBySide
from engine.market_of_fools import OPENING, Fools

COMMANDS = int(os.environ.get("CRYPTOVAULT_DIFFERENTIAL", "20000"))
SEEDS = 20


@pytest.mark.parametrize("seed", range(SEEDS))
def test_o7_engine_equals_naive_exchange(seed: int) -> None:
    """After every random command, verdict, trades, balances and queues equal those of the naive exchange."""
    both = SideBySide()
    for command in OPENING:
        assert both.apply(command)[0] == "done"
    fools = Fools(random.Random(seed))
    for number in range(COMMANDS // SEEDS):
        fools.now = both.at
        both.apply(fools.command(), wait=fools.rng.choice((1, 1, 1, 1, 5, 30)))
        if number % 100 == 0:
            both.engine.check()
    both.engine.check()
