import json
import re
from typing import Any

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from fixtures.api import PASSWORD, SignIn

ADA = "ada@example.com"


async def mails_to(api: Api, email: str) -> list[dict[str, Any]]:
    """Everything mailed to an address, the newest first."""
    return await api.services.db["mails"].find({"to": email}, sort=[("_id", -1)]).to_list()


async def sign_up(api: Api, client: httpx.AsyncClient, email: str = ADA, password: str = PASSWORD) -> str:
    """Sign up and return the mailed code."""
    answer = await client.post("/api/v1/auth/signup", json={"email": email, "password": password, "name": "Ada"})
    assert answer.status_code == 201, answer.text
    return str((await mails_to(api, email.lower()))[0]["code"])


async def verify(client: httpx.AsyncClient, code: str, email: str = ADA) -> httpx.Response:
    """Enter a code."""
    return await client.post("/api/v1/auth/verify-email", json={"email": email, "code": code})


def other_code(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_a_newcomer_signs_up_and_is_signed_in(api: Api, client: httpx.AsyncClient) -> None:
    """Sign up, enter the code from the mail, read the profile: three requests."""
    code = await sign_up(api, client, "Ada@Example.com")
    assert re.fullmatch(r"\d{6}", code)
    answer = await verify(client, code)
    assert answer.status_code == 200, answer.text
    result = answer.json()
    assert result["token_type"] == "bearer"
    assert result["expires_in"] == 1800
    me = (await client.get("/api/v1/auth/me")).json()
    assert me == result["user"]
    assert me == (await client.get("/api/auth/profile")).json()
    assert (me["email"], me["email_verified"], me["role"]) == (ADA, True, "user")


async def test_cookies_are_out_of_reach_of_scripts(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """The tokens are HttpOnly and SameSite; only the CSRF token can be read by the page."""
    await sign_in("ada")
    answer = await client.post("/api/v1/auth/login", json={"email": ADA, "password": PASSWORD})
    cookies = {cookie.partition("=")[0]: cookie for cookie in answer.headers.get_list("set-cookie")}
    assert set(cookies) == {"access_token", "refresh_token", "csrf_token", "device"}
    assert all("SameSite=Lax" in cookie for cookie in cookies.values())
    hidden = {name for name, cookie in cookies.items() if "HttpOnly" in cookie}
    assert hidden == {"access_token", "refresh_token", "device"}
    assert "Path=/api;" in cookies["refresh_token"]


async def test_five_tries_for_a_code(api: Api, client: httpx.AsyncClient) -> None:
    """After five wrong codes the right one is refused too."""
    code = await sign_up(api, client)
    for _ in range(5):
        assert (await verify(client, other_code(code))).status_code == 400
    assert (await verify(client, code)).status_code == 400


async def test_a_code_works_once(api: Api, client: httpx.AsyncClient) -> None:
    """A used code is refused like a wrong one."""
    code = await sign_up(api, client)
    assert (await verify(client, code)).status_code == 200
    client.cookies.clear()
    assert (await verify(client, code)).status_code == 400


async def test_the_password_of_the_entered_code_counts(api: Api, client: httpx.AsyncClient) -> None:
    """Who signs up with somebody else's address gains nothing: the owner's code brings the owner's password."""
    await sign_up(api, client, password="the intruder's password")
    code = await sign_up(api, client, password="the owner's own password")
    assert (await verify(client, code)).status_code == 200
    client.cookies.clear()
    intruder = {"email": ADA, "password": "the intruder's password"}
    assert (await client.post("/api/v1/auth/login", json=intruder)).status_code == 401


async def test_resend_replaces_the_code(api: Api, client: httpx.AsyncClient) -> None:
    """A resent code works and the one before does not; a second resend within the minute sends nothing."""
    old = await sign_up(api, client)
    for _ in range(2):
        assert (await client.post("/api/v1/auth/resend-verification", json={"email": ADA})).status_code == 202
    mails = await mails_to(api, ADA)
    assert len(mails) == 2
    assert (await verify(client, old)).status_code == (200 if old == mails[0]["code"] else 400)
    assert (await verify(client, mails[0]["code"])).status_code == 200


async def test_known_and_unknown_addresses_get_the_same_answers(
    api: Api, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    """Sign-up, resend and log-in never tell whether an address has an account."""
    await sign_in("ada")
    answers: dict[str, list[Any]] = {}
    for email in (ADA, "nobody@example.com"):
        signup = await client.post("/api/v1/auth/signup", json={"email": email, "password": PASSWORD})
        resend = await client.post("/api/v1/auth/resend-verification", json={"email": email})
        login = await client.post("/api/v1/auth/login", json={"email": email, "password": "not the password at all"})
        error = login.json()["error"]
        answers[email] = [signup.status_code, sorted(signup.json()), resend.status_code, login.status_code]
        answers[email] += [error["code"], error["message"], error["details"]]
    assert answers[ADA] == answers["nobody@example.com"]
    assert [mail["code"] for mail in await mails_to(api, ADA)] == [None]


async def test_login_before_verification(api: Api, client: httpx.AsyncClient) -> None:
    """The right password of an unconfirmed address is told to confirm; the wrong one learns nothing."""
    await sign_up(api, client)
    right = await client.post("/api/v1/auth/login", json={"email": ADA, "password": PASSWORD})
    assert (right.status_code, right.json()["error"]["code"]) == (403, "EMAIL_NOT_VERIFIED")
    wrong = await client.post("/api/v1/auth/login", json={"email": ADA, "password": "some other password"})
    assert wrong.status_code == 401


@pytest.mark.parametrize(
    "password",
    ["short", "aaaaaaaaaaaaaaaaaaaa", "passwordpassword", "ada@example.comx", "x" * 129, "123456789012345678"],
)
async def test_bad_passwords(client: httpx.AsyncClient, password: str) -> None:
    """A password that is short, repetitive, common or the address itself is refused with a reason, never repeated."""
    answer = await client.post("/api/v1/auth/signup", json={"email": ADA, "password": password})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["details"][0]["field"] == "password"
    assert password not in error["message"]


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "no address", "password": PASSWORD}, {"email": ADA}, {"email": ADA, "password": 7}, [], "x", None,
     {"email": ADA, "password": PASSWORD, "role": "admin"}, {"email": {"$ne": ""}, "password": PASSWORD},
     {"email": ADA, "password": "\ud800" * 20}, {"email": ADA, "password": PASSWORD, "name": "<script>"}],
)  # fmt: skip
async def test_bad_bodies_are_400(client: httpx.AsyncClient, body: Any) -> None:
    """T13: unknown fields, wrong types and operators are bad input, never a server error, and are not echoed."""
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/api/v1/auth/signup", content=json.dumps(body).encode(), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert PASSWORD not in answer.text


async def test_login_is_limited_per_account_and_network(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """Five log-ins a minute for one account; another account from the same network is not locked out by it."""
    wrong = {"email": "bob@example.com", "password": "some other password"}
    statuses = [(await client.post("/api/v1/auth/login", json=wrong)).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    await sign_in("ada")


async def test_logout_ends_the_session_at_once(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """After log-out neither access nor refresh token is worth anything."""
    ada = await sign_in("ada")
    token, cookies = ada.cookies["access_token"], dict(ada.cookies)
    assert (await ada.post("/api/v1/auth/logout")).status_code == 204
    assert "access_token" not in ada.cookies
    bearer = await client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert bearer.status_code == 401
    client.cookies.update(cookies)
    again = await client.post("/api/v1/auth/refresh", headers={"X-CSRF-Token": cookies["csrf_token"]})
    assert again.status_code == 401


async def test_profile_can_be_renamed(sign_in: SignIn) -> None:
    """PUT /auth/profile changes the name and nothing else."""
    ada = await sign_in("ada")
    answer = await ada.put("/api/v1/auth/profile", json={"name": "  Countess  "})
    assert answer.json()["name"] == "Countess"
    assert (await ada.put("/api/v1/auth/profile", json={"name": "x", "role": "admin"})).status_code == 400
