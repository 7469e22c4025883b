"""PUT and GET /orders/cancel-timer, on the real engine."""

from datetime import UTC, datetime, timedelta

import pytest

from cryptovault.engine.commands import Tick
from fixtures.trading import ALICE, Venue

BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.05"}


async def test_the_timer_is_armed_prolonged_and_disarmed(venue: Venue) -> None:
    """The answer tells when it runs out, GET tells the same, and 0 takes it back."""
    assert (await venue.alice("GET", "/orders/cancel-timer")).json() == {"cancels_at": None}
    now = datetime.now(UTC)
    armed = (await venue.alice("PUT", "/orders/cancel-timer", json={"after_ms": 60_000})).json()
    at = datetime.fromisoformat(armed["cancels_at"])
    assert timedelta(seconds=59) < at - now < timedelta(seconds=90)
    assert (await venue.alice("GET", "/orders/cancel-timer")).json() == armed
    assert (await venue.bob("GET", "/orders/cancel-timer")).json() == {"cancels_at": None}
    longer = (await venue.alice("PUT", "/orders/cancel-timer", json={"after_ms": 600_000})).json()
    assert longer["cancels_at"] > armed["cancels_at"]
    assert (await venue.alice("PUT", "/orders/cancel-timer", json={"after_ms": 0})).json() == {"cancels_at": None}
    assert (await venue.alice("GET", "/orders/cancel-timer")).json() == {"cancels_at": None}


async def test_orders_go_when_it_runs_out(venue: Venue) -> None:
    """When the time has come all orders are cancelled, and say that it was the timer."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    order = (await venue.alice("POST", "/orders", json=BUY)).json()
    await venue.alice("PUT", "/orders/cancel-timer", json={"after_ms": 1})
    while (found := (await venue.alice("GET", f"/orders/{order['id']}")).json())["status"] == "open":
        await venue.desk.do(Tick())
    assert (found["status"], found["reason"]) == ("cancelled", "timer")


@pytest.mark.parametrize("after", [-1, 86_400_001, "5", 1.5, True, None, 2**70])
async def test_senseless_times_are_400(venue: Venue, after: object) -> None:
    """Only whole milliseconds from 0 to a day."""
    answer = await venue.alice("PUT", "/orders/cancel-timer", json={"after_ms": after})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
