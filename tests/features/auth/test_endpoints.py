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


@pytest.mark.parametrize("resent", [False, True])
async def test_t23_a_code_is_good_for_one_sign_up(api: Api, client: httpx.AsyncClient, resent: bool) -> None:
    """T23: who signs up with another's address, before or after its owner, gains nothing by the owner's code.

    The newest code in the mailbox may be of the intruder's sign-up: the owner's browser, which names its own, gets in
    with its own code only, and one that names none with none of them.
    """
    passwords = ("the intruder's password", "the owner's own password", "the intruder's other password")
    bodies = [{"email": ADA, "password": password} for password in passwords]
    signups = [(await client.post("/api/v1/auth/signup", json=body)).json() for body in bodies]
    owner = {"email": ADA, "user_id": signups[1]["user_id"]}
    if resent:
        assert (await client.post("/api/v1/auth/resend-verification", json=owner)).status_code == 202
    codes = [mail["code"] for mail in await mails_to(api, ADA)]
    right, intruders = (codes[0], codes[1]) if resent else (codes[1], codes[0])
    for tried, body in ((intruders, owner), (right, {"email": ADA}), (intruders, {"email": ADA})):
        assert (await client.post("/api/v1/auth/verify-email", json={**body, "code": tried})).status_code == 400
    entered = await client.post("/api/v1/auth/verify-email", json={**owner, "code": right})
    assert entered.status_code == 200, entered.text
    client.cookies.clear()
    statuses = [(await client.post("/api/v1/auth/login", json=bodies[whose])).status_code for whose in (0, 2, 1)]
    assert statuses == [401, 401, 200]


async def test_sign_ups_with_one_address_are_limited(client: httpx.AsyncClient) -> None:
    """Nobody fills a stranger's mailbox by signing up: ten sign-ups an hour write to an address."""
    body = {"email": ADA, "password": PASSWORD}
    statuses = [(await client.post("/api/v1/auth/signup", json=body)).status_code for _ in range(12)]
    assert statuses == [201] * 10 + [429] * 2


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


async def test_t19_a_sign_up_of_ones_own_tells_nothing(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T19: who has signed up with an address, and logs in with that password, hears the same if it has an account.

    Nor does that give new tries at the account's password.
    """
    await sign_in("ada")
    told = {}
    for email in (ADA, "nobody@example.com"):
        body = {"email": email, "password": "an intruder's own words"}
        await client.post("/api/v1/auth/signup", json=body)
        answers = [await client.post("/api/v1/auth/login", json=body) for _ in range(4)]
        told[email] = [(answer.status_code, answer.json()["error"]["code"]) for answer in answers]
    assert told[ADA] == told["nobody@example.com"]
    assert told[ADA] == [(403, "EMAIL_NOT_VERIFIED")] * 4
    counted = await api.services.db["login_failures"].find().to_list()
    assert sorted(count["fails"] for count in counted) == [4] * 4  # of two addresses: here, and over all networks


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


@pytest.mark.parametrize("sign", ["\n", "\x85", "\N{LINE SEPARATOR}", "\N{RIGHT-TO-LEFT OVERRIDE}", "<", "\x1b"])
async def test_names_stay_names(sign_in: SignIn, sign: str) -> None:
    """A name is one line that nobody can take for something else, wherever it is shown."""
    ada = await sign_in("ada")
    assert (await ada.put("/api/v1/auth/profile", json={"name": f"Ada{sign}Lovelace"})).status_code == 400


async def test_profile_can_be_renamed(sign_in: SignIn) -> None:
    """PUT /auth/profile changes the name and nothing else."""
    ada = await sign_in("ada")
    answer = await ada.put("/api/v1/auth/profile", json={"name": "  Countess  "})
    assert answer.json()["name"] == "Countess"
    assert (await ada.put("/api/v1/auth/profile", json={"name": "x", "role": "admin"})).status_code == 400
