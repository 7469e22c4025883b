"""Routes that must be fast: documented like any other, served without the framework.

A raw route reads its bytes itself (msgspec), so the request never passes the framework's routing, dependency
and validation machinery. Authentication, CSRF, origin, rate class, limits and logging are the gate's and
thus the same as everywhere. OpenAPI shows the pydantic models named in the declaration.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.errors import BadInput, TooLarge

MAX_BODY = 1024 * 1024
"""Bytes a request body may have."""

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class RawAnswer(NamedTuple):
    """A JSON answer, already encoded."""

    status: int
    body: bytes


RawHandler = Callable[[Call, bytes], Awaitable[RawAnswer]]


class RawRoute(NamedTuple):
    """A handler that calls `Call.require(scope)`, and the model of the body it decodes by itself."""

    handler: RawHandler
    body: type[BaseModel]
    scope: str


def raw_post(
    router: APIRouter,
    path: str,
    *,
    scope: str,
    body: type[BaseModel],
    answer: type[BaseModel],
    status_code: int,
    responses: dict[int | str, dict[str, Any]],
    parameters: Iterable[dict[str, Any]] = (),
) -> Callable[[RawHandler], RawHandler]:
    """Declare `handler(call, body bytes) -> RawAnswer` as POST `path` of a router."""
    schema = {"$ref": f"#/components/schemas/{body.__name__}"}
    request_body = {"required": True, "content": {"application/json": {"schema": schema}}}

    def declare(handler: RawHandler) -> RawHandler:
        async def endpoint(request: Request) -> Response:
            result = await handler(request.scope[SCOPE_KEY], await request.body())
            return Response(result.body, result.status, media_type="application/json")

        endpoint.raw_route = RawRoute(handler, body, scope)  # type: ignore[attr-defined]
        router.add_api_route(
            path,
            endpoint,
            methods=["POST"],
            name=getattr(handler, "__name__", "raw"),
            description=inspect.getdoc(handler),
            response_model=answer,
            status_code=status_code,
            responses=responses,
            openapi_extra={"requestBody": request_body, "parameters": list(parameters)},
        )
        return handler

    return declare


def raw_routes(routers: Iterable[APIRouter], prefix: str) -> dict[tuple[str, str], RawRoute]:
    """The raw routes of some routers, by method and full path."""
    found = {}
    for router in routers:
        for route in router.routes:
            raw = getattr(getattr(route, "endpoint", None), "raw_route", None)
            if raw is not None:
                found["POST", prefix + route.path] = raw  # type: ignore[attr-defined]
    return found


async def serve_raw(route: RawRoute, call: Call, receive: Receive, send: Send) -> None:
    """Read the body, run the handler, send its answer."""
    if not call.headers.get(b"content-type", b"").startswith(b"application/json"):
        raise BadInput("The body must be JSON, with Content-Type: application/json.")
    answer = await route.handler(call, await read_body(receive))
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def read_body(receive: Receive) -> bytes:
    """The whole body; TooLarge beyond the limit."""
    message = await receive()
    if message["type"] != "http.request":
        raise BadInput("The request ended early.")
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise TooLarge
    return body
