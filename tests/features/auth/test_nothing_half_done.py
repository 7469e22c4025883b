"""Log-in with a second factor when something below fails in the middle of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.infra.clock import SystemClock
from cryptovault.kit import afterwards
from cryptovault.kit.audit import PATIENCE, AuditLog
from fixtures.accounts import kinds_of
from fixtures.api import PASSWORD, SignIn
from fixtures.second_factors import begin_log_in, enable_totp, prove

Refusing = Callable[[str, dict[str, object]], AbstractAsyncContextManager[None]]


@pytest.fixture(name="refusing")
async def _refusing(api: Api) -> Refusing:
    """Have the database refuse to store documents of a collection that do not match, for a while."""

    @asynccontextmanager
    async def refusing(collection: str, unless: dict[str, object]) -> AsyncIterator[None]:
        db = api.services.db
        await db.command("collMod", collection, validator=unless)
        try:
            yield
        finally:
            await db.command("collMod", collection, validator={})

    return refusing


@pytest.mark.parametrize("method", ["totp", "recovery_code"])
async def test_t17_who_is_not_let_in_has_lost_no_code(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, refusing: Refusing, method: str
) -> None:
    """T17: where no session can be stored the request fails, and the same code lets in afterwards, once."""
    app, recovery, _ = await enable_totp(api, await sign_in("ada"))
    code = app.code() if method == "totp" else recovery[0]
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    async with refusing("sessions", {"never": True}):
        assert (await prove(client, challenge, method=method, code=code)).status_code == 503
    assert (await prove(client, challenge, method=method, code=code)).status_code == 200
    client.cookies.clear()
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    assert (await prove(client, challenge, method=method, code=code)).status_code == 401


async def test_who_was_let_in_stays_in_when_the_log_fails(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, refusing: Refusing
) -> None:
    """A security log that takes nothing for a moment does not undo a sign-in."""
    app, _, _ = await enable_totp(api, ada := await sign_in("ada"))
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    async with refusing("audit_log", {"kind": {"$ne": "signed_in"}}):
        proven = await prove(client, challenge, method="totp", code=app.code())
        assert proven.status_code == 200, proven.text
        assert (await client.get("/api/v1/auth/me")).status_code == 200
    user_id: str = ada.user_id  # type: ignore[attr-defined]
    assert "second_factor_accepted" in await kinds_of(api, user_id)


async def test_a_proof_without_its_token_is_not_used_up(api: Api, sign_in: SignIn, refusing: Refusing) -> None:
    """Step-up: where the token of the act cannot be stored, the code of the proof works again."""
    app, _, _ = await enable_totp(api, ada := await sign_in("ada"))
    body = {"act": "change_email", "method": "totp", "code": app.code()}
    async with refusing("step_ups", {"never": True}):
        assert (await ada.post("/api/v1/auth/step-up", json=body)).status_code == 503
    assert (await ada.post("/api/v1/auth/step-up", json=body)).status_code == 200
    assert (await ada.post("/api/v1/auth/step-up", json=body)).status_code == 400


async def test_t16_a_new_password_ends_sign_ins_that_wait(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T16: a challenge that was given for the old password is worth nothing after a change of it."""
    app, _, clock = await enable_totp(api, ada := await sign_in("ada"))
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    proof = await ada.post(
        "/api/v1/auth/step-up", json={"act": "change_password", "method": "totp", "code": app.code()}
    )
    changed = await ada.post(
        "/api/v1/auth/change-password",
        json={"current_password": PASSWORD, "new_password": "four other words now"},
        headers={"X-Step-Up": proof.json()["token"]},
    )
    assert changed.status_code == 204, changed.text
    clock.move(seconds=30)
    assert (await prove(client, challenge, method="totp", code=app.code())).status_code == 401


async def test_a_sign_in_is_told_though_its_worker_dies(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, refusing: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is gone right after the sign-in leaves its record to others, who append it once."""
    app, _, clock = await enable_totp(api, ada := await sign_in("ada"))
    user_id: str = ada.user_id  # type: ignore[attr-defined]
    before = await kinds_of(api, user_id)
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    monkeypatch.setattr(afterwards, "_TRIES", 1)
    async with refusing("audit_log", {"never": True}):
        assert (await prove(client, challenge, method="totp", code=app.code())).status_code == 200
    assert await kinds_of(api, user_id) == before
    db, settings = api.services.db, api.settings
    others = [AuditLog(settings, db, clock) for _ in range(8)]
    clock.now = SystemClock().now_ms() + int(PATIENCE.total_seconds() * 1000) + 1
    await asyncio.gather(*(log.keep_all() for log in others))
    added = (await kinds_of(api, user_id))[len(before) :]
    assert sorted(set(added) - {"new_device"}) == ["second_factor_accepted", "signed_in"]
    assert len(added) == len(set(added))
    assert (await others[0].verify()).problems == []
    assert await db["audit_promises"].count_documents({}) == 0
