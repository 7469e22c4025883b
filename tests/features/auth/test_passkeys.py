import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from fixtures.api import PASSWORD, SignIn, client_of
from fixtures.confirming import Confirming, confirming
from fixtures.second_factors import SecurityKey, add_passkey, b64, begin_log_in, prove

JSON = dict[str, Any]


async def log_in(client: httpx.AsyncClient, key: SecurityKey, **changes: Any) -> httpx.Response:
    """Sign in by passkey alone, from a browser that was not signed in."""
    client.cookies.clear()
    begun = (await client.post("/api/v1/auth/passkeys/login/begin")).json()["public_key"]
    return await client.post("/api/v1/auth/passkeys/login/finish", json={"credential": key.get(begun | changes)})


async def test_a_passkey_is_registered_named_and_removed(sign_in: SignIn) -> None:
    """Register (which brings recovery codes), list, rename, remove."""
    ada = await sign_in("ada")
    added = await add_passkey(ada, SecurityKey(), "Blue key")
    assert added.status_code == 201, added.text
    passkey, codes = added.json()["passkey"], added.json()["recovery_codes"]
    assert (passkey["name"], passkey["synced"], passkey["last_used_at"]) == ("Blue key", False, None)
    assert len(codes) == 10
    assert (await add_passkey(ada, SecurityKey())).json()["recovery_codes"] == []
    path = f"/api/v1/auth/passkeys/{passkey['id']}"
    assert (await ada.put(path, json={"name": "Red key"})).json()["name"] == "Red key"
    names = [one["name"] for one in (await ada.get("/api/v1/auth/passkeys")).json()["items"]]
    assert names == ["Red key", "Key"]
    assert (await ada.delete(path, auth=confirming(ada))).status_code == 204
    assert (await ada.delete(path, auth=confirming(ada))).status_code == 404
    assert (await ada.get("/api/v1/auth/2fa/status")).json()["passkeys"] == 1


async def test_log_in_by_passkey_alone(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A passkey that has verified its user is password and second factor in one."""
    key = SecurityKey()
    await add_passkey(await sign_in("ada"), key)
    answer = await log_in(client, key)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["email"] == "ada@example.com"
    assert (await client.get("/api/v1/auth/me")).json()["email"] == "ada@example.com"


async def test_t16_a_passkey_that_did_not_verify_its_user_is_no_login(
    sign_in: SignIn, client: httpx.AsyncClient
) -> None:
    """T16: touching a found key, without PIN or finger, opens nothing; after the password it is a second factor."""
    key = SecurityKey()
    await add_passkey(await sign_in("ada"), key)
    key.user_verified = False
    assert (await log_in(client, key)).status_code == 400
    asked = await begin_log_in(client, "ada")
    assert asked["methods"] == ["passkey", "recovery_code"]
    proven = await prove(client, asked["challenge"], method="passkey", credential=key.get(asked["passkey"]))
    assert proven.status_code == 200, proven.text


async def test_t16_the_second_factor_is_ones_own(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T16: another user's passkey, and an answer to a question asked for logging in, are no second factor."""
    adas, bobs = SecurityKey(), SecurityKey()
    await add_passkey(await sign_in("ada"), adas)
    await add_passkey(await sign_in("bob"), bobs)
    asked = await begin_log_in(client, "ada")
    refused = await prove(client, asked["challenge"], method="passkey", credential=bobs.get(asked["passkey"]))
    assert refused.status_code == 401
    begun = (await client.post("/api/v1/auth/passkeys/login/begin")).json()["public_key"]
    refused = await prove(client, asked["challenge"], method="passkey", credential=adas.get(begun))
    assert refused.status_code == 401


async def test_t17_a_challenge_is_answered_once(api: Api, sign_in: SignIn) -> None:
    """T17: the same signed answer, a hundred times at once, lets in once."""
    key = SecurityKey()
    await add_passkey(await sign_in("ada"), key)
    rates = api.services.rates
    for name in ("login_network", "default"):
        setattr(rates, name, getattr(rates, name)._replace(limit=10_000, lazy=True, closed=False))
    async with client_of(api) as client:
        begun = (await client.post("/api/v1/auth/passkeys/login/begin")).json()["public_key"]
    credential = key.get(begun)

    async def use() -> int:
        async with client_of(api) as client:
            body = {"credential": credential}
            return (await client.post("/api/v1/auth/passkeys/login/finish", json=body)).status_code

    assert Counter(await asyncio.gather(*(use() for _ in range(100)))) == {200: 1, 400: 99}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("origin", "https://evil.example"), ("origin", "http://localhost:8001.evil.example"), ("rp_id", "evil.example")],
)
async def test_a_foreign_page_is_refused(
    sign_in: SignIn, client: httpx.AsyncClient, attribute: str, value: str
) -> None:
    """What was signed for another origin or another site is worth nothing here."""
    ada, key = await sign_in("ada"), SecurityKey()
    await add_passkey(ada, key)
    setattr(key, attribute, value)
    assert (await log_in(client, key)).status_code == 400
    assert (await add_passkey(ada, key)).status_code == 400


async def test_our_own_challenge_is_needed(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A challenge that we did not give out is refused, however well it is signed."""
    key = SecurityKey()
    await add_passkey(await sign_in("ada"), key)
    assert (await log_in(client, key, challenge="bm90IG91cnM")).status_code == 400


async def test_a_cloned_key_is_noticed(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A signature counter that does not grow gives a copy away."""
    key = SecurityKey()
    await add_passkey(await sign_in("ada"), key)
    key.count = 10
    assert (await log_in(client, key)).status_code == 200
    key.count = 5
    assert (await log_in(client, key)).status_code == 400


async def test_another_key_with_the_same_id_is_refused(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """The id of a passkey is public; only its private key signs."""
    key, forged = SecurityKey(), SecurityKey()
    await add_passkey(await sign_in("ada"), key)
    forged.id, forged.user_handle = key.id, key.user_handle
    assert (await log_in(client, forged)).status_code == 400


async def test_one_passkey_opens_one_account(sign_in: SignIn) -> None:
    """A credential that is registered already cannot be registered for somebody else."""
    ada, bob, key = await sign_in("ada"), await sign_in("bob"), SecurityKey()
    await add_passkey(ada, key)
    begun = (await bob.post("/api/v1/auth/passkeys/register/begin", auth=confirming(bob))).json()["public_key"]
    known, secret = key.id, key.key
    made = key.create(begun)
    key.id, key.key = known, secret
    stolen = made | {"id": made["id"]}
    body, shown = {"credential": stolen}, confirming(bob)
    assert (await bob.post("/api/v1/auth/passkeys/register/finish", json=body, auth=shown)).status_code == 201
    begun = (await bob.post("/api/v1/auth/passkeys/register/begin", auth=confirming(bob))).json()["public_key"]
    assert len(begun["excludeCredentials"]) == 1


async def test_the_registration_challenge_is_bound_to_its_user(sign_in: SignIn) -> None:
    """What was made for one user's registration cannot be handed in by another."""
    ada, bob, key = await sign_in("ada"), await sign_in("bob"), SecurityKey()
    begun = (await ada.post("/api/v1/auth/passkeys/register/begin", auth=confirming(ada))).json()["public_key"]
    made = {"credential": key.create(begun)}
    assert (await bob.post("/api/v1/auth/passkeys/register/finish", json=made)).status_code == 400
    assert (await ada.post("/api/v1/auth/passkeys/register/finish", json=made)).status_code == 400


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": "x"},
        {"id": 5, "response": {"clientDataJSON": 5}},
        {"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30"}},
        {"response": {"clientDataJSON": b64(b'{"challenge": {"$ne": 1}}')}},
        {"response": {"clientDataJSON": "!!!"}},
        {"response": []},
        {"response": "x" * 1000},
    ],
)
async def test_nonsense_is_refused_politely(client: httpx.AsyncClient, sign_in: SignIn, credential: JSON) -> None:
    """Whatever comes instead of a credential is 400, never 500."""
    ada = await sign_in("ada")
    for path, caller in (("login/finish", client), ("register/finish", ada)):
        answer = await caller.post(f"/api/v1/auth/passkeys/{path}", json={"credential": credential})
        assert answer.status_code == 400, answer.text


async def test_mangled_credentials_are_refused_politely(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """A true credential with any of its parts cut, emptied or replaced is 400, never 500."""
    ada, key = await sign_in("ada"), SecurityKey()
    await add_passkey(ada, key)
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for value in ("", "AAAA", None, 7, {"$ne": 1}):
            begun = (await client.post("/api/v1/auth/passkeys/login/begin")).json().get("public_key")
            if begun is None:
                return
            credential = key.get(begun)
            credential["response"][part] = value
            answer = await client.post("/api/v1/auth/passkeys/login/finish", json={"credential": credential})
            allowed = (200, 400, 429) if part == "userHandle" and value is None else (400, 429)
            assert answer.status_code in allowed, (part, value, answer.text)


async def test_other_users_passkeys_are_not_there(sign_in: SignIn) -> None:
    """T11: somebody else's passkey can be neither renamed nor removed, and looks like one that does not exist."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    passkey = (await add_passkey(ada, SecurityKey())).json()["passkey"]["id"]
    assert (await bob.put(f"/api/v1/auth/passkeys/{passkey}", json={"name": "mine"})).status_code == 404
    assert (await bob.delete(f"/api/v1/auth/passkeys/{passkey}", auth=confirming(bob))).status_code == 404
    assert len((await ada.get("/api/v1/auth/passkeys")).json()["items"]) == 1


async def test_never_the_last_way_in(api: Api, sign_in: SignIn) -> None:
    """Of an account without a password the last passkey stays, though removals of all of them come at once."""
    ada = await sign_in("ada")
    added = [(await add_passkey(ada, SecurityKey())).json()["passkey"]["id"] for _ in range(3)]
    await api.services.db["users"].update_one({"email": "ada@example.com"}, {"$set": {"password_hash": ""}})
    rates = api.services.rates
    rates.default = rates.default._replace(limit=10_000, lazy=True)
    # One recovery code each: ten came with the first passkey, two of them went for the other passkeys.
    each = [Confirming(codes=[code]) for code in confirming(ada).codes]
    last, at_once = each[0], list(enumerate(each[1:]))
    removals = [ada.delete(f"/api/v1/auth/passkeys/{added[number % 3]}", auth=proof) for number, proof in at_once]
    statuses = Counter(answer.status_code for answer in await asyncio.gather(*removals))
    assert statuses[204] == 2
    assert statuses[409] >= 1
    left = (await ada.get("/api/v1/auth/passkeys")).json()["items"]
    assert len(left) == 1
    refused = await ada.delete(f"/api/v1/auth/passkeys/{left[0]['id']}", auth=last)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "LAST_WAY_IN")


async def test_the_password_alone_still_asks(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T16: with a passkey registered, the password alone gets a challenge; recovery codes stand in for a lost key."""
    codes = (await add_passkey(await sign_in("ada"), SecurityKey())).json()["recovery_codes"]
    asked = await begin_log_in(client, "ada")
    assert PASSWORD not in str(asked)
    assert (await prove(client, asked["challenge"], method="totp", code="123456")).status_code == 401
    assert (await prove(client, asked["challenge"], method="recovery_code", code=codes[0])).status_code == 200
