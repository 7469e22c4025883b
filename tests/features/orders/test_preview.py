"""POST /orders/preview: what an order would do, without doing it."""

from typing import Any

import pytest

from fixtures.trading import ALICE, BOB, Venue

BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "64020", "qty": "0.3"}
EMPTY = {"available": "0", "held": "0"}
SAME = ("filled_qty", "average_price", "fee", "fee_asset", "total", "status")


async def asked(venue: Venue, body: dict[str, Any], path: str = "/orders") -> dict[str, Any]:
    """The preview of what Alice would send to a path."""
    answer = await venue.alice("POST", f"{path}/preview", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def stock(venue: Venue) -> None:
    """A book to buy from, and money to do it with."""
    await venue.desk.fund(BOB, "BTC", "1")
    for qty, price in (("0.1", "64000"), ("0.1", "64010")):
        await venue.desk.limit(BOB, "sell", qty, price)
    await venue.desk.fund(ALICE, "USDT", "20000")


async def test_the_preview_is_the_order(venue: Venue) -> None:
    """Fills, fee, rest and balances are those of the order that is sent then; the preview itself does nothing."""
    await stock(venue)
    before = venue.desk.exchange.digest()
    seen = await asked(venue, BUY)
    assert venue.desk.exchange.digest() == before
    assert seen["refusal"] is None
    assert (seen["best_price"], seen["worst_price"], seen["slippage_percent"]) == ("64000", "64010", "0.0078")
    assert (seen["fee_rate"], seen["resting_qty"], seen["book_seq"]) == ("0.0015", "0.1", venue.desk.exchange.seq)
    order = (await venue.alice("POST", "/orders", json=BUY)).json()
    told = {**order, "filled_qty": order["filled"], "total": order["spent"]}
    assert {name: seen[name] for name in SAME} == {name: told[name] for name in SAME}
    assert order["fee_rate"] == "0.0015"
    assert await balances(venue) == seen["balances"]


async def balances(venue: Venue) -> list[dict[str, str]]:
    """Alice's, as a preview writes them."""
    wallet = {row["asset"]: row for row in (await venue.alice("GET", "/wallet/balance")).json()["items"]}
    rows = [wallet.get(asset, {"asset": asset, **EMPTY}) for asset in ("BTC", "USDT")]
    return [{name: row[name] for name in ("asset", "available", "held")} for row in rows]


def around(profit: str, stop: str) -> dict[str, dict[str, str]]:
    """The two exits of a group."""
    return {
        "take_profit": {"type": "limit", "price": profit},
        "stop_loss": {"type": "stop", "trigger_price": stop},
    }


async def test_an_order_that_only_rests_is_told_the_makers_rate(venue: Venue) -> None:
    """A post-only order shows the rate and the fee it will pay when it trades, and pays just that."""
    await stock(venue)
    body = BUY | {"price": "63990", "qty": "0.1", "post_only": True}
    seen = await asked(venue, body)
    assert (seen["fee"], seen["fee_rate"], seen["rest_fee"]) == ("0", "0.001", "0.0001")
    assert (seen["maker_rate"], seen["taker_rate"]) == ("0.001", "0.0015")
    assert (seen["hold"], seen["hold_asset"]) == ("6399", "USDT")
    order = (await venue.alice("POST", "/orders", json=body)).json()
    await venue.desk.limit(BOB, "sell", "0.1", "63990")
    paid = (await venue.alice("GET", f"/orders/{order['id']}")).json()
    assert (paid["status"], paid["fee"], paid["fee_rate"]) == ("filled", seen["rest_fee"], seen["fee_rate"])


@pytest.mark.parametrize(
    ("change", "rate", "rest_fee"),
    [
        ({"type": "stop", "trigger_price": "60000"}, "0.0015", "9"),
        ({"type": "stop_limit", "trigger_price": "60000", "price": "59000"}, "0.0015", "8.85"),
        ({"type": "stop_limit", "trigger_price": "60000", "price": "59000", "post_only": True}, "0.001", "5.9"),
        ({"type": "trailing_stop", "trail_amount": "1000", "activation_price": "70000"}, "0.0015", None),
    ],
)
async def test_what_waits_is_told_what_it_will_pay(
    venue: Venue, change: dict[str, Any], rate: str, rest_fee: str | None
) -> None:
    """What goes to market when it fires is told the taker's rate, and the fee at the price it names, if any."""
    await venue.desk.fund(ALICE, "BTC", "1")
    seen = await asked(venue, {"market": "BTC-USDT", "side": "sell", "qty": "0.1"} | change)
    assert (seen["status"], seen["fee"], seen["fee_rate"], seen["rest_fee"]) == ("waiting", "0", rate, rest_fee)
    assert (seen["hold"], seen["hold_asset"]) == ("0.1", "BTC")


async def test_the_preview_of_a_pair_is_the_pair(venue: Venue) -> None:
    """Both orders of an OCO, what they hold together and the balances are those of the pair that is sent then."""
    await venue.desk.fund(ALICE, "USDT", "20000")
    exits = around("60000", "70000")
    body = {"market": "BTC-USDT", "side": "buy", "qty": "0.1"} | exits
    seen = await asked(venue, body, "/orders/oco")
    assert [(one["role"], one["status"], one["hold"], one["rest_fee"]) for one in seen["orders"]] == [
        ("take_profit", "open", "6000", "0.0001"), ("stop_loss", "waiting", "1350", "0.00015"),
    ]  # fmt: skip
    assert seen["balances"][1] == {"asset": "USDT", "available": "12650", "held": "7350"}
    await is_as_told(venue, "/orders/oco", body, seen)


async def test_the_preview_of_a_bracket_is_the_bracket(venue: Venue) -> None:
    """The entry's fills, the exits as they stand after them and the balances are those of the bracket that is sent."""
    await stock(venue)
    exits = around("70000", "60000")
    body = {"market": "BTC-USDT", "side": "buy", "qty": "0.15", "entry": {"type": "market"}} | exits
    seen = await asked(venue, body, "/orders/bracket")
    entry, profit, loss = seen["orders"]
    assert (entry["average_price"], entry["fee"], entry["fee_rate"]) == ("64003.33333333", "0.000225", "0.0015")
    assert (profit["status"], profit["resting_qty"], profit["hold"], profit["fee_rate"]) == (
        "open", "0.14977", "0.14977", "0.001",
    )  # fmt: skip
    assert (loss["status"], loss["hold"], loss["fee_rate"]) == ("waiting", "0", "0.0015")
    await is_as_told(venue, "/orders/bracket", body, seen)


async def is_as_told(venue: Venue, path: str, body: dict[str, Any], seen: dict[str, Any]) -> None:
    """Send it, and compare."""
    placed = (await venue.alice("POST", path, json=body)).json()["orders"]
    told = [{**one, "filled_qty": one["filled"], "total": one["spent"]} for one in placed]
    names = (*SAME, "role", "type")
    assert [{name: one[name] for name in names} for one in seen["orders"]] == [
        {name: one[name] for name in names} for one in told
    ]
    assert seen["refusal"] is None
    assert await balances(venue) == seen["balances"]


async def test_a_group_that_would_be_refused_says_why(venue: Venue) -> None:
    """A bracket with its exits on the wrong sides has no orders, but the reason."""
    await stock(venue)
    exits = around("60000", "70000")
    body = BUY | {"entry": {"type": "limit", "price": "64000"}, "qty": "0.1"} | exits
    for name in ("type", "price"):
        del body[name]
    seen = await asked(venue, body, "/orders/bracket")
    assert (seen["orders"], seen["refusal"]["code"]) == ([], "GROUP_INVALID")


async def test_a_refusal_is_foretold(venue: Venue) -> None:
    """What would be refused says so with code and sentence, and the balances stay as they are."""
    await stock(venue)
    seen = await asked(venue, BUY | {"qty": "5"})
    assert seen["refusal"]["code"] == "INSUFFICIENT_FUNDS"
    assert "needs 320100 USDT, has 20000 available" in seen["refusal"]["message"]
    assert (seen["status"], seen["filled_qty"], seen["average_price"]) == (None, "0", None)
    assert seen["balances"][1] == {"asset": "USDT", "available": "20000", "held": "0"}


async def test_a_key_is_neither_used_nor_needed(venue: Venue) -> None:
    """A preview of an order that was sent already foretells it anew, and leaves its key alone."""
    await stock(venue)
    body = BUY | {"client_order_id": "mine", "qty": "0.1"}
    await asked(venue, body)
    assert (await venue.alice("POST", "/orders", json=body)).json()["status"] == "filled"
    assert (await asked(venue, body))["average_price"] == "64010"


async def test_senseless_previews_are_refused_like_orders(venue: Venue) -> None:
    """What would be a 4xx before the engine is one here too, and nobody previews without signing in."""
    assert (await venue.alice("POST", "/orders/preview", json=BUY | {"price": None})).status_code == 400
    assert (await venue.alice("POST", "/orders/preview", json=BUY | {"market": "NO-SUCH"})).status_code == 404
    assert (await venue.nobody("POST", "/orders/preview", json=BUY)).status_code == 401
