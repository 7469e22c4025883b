"""The Python client at a real exchange: what it holds is what the publisher told, whatever happens on the way."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import msgspec
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.kit.catalogue import Terms
from cryptovault_client import ApiKey, Event, Stream
from fixtures.api import SignIn
from fixtures.book_vectors import recorded
from fixtures.signing import new_key

BTC = Terms("BTC-USDT", "BTC", "USDT", 8, 8, 10**6)
TAPE = recorded(30, seed=9)


class Watched:
    """A client whose events are taken out and remembered."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.events: list[Event] = []

    async def follow(self) -> None:
        """Take events out for ever."""
        async for event in self.stream:
            self.events.append(event)

    async def until(self, there: Callable[[], bool]) -> None:
        """Wait for something to be so."""
        async with asyncio.timeout(10):
            while not there():
                await asyncio.sleep(0.01)

    async def until_book(self, step: int) -> None:
        """Wait for the book as it was after a step of the tape."""
        wanted = TAPE[step]["book"]
        await self.until(lambda: "BTC-USDT" in self.stream.books and self.stream.books["BTC-USDT"].seq == wanted["seq"])
        book = self.stream.books["BTC-USDT"]
        assert {"bids": book.bids, "asks": book.asks} == {"bids": wanted["bids"], "asks": wanted["asks"]}


@pytest.fixture(name="watched")
async def _watched(api: Api, live: str) -> AsyncIterator[Watched]:
    api.services.catalogue._markets = {"BTC-USDT": BTC}
    async with Stream(live) as stream:
        watched = Watched(stream)
        following = asyncio.create_task(watched.follow())
        yield watched
        following.cancel()


async def publish(api: Api, room: str, event: str, payload: Any) -> None:
    """What the publisher does."""
    frame = msgspec.msgpack.encode([room, event, 1, json.dumps(payload).encode()])
    while not await api.services.redis.publish("cv:events", frame):
        await asyncio.sleep(0.01)


async def play(api: Api, *steps: int) -> None:
    """Tell steps of the recorded book."""
    for step in steps:
        await publish(api, "book:BTC-USDT", TAPE[step]["event"], TAPE[step]["data"])


async def test_the_book_is_followed(api: Api, watched: Watched) -> None:
    """Snapshot and differences make the book, and each change is an event."""
    await play(api, 0, 1)
    await watched.stream.subscribe("book:BTC-USDT")
    await play(api, *range(2, 20))
    await watched.until_book(19)
    assert [event.data["seq"] for event in watched.events] == [step["data"]["seq"] for step in TAPE[1:20]]


async def test_rooms_that_do_not_exist_are_refused(watched: Watched) -> None:
    """The exchange's refusal is raised, and nothing is joined."""
    with pytest.raises(ValueError, match="known rooms"):
        await watched.stream.subscribe("book:NO-SUCH")


async def test_a_wrong_message_is_mended_by_a_snapshot(api: Api, watched: Watched) -> None:
    """Where what arrives does not add up, the client asks for the room again and gets it whole."""
    await play(api, 0, 1)
    await watched.stream.subscribe("book:BTC-USDT")
    await watched.until_book(1)
    for connection in api._stream.rooms._members["book:BTC-USDT"]:  # type: ignore[union-attr]
        wrong = json.dumps({"event": "book_delta", "room": "book:BTC-USDT", "data": TAPE[5]["data"]}).encode()
        connection.deliver(((wrong, b""), (wrong, bytes((0x81, 126)) + len(wrong).to_bytes(2) + wrong)))  # type: ignore[arg-type]
    await watched.until(lambda: len(watched.events) == 2)
    await play(api, 2, 3)
    await watched.until_book(3)


async def test_a_lost_connection_is_made_again(api: Api, watched: Watched) -> None:
    """After a break the client is back in its rooms with a snapshot, and goes on."""
    await play(api, 0, 1)
    await watched.stream.subscribe("book:BTC-USDT")
    await watched.until_book(1)
    for connection in list(api._stream.rooms._members["book:BTC-USDT"]):  # type: ignore[union-attr]
        connection.abort()
    await play(api, 2, 3, 4)
    await watched.until_book(4)
    await play(api, 5)
    await watched.until_book(5)


@pytest.mark.parametrize("by_key", [True, False])
async def test_the_account_is_read_again_after_a_gap(
    api: Api, live: str, sign_in: SignIn, client: httpx.AsyncClient, *, by_key: bool
) -> None:
    """Balances follow private messages; after a hole in their numbers they are read over HTTP, by key or by token."""
    ada = await sign_in("ada")
    program = await new_key(ada, client, scopes=["read"])
    key = ApiKey(program.key_id, str(program.secret))
    room, wallets = f"user:{ada.user_id}", api.services.db["wallets"]  # type: ignore[attr-defined]
    async with Stream(live, own=key if by_key else lambda: ada.cookies["access_token"]) as stream:
        watched = Watched(stream)
        following = asyncio.create_task(watched.follow())
        await watched.until(lambda: bool(api._stream and api._stream.rooms.occupied(room)))

        def balance(available: str, seq: int, user_seq: int) -> dict[str, Any]:
            return {"asset": "BTC", "available": available, "held": "0", "seq": seq, "user_seq": user_seq}

        await publish(api, room, "balance", balance("1", 5, 900))
        await publish(api, room, "balance", balance("2", 6, 901))
        await watched.until(lambda: stream.account.balances.get("BTC", {}).get("available") == "2")
        kept = {"BTC": {"available": "7", "held": "0"}, "USDT": {"available": "50", "held": "1"}}
        await wallets.insert_one({"_id": ada.user_id, "user_id": ada.user_id, "balances": kept, "seq": 8})  # type: ignore[attr-defined]
        await publish(api, room, "balance", balance("7", 8, 903))
        await watched.until(lambda: stream.account.balances.get("USDT", {}).get("available") == "50")
        assert stream.account.balances["BTC"]["available"] == "7"
        following.cancel()
