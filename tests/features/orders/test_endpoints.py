"""The routes of orders over HTTP, on the real engine."""

from decimal import Decimal

import pytest

from cryptovault.features.orders.schemas import Order
from cryptovault.infra.engine_client import EngineBusy, EngineTimeout
from fixtures.trading import ALICE, BOB, Venue

BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.05"}


ROUTES = [
    ("POST", "/orders"),
    ("POST", "/orders/oco"),
    ("POST", "/orders/bracket"),
    ("PATCH", "/orders/1"),
    ("GET", "/orders"),
    ("GET", "/orders/1"),
    ("DELETE", "/orders/1"),
    ("POST", "/orders/1/cancel"),
    ("DELETE", "/orders"),
]


async def test_anonymous_gets_401(venue: Venue) -> None:
    """Nobody places, reads or cancels orders without signing in."""
    for method, path in ROUTES:
        answer = await venue.nobody(method, path, json=BUY)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTHENTICATION_ERROR")


async def test_a_limit_order_rests_and_holds_its_worth(venue: Venue) -> None:
    """A limit order below the market is open, and its answer says all about it."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    answer = await venue.alice("POST", "/orders", json=BUY | {"client_order_id": "first"})
    assert answer.status_code == 201
    order = answer.json()
    assert answer.headers["x-seq"] == str(order["seq"])
    assert {name: order[name] for name in ("id", "client_order_id", "market", "side", "type", "time_in_force")} == {
        "id": "1",
        "client_order_id": "first",
        "market": "BTC-USDT",
        "side": "buy",
        "type": "limit",
        "time_in_force": "GTC",
    }
    assert (order["price"], order["qty"], order["filled"], order["remaining"]) == ("60000", "0.05", "0", "0.05")
    assert (order["status"], order["reason"], order["fee"], order["fee_asset"]) == ("open", "none", "0", "BTC")
    assert (order["total"], order["average_price"]) == (None, None)
    assert order["created_at"].endswith("Z")


async def test_the_answer_has_exactly_the_documented_fields(venue: Venue) -> None:
    """POST answers with the fields of the schema Order, no more and no fewer (T13)."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    order = (await venue.alice("POST", "/orders", json=BUY)).json()
    assert list(order) == list(Order.model_fields)
    assert (await venue.alice("GET", f"/orders/{order['id']}")).json() == order


async def test_a_market_order_by_total_spends_at_most_that(venue: Venue) -> None:
    """A market buy by total fills against the book and reports average price and fee."""
    await venue.desk.fund(BOB, "BTC", "1")
    await venue.desk.limit(BOB, "sell", "0.5", "64010")
    await venue.desk.fund(ALICE, "USDT", "1000")
    body = {"market": "BTC-USDT", "side": "buy", "type": "market", "total": "500"}
    order = (await venue.alice("POST", "/orders", json=body)).json()
    assert order["status"] in {"filled", "expired"}
    assert Decimal(order["spent"]) <= 500
    assert order["average_price"] == "64010"
    assert (order["qty"], order["total"]) == (None, "500")


async def test_j6_the_same_key_gets_the_same_answer_once(venue: Venue) -> None:
    """A repeated request has one effect and the same answer, whichever way the key is sent."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    first = await venue.alice("POST", "/orders", json=BUY, headers={"Idempotency-Key": "k1"})
    again = await venue.alice("POST", "/orders", json=BUY | {"client_order_id": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert {**first.json(), "seq": 0} == {**again.json(), "seq": 0}
    assert len((await venue.alice("GET", "/orders")).json()["items"]) == 1


async def test_j6_the_same_key_with_another_payload_is_refused(venue: Venue) -> None:
    """A key names one request: another one under it is 409 and changes nothing."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    await venue.alice("POST", "/orders", json=BUY, headers={"Idempotency-Key": "k1"})
    answer = await venue.alice("POST", "/orders", json=BUY | {"qty": "0.01"}, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "KEY_REUSED")


async def test_t2_keys_belong_to_their_account(venue: Venue) -> None:
    """Two users may use the same key; neither gets the other's answer."""
    for account in (ALICE, BOB):
        await venue.desk.fund(account, "USDT", "10000")
    mine = await venue.alice("POST", "/orders", json=BUY | {"client_order_id": "same"})
    theirs = await venue.bob("POST", "/orders", json=BUY | {"client_order_id": "same"})
    assert mine.json()["id"] != theirs.json()["id"]


BAD_AMOUNTS = [
    "1e5", "1E-3", "NaN", "Infinity", "-1", "-0", "+1", "0", "0.0", "", " 1", "1 ", "1_000", "0x10", "01", ".5", "5.",
    "1,5", "\u0663", "\uff11", "0.000000001", "9" * 60, "9" * 39, "1e400", str(2**256), "1.2.3", "null", "0.1\n",
    "\u00001",
]  # fmt: skip


@pytest.mark.parametrize("field", ["price", "qty"])
async def test_t7_bad_amounts_are_400(venue: Venue, field: str) -> None:
    """Whatever is no plain positive decimal within the scale is refused before it reaches the engine (L7)."""
    before = venue.desk.exchange.seq
    for amount in BAD_AMOUNTS:
        answer = await venue.alice("POST", "/orders", json=BUY | {field: amount})
        assert answer.status_code == 400, (amount, answer.text)
        assert answer.json()["error"]["code"] == "VALIDATION_ERROR"
        assert answer.json()["error"]["details"][0]["field"] == field
    assert venue.desk.exchange.seq == before


async def test_t7_amounts_are_strings(venue: Venue) -> None:
    """A JSON number has been through a float somewhere and is refused."""
    for value in (1, 0.5, True, ["1"], {"a": 1}, 10**400):
        answer = await venue.alice("POST", "/orders", json=BUY | {"qty": value})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_t13_extra_fields_are_refused(venue: Venue) -> None:
    """No field beyond the documented ones is taken, least of all an account or a reserved asset (T9)."""
    for field in ("user_id", "account", "status", "filled", "fee", "role", "_id", "asset", "balance"):
        answer = await venue.alice("POST", "/orders", json=BUY | {field: "x"})
        assert answer.status_code == 400
        assert field in answer.text


TRAILING: dict[str, object] = {"type": "trailing_stop", "price": None}
MARKET: dict[str, object] = {"type": "market", "price": None}
SENSELESS: list[tuple[dict[str, object], str]] = [
    ({"price": None}, "price"),
    ({"qty": None}, "qty"),
    ({"total": "5"}, "total"),
    ({"type": "market"}, "price"),
    ({"type": "market", "price": None, "total": "5"}, "qty"),
    ({"type": "market", "price": None, "qty": None}, "qty"),
    ({"type": "market", "price": None, "qty": None, "total": "5", "side": "sell"}, "total"),
    ({"type": "market", "price": None, "time_in_force": "GTC"}, "time_in_force"),
    ({"type": "stop"}, "price"),
    ({"type": "stop", "price": None}, "trigger_price"),
    ({"type": "iceberg"}, "type"),
    ({"type": "stop_limit"}, "trigger_price"),
    ({"trigger_price": "5"}, "trigger_price"),
    ({"trigger_by": "last_trade"}, "trigger_by"),
    ({"trail_amount": "5"}, "trail_amount"),
    ({"trail_percent": "5"}, "trail_percent"),
    ({"activation_price": "5"}, "activation_price"),
    (TRAILING, "trail_amount"),
    (TRAILING | {"trail_amount": "5", "trail_percent": "1"}, "trail_amount"),
    (TRAILING | {"trail_percent": "0.00001"}, "trail_percent"),
    (TRAILING | {"trail_percent": "0"}, "trail_percent"),
    (TRAILING | {"trail_amount": "5", "trigger_price": "1"}, "trigger_price"),
    (TRAILING | {"trail_amount": "5", "visible_qty": "0.01"}, "visible_qty"),
    ({"type": "stop", "price": None, "trigger_price": "5", "visible_qty": "0.01"}, "visible_qty"),
    ({"time_in_force": "GTD"}, "expires_at"),
    ({"time_in_force": "IOC", "expires_at": "2030-01-01T00:00:00Z"}, "time_in_force"),
    ({"expires_at": "tomorrow"}, "expires_at"),
    ({"expires_at": "2030-01-01T00:00:00"}, "expires_at"),
    ({"expires_at": "1970-01-01T00:00:00Z"}, "expires_at"),
    ({"expires_at": "0001-01-01T00:00:00+23:59"}, "expires_at"),
    (MARKET | {"expires_at": "2030-01-01T00:00:00Z"}, "expires_at"),
    (MARKET | {"qty": None, "total": "5", "reduce_to_available": True}, "reduce_to_available"),
    (MARKET | {"visible_qty": "0.01"}, "visible_qty"),
    ({"side": "BUY"}, "side"),
    ({"client_order_id": "has space"}, "client_order_id"),
    ({"client_order_id": "x" * 65}, "client_order_id"),
    ({"client_order_id": "slash/"}, "client_order_id"),
    ({"client_order_id": "line\n"}, "client_order_id"),
]


async def test_senseless_combinations_are_400(venue: Venue) -> None:
    """What makes no order is refused loudly and names the field."""
    for change, field in SENSELESS:
        answer = await venue.alice("POST", "/orders", json=BUY | change)
        assert answer.status_code == 400, change
        assert answer.json()["error"]["details"][0]["field"] == field


async def test_malformed_bodies_are_400(venue: Venue) -> None:
    """Bytes that are no order never become a 5xx."""
    json_type = {"content-type": "application/json"}
    for body in (b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"market":"BTC-USDT"}', b"1e999"):
        assert (await venue.alice("POST", "/orders", content=body, headers=json_type)).status_code == 400, body


async def test_two_different_keys_are_refused(venue: Venue) -> None:
    """A header and a field that disagree about the key are a mistake, not a choice."""
    body = BUY | {"client_order_id": "one"}
    assert (await venue.alice("POST", "/orders", json=body, headers={"Idempotency-Key": "two"})).status_code == 400
    assert (await venue.alice("POST", "/orders", json=BUY, headers={"Idempotency-Key": "a b"})).status_code == 400


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({}, 422, "INSUFFICIENT_FUNDS"),
        ({"market": "DOGE-USDT"}, 404, "MARKET_UNKNOWN"),
        ({"market": "../etc"}, 404, "MARKET_UNKNOWN"),
        ({"qty": "0.000015"}, 422, "LOT_SIZE"),
        ({"qty": "0.00001"}, 422, "MIN_NOTIONAL"),
        ({"post_only": True, "time_in_force": "IOC"}, 422, "ORDER_INVALID"),
    ],
)
async def test_business_refusals_have_their_own_codes(
    venue: Venue, change: dict[str, object], status: int, code: str
) -> None:
    """A refusal by the engine is a 4xx whose code is the engine's word."""
    answer = await venue.alice("POST", "/orders", json=BUY | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_refusals_tell_figures_in_coins(venue: Venue) -> None:
    """What decided a refusal is told in whole coins: the engine's smallest units stay inside."""
    await venue.desk.fund(ALICE, "USDT", "100")
    for change in ({}, {"qty": "0.000015"}, {"qty": "0.00001"}, {"qty": "999999999"}):
        error = (await venue.alice("POST", "/orders", json=BUY | change)).json()["error"]
        assert "units" not in error["details"]["reason"], error


async def test_a_busy_engine_is_told_with_retry_after(venue: Venue) -> None:
    """Refused before journaling: 503 with Retry-After, and trying again is safe (J11)."""
    await venue.alice("GET", "/orders")
    venue.desk.failure = EngineBusy("full")
    answer = await venue.alice("POST", "/orders", json=BUY)
    assert answer.status_code in {429, 503}
    assert int(answer.headers["retry-after"]) >= 1


async def test_an_unknown_outcome_says_to_repeat_with_the_same_key(venue: Venue) -> None:
    """A missing answer is neither yes nor no: the code tells the client to ask again with its key (J7)."""
    venue.desk.failure = EngineTimeout("late")
    answer = await venue.alice("POST", "/orders", json=BUY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "OUTCOME_UNKNOWN")
    assert "same key" in answer.json()["error"]["message"]


async def test_cancel_is_idempotent(venue: Venue) -> None:
    """Cancelling answers the final state, twice the same (O6), and gives the hold back."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    order = (await venue.alice("POST", "/orders", json=BUY)).json()
    first = await venue.alice("DELETE", f"/orders/{order['id']}")
    again = await venue.alice("POST", f"/orders/{order['id']}/cancel")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["status"] == again.json()["status"] == "cancelled"
    assert first.json()["reason"] == "user"
    assert (await venue.alice("GET", "/wallet/balance")).json()["items"][0]["held"] == "0"


async def test_cancel_all_keeps_to_the_market(venue: Venue) -> None:
    """Cancel-all closes the orders of one market, or of all."""
    await venue.desk.fund(ALICE, "USDT", "100000")
    btc = (await venue.alice("POST", "/orders", json=BUY)).json()["id"]
    eth = (await venue.alice("POST", "/orders", json=BUY | {"market": "ETH-USDT", "price": "2000"})).json()["id"]
    assert (await venue.alice("DELETE", "/orders?market=ETH-USDT")).json() == {"cancelled": [eth]}
    assert (await venue.alice("DELETE", "/orders")).json() == {"cancelled": [btc]}
    assert (await venue.alice("DELETE", "/orders")).json() == {"cancelled": []}
    assert (await venue.alice("DELETE", "/orders?market=NO-SUCH")).status_code == 404


async def test_t11_others_orders_do_not_exist(venue: Venue) -> None:
    """Another user's order id is 404 on every verb, and absent from every list."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    order_id = (await venue.alice("POST", "/orders", json=BUY)).json()["id"]
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/cancel")):
        answer = await venue.bob(method, f"/orders/{order_id}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ORDER_UNKNOWN")
    assert (await venue.bob("GET", "/orders")).json()["items"] == []
    assert (await venue.bob("DELETE", "/orders")).json() == {"cancelled": []}
    assert (await venue.alice("GET", f"/orders/{order_id}")).json()["status"] == "open"


@pytest.mark.parametrize("order_id", ["0", "999999", "9" * 18])
async def test_unknown_ids_are_404(venue: Venue, order_id: str) -> None:
    """An id that was never given out is unknown."""
    assert (await venue.alice("GET", f"/orders/{order_id}")).status_code == 404
    assert (await venue.alice("DELETE", f"/orders/{order_id}")).status_code == 404


@pytest.mark.parametrize("order_id", ["-1", "abc", "1.0", "9" * 19, "\u0663"])
async def test_ids_that_are_none_are_400(venue: Venue, order_id: str) -> None:
    """What cannot be an id is bad input, not a crash."""
    assert (await venue.alice("GET", f"/orders/{order_id}")).status_code == 400


async def test_lists_are_filtered_and_paged(venue: Venue) -> None:
    """Pages follow each other without gap or repetition, newest first, and filters narrow them."""
    await venue.desk.fund(ALICE, "USDT", "100000")
    made = [(await venue.alice("POST", "/orders", json=BUY)).json()["id"] for _ in range(5)]
    await venue.alice("DELETE", f"/orders/{made[0]}")
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await venue.alice("GET", f"/orders?limit=2&cursor={cursor}")).json()
        seen += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made[::-1]
    still_open = (await venue.alice("GET", "/orders?status=open")).json()["items"]
    assert [order["id"] for order in still_open] == made[:0:-1]
    assert [order["id"] for order in (await venue.alice("GET", "/orders?status=closed")).json()["items"]] == made[:1]
    assert (await venue.alice("GET", "/orders?market=ETH-USDT")).json()["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "limit=100000", "cursor=nonsense", "status=some", "market=x%24"])
async def test_bad_queries_are_400(venue: Venue, query: str) -> None:
    """Limits are bounded, cursors are ours, filters are known."""
    assert (await venue.alice("GET", f"/orders?{query}")).status_code == 400
