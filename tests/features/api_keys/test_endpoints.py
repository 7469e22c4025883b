import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cryptovault.entrypoints.api import Api
from cryptovault.features.api_keys import policy
from fixtures.api import SignIn
from fixtures.signing import new_key, proof


@pytest.mark.parametrize("private", [None, Ed25519PrivateKey.generate()])
async def test_a_key_works(sign_in: SignIn, client: httpx.AsyncClient, private: Ed25519PrivateKey | None) -> None:
    """A key of either kind reads its owner's orders; the list says when and from where it was used."""
    ada = await sign_in("ada")
    program = await new_key(ada, client, private_key=private, name="Grid bot")
    answer = await program("GET", "/orders?status=open&limit=5")
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next_cursor": None})
    (listed,) = (await ada.get("/api/v1/api-keys")).json()["items"]
    assert (listed["name"], listed["kind"]) == ("Grid bot", "ed25519" if private else "hmac-sha256")
    assert listed["last_used_at"] is not None
    assert listed["last_used_address"] == "127.0.0.1"


async def test_the_secret_is_shown_once_and_sealed(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """The secret is in the answer that makes the key, in no later one, and not readable in the database."""
    ada = await sign_in("ada")
    program = await new_key(ada, client)
    assert isinstance(program.secret, str)
    assert program.secret not in (await ada.get("/api/v1/api-keys")).text
    document = await api.services.db["api_keys"].find_one({"_id": program.key_id})
    assert document is not None
    assert program.secret not in str(document)
    assert document["sealed_secret"].startswith("1.")


async def test_default_scope_is_read(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A key that asks for nothing may read; withdraw is given only when asked for, and only to known networks."""
    ada = await sign_in("ada")
    await new_key(ada, client)
    (listed,) = (await ada.get("/api/v1/api-keys")).json()["items"]
    assert listed["scopes"] == ["read"]
    withdraw = {"name": "payer", "scopes": ["withdraw"]}
    assert (await ada.post("/api/v1/api-keys", json=withdraw, headers=await proof(ada))).status_code == 400
    bound = withdraw | {"networks": ["203.0.113.7"]}
    made = (await ada.post("/api/v1/api-keys", json=bound, headers=await proof(ada))).json()
    assert (made["scopes"], made["networks"]) == (["withdraw"], ["203.0.113.7/32"])


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"scopes": []},
        {"scopes": ["admin"]},
        {"networks": ["everywhere"]},
        {"networks": ["10.0.0.0/33"]},
        {"public_key": "AAAA"},
        {"public_key": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"},
        {"expires_at": "2001-01-01T00:00:00Z"},
        {"expires_at": "2101-01-01T00:00:00"},
        {"user_id": "f" * 24},
    ],
)
async def test_bad_keys_are_refused(sign_in: SignIn, fields: dict[str, object]) -> None:
    """What makes no sense in a key is named and refused."""
    ada = await sign_in("ada")
    answer = await ada.post("/api/v1/api-keys", json={"name": "bot"} | fields, headers=await proof(ada))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_number_of_keys_is_bounded(sign_in: SignIn) -> None:
    """However many are asked for at once, a user has at most the limit."""
    ada = await sign_in("ada")
    proofs = [await proof(ada) for _ in range(policy.MAX_KEYS + 5)]
    asked = [ada.post("/api/v1/api-keys", json={"name": "bot"}, headers=each) for each in proofs]
    statuses = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert set(statuses) <= {201, 409}
    assert statuses.count(201) == policy.MAX_KEYS
    assert len((await ada.get("/api/v1/api-keys")).json()["items"]) == policy.MAX_KEYS


async def test_deleted_key_is_refused_at_once(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """The request after the deletion is refused; others' keys cannot be deleted, and look as if they did not exist."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    program, other = await new_key(ada, client), await new_key(bob, client)
    assert (await program("GET", "/orders")).status_code == 200
    assert (await ada.delete(f"/api/v1/api-keys/{other.key_id}")).status_code == 404
    assert (await ada.delete(f"/api/v1/api-keys/{program.key_id}")).status_code == 204
    assert (await program("GET", "/orders")).status_code == 401
    assert (await ada.delete(f"/api/v1/api-keys/{program.key_id}")).status_code == 404
    assert (await other("GET", "/orders")).status_code == 200
    assert await api.services.keys.end_all(bob.user_id) == 1  # type: ignore[attr-defined]
    assert (await other("GET", "/orders")).status_code == 401


async def test_expired_key_is_refused(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A key works until its time, and not a moment longer."""
    ada = await sign_in("ada")
    program = await new_key(ada, client, expires_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    assert (await program("GET", "/orders")).status_code == 200
    past = {"$set": {"expires_at": datetime.now(UTC) - timedelta(seconds=1)}}
    await api.services.db["api_keys"].update_one({"_id": program.key_id}, past)
    api.services.keys._known.clear()
    answer = await program("GET", "/orders")
    assert (answer.status_code, answer.json()["error"]["message"]) == (401, "The API key has expired.")


async def test_a_key_needs_a_fresh_proof(api: Api, sign_in: SignIn) -> None:
    """A session alone makes no key; a proof is good for one. The owner is told by mail and finds it in the log."""
    ada = await sign_in("ada")
    without = await ada.post("/api/v1/api-keys", json={"name": "bot"})
    assert (without.status_code, without.json()["error"]["code"]) == (403, "STEP_UP_REQUIRED")
    header = await proof(ada)
    assert (await ada.post("/api/v1/api-keys", json={"name": "bot"}, headers=header)).status_code == 201
    assert (await ada.post("/api/v1/api-keys", json={"name": "bot"}, headers=header)).status_code == 403
    log = await api.services.db["audit_log"].find({"kind": "api_key_created"}).to_list()
    assert [entry["user_id"] for entry in log] == [ada.user_id]  # type: ignore[attr-defined]
    assert await api.services.db["mails"].count_documents({"subject": "An API key was created"}) == 1
