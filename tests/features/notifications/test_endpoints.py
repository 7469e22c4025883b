"""Notices, choices and the Telegram link over HTTP."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import socketio

from cryptovault.entrypoints.api import Api
from cryptovault.features.notifications import repository
from cryptovault.infra.mail import Mail
from cryptovault.kit.notices import Category, Notice
from fixtures.api import SignIn
from fixtures.confirming import confirming

BASE = "/api/v1/notifications"
ALL = {"security": True, "money": True, "trading": True, "news": True}


def notice(client: httpx.AsyncClient, title: str = "New sign-in", **fields: Any) -> Notice:
    """Something that happened to the client's user."""
    user_id: str = client.user_id  # type: ignore[attr-defined]
    return Notice(user_id, fields.pop("category", Category.SECURITY), "new_device", title, **fields)


async def titles(client: httpx.AsyncClient, query: str = "") -> list[str]:
    """The titles of a page."""
    return [item["title"] for item in (await client.get(f"{BASE}{query}")).json()["items"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/read"),
        ("POST", "/0123/read"),
        ("GET", "/preferences"),
        ("PUT", "/preferences"),
        ("POST", "/telegram/link"),
        ("DELETE", "/telegram"),
    ],
)
async def test_a_stranger_is_told_nothing(client: httpx.AsyncClient, method: str, path: str) -> None:
    """Every route wants a signed-in user."""
    assert (await client.request(method, f"{BASE}{path}")).status_code == 401


async def test_notices_come_newest_first_in_pages(api: Api, sign_in: SignIn) -> None:
    """A page ends where the next begins, whatever the moment, and another user's notices are not in it."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    for number in range(5):
        await api.services.notices.tell(notice(ada, f"number {number}"))
    await api.services.notices.tell(notice(bob, "of bob"))
    first = (await ada.get(f"{BASE}?limit=3")).json()
    rest = (await ada.get(f"{BASE}?limit=3&cursor={first['next_cursor']}")).json()
    assert [item["title"] for item in first["items"] + rest["items"]] == [f"number {n}" for n in (4, 3, 2, 1, 0)]
    assert (first["unread"], rest["next_cursor"]) == (5, None)
    assert await titles(bob) == ["of bob"]


async def test_reading_one_and_all(api: Api, sign_in: SignIn) -> None:
    """One notice is read, then all; somebody else's does not exist."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    for number in range(3):
        await api.services.notices.tell(notice(ada, f"number {number}"))
    one = (await ada.get(BASE)).json()["items"][1]
    assert one["read"] is False
    assert (await bob.post(f"{BASE}/{one['id']}/read")).status_code == 404
    for _ in range(2):
        assert (await ada.post(f"{BASE}/{one['id']}/read")).json() == {"unread": 2}
    assert [item["read"] for item in (await ada.get(BASE)).json()["items"]] == [False, True, False]
    assert (await ada.post(f"{BASE}/read")).json() == {"unread": 0}


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMl0", "Wy0xLCJhIl0", "WzkyMjMzNzIwMzY4NTQ3NzU4MDYsImEiXQ"])
async def test_a_cursor_of_somebody_else_is_refused(sign_in: SignIn, cursor: str) -> None:
    """What is not a cursor of this list is bad input, not an error of ours."""
    ada = await sign_in("ada")
    assert (await ada.get(f"{BASE}?cursor={cursor}")).status_code == 400


async def test_security_mail_cannot_be_switched_off(api: Api, sign_in: SignIn) -> None:
    """The choice is refused; with everything else off, a security mail still goes out and another does not."""
    ada = await sign_in("ada")
    off = dict.fromkeys(ALL, False)
    refused = await ada.put(f"{BASE}/preferences", json={"mail": off, "telegram": off})
    assert (refused.status_code, refused.json()["error"]["details"][0]["field"]) == (400, "mail.security")
    chosen = await ada.put(f"{BASE}/preferences", json={"mail": off | {"security": True}, "telegram": off})
    assert chosen.status_code == 200
    assert chosen.json() == (await ada.get(f"{BASE}/preferences")).json()
    assert chosen.json()["mail"] == off | {"security": True}
    for category in (Category.SECURITY, Category.MONEY):
        mail = Mail("ada@example.com", f"about {category}", "text")
        await api.services.notices.tell(notice(ada, category=category, mail=mail))
    sent = await api.services.db["mails"].distinct("subject", {"to": "ada@example.com"})
    assert sent == ["about security"]
    assert len(await titles(ada)) == 2


async def test_a_notice_is_told_once(api: Api, sign_in: SignIn) -> None:
    """Of notices with the same key, one is kept and one mail goes out."""
    ada = await sign_in("ada")
    for _ in range(3):
        mail = Mail("ada@example.com", "Deposit", "text")
        await api.services.notices.tell(notice(ada, "Deposit", category=Category.MONEY, mail=mail, once="deposit/17"))
    assert await titles(ada) == ["Deposit"]
    assert await api.services.db["mails"].count_documents({"subject": "Deposit"}) == 1


async def test_a_notice_arrives_live(api: Api, live: str, sign_in: SignIn) -> None:
    """Whoever is connected gets the notice at once, the same as in the list; nobody else does."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    heard: dict[str, list[dict[str, Any]]] = {"ada": [], "bob": []}
    sockets = []
    for name, client in (("ada", ada), ("bob", bob)):
        socket = socketio.AsyncClient()
        socket.on("notice", heard[name].append)
        await socket.connect(live, transports=["websocket"], auth={"token": client.cookies["access_token"]})
        sockets.append(socket)
    await asyncio.sleep(0.2)
    async with asyncio.timeout(5):
        while not heard["ada"]:
            await api.services.notices.tell(notice(ada, once="the same"))
            await asyncio.sleep(0.05)
    assert heard["ada"] == (await ada.get(BASE)).json()["items"]
    assert heard["bob"] == []
    for socket in sockets:
        await socket.disconnect()


async def test_no_bot_no_link(sign_in: SignIn) -> None:
    """Without a bot there is nothing to link, and the preferences say so."""
    ada = await sign_in("ada")
    assert (await ada.post(f"{BASE}/telegram/link", auth=confirming(ada))).status_code == 409
    chat = (await ada.get(f"{BASE}/preferences")).json()["telegram_chat"]
    assert chat == {"available": False, "linked": False, "chat_name": "", "linked_at": None}


class TestWithBot:
    """An exchange that has a bot."""

    @pytest.fixture(name="settings")
    def _settings(self, settings: Any) -> Any:
        return settings.model_copy(update={"telegram_bot_token": type(settings.jwt_secret)("12345:" + "a" * 30)})

    async def test_a_link_names_the_bot_and_only_its_hash_is_kept(self, api: Api, sign_in: SignIn) -> None:
        """The nonce is in the answer alone; the link ends after ten minutes."""
        ada = await sign_in("ada")
        assert (await ada.post(f"{BASE}/telegram/link", auth=confirming(ada))).status_code == 503
        await repository.know_bot(api.services.db, {"username": "vault_bot"})
        answer = await ada.post(f"{BASE}/telegram/link", auth=confirming(ada))
        assert answer.status_code == 201
        found = re.fullmatch(r"https://t\.me/vault_bot\?start=([A-Za-z0-9_-]{32})", answer.json()["url"])
        assert found is not None
        stored = await api.services.db[repository.LINKS].find({}).to_list()
        assert len(stored) == 1
        assert found[1] not in str(stored)
        seconds = (stored[0]["expires_at"] - datetime.now(UTC)).total_seconds()
        assert 590 < seconds <= 600

    async def test_unlinking(self, api: Api, sign_in: SignIn) -> None:
        """After the chat is unlinked nothing is written to it."""
        ada = await sign_in("ada")
        db = api.services.db
        assert await repository.bind_chat(db, ada.user_id, "77", "ada", datetime.now(UTC))  # type: ignore[attr-defined]
        await api.services.notices.tell(notice(ada, "<first> & foremost", text="a < b"))
        assert (await ada.get(f"{BASE}/preferences")).json()["telegram_chat"]["linked"] is True
        assert (await ada.delete(f"{BASE}/telegram")).status_code == 204
        await api.services.notices.tell(notice(ada, "second"))
        messages = await db["outbox"].find({"channel": "telegram"}).to_list()
        assert [message["to"] for message in messages] == ["77"]
        claimed = await api.services.outbox.claim("telegram")
        assert claimed is not None
        assert claimed.body == {"html": "<b>&lt;first&gt; &amp; foremost</b>\na &lt; b"}
