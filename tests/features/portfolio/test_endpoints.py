"""The portfolio over HTTP, on the real engine."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from fixtures.trading import ALICE, BOB, Venue

HOUR = 3_600_000


async def candles(venue: Venue, market: str, close: str, *, interval: str = "1h", hours: int = 48) -> None:
    """Hourly candles of one price up to now."""
    now = venue.services.clock.now_ms()
    step = {"1m": 60_000, "1h": HOUR}[interval]
    times = range(now - now % step - hours * step, now, step)
    row = {"market": market, "interval": interval, "open": close, "high": close, "low": close, "volume": "0"}
    await venue.desk.db["candles"].insert_many([row | {"open_time": time, "close": close} for time in times])


async def portfolio(venue: Venue, query: str = "") -> dict[str, Any]:
    """Alice's portfolio."""
    answer = await venue.alice("GET", f"/portfolio{query}")
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def test_anonymous_gets_401(venue: Venue) -> None:
    """Nobody sees a portfolio without signing in."""
    answer = await venue.nobody("GET", "/portfolio")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTHENTICATION_ERROR")


async def test_a_new_account_is_worth_nothing(venue: Venue) -> None:
    """An empty account has zeros and a flat line, not an error."""
    found = await portfolio(venue)
    assert (found["total_value_usd"], found["change_24h_usd"], found["change_24h_percent"]) == ("0.00", "0.00", "0.00")
    assert (found["allocation"], found["holdings"]) == ([], [])
    assert {point["value_usd"] for point in found["history"]} == {"0.00"}


async def test_a_newcomer_sees_a_curve_and_no_gain(venue: Venue) -> None:
    """Play money makes the curve rise, but is no gain."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    found = await portfolio(venue)
    assert (found["total_value_usd"], found["change_24h_usd"], found["change_24h_percent"]) == (
        "10000.00",
        "0.00",
        "0.00",
    )
    assert found["allocation"] == [{"asset": "USDT", "value_usd": "10000.00", "percent": "100.00"}]
    assert (found["history"][0]["value_usd"], found["history"][-1]["value_usd"]) == ("0.00", "10000.00")


async def test_holdings_know_their_cost(venue: Venue) -> None:
    """What was bought cost what was paid, fee included; profit is measured against it."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    await venue.desk.fund(BOB, "BTC", "1")
    await venue.desk.limit(BOB, "sell", "0.1", "60000")
    await venue.desk.limit(ALICE, "buy", "0.1", "60000")
    bitcoin = next(row for row in (await portfolio(venue))["holdings"] if row["asset"] == "BTC")
    assert (bitcoin["name"], bitcoin["amount"], bitcoin["available"], bitcoin["held"]) == (
        "Bitcoin",
        "0.09985",
        "0.09985",
        "0",
    )
    assert (bitcoin["price_usd"], bitcoin["value_usd"]) == ("64000", "6390.40")
    assert bitcoin["unrealized_pnl"] == "390.40"
    assert Decimal(bitcoin["average_cost"]) == pytest.approx(Decimal(6000) / Decimal("0.09985"), rel=Decimal("1e-9"))


async def test_a_deposited_coin_cost_what_it_was_worth(venue: Venue) -> None:
    """The cost of a deposit is the price of the minute it came in; without a candle nobody knows."""
    await venue.desk.fund(ALICE, "ETH", "1")
    await candles(venue, "BTC-USDT", "50000", interval="1m", hours=5)
    await venue.desk.fund(ALICE, "BTC", "1")
    rows = {row["asset"]: row for row in (await portfolio(venue))["holdings"]}
    assert (rows["BTC"]["average_cost"], rows["BTC"]["unrealized_pnl"]) == ("50000", "14000.00")
    assert (rows["ETH"]["average_cost"], rows["ETH"]["unrealized_pnl"]) == (None, None)


async def test_costs_are_worked_out_once(venue: Venue) -> None:
    """Later requests go on where the last one ended, and come to the same result as from the beginning."""
    await venue.desk.fund(ALICE, "USDT", "100000")
    await venue.desk.fund(BOB, "BTC", "5")
    for price in ("60000", "61000"):
        await venue.desk.limit(BOB, "sell", "0.1", price)
        await venue.desk.limit(ALICE, "buy", "0.1", price)
        await portfolio(venue)
    step_by_step = (await portfolio(venue, "?range=7d"))["holdings"]
    await venue.desk.db["portfolio_costs"].delete_many({})
    assert (await portfolio(venue, "?range=1y"))["holdings"] == step_by_step


async def test_the_24_hour_change_is_what_prices_did(venue: Venue) -> None:
    """One bitcoin held for days that rose from 50,000 to 64,000 gained 14,000 dollars, 28 percent."""
    await venue.desk.fund(ALICE, "BTC", "1")
    old = venue.services.clock.now_ms() - 40 * HOUR
    await venue.desk.db["transactions"].update_many(
        {}, {"$set": {"created_at": datetime.fromtimestamp(old / 1000, UTC)}}
    )
    await candles(venue, "BTC-USDT", "50000")
    found = await portfolio(venue, "?range=1d")
    assert (found["change_24h_usd"], found["change_24h_percent"]) == ("14000.00", "28.00")
    assert found["history"][0]["value_usd"] == "50000.00"
    assert found["history"][-1]["value_usd"] == found["total_value_usd"] == "64000.00"


async def test_the_cache_is_dropped_on_change(venue: Venue) -> None:
    """Within seconds the same portfolio is answered from the cache, but never across a change of the wallet."""
    await venue.desk.fund(ALICE, "USDT", "10")
    first = await portfolio(venue)
    assert await portfolio(venue) == first
    await venue.desk.fund(ALICE, "USDT", "5")
    assert (await portfolio(venue))["total_value_usd"] == "15.00"


async def test_t11_portfolios_are_ones_own(venue: Venue) -> None:
    """Another user's portfolio knows nothing of mine, cached or not."""
    await venue.desk.fund(ALICE, "USDT", "10")
    await portfolio(venue)
    assert (await venue.bob("GET", "/portfolio")).json()["total_value_usd"] == "0.00"


async def test_bad_queries_are_400(venue: Venue) -> None:
    """Only known ranges are answered."""
    assert (await venue.alice("GET", "/portfolio?range=99y")).status_code == 400
