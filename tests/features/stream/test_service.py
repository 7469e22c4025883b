import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from cryptovault.features.stream import policy
from cryptovault.features.stream.connection import Connection, form, forms, plain_text, socketio_text, text_frame
from cryptovault.features.stream.service import Rooms
from cryptovault.infra.metrics import ApiMetrics


@given(st.integers(0, 200_000))
def test_frames_are_read_by_the_library(size: int) -> None:
    """A text frame of any length is what a WebSocket library expects."""
    text = b"x" * size
    reader = StreamReader()
    reader.feed_data(text_frame(text))
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as done:
        next(parsing)
    frame = done.value.value
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, text)


def test_both_kinds_of_clients_are_told_the_same() -> None:
    """An event of Socket.IO is 42 and an array of name and payload; a plain one is an object with the same payload."""
    assert socketio_text("prices", b'{"a":1}') == b'42["prices",{"a":1}]'
    assert plain_text("prices", "prices", b'{"a":1}') == b'{"event":"prices","room":"prices","data":{"a":1}}'
    assert b"somebody" not in forms("user:somebody", "order", b"{}")[1].text


async def test_other_servers_get_messages_in_order() -> None:
    """Without a transport of uvicorn's, messages go through the server's own send, in order."""
    sent: list[str] = []

    async def send(message: Any) -> None:
        await asyncio.sleep(0)
        sent.append(message["text"])

    rooms, connection = Rooms(ApiMetrics()), Connection(send)
    rooms.add(connection)
    rooms.join(connection, ["trades:BTC-USDT"])
    for number in range(5):
        rooms.broadcast("trades:BTC-USDT", (form(str(number).encode()),) * 2)
    await asyncio.sleep(0.05)
    assert sent == ["0", "1", "2", "3", "4"]
    connection.abort()


async def test_other_servers_have_bounded_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    """J11: a client whose server does not take its messages is given up, with a reason, not collected for."""
    monkeypatch.setattr(policy, "MAX_UNSENT_MESSAGES", 3)
    closed = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "websocket.close":
            assert (message["code"], message["reason"]) == (policy.TOO_SLOW, policy.TOO_SLOW_REASON)
            closed.set()
        await asyncio.Event().wait()

    connection = Connection(send)
    taken = [connection.deliver((form(b"x"), form(b"x"))) for _ in range(6)]
    assert taken[0] is True
    assert taken[-1] is False
    connection.give_up()
    await asyncio.wait_for(closed.wait(), 5)
    connection.abort()


def test_nothing_is_left_of_those_who_leave() -> None:
    """A client that is gone is in no room and no index."""

    async def send(_message: Any) -> None:
        """Nobody is sent anything."""

    rooms = Rooms(ApiMetrics())
    connection = Connection(send, user_id="u", session_id="s")
    rooms.add(connection)
    rooms.join(connection, ["prices", "user:u"])
    assert rooms.of_session("s") == [connection]
    rooms.remove(connection)
    assert (rooms.count, rooms.of_session("s"), rooms._members, rooms._sessions) == (0, [], {}, {})
