"""POST /orders/oco and /orders/bracket, on the real engine."""

from typing import Any

import pytest

from cryptovault.engine.commands import SetReferencePrices
from fixtures.trading import ALICE, BOB, Venue

OCO: dict[str, Any] = {
    "market": "BTC-USDT",
    "side": "sell",
    "qty": "0.1",
    "take_profit": {"type": "limit", "price": "66000"},
    "stop_loss": {"type": "stop", "trigger_price": "62000"},
}
BRACKET: dict[str, Any] = OCO | {"side": "buy", "entry": {"type": "limit", "price": "64000"}}


async def send(venue: Venue, route: str, body: dict[str, Any]) -> dict[str, Any]:
    """Place a group of Alice's that is taken; each of its orders reads back as it was answered."""
    answer = await venue.alice("POST", f"/orders/{route}", json=body)
    assert answer.status_code == 201, answer.text
    group: dict[str, Any] = answer.json()
    for order in group["orders"]:
        assert order["group_id"] == group["group_id"]
        assert (await venue.alice("GET", f"/orders/{order['id']}")).json() == order
    return group


async def states(venue: Venue, group: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Status and reason of each order by its role."""
    found = [(await venue.alice("GET", f"/orders/{order['id']}")).json() for order in group["orders"]]
    return {order["role"]: (order["status"], order["reason"]) for order in found}


async def test_oco_holds_once_and_one_cancels_the_other(venue: Venue) -> None:
    """Both are open, the coins are held once; when the stop fires the take-profit is gone, and says why."""
    await venue.desk.fund(ALICE, "BTC", "0.1")
    await venue.desk.fund(BOB, "USDT", "100000")
    await venue.desk.limit(BOB, "buy", "1", "61990")
    group = await send(venue, "oco", OCO | {"client_order_id": "pair"})
    assert [(order["role"], order["status"]) for order in group["orders"]] == [
        ("take_profit", "open"), ("stop_loss", "waiting"),
    ]  # fmt: skip
    assert (await venue.alice("GET", "/wallet/balance")).json()["items"][0]["held"] == "0.1"
    again = await venue.alice("POST", "/orders/oco", json=OCO, headers={"Idempotency-Key": "pair"})
    assert again.json()["group_id"] == group["group_id"]
    await venue.desk.do(SetReferencePrices((("BTC-USDT", 6_200_000),)))
    assert await states(venue, group) == {"take_profit": ("cancelled", "linked"), "stop_loss": ("filled", "none")}


async def test_a_bracket_lives_with_its_entry(venue: Venue) -> None:
    """The exits are dormant until the entry trades, stand for what it has brought, and end each other."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    await venue.desk.fund(BOB, "BTC", "1")
    group = await send(venue, "bracket", BRACKET)
    assert await states(venue, group) == {
        "entry": ("open", "none"), "take_profit": ("dormant", "none"), "stop_loss": ("dormant", "none"),
    }  # fmt: skip
    assert len((await venue.alice("GET", "/orders?status=open")).json()["items"]) == 3
    await venue.desk.limit(BOB, "sell", "0.1", "64000")
    assert await states(venue, group) == {
        "entry": ("filled", "none"), "take_profit": ("open", "none"), "stop_loss": ("waiting", "none"),
    }  # fmt: skip
    profit = (await venue.alice("GET", f"/orders/{group['orders'][1]['id']}")).json()
    assert (profit["side"], profit["qty"]) == ("sell", "0.0999")  # what the fee has left, in whole lots
    await venue.alice("DELETE", f"/orders/{profit['id']}")
    assert (await states(venue, group))["stop_loss"][0] == "cancelled"


@pytest.mark.parametrize(
    ("route", "change", "refusal", "where"),
    [
        ("oco", {"take_profit": {"type": "limit"}}, (400, "VALIDATION_ERROR"), "take_profit.price"),
        ("oco", {"take_profit": {"type": "stop", "trigger_price": "1"}}, (400, "VALIDATION_ERROR"), "take_profit.type"),
        ("oco", {"stop_loss": {"type": "stop"}}, (400, "VALIDATION_ERROR"), "stop_loss.trigger_price"),
        ("oco", {"stop_loss": {"type": "trailing_stop"}}, (400, "VALIDATION_ERROR"), "stop_loss.trail_amount"),
        ("oco", {"stop_loss": None}, (400, "VALIDATION_ERROR"), "stop_loss"),
        ("oco", {"qty": None}, (400, "VALIDATION_ERROR"), "qty"),
        ("oco", {"market": "NO-SUCH"}, (404, "MARKET_UNKNOWN"), ""),
        ("oco", {"qty": "5"}, (422, "INSUFFICIENT_FUNDS"), "needs 5 BTC"),
        ("oco", {"stop_loss": {"type": "stop", "trigger_price": "67000"}}, (422, "GROUP_INVALID"), ""),
        ("bracket", {"entry": {"type": "limit"}}, (400, "VALIDATION_ERROR"), "entry.price"),
        ("bracket", {"time_in_force": "GTD"}, (400, "VALIDATION_ERROR"), "expires_at"),
        ("bracket", {"entry": {"type": "limit", "price": "64000", "role": "x"}}, (400, "VALIDATION_ERROR"), "role"),
    ],
)
async def test_what_makes_no_group_is_refused(
    venue: Venue, route: str, change: dict[str, Any], refusal: tuple[int, str], where: str
) -> None:
    """Each fault is told with its field, or with the engine's word; nothing of the group is placed."""
    await venue.desk.fund(ALICE, "BTC", "1")
    await venue.desk.fund(ALICE, "USDT", "10000")
    answer = await venue.alice("POST", f"/orders/{route}", json=(OCO if route == "oco" else BRACKET) | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == refusal, answer.text
    assert where in answer.text
    assert venue.desk.exchange.open_orders(ALICE) == []
