import asyncio
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.features.auth.two_factor.codes import STEP_SECONDS, matching_step, totp
from fixtures.accounts import prove as prove_act
from fixtures.api import PASSWORD, SignIn, client_of
from fixtures.confirming import confirming
from fixtures.second_factors import (
    AuthenticatorApp,
    begin_log_in,
    enable_totp,
    open_challenges,
    prove,
    stop_clock,
    use_at_once,
)

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    """The last six digits of the RFC's SHA-1 test vectors."""
    assert totp(RFC_SECRET, seconds // STEP_SECONDS) == code


@pytest.mark.parametrize(("drift", "accepted"), [(0, [0]), (1, [-1, 0, 1])])
def test_t17_drift_is_bounded(drift: int, accepted: list[int]) -> None:
    """T17: a code counts in its own step and in as many beside it as the settings say."""
    now = 1_800_000_000_000
    step = now // 1000 // STEP_SECONDS
    found = [off for off in range(-3, 4) if matching_step(RFC_SECRET, totp(RFC_SECRET, step + off), now, drift)]
    assert found == accepted


async def test_setting_an_authenticator_up(api: Api, sign_in: SignIn) -> None:
    """Set-up shows secret, URI and QR code; the first code puts it in force and brings ten recovery codes."""
    ada = await sign_in("ada")
    assert (await ada.get("/api/v1/auth/2fa/status")).json()["enabled"] is False
    clock = stop_clock(api)
    setup = (await ada.post("/api/v1/auth/2fa/setup", auth=confirming(ada))).json()
    uri = urlsplit(setup["otpauth_uri"])
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/CryptoVault:ada@example.com")
    assert parse_qs(uri.query)["secret"] == [setup["secret"]]
    assert setup["qr_svg"].startswith("data:image/svg+xml")
    assert (await ada.get("/api/v1/auth/2fa/status")).json()["enabled"] is False
    _, codes, _ = await enable_totp(api, ada)
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 for code in codes)
    status = (await ada.get("/api/v1/auth/2fa/status")).json()
    assert (status["enabled"], status["totp"], status["recovery_codes_left"]) == (True, True, 10)
    assert clock is api.services.clock
    assert (await ada.post("/api/v1/auth/2fa/setup", auth=confirming(ada))).status_code == 409


async def test_a_set_up_needs_the_right_code_in_time(api: Api, sign_in: SignIn) -> None:
    """A wrong code, no set-up at all and one older than 15 minutes put nothing in force."""
    ada = await sign_in("ada")
    clock = stop_clock(api)
    assert (await ada.post("/api/v1/auth/2fa/verify", json={"code": "123456"})).status_code == 409
    secret = (await ada.post("/api/v1/auth/2fa/setup", auth=confirming(ada))).json()["secret"]
    app = AuthenticatorApp(secret, clock)
    assert (await ada.post("/api/v1/auth/2fa/verify", json={"code": app.wrong()})).status_code == 400
    await api.services.db["second_factors"].update_one(
        {}, [{"$set": {"pending.made_at": {"$subtract": ["$pending.made_at", 16 * 60_000]}}}]
    )
    assert (await ada.post("/api/v1/auth/2fa/verify", json={"code": app.code()})).status_code == 409


async def test_t16_the_password_alone_is_not_enough(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T16: with an authenticator set up, the password gets a challenge and neither token nor cookie."""
    app, _, _ = await enable_totp(api, await sign_in("ada"))
    answer = await client.post("/api/v1/auth/login", json={"email": "ada@example.com", "password": PASSWORD})
    asked = answer.json()
    assert (asked["second_factor_required"], asked["methods"]) == (True, ["totp", "recovery_code"])
    assert "access_token" not in asked
    assert answer.headers.get_list("set-cookie") == []
    assert (await client.get("/api/v1/auth/me")).status_code == 401
    assert (await prove(client, asked["challenge"], method="totp", code=app.wrong())).status_code == 401
    proven = await prove(client, asked["challenge"], method="totp", code=app.code())
    assert proven.status_code == 200, proven.text
    assert (await client.get("/api/v1/auth/me")).json()["email"] == "ada@example.com"


@pytest.mark.parametrize("challenge", ["", "nonsense", "x" * 500, "../x", "*"])
async def test_t16_no_challenge_no_entry(api: Api, sign_in: SignIn, client: httpx.AsyncClient, challenge: str) -> None:
    """T16: the right code without a challenge that was given out opens nothing."""
    app, _, _ = await enable_totp(api, await sign_in("ada"))
    assert (await prove(client, challenge, method="totp", code=app.code())).status_code == 401


async def test_t16_a_challenge_is_bound_to_its_account(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T16: the challenge of one account is not answered by another account's code, nor twice by the right one."""
    ada_app, _, clock = await enable_totp(api, await sign_in("ada"))
    bob_app, _, _ = await enable_totp(api, await sign_in("bob"))
    asked = await begin_log_in(client, "ada")
    assert (await prove(client, asked["challenge"], method="totp", code=bob_app.code())).status_code == 401
    assert (await prove(client, asked["challenge"], method="totp", code=ada_app.code())).status_code == 200
    clock.move(seconds=STEP_SECONDS)
    client.cookies.clear()
    assert (await prove(client, asked["challenge"], method="totp", code=ada_app.code())).status_code == 401


async def test_t17_of_a_hundred_uses_of_one_code_one_is_accepted(api: Api, sign_in: SignIn) -> None:
    """T17: one code, sent a hundred times at once under challenges of its own, lets in once."""
    app, _, _ = await enable_totp(api, await sign_in("ada"))
    challenges = await open_challenges(api, "ada", 100)

    uses = (use_at_once(api, challenge, method="totp", code=app.code()) for challenge in challenges)
    statuses = Counter(await asyncio.gather(*uses))
    assert statuses[200] == 1
    assert set(statuses) <= {200, 401, 429}  # after five tries that were not right the others meet the lock


async def test_t17_a_used_code_and_earlier_ones_are_refused(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient
) -> None:
    """T17: steps only go forward: after a code, neither it nor the one before it is accepted; the next one is."""
    app, _, clock = await enable_totp(api, await sign_in("ada"))
    asked = await begin_log_in(client, "ada")
    assert (await prove(client, asked["challenge"], method="totp", code=app.code())).status_code == 200
    client.cookies.clear()
    asked = await begin_log_in(client, "ada")
    for steps in (0, -1):
        assert (await prove(client, asked["challenge"], method="totp", code=app.code(steps))).status_code == 401
    clock.move(seconds=STEP_SECONDS)
    assert (await prove(client, asked["challenge"], method="totp", code=app.code())).status_code == 200


async def test_t17_the_code_of_the_set_up_is_used_up(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T17: who looked over the shoulder at set-up cannot log in with what they saw."""
    app, _, _ = await enable_totp(api, await sign_in("ada"))
    asked = await begin_log_in(client, "ada")
    assert (await prove(client, asked["challenge"], method="totp", code=app.code(-1))).status_code == 401


async def test_t17_five_tries_lock_the_factor(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T17: after five wrong codes the right one is refused for 15 minutes; a recovery code works all the same."""
    app, recovery, clock = await enable_totp(api, await sign_in("ada"))
    api.services.rates.login = api.services.rates.login._replace(limit=1000)
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    for _ in range(5):
        assert (await prove(client, challenge, method="totp", code=app.wrong())).status_code == 401
    locked = await prove(client, challenge, method="totp", code=app.code())
    assert (locked.status_code, locked.json()["error"]["code"]) == (429, "FACTOR_LOCKED")
    assert 0 < int(locked.headers["retry-after"]) <= 901
    assert (await prove(client, challenge, method="recovery_code", code=recovery[0])).status_code == 200
    clock.move(minutes=15, seconds=1)
    client.cookies.clear()
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    assert (await prove(client, challenge, method="totp", code=app.code())).status_code == 200


async def test_t17_guesses_at_once_are_no_more_than_five(api: Api, sign_in: SignIn) -> None:
    """T17: fifty wrong codes at the same moment are five tries; the others meet the lock."""
    app, _, _ = await enable_totp(api, await sign_in("ada"))
    api.services.rates.login = api.services.rates.login._replace(limit=1000)
    async with client_of(api) as client:
        challenge = (await begin_log_in(client, "ada"))["challenge"]
        wrong = app.wrong()
        answers = await asyncio.gather(*(prove(client, challenge, method="totp", code=wrong) for _ in range(50)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {401: 5, 429: 45}


async def test_t23_other_sessions_end_with_a_change_of_factors(api: Api, sign_in: SignIn) -> None:
    """T23: setting an authenticator up and removing it ends every session but the one that did it."""
    thief, ada = await sign_in("ada"), await sign_in("ada")
    await enable_totp(api, ada)
    assert (await thief.get("/api/v1/auth/me")).status_code == 401
    assert (await ada.get("/api/v1/auth/me")).status_code == 200
    assert (await ada.post("/api/v1/auth/2fa/disable", auth=confirming(ada))).status_code == 204
    status = (await ada.get("/api/v1/auth/2fa/status")).json()
    assert (status["enabled"], status["recovery_codes_left"]) == (False, 0)
    assert (await ada.post("/api/v1/auth/2fa/disable", auth=confirming(ada))).status_code == 409


async def test_t16_a_session_alone_changes_no_factor(sign_in: SignIn) -> None:
    """T16: what changes second factors needs a proof for this very act, however young the session is."""
    ada = await sign_in("ada")
    for path in ("2fa/setup", "2fa/disable", "2fa/backup-codes", "passkeys/register/begin"):
        other = await prove_act(ada, "change_sign_in_methods")
        for headers in ({}, other):
            answer = await ada.post(f"/api/v1/auth/{path}", headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "STEP_UP_REQUIRED"), path
            assert answer.json()["error"]["details"] == {"act": "change_second_factor"}


async def test_t16_a_set_up_is_finished_where_it_was_begun(api: Api, sign_in: SignIn) -> None:
    """T16: another session of the same account cannot put somebody's half-finished authenticator in force."""
    ada, thief = await sign_in("ada"), await sign_in("ada")
    clock = stop_clock(api)
    app = AuthenticatorApp((await ada.post("/api/v1/auth/2fa/setup", auth=confirming(ada))).json()["secret"], clock)
    assert (await thief.post("/api/v1/auth/2fa/verify", json={"code": app.code()})).status_code == 409
    assert (await ada.post("/api/v1/auth/2fa/verify", json={"code": app.code()})).status_code == 200


async def test_t38_the_secret_is_sealed_at_rest(api: Api, sign_in: SignIn) -> None:
    """T38: neither the authenticator's secret nor a recovery code is readable in the database."""
    ada = await sign_in("ada")
    stop_clock(api)
    secret = (await ada.post("/api/v1/auth/2fa/setup", auth=confirming(ada))).json()["secret"]
    _, codes, _ = await enable_totp(api, ada)
    stored = str(await api.services.db["second_factors"].find({}).to_list())
    assert secret not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


async def test_owners_are_told(api: Api, sign_in: SignIn) -> None:
    """A mail says that two-factor authentication was switched on, and another one that it is off."""
    ada = await sign_in("ada")
    await enable_totp(api, ada)
    await ada.post("/api/v1/auth/2fa/disable", auth=confirming(ada))
    mails = await api.services.db["mails"].find({"to": "ada@example.com"}).to_list()
    assert [mail["subject"] for mail in mails] == [
        "Two-factor authentication is on",
        "Two-factor authentication is off",
    ]
