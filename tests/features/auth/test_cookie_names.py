"""Cookies over TLS: their names keep neighbouring hosts and the network from planting them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.settings import Settings
from fixtures.api import PASSWORD, SignIn

AUTH = "/api/v1/auth"


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    """As behind TLS."""
    return settings.model_copy(update={"cookie_secure": True})


@pytest.fixture(name="browser")
async def _browser(api: Api, sign_in: SignIn) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on https that has logged in to ada's account."""
    await sign_in("ada")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://localhost:8001") as client:
        answer = await client.post(f"{AUTH}/login", json={"email": "ada@example.com", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield client


async def test_names_say_how_a_cookie_was_set(browser: httpx.AsyncClient) -> None:
    """What goes to every path is `__Host-`, what goes to the API alone `__Secure-`, and the session works with them."""
    names = {cookie.name: cookie.path for cookie in browser.cookies.jar}
    assert names == {
        "__Host-access_token": "/",
        "__Host-csrf_token": "/",
        "__Secure-refresh_token": "/api",
        "__Secure-device": "/api",
    }
    headers = {"X-CSRF-Token": browser.cookies["__Host-csrf_token"]}
    assert (await browser.get(f"{AUTH}/me")).status_code == 200
    assert (await browser.post(f"{AUTH}/refresh", headers=headers)).status_code == 200
    headers = {"X-CSRF-Token": browser.cookies["__Host-csrf_token"]}
    assert (await browser.post(f"{AUTH}/logout", headers=headers)).status_code == 204
    assert {cookie.name for cookie in browser.cookies.jar} == {"__Secure-device"}


@pytest.mark.parametrize("prefix", ["", "__Secure-"])
async def test_t23_a_planted_cookie_does_not_count(browser: httpx.AsyncClient, api: Api, prefix: str) -> None:
    """T23: a token under a name that a neighbouring host could have set signs nobody in."""
    token = browser.cookies["__Host-access_token"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://localhost:8001") as victim:
        victim.cookies.set(f"{prefix}access_token", token)
        assert (await victim.get(f"{AUTH}/me")).status_code == 401
        victim.cookies.set("__Host-access_token", token)
        assert (await victim.get(f"{AUTH}/me")).status_code == 200
