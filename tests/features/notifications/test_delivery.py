"""From a request to the reader's mailbox: the provider's state is never the request's."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.infra.mail import Mail
from cryptovault.settings import Settings
from fixtures.api import PASSWORD
from fixtures.deliveries import delivering
from fixtures.post_office import PostOffice, post_office

ADA = "ada@example.com"
DEAD = r'outbox_dead{channel="mail",fault="recipient",worker="outbox-\d+"} 1.0'


@pytest.fixture(name="office")
async def _office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture(name="settings")
def _settings(settings: Settings, office: PostOffice) -> Settings:
    plain = {"email_service": "smtp", "smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_tls": "none"}
    return settings.model_copy(update=plain)


async def arrived(office: PostOffice, number: int) -> None:
    """Wait until so many mails are there."""
    async with asyncio.timeout(20):
        while len(office.arrived) < number:
            await asyncio.sleep(0.02)


async def sign_up(client: httpx.AsyncClient, email: str = ADA) -> httpx.Response:
    """Ask for an account."""
    return await client.post("/api/v1/auth/signup", json={"email": email, "password": PASSWORD})


async def test_f22_a_request_never_calls_the_provider(api: Api, client: httpx.AsyncClient, office: PostOffice) -> None:
    """A sign-up is answered with its mail in the outbox and not one connection made: a slow provider slows nobody."""
    assert (await sign_up(client)).status_code == 201
    assert office.connections == 0
    waiting = await api.services.db["outbox"].find({}).to_list()
    assert [(mail["to"], mail["kind"], mail["status"]) for mail in waiting] == [(ADA, "verify_code", "pending")]
    async with delivering(api):
        await arrived(office, 1)
    (mail,) = office.arrived
    body = mail.get_body(("html",))
    assert body is not None
    assert "It works for 10 minutes" in body.get_content()


async def test_f22_known_and_unknown_addresses_cost_one_insert_each(
    api: Api, client: httpx.AsyncClient, office: PostOffice
) -> None:
    """Reset mails for an account and for nobody are both written to the outbox; one of them arrives."""
    services = api.services
    for decoy in (False, True):
        values = {"url": "https://exchange.org/reset?token=x", "minutes": 15}
        await services.mailer.send(Mail(f"{decoy}@example.com", kind="password_reset", values=values, decoy=decoy))
    assert await services.db["outbox"].count_documents({}) == 2
    async with delivering(api):
        await arrived(office, 1)
        await asyncio.sleep(1)
    assert [mail["To"] for mail in office.arrived] == ["False@example.com"]
    assert (await client.get("/api/v1/health")).json()["checks"]["outbox"]["status"] == "ok"


@pytest.fixture(name="dead_end")
def _dead_end() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield listener.getsockname()[1]


class TestProviderHangs:
    """A provider that takes connections and never answers."""

    @pytest.fixture(name="settings")
    def _settings(self, settings: Settings, dead_end: int) -> Settings:
        return settings.model_copy(update={"smtp_port": dead_end})

    async def test_f22_sign_ups_go_on_while_the_provider_hangs(self, api: Api, client: httpx.AsyncClient) -> None:
        """With deliveries stuck at a silent provider, sign-ups are answered and their mails wait, none lost."""
        async with delivering(api):
            await api.services.mailer.send(Mail("first@example.com", "Subject", "text"))
            await asyncio.sleep(0.6)
            for number in range(5):
                assert (await sign_up(client, f"{number}@example.com")).status_code == 201
        stored = await api.services.db["outbox"].find({}).to_list()
        assert [mail["status"] for mail in stored] == ["pending"] * 6


async def test_the_phrase_is_in_every_mail(api: Api, office: PostOffice) -> None:
    """The account's phrase is looked up at delivery, by address or by the account the mail is about."""
    services = api.services
    await services.db["users"].insert_one({"_id": "a" * 24, "email": ADA, "anti_phishing_phrase": "blue heron 42"})
    await services.mailer.send(Mail(ADA, kind="password_changed"))
    await services.mailer.send(Mail("new@example.com", kind="password_changed", user_id="a" * 24))
    await services.mailer.send(Mail("nobody@example.com", kind="account_exists"))
    async with delivering(api):
        await arrived(office, 3)
    shown = {mail["To"]: "blue heron 42" in mail.as_string() for mail in office.arrived}
    assert shown == {ADA: True, "new@example.com": True, "nobody@example.com": False}


async def test_dead_letters_are_seen(api: Api, client: httpx.AsyncClient, office: PostOffice) -> None:
    """A refused mail shows in health and in the metrics; a wrong address is no trouble of the exchange."""
    office.on_rcpt = lambda _to: "550 5.1.1 No such user"
    await api.services.mailer.send(Mail("typo@example.com", "Subject", "text"))
    async with delivering(api), asyncio.timeout(20):
        while "1 given up" not in (found := (await client.get("/api/v1/health")).json()["checks"]["outbox"])["detail"]:
            await asyncio.sleep(0.2)
        assert found["status"] == "ok"
        while not re.search(DEAD, text := (await client.get("/metrics")).text):
            await asyncio.sleep(0.2)
    assert re.search(r'outbox_deliveries_total{channel="mail",outcome="dead",worker="outbox-\d+"} 1.0', text)
