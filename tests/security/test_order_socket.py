"""Who gets to trade on /ws/orders, and how soon somebody who may not any more is out (T11, T22, T24)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets

from cryptovault.features.orders import socket, sockets
from cryptovault.kit.api_keys import Scope
from fixtures.api import serving
from fixtures.signing import Program
from security.cast import Cast, Person

ORIGIN = "http://localhost:8001"


@pytest.fixture(name="address")
async def _address(cast: Cast) -> AsyncIterator[str]:
    """Where the order socket of a real server is."""
    async with serving(cast.venue.app) as url:
        yield url.replace("http", "ws") + "/ws/orders"


def cookies(person: Person, **headers: str) -> dict[str, str]:
    """What a browser sends."""
    return {"Cookie": f"access_token={person.token}; csrf_token={person.csrf}"} | headers


def signed(program: Program, method: str = "GET", path: str = "/ws/orders") -> dict[str, str]:
    """The headers of a signed handshake."""
    request = httpx.Request(method, f"http://localhost{path}")
    return {name.decode(): value.decode() for name, value in program.headers(request).items()}


async def denied(address: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and code with which a handshake is refused."""
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(address, additional_headers=headers):
            pass
    response = refused.value.response
    return response.status_code, json.loads(response.body)["error"]["code"]


async def ask(ws: websockets.ClientConnection, method: str, **params: Any) -> dict[str, Any]:
    """One request and its answer."""
    await ws.send(json.dumps({"id": 1, "method": method, "params": params}))
    answer: dict[str, Any] = json.loads(await asyncio.wait_for(ws.recv(), 10))
    return answer


async def trades(address: str, headers: dict[str, str]) -> bool:
    """Whether the handshake alone lets its sender trade."""
    async with websockets.connect(address, additional_headers=headers) as ws:
        return (await ask(ws, "cancel_all"))["status"] == 200


async def test_t24_who_is_let_in(cast: Cast, address: str) -> None:
    """A session by token, or by cookie with our own Origin, and a key that may trade; nobody else."""
    ada = await cast.person()
    trader, reader = await cast.program(Scope.TRADE), await cast.program(Scope.READ)
    host = address.split("/")[2]
    assert await trades(address, {"Authorization": f"Bearer {ada.token}"})
    assert await trades(address, cookies(ada, Origin=f"http://{host}"))
    assert await trades(address, signed(trader))
    assert await denied(address, signed(reader)) == (403, "AUTHORIZATION_ERROR")
    forged = ada.token[:-43] + ada.token[:-44:-1]  # the signature is its last 43 characters
    assert await denied(address, {"Authorization": f"Bearer {forged}"}) == (401, "AUTHENTICATION_ERROR")
    assert await denied(address, signed(trader, path="/ws/stream")) == (401, "AUTHENTICATION_ERROR")


async def test_t22_a_foreign_page_gets_nowhere(cast: Cast, address: str) -> None:
    """A cookie counts only with the Origin of our own page, and no other Origin is let in at all."""
    ada = await cast.person()
    host = address.split("/")[2]
    for origin in ("https://evil.net", "null", f"https://{host}.evil.net", f"http://evil.net/{host}", "", "file://"):
        assert (await denied(address, cookies(ada, Origin=origin)))[0] == 403, origin
    assert await denied(address, cookies(ada)) == (403, "CSRF_FAILED")
    bearer = {"Authorization": f"Bearer {ada.token}", "Origin": "https://evil.net"}
    assert await denied(address, bearer) == (403, "CSRF_FAILED")


async def test_a_signature_opens_one_connection(cast: Cast, address: str) -> None:
    """T34: the headers of a signed handshake are good once."""
    headers = signed(await cast.program(Scope.TRADE))
    assert await trades(address, headers)
    assert await denied(address, headers) == (401, "AUTHENTICATION_ERROR")


async def test_a_token_message_signs_in(cast: Cast, address: str) -> None:
    """Without credentials in the handshake the first message is `login`; anything else, or a bad token, ends it."""
    ada, bob = await cast.person(), await cast.person()
    async with websockets.connect(address) as ws:
        told = await ask(ws, "login", token=ada.token)
        assert told["result"]["user_id"] == ada.id
        assert (await ask(ws, "cancel_all"))["status"] == 200
        assert (await ask(ws, "login", token=bob.token))["error"]["code"] == "AUTHORIZATION_ERROR"
        assert (await ask(ws, "cancel_all"))["status"] == 200
    for method, params in (("cancel_all", {}), ("login", {"token": "x"}), ("login", {}), ("login", {"token": 5})):
        async with websockets.connect(address) as ws:
            assert (await ask(ws, method, **params))["status"] in {400, 401}
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(ws.recv(), 5)


async def test_strangers_do_not_stay(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who never signs in is let go."""
    monkeypatch.setattr(socket, "LOGIN_SECONDS", 0.1)
    async with websockets.connect(address) as ws:
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(ws.recv(), 5)


async def test_a_revoked_session_is_out_within_two_seconds(cast: Cast, address: str) -> None:
    """T20: the connection is closed as soon as its session is over, and its orders are refused."""
    ada = await cast.person()
    async with websockets.connect(address, additional_headers={"Authorization": f"Bearer {ada.token}"}) as ws:
        assert (await ask(ws, "cancel_all"))["status"] == 200
        assert (await ada("POST", "/api/v1/auth/logout")).status_code < 300
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(ws.recv(), 2)


async def test_a_deleted_key_is_out_within_two_seconds(cast: Cast, address: str) -> None:
    """T34: the same for an API key, even where the message about it was missed."""
    owner = await cast.person()
    program = await cast.program_of(owner)
    async with websockets.connect(address, additional_headers=signed(program)) as ws:
        assert (await ask(ws, "cancel_all"))["status"] == 200
        await cast.services.db["api_keys"].delete_one({"_id": program.key_id})
        async with asyncio.timeout(3):
            while (answer := await ask(ws, "cancel_all"))["status"] == 200:
                await asyncio.sleep(0.1)
        assert answer["error"]["code"] == "AUTHENTICATION_ERROR"
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(ws.recv(), 2)


async def test_connections_are_bounded(cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One account has so many connections and no more, and so has the worker."""
    monkeypatch.setattr(sockets, "MAX_OF_ONE", 1)
    ada, bob = await cast.person(), await cast.person()
    bearer = {"Authorization": f"Bearer {ada.token}"}
    async with websockets.connect(address, additional_headers=bearer) as ws:
        assert (await ask(ws, "ping"))["status"] == 200
        assert await denied(address, bearer) == (503, "OVERLOADED")
        async with websockets.connect(address) as other:
            assert (await ask(other, "login", token=ada.token))["error"]["code"] == "OVERLOADED"
        monkeypatch.setattr(sockets, "MAX_CONNECTIONS", 1)
        assert await denied(address, {"Authorization": f"Bearer {bob.token}"}) == (503, "OVERLOADED")
