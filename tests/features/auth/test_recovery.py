import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.features.auth.links import Links, Purpose
from fixtures.accounts import NEW_PASSWORD, kinds_of, log_in, mails_to, prove, reset_token, token_in
from fixtures.api import PASSWORD, SignIn
from fixtures.second_factors import enable_totp

SPENT = {"valid": False, "password_min": 15}
ADA = "ada@example.com"
RESET = "/api/v1/auth/reset-password"


async def reset(client: httpx.AsyncClient, token: str, password: str = NEW_PASSWORD) -> httpx.Response:
    """Set a new password by a link."""
    return await client.post(RESET, json={"token": token, "password": password})


async def test_t18_a_new_password_by_mail(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T18: the link sets the password, ends every session, signs nobody in, and nothing is withdrawn for 24 hours."""
    ada = await sign_in("ada")
    token = await reset_token(api, client, ADA)
    assert (await client.get(f"/api/v1/auth/validate-reset-token/{token}")).json() == {
        "valid": True,
        "password_min": 15,
    }
    answer = await reset(client, token)
    assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)
    assert (await ada.get("/api/v1/auth/me")).status_code == 401
    assert (await log_in(client, "ada")).status_code == 401
    assert (await log_in(client, "ada", NEW_PASSWORD)).status_code == 200
    security = (await client.get("/api/v1/auth/security")).json()
    assert security["withdrawals_locked_by"] == "password_reset"
    user = await api.services.db["users"].find_one({"email": ADA})
    assert user is not None
    assert (user["withdrawals_locked_until"] - user["password_changed_at"]).total_seconds() == 86_400
    assert "password_reset" in await kinds_of(api, user["_id"])


async def test_t18_a_link_works_once(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T18: a used token, an older one of the same account and nonsense are refused alike."""
    await sign_in("ada")
    token = await reset_token(api, client, ADA)
    assert (await reset(client, token, "short")).status_code == 400
    assert (await reset(client, token)).status_code == 204
    for spent in (token, "x", "A" * 43):
        assert (await reset(client, spent)).status_code == 400
        assert (await client.get(f"/api/v1/auth/validate-reset-token/{spent}")).json() == SPENT


async def test_t18_of_a_hundred_resets_at_once_one_wins(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T18: of a hundred who redeem one token at the same moment one gets it."""
    await sign_in("ada")
    token = await reset_token(api, client, ADA)
    links, now = Links(api.services.db, api.settings), datetime.now(UTC)
    taken = await asyncio.gather(*(links.take(Purpose.RESET, token, now) for _ in range(100)))
    assert sum(link is not None for link in taken) == 1


async def test_t18_of_many_requests_at_once_one_wins(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T18: of many requests with one token and as many passwords one succeeds, and its password is the one in force."""
    await sign_in("ada")
    token = await reset_token(api, client, ADA)
    passwords = [f"number {number} of the plain words" for number in range(25)]
    answers = await asyncio.gather(*(reset(client, token, password) for password in passwords))
    won = [password for password, answer in zip(passwords, answers, strict=True) if answer.status_code == 204]
    assert len(won) == 1
    assert (await log_in(client, "ada", won[0])).status_code == 200


async def test_t18_the_host_header_is_not_believed(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T18: the link of the mail begins with APP_URL, whatever host the request names."""
    await sign_in("ada")
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    await client.post("/api/v1/auth/forgot-password", json={"email": ADA}, headers=headers)
    mail = (await mails_to(api, ADA, "password_reset"))[0]
    assert f"{api.settings.public_url}/reset-password#token=" in mail["text"]
    assert "evil.example" not in mail["text"] + mail["html"]


async def test_t18_the_second_factor_stays(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T18, T16: after a reset the second factor is asked for as before."""
    ada = await sign_in("ada")
    await enable_totp(api, ada)
    assert (await reset(client, await reset_token(api, client, ADA))).status_code == 204
    answer = await log_in(client, "ada", NEW_PASSWORD)
    assert answer.json()["second_factor_required"] is True
    assert "access_token" not in client.cookies


async def test_t18_the_token_is_nowhere(
    api: Api, client: httpx.AsyncClient, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """T18, A3: the token is kept as a hash, and no log line holds it."""
    await sign_in("ada")
    token = await reset_token(api, client, ADA)
    await client.get(f"/api/v1/auth/validate-reset-token/{token}")
    printed = capsys.readouterr()
    assert token not in printed.out + printed.err
    assert token not in str(await api.services.db["links"].find({}).to_list())


async def test_a_link_ends_with_its_time(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """An old link is refused even before the database has swept it away."""
    await sign_in("ada")
    token = await reset_token(api, client, ADA)
    now = api.services.clock.now_ms()
    later = now + api.settings.reset_token_minutes * 60_000 + 1
    api.services.clock.now_ms = lambda: later  # type: ignore[method-assign]
    assert (await reset(client, token)).status_code == 400


async def test_mails_are_limited(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """Asking twice within a minute sends one mail, and the answer does not tell."""
    await sign_in("ada")
    for _ in range(2):
        assert (await client.post("/api/v1/auth/forgot-password", json={"email": ADA})).status_code == 202
    assert len(await mails_to(api, ADA, "password_reset")) == 1


async def test_the_freeze_link_stops_everything(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """A sign-in from a new device is mailed with a link that ends all sessions and keeps everybody out."""
    await sign_in("ada")
    thief = await sign_in("ada")
    mail = (await mails_to(api, ADA, "new_device"))[0]
    token = token_in(mail, "freeze")
    assert (await client.post("/api/v1/auth/freeze", json={"token": token})).status_code == 204
    assert (await thief.get("/api/v1/auth/me")).status_code == 401
    answer = await log_in(client, "ada")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "ACCOUNT_FROZEN")
    assert (await log_in(client, "ada", "the wrong password")).status_code == 401
    assert (await client.post("/api/v1/auth/freeze", json={"token": token})).status_code == 400
    assert (await reset(client, await reset_token(api, client, ADA))).status_code == 204
    assert (await log_in(client, "ada", NEW_PASSWORD)).status_code == 200


async def test_a_known_device_is_not_announced(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """The first device and one that was seen before bring no mail."""
    await sign_in("ada")
    assert await mails_to(api, ADA, "new_device") == []
    for _ in range(2):
        assert (await log_in(client, "ada")).status_code == 200
    assert len(await mails_to(api, ADA, "new_device")) == 1


async def test_the_phrase_is_in_every_mail(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """The anti-phishing phrase that a user has chosen is shown in the next mail."""
    ada = await sign_in("ada")
    proof = await prove(ada, "change_phrase")
    answer = await ada.put("/api/v1/auth/anti-phishing-phrase", json={"phrase": "blue whale"}, headers=proof)
    assert answer.status_code == 204, answer.text
    await reset_token(api, client, ADA)
    assert "blue whale" in (await mails_to(api, ADA, "password_reset"))[0]["text"]
    assert (await ada.get("/api/v1/auth/security")).json()["anti_phishing_phrase"] == "blue whale"
    assert PASSWORD not in str(await mails_to(api, ADA))


async def test_owners_freeze_their_account_themselves(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """One click ends every session, this one too, and keeps everybody out until a new password was set by mail."""
    ada, elsewhere = await sign_in("ada"), await sign_in("ada")
    assert (await ada.post("/api/v1/auth/freeze-my-account")).status_code == 204
    for session in (ada, elsewhere):
        assert (await session.get("/api/v1/auth/me")).status_code == 401
    refused = await log_in(client, "ada")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "ACCOUNT_FROZEN")
    assert "account_frozen" in await kinds_of(api, ada.user_id)  # type: ignore[attr-defined]
    token = await reset_token(api, client, "ada@example.com")
    body = {"token": token, "password": NEW_PASSWORD}
    assert (await client.post("/api/v1/auth/reset-password", json=body)).status_code == 204
    assert (await log_in(client, "ada", NEW_PASSWORD)).status_code == 200
