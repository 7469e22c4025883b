"""The order sockets of one worker: who may connect, and whose connections end with a session."""

import asyncio
from typing import Any

from cryptovault.features.orders.socket import OrderSocket, Receive, Send
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.engine_errors import as_api_error
from cryptovault.kit.errors import CsrfFailed, Overloaded
from cryptovault.kit.handshakes import check_key, deny
from cryptovault.kit.services import Services

PATH = "/ws/orders"
MAX_CONNECTIONS = 2_000
"""Of one worker."""
MAX_OF_ONE = 20
"""Connections of one account to one worker."""

_CLOSE_SECONDS = 3.0


class OrderSockets:
    """An ASGI application for /ws/orders."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._open: set[OrderSocket] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        services.tokens.on_revoke(self.end_session)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection."""
        call: Call = scope[SCOPE_KEY]
        if (await receive())["type"] != "websocket.connect":
            return
        try:
            await self._admit(call, scope)
        except Exception as error:
            known = as_api_error(error)
            if known is None:
                raise
            await deny(known, send)
            return
        await send({"type": "websocket.accept"})
        socket = OrderSocket(call, send, self._check_account)
        self._open.add(socket)
        try:
            await socket.serve(receive)
        finally:
            self._open.discard(socket)
            self._start(socket.settle())

    async def close(self) -> None:
        """Let what is under way end, for a moment."""
        for socket in tuple(self._open):
            socket.abort()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)

    def end_session(self, session_id: str) -> None:
        """Close the connections of a session, or of an API key, that is over."""
        for socket in tuple(self._open):
            if socket.identity is not None and socket.identity.session_id == session_id:
                self._start(socket.close("the session has ended"))

    async def _admit(self, call: Call, scope: dict[str, Any]) -> None:
        if len(self._open) >= MAX_CONNECTIONS:
            raise Overloaded("There are too many connections. Please try again.")
        if b"x-api-key" in call.headers:
            await check_key(call, scope)
        else:
            _check_origin(call)
        if call.problem is not None and call.identity is None:
            raise call.problem
        if call.identity is not None:
            call.require(Scope.TRADE)
            self._check_account(call.identity.id)
        # Requests go on in the order in which they came as long as none has to wait for the catalogue.
        await self._services.catalogue.markets()

    def _check_account(self, account: str) -> None:
        own = sum(socket.identity is not None and socket.identity.id == account for socket in self._open)
        if own >= MAX_OF_ONE:
            raise Overloaded(f"You have {own} connections already.")

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _check_origin(call: Call) -> None:
    """A browser sends its cookies from any page: only with the Origin of a page of ours does one count."""
    origin = call.headers.get(b"origin")
    if origin is None:
        if call.via_cookie:
            raise CsrfFailed("A session cookie needs the Origin of the page it belongs to; programs sign in by token.")
    elif not call.services.origins.allows(origin, call.headers.get(b"host", b"")):
        raise CsrfFailed("Connections from this origin are not accepted.")
