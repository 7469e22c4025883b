import json
from pathlib import Path
from typing import Any

import pytest

from cryptovault_client import Account

VECTORS = Path(__file__).parents[3] / "tests" / "vectors" / "account_stream.json"
CASES = json.loads(VECTORS.read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_recorded_messages(case: dict[str, Any]) -> None:
    """Each recorded message is taken or asks for a reading as it must, and the account in the end is the exchange's."""
    account = Account()
    for step in case["steps"]:
        if step["event"] == "connect":
            account.begin()
        elif step["event"] == "read":
            account.load(**step["data"])
        else:
            assert account.take(step["event"], step["data"]) == (step["outcome"] == "taken")
    assert {
        "orders": sorted(account.orders),
        "balances": {asset: [one["available"], one["held"]] for asset, one in sorted(account.balances.items())},
        "fills": sorted(fill["trade_id"] for fill in account.fills),
    } == case["account"]


def order(id_: str, seq: int, status: str = "open", user_seq: int = 0) -> dict[str, Any]:
    """An order message, or without its number what HTTP answers."""
    return {"id": id_, "seq": seq, "status": status} | ({"user_seq": user_seq} if user_seq else {})


def balance(available: str, seq: int, user_seq: int) -> dict[str, Any]:
    """A balance message."""
    return {"asset": "BTC", "available": available, "held": "0", "seq": seq, "user_seq": user_seq}


def test_a_hole_in_the_numbers_asks_for_a_reading() -> None:
    """The first number of a connection may be any; after it each is one more, or something was lost."""
    account = Account()
    assert account.take("balance", balance("1", 10, 700))
    assert account.take("order", order("1", 11, user_seq=701))
    assert not account.take("balance", balance("2", 14, 703))
    assert account.take("balance", balance("3", 15, 704))
    assert not account.take("resync", {})
    assert account.take("notice", {"id": "x"})
    account.begin()
    assert account.take("balance", balance("4", 16, 9_000))


def test_the_newer_wins_from_either_side() -> None:
    """Late messages and readings that were overtaken change nothing."""
    account = Account()
    account.take("order", order("1", 20, user_seq=1))
    account.take("balance", balance("2", 20, 2))
    account.load([order("1", 18), order("2", 18)], [{"asset": "BTC", "available": "9", "held": "0"}], 18)  # type: ignore[list-item]
    assert (account.orders["1"]["seq"], account.balances["BTC"]["available"]) == (20, "2")
    account.take("balance", balance("1", 19, 3))
    assert account.balances["BTC"]["available"] == "2"
    account.load([], [{"asset": "BTC", "available": "9", "held": "0"}], 25)
    assert (account.orders, account.balances["BTC"]["available"]) == ({}, "9")


def test_a_closed_order_does_not_come_back() -> None:
    """A reading that was begun before an order closed does not open it again."""
    account = Account()
    account.take("order", order("1", 20, user_seq=1))
    account.take("order", order("1", 30, "filled", user_seq=2))
    account.load([order("1", 20)], [], 20)  # type: ignore[list-item]
    assert account.orders == {}
