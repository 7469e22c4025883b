"""Refusals speak of coins, not of the engine's smallest units."""

import pytest

from cryptovault.engine.rejects import Reject
from cryptovault.features.orders.policy import in_coins
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import Refused

TERMS = Terms("BTC-USDT", "BTC", "USDT", 8, 6, 10_000)


@pytest.mark.parametrize(
    ("reject", "detail", "told"),
    [
        (
            Reject.INSUFFICIENT_FUNDS,
            "needs 13000500000 units of USDT, has 1000000 available",
            "needs 13000.5 USDT, has 1 available",
        ),
        (
            Reject.INSUFFICIENT_FUNDS,
            "needs 1000000 units of BTC, has 0 available",
            "needs 0.01 BTC, has 0 available",
        ),
        (
            Reject.LOT_SIZE,
            "the quantity must be a multiple of 1000 units",
            "the quantity must be a multiple of 0.00001 BTC",
        ),
        (
            Reject.QTY_INVALID,
            "the quantity must be between 1 and 100000000 units",
            "the quantity must be positive and at most 1 BTC",
        ),
        (
            Reject.MIN_NOTIONAL,
            "the order is worth less than 5000000 units of USDT",
            "the order is worth less than 5 USDT",
        ),
        (
            Reject.FOK_NOT_FILLABLE,
            "only 5000000 of 10000000 units could be filled",
            "only 0.05 of 0.1 BTC could be filled",
        ),
        (Reject.TOO_MANY_ORDERS, "200 orders are open in this market", "200 orders are open in this market"),
        (Reject.MARKET_HALTED, "the market is halted", "the market is halted"),
    ],
)
def test_figures_are_told_in_coins(reject: Reject, detail: str, told: str) -> None:
    """Each sentence of the engine keeps its sense and gets figures a trader can read."""
    refused = in_coins(Refused(reject, detail), TERMS)
    assert refused.details == {"reason": told}
    assert refused.reject is reject


def test_a_refusal_without_a_sentence_stays_without() -> None:
    """Nothing is made up where the engine said nothing."""
    assert in_coins(Refused(Reject.KEY_REUSED), TERMS).details is None
