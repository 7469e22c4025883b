"""T24: every kind of caller at the live stream, and every event."""

import asyncio
import json

import httpx
import pytest
import websockets

from fixtures.api import SignIn
from fixtures.signing import new_key

CALLERS = {
    "nobody": [],
    "user by token": ["user"],
    "user by cookie": ["user"],
    "key": [],
    "forged token": [],
}
"""Who connects, and the private rooms they are in without asking: an API key opens none."""


async def headers_of(who: str, ada: httpx.AsyncClient, client: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a handshake."""
    token = ada.cookies["access_token"]
    if who == "key":
        program = await new_key(ada, client, scopes=["read", "trade"])
        signed = program.headers(client.build_request("GET", "/socket.io/?EIO=4&transport=websocket"))
        return {name.decode(): value.decode() for name, value in signed.items()}
    return {
        "nobody": {},
        "user by token": {"Authorization": f"Bearer {token}"},
        "user by cookie": {"Cookie": f"access_token={token}"},
        "forged token": {"Authorization": f"Bearer {token[:-2]}AA"},
    }[who]


@pytest.mark.parametrize("who", CALLERS)
async def test_t24_callers_and_events(live: str, sign_in: SignIn, client: httpx.AsyncClient, who: str) -> None:
    """T24: each caller is in the rooms that are theirs, and no event lets anybody into another's."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    url = live.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(url, additional_headers=await headers_of(who, ada, client)) as ws:
        await ws.send("40")
        while not str(await ws.recv()).startswith("40"):
            pass
        await asyncio.sleep(0.1)
        assert await ask(ws, 1, "subscribe", {"rooms": []}) == {"ok": True, "rooms": CALLERS[who]}
        for room in (f"user:{bob.user_id}", f"user:{ada.user_id}", "user", "user:", "*", ["user"]):  # type: ignore[attr-defined]
            assert (await ask(ws, 2, "subscribe", {"rooms": [room]}))["ok"] is False
        for event in ("order", "balance", "message", "emit"):
            assert (await ask(ws, 3, event, {"room": f"user:{bob.user_id}"}))["ok"] is False  # type: ignore[attr-defined]


async def ask(ws: websockets.ClientConnection, number: int, event: str, content: object) -> dict[str, object]:
    """Send an event and give its acknowledgement."""
    await ws.send(f"42{number}{json.dumps([event, content])}")
    while True:
        text = str(await asyncio.wait_for(ws.recv(), 5))
        if text.startswith(f"43{number}["):
            answer: dict[str, object] = json.loads(text[3:])[0]
            return answer
