"""POST /orders/batch: many orders, each with its own verdict."""

from typing import Any

import pytest

from cryptovault.infra.engine_frames import EngineTimeout
from fixtures.trading import ALICE, Venue

BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.01"}


async def send(venue: Venue, orders: list[Any]) -> list[dict[str, Any]]:
    """Send a batch that is taken; its items."""
    answer = await venue.alice("POST", "/orders/batch", json={"orders": orders})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    assert [set(item) for item in items] == [{"status", "order", "error"}] * len(orders)
    return items


async def test_each_order_has_its_own_verdict(venue: Venue) -> None:
    """Good orders are placed in their order; each bad one is told why, as POST /orders would, and harms no other."""
    await venue.desk.fund(ALICE, "USDT", "700")
    items = await send(
        venue,
        [
            BUY | {"client_order_id": "one"},
            BUY | {"qty": 5},
            BUY | {"qty": "0.000015"},
            BUY | {"account": "@treasury"},
            BUY | {"market": "DOGE-USDT"},
            BUY | {"client_order_id": "two"},
            "nonsense",
            BUY | {"type": "stop"},
        ],
    )
    assert [item["status"] for item in items] == [201, 400, 422, 400, 404, 422, 400, 400]
    codes = [item["error"]["code"] if item["error"] else None for item in items]
    assert codes[2:6] == ["LOT_SIZE", "VALIDATION_ERROR", "MARKET_UNKNOWN", "INSUFFICIENT_FUNDS"]
    assert items[5]["error"]["details"]["reason"].startswith("needs 600 USDT")
    assert items[1]["error"]["details"][0]["field"] == "qty"
    placed = items[0]["order"]
    assert (placed["client_order_id"], placed["status"]) == ("one", "open")
    assert (await venue.alice("GET", f"/orders/{placed['id']}")).json() == placed


async def test_j6_a_batch_repeated_has_one_effect(venue: Venue) -> None:
    """The same batch with the same keys again gets the same orders again."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    orders = [BUY | {"client_order_id": f"k{number}"} for number in range(5)]
    first, again = await send(venue, orders), await send(venue, orders)
    assert [item["order"]["id"] for item in first] == [item["order"]["id"] for item in again]
    assert len((await venue.alice("GET", "/orders")).json()["items"]) == 5


async def test_a_batch_is_bounded(venue: Venue) -> None:
    """Between 1 and 50 orders; anything else is bad input as a whole."""
    for orders in ([], [BUY] * 51, None, "x", {"a": BUY}):
        answer = await venue.alice("POST", "/orders/batch", json={"orders": orders})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR"), orders
    assert len(await send(venue, [BUY] * 50)) == 50


async def test_each_order_counts_in_the_rate_limit(venue: Venue) -> None:
    """A batch costs as many requests as it has orders; one that does not fit is refused before anything is placed."""
    before = venue.desk.exchange.seq
    rates = venue.services.rates
    rates.orders = rates.orders._replace(limit=60)
    rates._by_noun["orders"] = rates.orders
    await send(venue, [BUY] * 50)
    answer = await venue.alice("POST", "/orders/batch", json={"orders": [BUY] * 20})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert venue.desk.exchange.seq == before + 50


async def test_an_unclear_outcome_is_that_of_the_whole_batch(venue: Venue) -> None:
    """Where the engine does not answer, nobody knows of any of them (J7)."""
    venue.desk.failure = EngineTimeout("late")
    answer = await venue.alice("POST", "/orders/batch", json={"orders": [BUY]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "OUTCOME_UNKNOWN")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"orders":[{]}', b"\xff", b'{"orders":[],"x":1}'])
async def test_malformed_batches_are_400(venue: Venue, body: bytes) -> None:
    """Bytes that are no batch never become a 5xx."""
    answer = await venue.alice("POST", "/orders/batch", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
