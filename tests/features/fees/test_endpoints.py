"""GET /fees, on the real engine."""

from cryptovault.engine.commands import SetFeeTiers
from fixtures.trading import ALICE, BOB, Venue

TIERS = ((0, 1_000, 1_500), (5_000, 800, 1_200), (50_000, 500, 900))


async def test_without_a_schedule_the_markets_rates_hold(venue: Venue) -> None:
    """Where the house has no schedule, everybody is in tier 0 and pays what the market asks."""
    told = (await venue.alice("GET", "/fees")).json()
    assert told == {"tier": 0, "volume_30d": "0", "maker": None, "taker": None, "tiers": [], "next": None}
    assert (await venue.nobody("GET", "/fees")).status_code == 401


async def test_trading_lifts_both_into_the_next_tier(venue: Venue) -> None:
    """Volume counts for maker and taker; the next order's fee and preview are at the new rate."""
    await venue.desk.do(SetFeeTiers(("USDT",), TIERS))
    await venue.desk.fund(ALICE, "USDT", "100000")
    await venue.desk.fund(BOB, "BTC", "5")
    assert (await venue.alice("GET", "/fees")).json()["next"] == {
        "volume": "5000", "maker": "0.0008", "taker": "0.0012",
    }  # fmt: skip
    await venue.desk.limit(BOB, "sell", "1", "64000")
    body = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "64000", "qty": "0.1"}
    first = (await venue.alice("POST", "/orders", json=body)).json()
    assert (first["fee"], first["fee_rate"]) == ("0.00015", "0.0015")
    for caller in (venue.alice, venue.bob):
        told = (await caller("GET", "/fees")).json()
        assert (told["tier"], told["volume_30d"], told["maker"], told["taker"]) == (1, "6400", "0.0008", "0.0012")
        assert told["next"]["volume"] == "50000"
        assert [tier["volume"] for tier in told["tiers"]] == ["0", "5000", "50000"]
    assert (await venue.alice("POST", "/orders/preview", json=body)).json()["fee_rate"] == "0.0012"
    assert (await venue.alice("POST", "/orders", json=body)).json()["fee_rate"] == "0.0012"


async def test_the_highest_tier_has_no_next(venue: Venue) -> None:
    """At the top there is nothing to reach for."""
    await venue.desk.do(SetFeeTiers(("USDT",), TIERS[:1]))
    told = (await venue.alice("GET", "/fees")).json()
    assert (told["tier"], told["maker"], told["next"]) == (0, "0.001", None)
