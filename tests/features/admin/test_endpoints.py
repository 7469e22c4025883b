import asyncio
from collections import Counter
from unittest.mock import AsyncMock

import httpx
import pytest
from rich.console import Console

from cryptovault.entrypoints.administrators import Create, security_log, setup_token
from cryptovault.entrypoints.api import Api
from fixtures.accounts import kinds_of, log_in, mails_to
from fixtures.api import PASSWORD, SignIn

ADA = "ada@example.com"


async def set_up(client: httpx.AsyncClient, token: str, name: str = "ada") -> httpx.Response:
    """Use the setup token."""
    body = {"token": token, "email": f"{name}@example.com", "password": PASSWORD}
    return await client.post("/api/v1/admin/setup", json=body)


async def enter(client: httpx.AsyncClient, challenge: str, code: str) -> httpx.Response:
    """Answer an administrator's challenge."""
    body = {"challenge": challenge, "proof": {"method": "admin_code", "code": code}}
    return await client.post("/api/v1/auth/login/second-factor", json=body)


async def test_t15_the_token_works_once(api: Api, client: httpx.AsyncClient) -> None:
    """T15: the printed token makes the first administrator; afterwards neither it nor any other does anything."""
    token = await setup_token(api.settings)
    assert await setup_token(api.settings) == ""
    assert token not in str(await api.services.db["admin_setup"].find({}).to_list())
    assert (await set_up(client, "guessed")).status_code == 403
    assert (await client.get("/api/v1/admin/setup")).status_code == 204
    answer = await set_up(client, token)
    assert answer.status_code == 201, answer.text
    assert (await set_up(client, token, "eve")).status_code == 403
    assert (await client.get("/api/v1/admin/setup")).status_code == 404
    await api.services.db["admin_setup"].delete_many({})
    assert await setup_token(api.settings) == ""
    assert (await client.get("/api/v1/admin/setup")).status_code == 404
    assert "admin_created" in await kinds_of(api, answer.json()["user_id"])


async def test_t15_of_a_hundred_at_once_one_wins(
    api: Api, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T15: of a hundred uses of the token at the same moment one makes an administrator, and 99 are refused."""
    token = await setup_token(api.settings)
    monkeypatch.setattr(api.services.limiter, "check", AsyncMock())  # the rate class would let few of them through
    answers = await asyncio.gather(*(set_up(client, token, f"admin{number}") for number in range(100)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {201: 1, 403: 99}
    assert await api.services.db["users"].count_documents({"role": "admin"}) == 1


async def test_t15_a_taken_address_does_not_burn_the_token(
    api: Api, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    """T15: setting up with somebody's address is refused, makes nobody an administrator, and can be repeated."""
    await sign_in("ada")
    token = await setup_token(api.settings)
    assert (await set_up(client, token)).status_code == 409
    assert await api.services.db["users"].count_documents({"role": "admin"}) == 0
    assert (await set_up(client, token, "root")).status_code == 201


async def test_administrators_enter_a_code_on_top(api: Api, client: httpx.AsyncClient) -> None:
    """The password alone gives an administrator a challenge; the mailed code completes it, once."""
    await set_up(client, await setup_token(api.settings))
    answer = (await log_in(client, "ada")).json()
    assert (answer["second_factor_required"], answer["methods"]) == (True, ["admin_code"])
    code = str((await mails_to(api, ADA, "admin_code"))[0]["code"])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert (await enter(client, answer["challenge"], wrong)).status_code == 401
    entered = await enter(client, answer["challenge"], code)
    assert (entered.status_code, entered.json()["user"]["role"]) == (200, "admin")
    client.cookies.clear()
    assert (await enter(client, answer["challenge"], code)).status_code == 401


async def test_five_tries_at_the_code(api: Api, client: httpx.AsyncClient) -> None:
    """After five wrong codes the right one is refused too, with any challenge."""
    await set_up(client, await setup_token(api.settings))
    api.services.rates.login = api.services.rates.login._replace(limit=10_000)
    challenge = (await log_in(client, "ada")).json()["challenge"]
    code = str((await mails_to(api, ADA, "admin_code"))[0]["code"])
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert [(await enter(client, challenge, wrong)).status_code for _ in range(5)] == [401] * 5
    assert (await enter(client, challenge, code)).status_code == 429


async def test_admin_create_on_the_host(api: Api, sign_in: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line makes a new administrator, or an existing account one, and ends the setup token's life."""
    token, ada = await setup_token(api.settings), await sign_in("ada")
    console = Console()
    assert await Create("root@example.com", "short", "")(api.settings, console) == 1
    assert await Create("root at example.com", PASSWORD, "")(api.settings, console) == 1
    assert await Create("Root@Example.com", PASSWORD, "Root")(api.settings, console) == 0
    assert await Create(ADA, "not used at all here", "")(api.settings, console) == 0
    assert "its password stays as it was" in capsys.readouterr().out.replace("\n", " ")
    assert (await set_up(ada, token, "eve")).status_code == 403
    assert await api.services.db["users"].count_documents({"role": "admin"}) == 2
    session = await api.services.db["sessions"].find_one({"user_id": ada.user_id})  # type: ignore[attr-defined]
    assert session is not None
    assert session["reason"] == "role_changed"
    assert await security_log(api.settings, console) == 0
