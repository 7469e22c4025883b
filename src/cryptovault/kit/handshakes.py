"""Handshakes of WebSockets: who signs one with an API key, and how one is refused."""

from collections.abc import Awaitable, Callable
from typing import Any

from cryptovault.kit.call import Call
from cryptovault.kit.errors import ApiError, NotAuthenticated, error_body

Send = Callable[[Any], Awaitable[None]]


async def check_key(call: Call, scope: dict[str, Any]) -> None:
    """Take the owner of the API key that signed the handshake for the caller. Raises ApiError.

    The signature opens the way to a whole conversation, so it is good only once.
    """
    try:
        await call.sign_with_key(scope["raw_path"], scope["query_string"], b"", changes=True)
    except NotAuthenticated:
        await call.services.limiter.check(call.services.rates.bad_signatures, call.caller)
        raise


async def deny(error: ApiError, send: Send) -> None:
    """Answer the handshake with the API's envelope instead of a connection."""
    body = error_body(error, "")
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *error.headers()]
    await send({"type": "websocket.http.response.start", "status": error.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
