"""Orders beyond the plain ones over HTTP, on the real engine: what they answer, and how they are read back."""

from typing import Any

import pytest

from cryptovault.engine.commands import SetReferencePrices, Tick
from cryptovault.kit.schemas import iso_ms
from fixtures.fake_clock import FakeClock
from fixtures.trading import ALICE, BOB, Venue

SELL = {"market": "BTC-USDT", "side": "sell", "qty": "0.1"}
BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.1"}
NONE = {
    "trigger_price": None, "trigger_by": None, "trail_amount": None, "trail_percent": None, "activation_price": None,
    "visible_qty": None, "reduce_to_available": False, "expires_at": None, "group_id": None, "role": None,
    "triggered_at": None,
}  # fmt: skip


async def reference(venue: Venue, price: int) -> None:
    """The outside price becomes this."""
    await venue.desk.do(SetReferencePrices((("BTC-USDT", price * 100),)))


async def place(venue: Venue, body: dict[str, Any]) -> dict[str, Any]:
    """Place an order of Alice's that is taken; it reads back as it was answered."""
    answer = await venue.alice("POST", "/orders", json=body)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    assert (await venue.alice("GET", f"/orders/{order['id']}")).json() == order
    return order


KINDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "stop", "trigger_price": "63000"},
        {"trigger_price": "63000", "trigger_by": "reference"},
    ),
    (
        {"type": "stop_limit", "price": "62900", "trigger_price": "63000"},
        {"trigger_price": "63000", "trigger_by": "reference"},
    ),
    ({"type": "take_profit", "trigger_price": "65000"}, {"trigger_price": "65000", "trigger_by": "reference"}),
    (
        {"type": "take_profit_limit", "price": "65100", "trigger_price": "65000", "trigger_by": "last_trade"},
        {"trigger_price": "65000", "trigger_by": "last_trade"},
    ),
    (
        {"type": "trailing_stop", "trail_percent": "2.5"},
        {"trail_percent": "2.5", "trigger_price": "62400", "trigger_by": "reference"},
    ),
    (
        {"type": "trailing_stop", "trail_amount": "500.01", "activation_price": "66000"},
        {"trail_amount": "500.01", "activation_price": "66000", "trigger_by": "reference"},
    ),
]


@pytest.mark.parametrize(("asked", "told"), KINDS)
async def test_orders_that_wait(venue: Venue, asked: dict[str, Any], told: dict[str, Any]) -> None:
    """Each waits, holds the coins, is an open order with all its terms, and can be cancelled."""
    await venue.desk.fund(ALICE, "BTC", "1")
    order = await place(venue, SELL | asked)
    assert {name: order[name] for name in NONE} == NONE | told
    assert (order["status"], order["time_in_force"], order["type"]) == ("waiting", "GTC", asked["type"])
    assert [row["id"] for row in (await venue.alice("GET", "/orders?status=open")).json()["items"]] == [order["id"]]
    held = (await venue.alice("GET", "/wallet/balance")).json()["items"][0]
    assert (held["asset"], held["held"]) == ("BTC", "0.1")
    closed = (await venue.alice("DELETE", f"/orders/{order['id']}")).json()
    assert (closed["status"], closed["reason"], closed["type"]) == ("cancelled", "user", asked["type"])


async def test_a_stop_fires(venue: Venue) -> None:
    """When the price is there it trades, says when it fired, and is filled; its preview said it would wait."""
    await venue.desk.fund(ALICE, "BTC", "1")
    await venue.desk.fund(BOB, "USDT", "100000")
    await venue.desk.limit(BOB, "buy", "0.5", "62990")
    body = SELL | {"type": "stop", "trigger_price": "63000"}
    seen = (await venue.alice("POST", "/orders/preview", json=body)).json()
    assert (seen["status"], seen["filled_qty"], seen["resting_qty"]) == ("waiting", "0", "0.1")
    assert {"asset": "BTC", "available": "0.9", "held": "0.1"} in seen["balances"]
    order = await place(venue, body)
    await reference(venue, 63_000)
    fired = (await venue.alice("GET", f"/orders/{order['id']}")).json()
    assert (fired["status"], fired["filled"], fired["average_price"]) == ("filled", "0.1", "62990")
    assert fired["triggered_at"] is not None
    assert fired["trigger_price"] == "63000"


async def test_a_trigger_that_is_reached_already_is_refused(venue: Venue) -> None:
    """A stop whose price is there already is no stop: the answer says so, and so does the preview."""
    await venue.desk.fund(ALICE, "BTC", "1")
    body = SELL | {"type": "stop", "trigger_price": "64500"}
    answer = await venue.alice("POST", "/orders", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "WOULD_TRIGGER")
    assert (await venue.alice("POST", "/orders/preview", json=body)).json()["refusal"]["code"] == "WOULD_TRIGGER"


async def test_an_order_ends_at_its_date(venue: Venue) -> None:
    """GTD is told with its date, refused where the date is past, and the order expires by itself when it comes."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    late = await venue.alice("POST", "/orders", json=BUY | {"expires_at": "2020-01-01T00:00:00Z"})
    assert (late.status_code, late.json()["error"]["code"]) == (422, "EXPIRY_INVALID")
    soon = venue.desk.exchange.at + 3_600_000
    order = await place(venue, BUY | {"expires_at": iso_ms(soon)})
    assert (order["time_in_force"], order["expires_at"]) == ("GTD", iso_ms(soon))
    venue.desk.local._clock = FakeClock(soon + 1)
    await venue.desk.do(Tick())
    ended = (await venue.alice("GET", f"/orders/{order['id']}")).json()
    assert (ended["status"], ended["reason"], ended["expires_at"]) == ("expired", "date", order["expires_at"])


async def test_an_iceberg_shows_its_tip(venue: Venue) -> None:
    """The book has the visible part; the order has all of it."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    order = await place(venue, BUY | {"visible_qty": "0.02"})
    assert (order["qty"], order["visible_qty"], order["remaining"]) == ("0.1", "0.02", "0.1")
    assert venue.desk.exchange.depth("BTC-USDT", 1)[0] == [(6_000_000, 2_000_000)]
    bad = await venue.alice("POST", "/orders", json=BUY | {"visible_qty": "0.2"})
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "VISIBLE_QTY_INVALID")


async def test_an_order_as_large_as_the_account(venue: Venue) -> None:
    """With reduce_to_available it is made to fit; without it is refused."""
    await venue.desk.fund(ALICE, "USDT", "1200")
    assert (await venue.alice("POST", "/orders", json=BUY)).json()["error"]["code"] == "INSUFFICIENT_FUNDS"
    order = await place(venue, BUY | {"reduce_to_available": True})
    assert (order["qty"], order["reduce_to_available"]) == ("0.02", True)


async def test_a_stop_limit_may_be_an_iceberg_made_to_fit(venue: Venue) -> None:
    """It waits for as much as can be held; once fired the book shows its visible part. A stop has none."""
    await venue.desk.fund(ALICE, "BTC", "0.05")
    stop = SELL | {"type": "stop_limit", "trigger_price": "63000", "price": "62900", "visible_qty": "0.02"}
    order = await place(venue, stop | {"reduce_to_available": True})
    assert (order["status"], order["qty"], order["visible_qty"]) == ("waiting", "0.05", "0.02")
    await reference(venue, 63_000)
    assert venue.desk.exchange.depth("BTC-USDT", 1)[1] == [(6_290_000, 2_000_000)]
    shown = SELL | {"type": "stop", "trigger_price": "62000", "visible_qty": "0.02"}
    refused = await venue.alice("POST", "/orders", json=shown)
    assert (refused.status_code, refused.json()["error"]["details"][0]["field"]) == (400, "visible_qty")


async def test_amending(venue: Venue) -> None:
    """PATCH changes price, quantity or trigger; what is closed, unknown or senseless is refused."""
    await venue.desk.fund(ALICE, "USDT", "20000")
    order = await place(venue, BUY)
    path = f"/orders/{order['id']}"
    changed = (await venue.alice("PATCH", path, json={"price": "61000", "qty": "0.2"})).json()
    assert (changed["price"], changed["qty"], changed["id"]) == ("61000", "0.2", order["id"])
    assert (await venue.alice("GET", path)).json() == changed
    for body, status in (({}, 400), ({"price": "x"}, 400), ({"price": "1.001"}, 400), ({"side": "sell"}, 400)):
        assert (await venue.alice("PATCH", path, json=body)).status_code == status, body
    assert (await venue.alice("PATCH", path, json={"qty": "0.000015"})).json()["error"]["code"] == "LOT_SIZE"
    assert (await venue.bob("PATCH", path, json={"qty": "0.1"})).json()["error"]["code"] == "ORDER_UNKNOWN"
    await venue.alice("DELETE", path)
    late = await venue.alice("PATCH", path, json={"qty": "0.1"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "ORDER_CLOSED")
