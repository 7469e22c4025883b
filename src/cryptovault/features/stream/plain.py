"""/ws/stream, /ws/prices and /ws/prices/{symbol}: the live stream without Socket.IO."""

import asyncio
import contextlib
import re
from typing import Any

import msgspec
from pymongo.errors import PyMongoError

from cryptovault.features.stream import policy
from cryptovault.features.stream.connection import PLAIN, Connection, form
from cryptovault.features.stream.feed import Feed
from cryptovault.features.stream.membership import Membership, Refused, shown
from cryptovault.features.stream.service import Rooms
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.call import Call
from cryptovault.kit.catalogue import Catalogue
from cryptovault.kit.handshakes import check_key

Receive = Any
Send = Any

_MARKET = re.compile(r"[A-Z0-9]{1,16}(-[A-Z0-9]{1,16})?")
_SESSION_OVER = 1008


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """What a client of /ws/stream says: `subscribe` or `unsubscribe` with `{"rooms": [...]}`, or `rooms`."""

    method: str
    id: int | str | None = None
    params: dict[str, Any] = {}


_read_request = msgspec.json.Decoder(Request).decode


class PlainSockets:
    """Serves accepted connections until they end."""

    def __init__(self, rooms: Rooms, feed: Feed, membership: Membership, catalogue: Catalogue) -> None:
        self._rooms = rooms
        self._feed = feed
        self._membership = membership
        self._catalogue = catalogue

    async def room(self, path: str) -> str | None:
        """The room that an address names by itself, empty for /ws/stream, or None where there is no such address."""
        if path in {policy.PLAIN_STREAM, policy.PLAIN_PRICES}:
            return "" if path == policy.PLAIN_STREAM else path
        symbol = path.removeprefix(policy.PLAIN_PRICES + "/").upper()
        if not _MARKET.fullmatch(symbol):
            return None
        market = symbol if "-" in symbol else f"{symbol}-USDT"
        return f"{policy.PLAIN_PRICES}/{market}" if await self._catalogue.market(market) else None

    async def admit(self, room: str, call: Call, scope: dict[str, Any]) -> None:
        """Refuse who shows a key or a token that is none; a key needs the scope `read`. Raises ApiError.

        A cookie that is none makes an anonymous connection, as an old page would have it.
        """
        if room:
            return
        if b"x-api-key" in call.headers:
            await check_key(call, scope)
            call.require(Scope.READ)
        elif call.problem is not None and not call.via_cookie:
            raise call.problem

    async def serve(self, room: str, call: Call, receive: Receive, send: Send) -> None:
        """Talk to one client. Who names a room by address says nothing more, and is told nothing private."""
        identity = None if room else call.identity
        user_id, session_id = (identity.id, identity.session_id) if identity is not None else ("", "")
        connection = Connection(send, kind=PLAIN, user_id=user_id, session_id=session_id)
        self._rooms.add(connection)
        if room and (last := self._rooms.last(room)) is not None:
            connection.deliver(last)
        self._rooms.join(connection, [room] if room else [f"user:{user_id}"] if user_id else [])
        watch = asyncio.create_task(_watch_key(connection, call, call.key.id)) if call.key is not None else None
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                if not room:
                    await self._answer(connection, message.get("text"))
        finally:
            self._rooms.remove(connection)
            if watch is not None:
                watch.cancel()

    async def _answer(self, connection: Connection, text: str | None) -> None:
        number: int | str | None = None
        outcome: dict[str, Any]
        try:
            request = _read_request(text or "")
            number = request.id
            outcome = {"status": 200, "result": {"rooms": await self._do(connection, request)}}
        except (msgspec.MsgspecError, RecursionError, UnicodeError, Refused) as error:
            message = str(error) if isinstance(error, Refused) else "Send {id, method, params} as JSON text."
            outcome = {"status": 400, "error": {"code": "VALIDATION_ERROR", "message": message}}
        said = form(msgspec.json.encode({"id": number} | outcome))
        if not connection.deliver((said, said)):
            connection.give_up()

    async def _do(self, connection: Connection, request: Request) -> list[str]:
        if request.method == "subscribe":
            return await self._membership.subscribe(connection, request.params)
        if request.method == "unsubscribe":
            return self._membership.unsubscribe(connection, request.params)
        if request.method == "rooms":
            return shown(connection)
        raise Refused("There are the methods subscribe, unsubscribe and rooms.")


async def _watch_key(connection: Connection, call: Call, key_id: str) -> None:
    """A key that has expired ends its connections too; one that is deleted has its session ended at once."""
    good = True
    while good:
        await asyncio.sleep(policy.KEY_CHECK_SECONDS)
        with contextlib.suppress(PyMongoError):
            good = await call.services.keys.is_good(key_id, call.address)
    connection.close(_SESSION_OVER, "the API key is not good any more")
