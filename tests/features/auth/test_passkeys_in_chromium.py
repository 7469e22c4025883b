import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

from cryptovault.entrypoints.api import Api, server_config
from cryptovault.settings import Settings
from e2e.product import chromium_path
from fixtures.api import PASSWORD, SignIn
from fixtures.confirming import confirming
from fixtures.ports import free_port

CHROMIUM = chromium_path()
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium; on Debian: sudo apt-get install chromium")

CREATE = """async options => (await navigator.credentials.create(
    {publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)})).toJSON()"""
GET = """async options => (await navigator.credentials.get(
    {publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)})).toJSON()"""


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    """A port that is known beforehand: passkeys belong to an origin."""
    return settings.model_copy(update={"app_url": f"http://localhost:{free_port()}"})


@pytest.fixture(name="page")
async def _page(api: Api) -> AsyncIterator[Page]:
    """A page of the exchange in Chromium, which has an authenticator of its own."""
    server = uvicorn.Server(server_config(api, lifespan="off"))
    port = int(api.settings.app_url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        async with async_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
            page = await browser.new_page()
            await page.goto(f"{api.settings.app_url}/health")
            await plug_in(page)
            yield page
            await browser.close()
        server.should_exit = True
        await task


async def plug_in(page: Page) -> None:
    """Give the browser an authenticator that verifies its user."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def test_a_real_browser_registers_and_signs_in(page: Page, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """Chromium makes a passkey from our options, signs in with it alone, and proves it as a second factor."""
    ada = await sign_in("ada")
    begun = (await ada.post("/api/v1/auth/passkeys/register/begin", auth=confirming(ada))).json()
    made = await page.evaluate(CREATE, begun["public_key"])
    added = await ada.post("/api/v1/auth/passkeys/register/finish", json={"credential": made, "name": "Chromium"})
    assert added.status_code == 201, added.text
    begun = (await client.post("/api/v1/auth/passkeys/login/begin")).json()
    credential = await page.evaluate(GET, begun["public_key"])
    answer = await client.post("/api/v1/auth/passkeys/login/finish", json={"credential": credential})
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["email"] == "ada@example.com"
    client.cookies.clear()
    asked = await client.post("/api/v1/auth/login", json={"email": "ada@example.com", "password": PASSWORD})
    credential = await page.evaluate(GET, asked.json()["passkey"])
    body = {"challenge": asked.json()["challenge"], "proof": {"method": "passkey", "credential": credential}}
    assert (await client.post("/api/v1/auth/login/second-factor", json=body)).status_code == 200
