"""POST /orders/preview: what an order would do, without doing it."""

from typing import Any

from fixtures.trading import ALICE, BOB, Venue

BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "64020", "qty": "0.3"}
SAME = ("filled_qty", "average_price", "fee", "fee_asset", "total", "status")


async def asked(venue: Venue, body: dict[str, Any]) -> dict[str, Any]:
    """The preview of an order of Alice's."""
    answer = await venue.alice("POST", "/orders/preview", json=body)
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
    wallet = {row["asset"]: row for row in (await venue.alice("GET", "/wallet/balance")).json()["items"]}
    for balance in seen["balances"]:
        row = wallet[balance["asset"]]
        assert {name: row[name] for name in ("asset", "available", "held")} == balance


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
