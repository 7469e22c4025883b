import asyncio
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from cryptovault.engine.commands import CreditDeposit
from cryptovault.entrypoints.api import Api
from cryptovault.infra.local_engine import LocalEngine
from fixtures.accounts import NEW_PASSWORD, kinds_of, log_in, mails_to, prove, reset_token, token_in
from fixtures.api import PASSWORD, SignIn
from fixtures.confirming import confirming
from fixtures.second_factors import enable_totp

ADA, NEW = "ada@example.com", "countess@example.com"
AUTH = "/api/v1/auth"


async def change(client: httpx.AsyncClient, current: str, new: str = NEW_PASSWORD, **headers: str) -> httpx.Response:
    """Change the password."""
    body = {"current_password": current, "new_password": new}
    return await client.post(f"{AUTH}/change-password", json=body, headers=headers)


def code_of(answer: httpx.Response) -> str:
    """The code of an error."""
    return str(answer.json()["error"]["code"])


async def test_change_password(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """Who knows the password changes it; other sessions end, this one stays, and the owner gets a mail."""
    ada, elsewhere = await sign_in("ada"), await sign_in("ada")
    assert (await change(ada, "not the password")).json()["error"]["details"][0]["field"] == "current_password"
    assert (await change(ada, PASSWORD, "short")).json()["error"]["details"][0]["field"] == "new_password"
    assert (await change(ada, PASSWORD)).status_code == 204
    assert (await ada.get(f"{AUTH}/me")).status_code == 200
    assert (await elsewhere.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(client, "ada")).status_code == 401
    assert (await log_in(client, "ada", NEW_PASSWORD)).status_code == 200
    assert len(await mails_to(api, ADA, "password_changed")) == 1


async def test_a_second_factor_is_asked_for_too(api: Api, sign_in: SignIn) -> None:
    """With a second factor the password alone changes nothing, and is no proof for step-up either."""
    ada = await sign_in("ada")
    app, _, _ = await enable_totp(api, ada)
    assert code_of(await change(ada, PASSWORD)) == "STEP_UP_REQUIRED"
    assert (await ada.get(f"{AUTH}/step-up")).json()["methods"] == ["totp", "recovery_code"]
    password = {"act": "change_password", "method": "password", "password": PASSWORD}
    assert (await ada.post(f"{AUTH}/step-up", json=password)).status_code == 400
    proof = {"act": "change_password", "method": "totp", "code": app.code()}
    token = (await ada.post(f"{AUTH}/step-up", json=proof)).json()["token"]
    assert (await change(ada, PASSWORD, **{"X-Step-Up": token})).status_code == 204


async def test_a_proof_is_bound(api: Api, sign_in: SignIn) -> None:
    """A step-up proof works once, for its act, in its session, for five minutes."""
    ada, elsewhere, bob = await sign_in("ada"), await sign_in("ada"), await sign_in("bob")
    path, body = f"{AUTH}/anti-phishing-phrase", {"phrase": "blue whale"}
    other_act = await prove(ada, "change_email")
    assert code_of(await ada.put(path, json=body, headers=other_act)) == "STEP_UP_REQUIRED"
    proof = await prove(ada, "change_phrase")
    for client in (elsewhere, bob):
        assert code_of(await client.put(path, json=body, headers=proof)) == "STEP_UP_REQUIRED"
    answers = await asyncio.gather(*(ada.put(path, json=body, headers=proof) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [204] + [403] * 19
    proof = await prove(ada, "change_phrase")
    now = api.services.clock.now_ms()
    api.services.clock.now_ms = lambda: now + 300_001  # type: ignore[method-assign]
    answer = await ada.put(path, json=body, headers=proof)
    assert answer.json()["error"]["details"] == {"act": "change_phrase"}


async def test_wrong_step_up_passwords_are_counted(sign_in: SignIn) -> None:
    """A stolen session gets five guesses at the password, not more."""
    ada = await sign_in("ada")
    body = {"act": "change_email", "method": "password", "password": "the wrong password"}
    answers = [await ada.post(f"{AUTH}/step-up", json=body) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429] * 2
    assert code_of(answers[-1]) == "ACCOUNT_LOCKED"


async def test_change_email_needs_both_addresses(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """The address changes when both have confirmed; all sessions end, and withdrawals are locked for 72 hours."""
    ada = await sign_in("ada")
    assert code_of(await ada.post(f"{AUTH}/change-email", json={"new_email": NEW})) == "STEP_UP_REQUIRED"
    proof = await prove(ada, "change_email")
    assert (await ada.post(f"{AUTH}/change-email", json={"new_email": NEW}, headers=proof)).status_code == 202
    links = [(ADA, "email_change_old"), (NEW, "email_change_new")]
    tokens = [token_in((await mails_to(api, email, kind))[0], "confirm-email") for email, kind in links]
    first = await client.post(f"{AUTH}/confirm-email-change", json={"token": tokens[0]})
    assert first.json() == {"status": "waiting"}
    assert (await client.post(f"{AUTH}/confirm-email-change", json={"token": tokens[0]})).status_code == 400
    assert (await ada.get(f"{AUTH}/me")).json()["email"] == ADA
    second = await client.post(f"{AUTH}/confirm-email-change", json={"token": tokens[1]})
    assert second.json() == {"status": "changed"}
    assert (await ada.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(client, "countess")).status_code == 200
    assert (await client.get(f"{AUTH}/security")).json()["withdrawals_locked_by"] == "email_changed"
    assert [len(await mails_to(api, email, "email_changed")) for email in (ADA, NEW)] == [1, 1]


@pytest.mark.parametrize("change_what", ["password", "address", "freeze"])
async def test_t18_an_older_link_is_worth_nothing(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, change_what: str
) -> None:
    """T18: a link that was asked for before password or address changed, by whoever reads the old mailbox, is dead."""
    ada = await sign_in("ada")
    token = await reset_token(api, client, ADA)
    if change_what == "password":
        assert (await change(ada, PASSWORD)).status_code == 204
    elif change_what == "freeze":
        assert (await ada.post(f"{AUTH}/freeze-my-account")).status_code == 204
    else:
        await ada.post(f"{AUTH}/change-email", json={"new_email": NEW}, headers=await prove(ada, "change_email"))
        for email, kind in ((ADA, "email_change_old"), (NEW, "email_change_new")):
            link = token_in((await mails_to(api, email, kind))[0], "confirm-email")
            assert (await client.post(f"{AUTH}/confirm-email-change", json={"token": link})).status_code == 200
    assert (await client.get(f"{AUTH}/validate-reset-token/{token}")).json()["valid"] is False


async def test_t19_change_to_a_taken_address_tells_nothing(api: Api, sign_in: SignIn) -> None:
    """T19: the answer is the same for an address that has an account; its owner learns of the try."""
    ada, _ = await sign_in("ada"), await sign_in("bob")
    proof = await prove(ada, "change_email")
    answer = await ada.post(f"{AUTH}/change-email", json={"new_email": "bob@example.com"}, headers=proof)
    assert answer.status_code == 202
    assert [mail["kind"] for mail in await mails_to(api, "bob@example.com")] == ["account_exists"]


async def test_delete_is_refused_while_funds_remain(api: Api, sign_in: SignIn) -> None:
    """An account that owns anything cannot be deleted."""
    ada = await sign_in("ada")
    user_id = ada.user_id  # type: ignore[attr-defined]
    await api.services.engine.submit(CreditDeposit(user_id, "gift/1", "BTC", 1, "test"))
    wallet = {"_id": user_id, "balances": {"BTC": {"available": "0.00000001", "held": "0"}}}
    await api.services.db["wallets"].insert_one(wallet)
    proof = await prove(ada, "delete_account")
    answer = await ada.post(f"{AUTH}/delete-account", headers=proof)
    assert (answer.status_code, code_of(answer)) == (409, "FUNDS_REMAIN")
    assert (await ada.get(f"{AUTH}/me")).status_code == 200


async def test_what_comes_in_at_the_last_moment_is_not_lost(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, local_engine: LocalEngine
) -> None:
    """A payment that overtakes the deletion keeps the account: its owner signs in again and finds the money."""
    ada = await sign_in("ada")
    proof = await prove(ada, "delete_account")
    wallet = {"_id": ada.user_id, "balances": {"BTC": {"available": "1", "held": "0"}}}  # type: ignore[attr-defined]
    with MongoClient[dict[str, Any]](api.settings.mongo_url) as mongo:
        wallets = mongo[api.settings.db_name]["wallets"]
        local_engine.listeners.append(
            lambda *_: wallets.replace_one({"_id": wallet["_id"]}, wallet, upsert=True) and None
        )
        answer = await ada.post(f"{AUTH}/delete-account", headers=proof)
    assert (answer.status_code, code_of(answer)) == (409, "FUNDS_REMAIN")
    assert (await ada.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(client, "ada")).status_code == 200


async def test_a_deleted_account_is_gone(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """Afterwards nobody gets in, nothing names the person, the address is free, and the last mail has the phrase."""
    ada = await sign_in("ada")
    chosen = {"json": {"phrase": "blue whale"}, "headers": await prove(ada, "change_phrase")}
    assert (await ada.put(f"{AUTH}/anti-phishing-phrase", **chosen)).status_code == 204  # type: ignore[arg-type]
    user_id = ada.user_id  # type: ignore[attr-defined]
    assert code_of(await ada.post(f"{AUTH}/delete-account")) == "STEP_UP_REQUIRED"
    answer = await ada.post(f"{AUTH}/delete-account", headers=await prove(ada, "delete_account"))
    assert answer.status_code == 204, answer.text
    assert "blue whale" in (await mails_to(api, ADA))[-1]["text"]
    assert (await ada.get(f"{AUTH}/me")).status_code == 401
    assert (await log_in(client, "ada")).status_code == 401
    left: dict[str, Any] = {}
    for name in ("users", "devices", "second_factors", "audit_log", "links"):
        left[name] = await api.services.db[name].find({}).to_list()
    assert ADA not in str(left)
    assert left["users"][0]["_id"] == user_id
    assert (await sign_in("ada")).user_id != user_id  # type: ignore[attr-defined]


async def lock(client: httpx.AsyncClient, days: int) -> httpx.Response:
    """Lock the settings, with a proof."""
    return await client.post(f"{AUTH}/settings-lock", json={"days": days}, auth=confirming(client))


async def test_settings_lock(sign_in: SignIn, api: Api) -> None:
    """Locked settings cannot be changed by any proof, and the lock can be made longer, never shorter."""
    ada = await sign_in("ada")
    proof = await prove(ada, "change_phrase")
    assert code_of(await ada.post(f"{AUTH}/settings-lock", json={"days": 10})) == "STEP_UP_REQUIRED"
    locked = (await lock(ada, 10)).json()["settings_locked_until"]
    phrase = await ada.put(f"{AUTH}/anti-phishing-phrase", json={"phrase": "x"}, headers=proof)
    assert (phrase.status_code, code_of(phrase)) == (403, "SETTINGS_LOCKED")
    assert code_of(await change(ada, PASSWORD)) == "SETTINGS_LOCKED"
    assert code_of(await ada.post(f"{AUTH}/2fa/setup")) == "SETTINGS_LOCKED"
    assert (await lock(ada, 3)).status_code == 409
    assert (await ada.get(f"{AUTH}/security")).json()["settings_locked_until"] == locked
    assert (await lock(ada, 30)).json()["settings_locked_until"] > locked
    for days in (0, 31, -1):
        assert (await ada.post(f"{AUTH}/settings-lock", json={"days": days})).status_code == 400
    assert "settings_locked" in await kinds_of(api, ada.user_id)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("password", "score", "acceptable"),
    [
        ("", 0, False),
        ("password", 0, False),
        ("NoFacebookNoFacebook", 1, False),
        (PASSWORD, 4, True),
        ("a" * 1024, 0, False),
    ],
)
async def test_password_strength(client: httpx.AsyncClient, password: str, score: int, acceptable: bool) -> None:
    """The estimate goes from 0 to 4, and a password that would be refused is never called strong."""
    answer = (await client.post(f"{AUTH}/password-strength", json={"password": password})).json()
    assert (answer["score"] <= score if not acceptable else answer["score"] == score, answer["acceptable"]) == (
        True,
        acceptable,
    )
    assert bool(answer["hint"]) is not acceptable


async def test_breached_passwords_are_refused(client: httpx.AsyncClient) -> None:
    """A leaked password is refused at sign-up although it is long enough."""
    body = {"email": ADA, "password": "nofacebookNOfacebook"}  # pragma: allowlist secret
    answer = await client.post(f"{AUTH}/signup", json=body)
    assert answer.status_code == 400
    assert "leaked" in answer.json()["error"]["message"]
