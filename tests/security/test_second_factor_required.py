"""SECOND_FACTOR_REQUIRED: nobody trades or gets an API key by a password alone, whichever way a request comes (T16)."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import websockets

from cryptovault.features.orders.bodies import BRACKET_EXAMPLE, OCO_EXAMPLE
from cryptovault.kit import second_factor
from cryptovault.settings import Settings
from fixtures.api import serving
from fixtures.signing import proof
from security.cast import Cast, Person

ORDER = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.01"}
PLACING: dict[str, Any] = {
    "place": ORDER,
    "oco": OCO_EXAMPLE,
    "bracket": BRACKET_EXAMPLE,
    "batch": {"orders": [ORDER]},
}
PATHS = {method: f"/orders/{method}".removesuffix("/place") for method in PLACING}
KEY = {"name": "bot", "scopes": ["trade"], "networks": ["127.0.0.1"]}
MISSING = (403, "SECOND_FACTOR_REQUIRED")


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    """As production has it."""
    return settings.model_copy(update={"second_factor_required": True})


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and code."""
    return answer.status_code, answer.json().get("error", {}).get("code", "")


async def set_factor(cast: Cast, person: Person, *, there: bool) -> None:
    """Give somebody a passkey, or take it away."""
    passkeys = cast.services.db["passkeys"]
    if there:
        await passkeys.insert_one({"_id": f"passkey-{person.id}", "user_id": person.id})
    else:
        await passkeys.delete_many({"user_id": person.id})


async def placed(cast: Cast, person: Person) -> Person:
    """Somebody with money to trade with."""
    for asset, amount in (("USDT", "100000"), ("BTC", "1")):
        await cast.venue.desk.fund(person.id, asset, amount)
    return person


@pytest.mark.parametrize("method", PLACING)
async def test_t16_no_order_without_a_second_factor(cast: Cast, method: str) -> None:
    """T16: each way to place is closed to an account without a second factor, and open at once when it has one."""
    ada = await placed(cast, await cast.person())
    path = f"/api/v1{PATHS[method]}"
    assert told(await ada.post(path, json=PLACING[method])) == MISSING
    await set_factor(cast, ada, there=True)
    assert (await ada.post(path, json=PLACING[method])).status_code in {200, 201}


@pytest.mark.parametrize("method", PLACING)
async def test_t16_no_order_over_a_socket_either(cast: Cast, method: str) -> None:
    """T16: the order socket asks the same of each of its methods that place; cancelling is open to everybody."""
    ada = await placed(cast, await cast.person())
    headers = {"Authorization": f"Bearer {ada.token}"}
    async with serving(cast.venue.app) as url:
        address = url.replace("http", "ws") + "/ws/orders"
        async with websockets.connect(address, additional_headers=headers) as ws:

            async def ask(name: str, params: dict[str, Any]) -> dict[str, Any]:
                await ws.send(json.dumps({"id": 1, "method": name, "params": params}))
                answer: dict[str, Any] = json.loads(await asyncio.wait_for(ws.recv(), 10))
                return answer

            refused = await ask(method, PLACING[method])
            assert (refused["status"], refused["error"]["code"]) == MISSING
            assert (await ask("cancel_all", {}))["status"] == 200
            await set_factor(cast, ada, there=True)
            assert (await ask(method, PLACING[method]))["status"] in {200, 201}


async def test_t16_no_key_and_no_order_by_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """T16: a key is made with a second factor only, and a key of an account that has none any more places nothing."""
    monkeypatch.setattr(second_factor, "KNOWN_SECONDS", 0.0)
    ada = await placed(cast, await cast.person())
    assert told(await ada.post("/api/v1/api-keys", json=KEY, headers=await proof(ada))) == MISSING
    await set_factor(cast, ada, there=True)
    program = await cast.program_of(ada)
    assert (await program("POST", "/orders", json=ORDER)).status_code == 201
    await set_factor(cast, ada, there=False)
    for method, body in PLACING.items():
        assert told(await program("POST", PATHS[method], json=body)) == MISSING
    assert (await program("DELETE", "/orders")).status_code == 200


async def test_what_needs_no_second_factor(cast: Cast) -> None:
    """Looking, previewing and cancelling are open, and the answer of /config says what will be asked for."""
    ada = await cast.person()
    assert (await ada("GET", "/api/v1/orders")).status_code == 200
    assert (await ada.post("/api/v1/orders/preview", json=ORDER)).status_code == 200
    assert (await ada("DELETE", "/api/v1/orders")).status_code == 200
    assert (await cast.http.get("/api/v1/config")).json()["second_factor_required"] is True


def test_production_asks_for_it() -> None:
    """On in production unless the operator says otherwise; off in development, where a newcomer trades in minutes."""
    strict = {"second_factor_required", "admin_passkey_required"}
    assert {Settings._defaults_follow_the_deployment({"environment": "production"})[name] for name in strict} == {True}
    said = {"environment": "production", "second_factor_required": False}
    assert Settings._defaults_follow_the_deployment(said)["second_factor_required"] is False
    assert not Settings(_env_file=None).second_factor_required
