"""A lost second factor without recovery codes: two administrators, seven days, a link that stops it (T16, T32)."""

import asyncio
from typing import Any

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.settings import Settings
from fixtures.accounts import kinds_of, log_in, mails_to, prove, token_in
from fixtures.api import SignIn
from fixtures.confirming import confirming
from fixtures.fake_clock import FakeClock
from fixtures.second_factors import AuthenticatorApp, begin_log_in, enable_totp
from fixtures.second_factors import prove as answer

URL = "/api/v1/admin/second-factor-resets"
ADA = "ada@example.com"
ASK = {"email": ADA, "identity_proof": "Video call; passport compared with the file"}


class Case:
    """Ada, who has lost everything, and the administrators of the house."""

    def __init__(
        self,
        api: Api,
        ada: httpx.AsyncClient,
        admins: list[httpx.AsyncClient],
        app: AuthenticatorApp,
        clock: FakeClock,
    ) -> None:
        self.api, self.ada, self.admins, self.app, self.clock = api, ada, admins, app, clock
        self.user_id: str = ada.user_id  # type: ignore[attr-defined]

    async def ask(self, admin: int = 0, email: str = ADA) -> httpx.Response:
        """Ask for it, proving who one is."""
        client = self.admins[admin]
        headers = await prove(client, "reset_second_factor") | bearer(client)
        return await client.post(URL, json=ASK | {"email": email}, headers=headers)

    async def approve(self, reset_id: str, admin: int = 1) -> httpx.Response:
        """Approve it, proving who one is."""
        client = self.admins[admin]
        headers = await prove(client, "reset_second_factor") | bearer(client)
        return await client.post(f"{URL}/approve", json={"reset_id": reset_id}, headers=headers)

    async def approved(self) -> dict[str, Any]:
        """Both administrators have agreed."""
        answer = await self.approve((await self.ask()).json()["id"])
        assert answer.status_code == 200, answer.text
        reset: dict[str, Any] = answer.json()
        return reset

    async def user(self) -> dict[str, Any]:
        """Ada's document."""
        found = await self.api.services.db["users"].find_one({"_id": self.user_id})
        assert found is not None
        return found


def bearer(client: httpx.AsyncClient) -> dict[str, str]:
    """The token with an administrator's rights."""
    return {"Authorization": f"Bearer {client.admin_token}"}  # type: ignore[attr-defined]


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    """Sessions outlast the seven days, so that it is the reset that ends them."""
    return settings.model_copy(update={"refresh_token_expire_days": 30})


@pytest.fixture(name="case")
async def _case(api: Api, sign_in: SignIn) -> Case:
    """Everybody is signed in; time stands."""
    rates = api.services.rates
    rates.login_network = rates.login_network._replace(limit=10_000)
    admins = [await sign_in(name) for name in ("rita", "sam")]
    for client in admins:
        identity = api.services.tokens.verify(client.cookies["access_token"].encode())
        await api.services.db["users"].update_one({"_id": identity.id}, {"$set": {"role": "admin"}})
        token = api.services.tokens.issue(identity.id, identity.session_id, "admin")
        client.admin_token = token  # type: ignore[attr-defined]
    ada = await sign_in("ada")
    app, _, clock = await enable_totp(api, ada)
    return Case(api, ada, admins, app, clock)


async def test_a_lost_factor_is_gone_after_seven_days(case: Case, client: httpx.AsyncClient) -> None:
    """Asked by one, approved by another: in seven days the password is enough, sessions end, withdrawals are locked."""
    reset = await case.approved()
    assert (reset["state"], reset["user_id"]) == ("approved", case.user_id)
    until = (await case.user())["withdrawals_locked_until"]
    assert until.timestamp() * 1000 == case.clock.now + 7 * 86_400_000
    case.clock.move(days=7, seconds=-1)
    await begin_log_in(client, "ada")
    case.clock.move(seconds=2)
    assert "access_token" in (await log_in(client, "ada")).json()
    assert (await case.ada.get("/api/v1/auth/me")).status_code == 401
    assert (await client.get("/api/v1/auth/2fa/status")).json()["enabled"] is False
    assert (await case.user())["withdrawals_locked_until"] > until
    told = await kinds_of(case.api, case.user_id)
    assert [kind for kind in told if kind.startswith("second_factor_reset")] == [
        f"second_factor_reset_{step}" for step in ("asked", "approved", "done")
    ]
    assert len(await mails_to(case.api, ADA, "two_factor_disabled")) == 1


async def test_the_owner_is_told_and_stops_it(case: Case, client: httpx.AsyncClient) -> None:
    """The owner gets a mail and a notice in the app, each with the link; it works once, and the factor stays."""
    await case.approved()
    notice = (await case.ada.get("/api/v1/notifications")).json()["items"][0]
    assert notice["kind"] == "second_factor_reset"
    assert notice["link"] == "/keep-second-factor"
    token = token_in((await mails_to(case.api, ADA, "second_factor_reset"))[0], "keep-second-factor")
    assert token not in str(await case.api.services.db["notices"].find({}).to_list())
    url = "/api/v1/auth/keep-second-factor"
    answers = await asyncio.gather(*(client.post(url, json={"token": token}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [204] + [400] * 9
    case.clock.move(days=8)
    await begin_log_in(client, "ada")
    assert "second_factor_reset_cancelled" in await kinds_of(case.api, case.user_id)


async def test_whoever_is_signed_in_stops_it_too(case: Case, client: httpx.AsyncClient) -> None:
    """The notice in the app needs no secret: its reader is signed in."""
    await case.approved()
    url = "/api/v1/auth/keep-my-second-factor"
    assert [(await case.ada.post(url)).status_code for _ in range(2)] == [204, 404]
    case.clock.move(days=8)
    await begin_log_in(client, "ada")


@pytest.mark.parametrize("state", ["asked", "approved"])
async def test_a_factor_that_is_used_is_not_lost(case: Case, client: httpx.AsyncClient, state: str) -> None:
    """T16: whoever proves the factor, or a recovery code, while a request is open ends it by that."""
    await (case.ask() if state == "asked" else case.approved())
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    assert (await answer(client, challenge, method="totp", code=case.app.code())).status_code == 200
    resets = await case.api.services.db["second_factor_resets"].find({}).to_list()
    assert [reset["state"] for reset in resets] == ["cancelled"]
    assert "second_factor_reset_cancelled" in await kinds_of(case.api, case.user_id)


async def test_t32_nobody_does_it_alone(case: Case, sign_in: SignIn) -> None:
    """T32: whoever asks does not approve, nobody acts on the own account, no user acts at all, no proof no act."""
    reset_id = (await case.ask()).json()["id"]
    assert (await case.approve(reset_id, admin=0)).status_code == 403
    assert (await case.ask(admin=1)).status_code == 409  # there is an open one
    assert (await case.ask(email="rita@example.com")).status_code == 403
    assert (await case.ask(email="sam@example.com")).status_code == 409  # has no second factor
    assert (await case.ask(email="nobody@example.com")).status_code == 404
    rita = case.admins[0]
    unproven = await rita.post(URL, json=ASK, headers=bearer(rita))
    assert unproven.json()["error"]["code"] == "STEP_UP_REQUIRED"
    eve = await sign_in("eve")
    for path in ("", "/approve", "/cancel"):
        body = ASK if not path else {"reset_id": reset_id}
        assert (await eve.post(URL + path, json=body, auth=confirming(eve))).status_code == 403
    assert (await eve.get(URL)).status_code == 403
    listed = (await rita.get(URL, headers=bearer(rita))).json()["items"]
    assert [(item["id"], item["state"]) for item in listed] == [(reset_id, "asked")]


async def test_an_administrator_withdraws_it(case: Case, client: httpx.AsyncClient) -> None:
    """What an administrator has stopped never takes effect, and can be asked for anew."""
    reset = await case.approved()
    rita = case.admins[0]
    body = {"reset_id": reset["id"]}
    assert (await rita.post(f"{URL}/cancel", json=body, headers=bearer(rita))).status_code == 204
    assert (await rita.post(f"{URL}/cancel", json=body, headers=bearer(rita))).status_code == 404
    case.clock.move(days=8)
    await begin_log_in(client, "ada")
    assert (await case.ask()).status_code == 201


async def test_a_settings_lock_is_waited_for(case: Case, client: httpx.AsyncClient) -> None:
    """A settings lock of 30 days is shortened by no staff: the factor stays until it is over."""
    locked = await case.ada.post("/api/v1/auth/settings-lock", json={"days": 30}, auth=confirming(case.ada))
    assert locked.status_code == 200, locked.text
    await case.approved()
    case.clock.move(days=29)
    await begin_log_in(client, "ada")
    case.clock.move(days=2)
    assert "access_token" in (await log_in(client, "ada")).json()


async def test_a_short_password_goes_with_the_factor(case: Case, client: httpx.AsyncClient) -> None:
    """A password that was good enough beside a second factor only is worth nothing without it."""
    await case.api.services.db["users"].update_one({"_id": case.user_id}, {"$set": {"short_password": True}})
    await case.approved()
    case.clock.move(days=8)
    assert "set a new password" in (await log_in(client, "ada")).json()["error"]["message"]
    assert (await log_in(client, "ada")).status_code == 401
