"""/socket.io and /ws: who may connect, and Socket.IO's side of what they may do."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import socketio

from cryptovault.features.stream import policy
from cryptovault.features.stream.arrivals import Arrivals
from cryptovault.features.stream.connection import Connection
from cryptovault.features.stream.feed import Feed
from cryptovault.features.stream.membership import Membership, Refused
from cryptovault.features.stream.plain import PlainSockets
from cryptovault.features.stream.service import Rooms
from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.engine_errors import as_api_error
from cryptovault.kit.errors import NotAuthenticated
from cryptovault.kit.handshakes import deny
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Identity

Scope = dict[str, Any]
Receive = Any
Send = Any
Ack = dict[str, Any]

SOCKETIO_PATH = "/socket.io"
_NOT_ALLOWED, _TRY_LATER = 1008, 1013


class Stream:
    """The live side of one worker: an ASGI application for both kinds of connection."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.rooms = Rooms(services.metrics)
        self.feed = Feed(self.rooms, services.redis)
        self._membership = Membership(self.rooms, self.feed, services.catalogue)
        self._plain_sockets = PlainSockets(self.rooms, self.feed, self._membership, services.catalogue)
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
        """Serve a connection to /socket.io or /ws."""
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
        self.feed.books.close()
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
        """Enter public rooms; where a room shows a state, it comes at once, and again when asked for again."""
        try:
            return {"ok": True, "rooms": await self._membership.subscribe(self._connections[sid], request)}
        except Refused as refusal:
            return _refusal(str(refusal))

    async def unsubscribe(self, sid: str, request: Any = None) -> Ack:
        """Leave public rooms."""
        try:
            return {"ok": True, "rooms": self._membership.unsubscribe(self._connections[sid], request)}
        except Refused as refusal:
            return _refusal(str(refusal))

    async def anything(self, *_event: Any) -> Ack:
        """Nothing else is understood."""
        return _refusal("There is no such event.")

    def end_session(self, session_id: str) -> None:
        """Close the connections of a session that is over."""
        ended = self.rooms.of_session(session_id)
        sids = {connection: sid for sid, connection in self._connections.items() if connection in ended}
        for connection in ended:
            if (sid := sids.get(connection)) is not None:
                self._start(self._close(sid, connection))
            else:
                self.rooms.leave(connection, list(connection.rooms))
                connection.close(_NOT_ALLOWED, "the session has ended")

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

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        call: Call = scope[SCOPE_KEY]
        room = await self._plain_sockets.room(scope["path"])
        if (await receive())["type"] != "websocket.connect":
            return
        origin = call.headers.get(b"origin", b"").decode("latin-1")
        host = call.headers.get(b"host", b"").decode("latin-1")
        if room is None or not self._allows(origin, {"HTTP_HOST": host}):
            await send({"type": "websocket.close", "code": _NOT_ALLOWED})
            return
        try:
            await self._plain_sockets.admit(room, call, scope)
        except Exception as error:
            known = as_api_error(error)
            if known is None:
                raise
            await deny(known, send)
            return
        await send({"type": "websocket.accept"})
        await self._plain_sockets.serve(room, call, receive, send)


def _refusal(message: str) -> Ack:
    return {"ok": False, "error": {"code": "VALIDATION_ERROR", "message": message}}
