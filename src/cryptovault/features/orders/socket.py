"""/ws/orders: order entry for programs that keep a connection, many requests in flight on it.

Each request is answered when what it did is durable. All of them reach the engine in the order in which they came: one
that has something to look up first holds up those behind it, and nobody else. At most MAX_IN_FLIGHT are under way on a
connection: then it is not read until some are answered.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any

import msgspec

from cryptovault.features.orders.requests import decode
from cryptovault.features.orders.service import cancel_all, count_in
from cryptovault.features.orders.socket_methods import HANDLERS, Message, read_login, read_message
from cryptovault.infra.logging import get_logger
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.call import Call
from cryptovault.kit.engine_errors import as_api_error
from cryptovault.kit.errors import ApiError, BadInput, NotAllowed, NotAuthenticated
from cryptovault.kit.tokens import Identity

MAX_IN_FLIGHT = 100
LOGIN_SECONDS = 10.0
"""How long a connection may be without anybody being signed in on it."""
SEND_SECONDS = 5.0
"""A client that does not read for so long is cut off."""
CANCEL_ATTEMPTS = 5
POLICY_VIOLATION = 1008

_MAX_BRACKETS = 500
_RETRY_SECONDS = 0.5
_encode = msgspec.json.Encoder().encode
_log = get_logger("orders")

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class OrderSocket:
    """One connection. `identity` is who is signed in on it, by the handshake or by `login`."""

    def __init__(self, call: Call, send: Send, check_account: Callable[[str], None]) -> None:
        self.call = call
        self.identity: Identity | None = call.identity
        self._send = send
        self._check_account = check_account
        self._slots = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._tasks: set[asyncio.Task[None]] = set()
        self._handed = asyncio.Event()  # of the last request: whether it has reached the engine, or never will
        self._handed.set()
        self._cancels = False
        self._over = False
        self._farewell = ""

    async def serve(self, receive: Receive) -> None:
        """Answer until the client or its session is gone."""
        while not self._over:
            try:
                async with asyncio.timeout(None if self.identity is not None else LOGIN_SECONDS):
                    message = await receive()
            except TimeoutError:
                await self.close("sign in first")
                return
            if message["type"] != "websocket.receive":
                return
            await self._slots.acquire()
            await self._take(message.get("bytes") or (message.get("text") or "").encode())

    async def settle(self) -> None:
        """The connection is gone: let what is under way end, and cancel everything if that was asked for."""
        self._over = True
        if self._tasks:
            await asyncio.wait(self._tasks)
        if not self._cancels or self.identity is None:
            return
        for attempt in range(CANCEL_ATTEMPTS):
            try:
                for paper in (False, True):
                    await cancel_all(copy(self.call), self.identity.id, None, paper=paper)
            except ApiError as error:
                _log.warning("cancel on disconnect is not done yet", attempt=attempt, code=error.code)
                await asyncio.sleep(_RETRY_SECONDS * 2**attempt)
            else:
                return

    async def close(self, reason: str) -> None:
        """End it, with a reason; what is under way goes on."""
        self._over = True
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            async with asyncio.timeout(SEND_SECONDS):
                await self._send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": reason})

    async def _take(self, text: bytes) -> None:
        """Begin to answer one message."""
        request_id: Any = None
        try:
            message = _read(text)
            request_id = message.id
            if message.method == "login":
                await self._reply(request_id, 200, result=self._login(message))
                self._slots.release()
                return
            call = await self._permitted()
            handler = HANDLERS[message.method]
            params = decode(handler.read, bytes(message.params))
            work = handler.act(call, self._require().id, params)
        except Exception as error:  # noqa: BLE001 - one bad message harms no other
            await self._refuse(request_id, error)
            self._slots.release()
            return
        before, self._handed = self._handed, asyncio.Event()
        call.handed = self._handed.set
        task = asyncio.create_task(self._answer(request_id, work, before, self._handed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(
        self, request_id: Any, work: Awaitable[tuple[int, Any]], before: asyncio.Event, handed: asyncio.Event
    ) -> None:
        try:
            await before.wait()
            status, result = await work
            handed.set()
            await self._reply(request_id, status, result=result)
        except Exception as error:  # noqa: BLE001 - the last resort: every request is answered
            handed.set()
            await self._refuse(request_id, error)
        finally:
            self._slots.release()

    async def _permitted(self) -> Call:
        """Count one request, and make sure that its sender may still trade."""
        identity, key = self._require(), self.call.key
        count_in(self.call, 1)
        if key is None:
            self.call.services.presence.note(identity.session_id)
        if key is not None and not await self.call.services.keys.is_good(key.id, self.call.address):
            self._farewell = "the API key is not valid any more"
            raise NotAuthenticated("The API key is not valid any more.")
        call = copy(self.call)
        call.seq = 0
        return call

    def _require(self) -> Identity:
        if self.identity is None:
            raise NotAuthenticated("Send `login` with a token first.")
        return self.identity

    def _login(self, message: Message) -> dict[str, Any]:
        login = decode(read_login, bytes(message.params))
        if login.token is not None:
            identity = self.call.services.tokens.verify(login.token.encode())
            if self.identity is None:
                self._check_account(identity.id)
            elif self.identity.id != identity.id:
                raise NotAllowed("Somebody else is signed in on this connection.")
            self.call.identity = self.identity = identity
        self.call.require(Scope.TRADE)
        self._cancels = login.cancel_on_disconnect
        return {"user_id": self._require().id, "cancel_on_disconnect": self._cancels}

    async def _refuse(self, request_id: Any, error: Exception) -> None:
        known = as_api_error(error)
        if known is None:
            _log.exception("unhandled", request_id=str(request_id), path="/ws/orders", exc_info=error)
            known = ApiError()
        fault: dict[str, Any] = {"code": known.code, "message": known.message, "details": known.details}
        if known.retry_after is not None:
            fault["retry_after"] = known.retry_after
        await self._reply(request_id, known.status, error=fault)
        if self.identity is None:
            await self._count_stranger()
        if self._farewell:
            await self.close(self._farewell)

    async def _count_stranger(self) -> None:
        """Who fails to sign in is counted, and has to connect again."""
        services = self.call.services
        with contextlib.suppress(ApiError):
            await services.limiter.check(services.rates.bad_signatures, self.call.caller)
        self._farewell = "sign in first"

    async def _reply(self, request_id: Any, status: int, **content: Any) -> None:
        text = _encode({"id": request_id, "status": status, **content}).decode()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send({"type": "websocket.send", "text": text})
        except TimeoutError:
            self.abort()
        except (OSError, RuntimeError):
            self._over = True  # the connection is gone; its disconnect is on the way

    def abort(self) -> None:
        """Cut the connection of a client that does not read."""
        self._over = True
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if isinstance(transport, asyncio.Transport):
            transport.abort()


def _read(text: bytes) -> Message:
    if text.count(b"[") + text.count(b"{") > _MAX_BRACKETS:
        raise BadInput("The message is nested too deeply.")
    return decode(read_message, text)
