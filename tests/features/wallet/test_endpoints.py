"""Balances and the faucet over HTTP, on the real engine."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from cryptovault.entrypoints.api import create_app
from cryptovault.features.wallet.policy import CLAIMS_A_DAY
from cryptovault.infra.engine_client import EngineTimeout
from cryptovault.settings import Environment, Settings
from fixtures.trading import ALICE, Caller, Desk, Venue

BAD_AMOUNTS = ["1e5", "NaN", "-1", "0", "", "01", ".5", "\u0663", "0.000000001", "9" * 60, 5, 0.5, True, ["1"], "10001"]


async def test_anonymous_gets_401(venue: Venue) -> None:
    """Nobody sees balances or gets play money without signing in."""
    for method, path in (("GET", "/wallet/balance"), ("POST", "/wallet/faucet")):
        answer = await venue.nobody(method, path, json={"asset": "USDT"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AUTHENTICATION_ERROR")


async def test_a_new_account_is_empty(venue: Venue) -> None:
    """Who never held anything has an empty wallet, not an error."""
    wallet = (await venue.alice("GET", "/wallet/balance")).json()
    assert (wallet["items"], wallet["total_value_usd"], wallet["seq"]) == ([], "0.00", 0)


async def test_balances_show_held_and_value(venue: Venue) -> None:
    """Available and held add up to total; each asset is valued at its reference price, most valuable first."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    await venue.desk.fund(ALICE, "BTC", "1.5")
    await venue.desk.limit(ALICE, "buy", "0.05", "60000")
    answer = await venue.alice("GET", "/wallet/balance")
    wallet = answer.json()
    assert wallet["items"] == [
        {
            "asset": "BTC",
            "name": "Bitcoin",
            "available": "1.5",
            "held": "0",
            "total": "1.5",
            "price_usd": "64000",
            "value_usd": "96000.00",
        },
        {
            "asset": "USDT",
            "name": "Tether",
            "available": "7000",
            "held": "3000",
            "total": "10000",
            "price_usd": "1",
            "value_usd": "10000.00",
        },
    ]
    assert wallet["total_value_usd"] == "106000.00"
    assert wallet["seq"] == venue.desk.exchange.seq


async def test_what_has_no_price_has_no_value(venue: Venue) -> None:
    """An unknown price is null, never zero dollars by pretence."""
    venue.price({})
    await venue.desk.fund(ALICE, "BTC", "1")
    (row,) = (await venue.alice("GET", "/wallet/balance")).json()["items"]
    assert (row["total"], row["price_usd"], row["value_usd"]) == ("1", None, None)


async def test_the_faucet_credits_at_once(venue: Venue) -> None:
    """The next read of one's own balance already shows what the faucet gave."""
    claim = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"})
    assert (claim.status_code, claim.json()["amount"]) == (201, "10000")
    assert claim.headers["x-seq"] == str(claim.json()["seq"])
    (row,) = (await venue.alice("GET", "/wallet/balance")).json()["items"]
    assert (row["asset"], row["available"]) == ("USDT", "10000")


async def test_the_faucet_gives_about_a_thousand_dollars_of_a_coin(venue: Venue) -> None:
    """Without an amount a coin comes as about 1,000 dollars' worth, rounded down; a smaller amount may be asked for."""
    assert (await venue.alice("POST", "/wallet/faucet", json={"asset": "BTC"})).json()["amount"] == "0.015"
    claim = await venue.alice("POST", "/wallet/faucet", json={"asset": "BTC", "amount": "0.001"})
    assert claim.json()["amount"] == "0.001"


async def test_j6_the_same_key_gives_once(venue: Venue) -> None:
    """A repeated claim gets the same answer and no more money; another claim under its key is 409."""
    key = {"Idempotency-Key": "claim-1"}
    first = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"}, headers=key)
    again = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"}, headers=key)
    assert (first.json()["amount"], again.status_code, again.json()["amount"]) == ("10000", 201, "10000")
    other = await venue.alice("POST", "/wallet/faucet", json={"asset": "BTC"}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "CONFLICT")
    assert venue.desk.exchange.balance(ALICE, "USDT") == (10_000 * 10**8, 0)


async def test_j7_an_unclear_claim_is_finished_by_repeating_it(venue: Venue) -> None:
    """After a missing answer the same claim with the same key credits, and only once."""
    key = {"Idempotency-Key": "claim-1"}
    venue.desk.failure = EngineTimeout("late")
    lost = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"}, headers=key)
    assert lost.json()["error"]["code"] == "OUTCOME_UNKNOWN"
    venue.desk.failure = None
    for _ in range(2):
        assert (await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"}, headers=key)).status_code == 201
    assert venue.desk.exchange.balance(ALICE, "USDT") == (10_000 * 10**8, 0)


async def test_keys_belong_to_their_user(venue: Venue) -> None:
    """Two users may use the same key."""
    for caller in (venue.alice, venue.bob):
        answer = await caller("POST", "/wallet/faucet", json={"asset": "USDT"}, headers={"Idempotency-Key": "same"})
        assert answer.status_code == 201


async def test_the_daily_limit_holds_under_concurrency(venue: Venue) -> None:
    """However many claims come at once, an asset is given so many times a day and no more."""
    claims = [venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"}) for _ in range(CLAIMS_A_DAY + 4)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*claims))
    assert statuses == [201] * CLAIMS_A_DAY + [429] * 4
    assert venue.desk.exchange.balance(ALICE, "USDT") == (CLAIMS_A_DAY * 10_000 * 10**8, 0)
    late = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT"})
    assert 0 < int(late.headers["retry-after"]) <= 86_400
    assert (await venue.alice("POST", "/wallet/faucet", json={"asset": "BTC"})).status_code == 201


async def test_t7_bad_amounts_are_400(venue: Venue) -> None:
    """Whatever is no plain positive decimal within scale and limit is refused."""
    for amount in BAD_AMOUNTS:
        answer = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT", "amount": amount})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR"), amount
    assert venue.desk.exchange.balance(ALICE, "USDT") == (0, 0)


async def test_t13_extra_fields_are_refused(venue: Venue) -> None:
    """No account, rail or user can be smuggled in."""
    for field in ("user_id", "account", "rail", "key", "role"):
        answer = await venue.alice("POST", "/wallet/faucet", json={"asset": "USDT", field: "x"})
        assert answer.status_code == 400


async def test_unknown_assets_are_refused(venue: Venue) -> None:
    """An asset nobody defined is 404; one without a price cannot be measured out."""
    assert (await venue.alice("POST", "/wallet/faucet", json={"asset": "NOPE"})).status_code == 404
    venue.price({})
    answer = await venue.alice("POST", "/wallet/faucet", json={"asset": "BTC"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "PRICE_STALE")


async def test_t11_wallets_are_ones_own(venue: Venue) -> None:
    """What one user has is nowhere in another's wallet."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    assert (await venue.bob("GET", "/wallet/balance")).json()["items"] == []


@pytest.fixture(name="production_caller")
async def _production_caller(settings: Settings, desk: Desk) -> AsyncIterator[Caller]:
    production = settings.model_copy(update={"environment": Environment.PRODUCTION})
    app = create_app(production, engine=desk)
    async with (
        app.running() as services,
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost:8001") as http,
    ):
        yield Caller(http, services, ALICE)


async def test_production_has_no_faucet(production_caller: Caller, desk: Desk) -> None:
    """In production the faucet does not exist and nothing is credited."""
    answer: Any = await production_caller("POST", "/wallet/faucet", json={"asset": "USDT"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert desk.exchange.balance(ALICE, "USDT") == (0, 0)
