"""/socket.io and /ws/prices: who may connect, what they may subscribe to."""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

import socketio
from redis.exceptions import RedisError

from cryptovault.features.stream import policy
from cryptovault.features.stream.arrivals import Arrivals
from cryptovault.features.stream.service import Connection, Rooms, Send, socketio_text, text_frame
from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.errors import NotAuthenticated
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Identity

Scope = dict[str, Any]
Receive = Any
Ack = dict[str, Any]

SOCKETIO_PATH = "/socket.io"
_NOT_ALLOWED, _TRY_LATER = 1008, 1013
_ROOM = re.compile(r"(ticker|book|trades):([A-Z0-9]{1,16}-[A-Z0-9]{1,16})")
_MARKET = re.compile(r"[A-Z0-9]{1,16}(-[A-Z0-9]{1,16})?")


class Stream:
    """The live side of one worker: an ASGI application for both kinds of connection."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.rooms = Rooms(services.metrics)
        self._connections: dict[str, Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            transports=["websocket"],  # long polling would need sticky sessions as soon as there are two workers
            cors_allowed_origins=self._allows,
            max_http_buffer_size=policy.MAX_MESSAGE_BYTES,
            ping_interval=policy.PING_SECONDS,
            ping_timeout=policy.PONG_SECONDS,
            async_handlers=False,
        )
        self._socketio = socketio.ASGIApp(self._server, socketio_path=SOCKETIO_PATH)
        for event in (self.connect, self.disconnect, self.subscribe, self.unsubscribe):
            self._server.on(event.__name__, event)
        self._server.on("*", self.anything)
        services.tokens.on_revoke(self.end_session)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection to /socket.io or /ws/prices."""
        if (
            max(len(self._server.eio.sockets), self.rooms.count) >= policy.MAX_CONNECTIONS
            and scope["type"] == "websocket"
        ):
            await receive()
            await send({"type": "websocket.close", "code": _TRY_LATER})
        elif scope["path"].startswith(SOCKETIO_PATH):
            await self._socketio(scope, Arrivals(receive, send, self._services.clock, readable=True), send)
        else:
            await self._plain(scope, Arrivals(receive, send, self._services.clock, readable=False), send)

    async def close(self) -> None:
        """Cut every connection."""
        for task in self._tasks:
            task.cancel()
        for connection in list(self._connections.values()):
            connection.abort()
        await self._server.shutdown()

    async def connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        """Take a client in; signed-in users get into their private room. A token that is none is refused."""
        identity = self._identify(environ["asgi.scope"][SCOPE_KEY], auth)
        user_id, session_id = (identity.id, identity.session_id) if identity is not None else ("", "")
        connection = Connection(environ["asgi.send"], user_id=user_id, session_id=session_id)
        self._connections[sid] = connection
        self.rooms.add(connection)
        if identity is not None:
            self._start(self._open_private_room(sid, connection, f"user:{identity.id}"))

    async def _open_private_room(self, sid: str, connection: Connection, room: str) -> None:
        """Straight writes must not overtake the answer to the handshake, which goes through the server's queue."""
        socket = self._server.eio.sockets.get(self._server.manager.eio_sid_from_sid(sid, "/"))
        if socket is not None:
            await socket.queue.join()
        if self._connections.get(sid) is connection:
            self.rooms.join(connection, [room])

    async def disconnect(self, sid: str, *_reason: str) -> None:
        """A client is gone."""
        connection = self._connections.pop(sid, None)
        if connection is not None:
            self.rooms.remove(connection)

    async def subscribe(self, sid: str, request: Any = None) -> Ack:
        """Enter public rooms; where a room shows a state, its last message comes at once."""
        connection = self._connections[sid]
        rooms = await self._rooms_of(request)
        if rooms is None or len(connection.rooms) + len(rooms) > policy.MAX_ROOMS:
            return _refusal(f"Give {{rooms: [...]}} of known rooms, at most {policy.MAX_ROOMS} in all.")
        fresh = [room for room in rooms if room not in connection.rooms]
        self.rooms.join(connection, fresh)
        for text in await self._states(fresh):
            connection.deliver(text, text_frame(text))
        return {"ok": True, "rooms": _shown(connection)}

    async def unsubscribe(self, sid: str, request: Any = None) -> Ack:
        """Leave public rooms."""
        connection = self._connections[sid]
        rooms = request.get("rooms") if isinstance(request, dict) else None
        if not isinstance(rooms, list):
            return _refusal("Give {rooms: [...]}.")
        self.rooms.leave(connection, [room for room in connection.rooms if room in rooms])
        return {"ok": True, "rooms": _shown(connection)}

    async def anything(self, *_event: Any) -> Ack:
        """Nothing else is understood."""
        return _refusal("There is no such event.")

    def end_session(self, session_id: str) -> None:
        """Close the connections of a session that is over."""
        ended = self.rooms.of_session(session_id)
        for sid in [sid for sid, connection in self._connections.items() if connection in ended]:
            self._start(self._close(sid, self._connections[sid]))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _close(self, sid: str, connection: Connection) -> None:
        """Politely first; whoever does not go is cut off."""
        self.rooms.leave(connection, list(connection.rooms))
        try:
            async with asyncio.timeout(policy.CLOSE_SECONDS):
                await self._server.disconnect(sid)
        finally:
            await asyncio.sleep(policy.CLOSE_SECONDS / 2)
            connection.abort()

    def _allows(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Programs send no Origin; a page must be one of ours, or its cookie would speak for its visitor."""
        host = environ.get("HTTP_HOST", "")
        return not origin or self._services.origins.allows(origin.encode("latin-1", "replace"), host.encode())

    def _identify(self, call: Call, auth: Any) -> Identity | None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if not isinstance(token, str):
            return call.identity
        try:
            return self._services.tokens.verify(token.encode("utf-8", "replace"))
        except NotAuthenticated as error:
            raise socketio.exceptions.ConnectionRefusedError(error.code) from error

    async def _rooms_of(self, request: Any) -> list[str] | None:
        """The rooms a client asks for, or None where one of them is not public or does not exist."""
        rooms = request.get("rooms") if isinstance(request, dict) else None
        if not isinstance(rooms, list) or len(rooms) > policy.MAX_ROOMS:
            return None
        for room in rooms:
            if room != policy.PRICES and not (isinstance(room, str) and await self._is_market_room(room)):
                return None
        return list(dict.fromkeys(rooms))

    async def _is_market_room(self, room: str) -> bool:
        match = _ROOM.fullmatch(room)
        return match is not None and await self._services.catalogue.market(match[2]) is not None

    async def _states(self, rooms: list[str]) -> list[bytes]:
        """The present state of rooms, from memory; from Redis where this worker has not heard of them yet."""
        known = {room: last[0] for room in rooms if (last := self.rooms.last(room)) is not None}
        missing = [room for room in rooms if room not in known and room.startswith((policy.PRICES, "book:"))]
        if missing:
            keys = ["cv:price:all" if room == policy.PRICES else f"cv:{room}" for room in missing]
            try:
                payloads = await self._services.redis.mget(keys)
            except (RedisError, OSError):
                payloads = []
            for room, payload in zip(missing, payloads, strict=False):
                if isinstance(payload, bytes):
                    known[room] = socketio_text(room.partition(":")[0], payload)
        return list(known.values())

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        """/ws/prices and /ws/prices/{symbol}: everything is said by the address, so nothing is read."""
        call: Call = scope[SCOPE_KEY]
        room = await self._plain_room(scope["path"])
        if (await receive())["type"] != "websocket.connect":
            return
        origin = call.headers.get(b"origin", b"").decode("latin-1")
        host = call.headers.get(b"host", b"").decode("latin-1")
        if room is None or not self._allows(origin, {"HTTP_HOST": host}):
            await send({"type": "websocket.close", "code": _NOT_ALLOWED})
            return
        await send({"type": "websocket.accept"})
        connection = Connection(send)
        self.rooms.add(connection)
        if (last := self.rooms.last(room)) is not None:
            connection.deliver(*last)
        self.rooms.join(connection, [room])
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            self.rooms.remove(connection)

    async def _plain_room(self, path: str) -> str | None:
        if path == policy.PLAIN_PRICES:
            return path
        symbol = path.removeprefix(policy.PLAIN_PRICES + "/").upper()
        if not _MARKET.fullmatch(symbol):
            return None
        market = symbol if "-" in symbol else f"{symbol}-USDT"
        return f"{policy.PLAIN_PRICES}/{market}" if await self._services.catalogue.market(market) else None


def _refusal(message: str) -> Ack:
    return {"ok": False, "error": {"code": "VALIDATION_ERROR", "message": message}}


def _shown(connection: Connection) -> list[str]:
    """The rooms as the client knows them; its private one is called `user`."""
    return sorted("user" if room.startswith("user:") else room for room in connection.rooms)
