"""Stands before the API and speaks for four kinds of callers, whatever a fuzzer does to their sessions."""

from collections import Counter
from typing import Any

import httpx

from cryptovault.entrypoints.api import Api
from security.cast import Cast, Person

STAND_IN = b"Bearer stand-in-for-a-session"
WHO = b"x-stand-in"
IDENTITIES: dict[str, list[str]] = {
    "nobody": [],
    "token": [f"Authorization: {STAND_IN.decode()}"],
    "browser": ["X-Stand-In: browser"],
    "program": ["X-Stand-In: program"],
}
"""Headers with which a fuzzer asks as each."""

ALLOWED = frozenset({b"PRICE_STALE", b"OVERLOADED"})
"""503 that tell a truth about the exchange under test: its prices are never fed, and hashing is busy at times."""


class StandIn:
    """ASGI application around the API. A session that ended is replaced; what the API answers is counted."""

    def __init__(self, app: Api, cast: Cast) -> None:
        self._app = app
        self._cast = cast
        self._person: Person | None = None
        self.statuses: Counter[int] = Counter()
        self.failures: list[str] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one request as whom it asks to be served as."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        who = headers.pop(WHO, b"")
        if headers.get(b"authorization") == STAND_IN:
            headers[b"authorization"] = f"Bearer {(await self._somebody()).token}".encode()
        elif who == b"browser":
            person = await self._somebody()
            headers[b"cookie"] = f"access_token={person.token}; csrf_token={person.csrf}".encode()
            headers[b"x-csrf-token"] = person.csrf.encode()
        elif who == b"program":
            receive = await self._signed(scope, headers, receive)
        await self._app(scope | {"headers": list(headers.items())}, receive, self._counting(scope, send))

    async def _somebody(self) -> Person:
        """A person whose account and session are as they should be."""
        db, person = self._cast.services.db, self._person
        if person is not None and await db["users"].find_one({"_id": person.id, "role": "user"}):
            session = await db["sessions"].find_one({"_id": person.session_id, "revoked_at": None})
            if session is not None and not self._cast.services.tokens.is_revoked(person.session_id):
                return person
        self._person = await self._cast.person()
        await self._cast.venue.desk.fund(self._person.id, "USDT", "100000")
        return self._person

    async def _signed(self, scope: dict[str, Any], headers: dict[bytes, bytes], receive: Any) -> Any:
        """Sign the request with a key of every scope that is not for money."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        program = await self._cast.program_of(await self._somebody())
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        url = httpx.URL("http://localhost").copy_with(raw_path=scope["raw_path"] + query)
        headers |= program.headers(httpx.Request(scope["method"], url, content=body))
        messages = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def again() -> Any:
            return next(messages, None) or await receive()

        return again

    def _counting(self, scope: dict[str, Any], send: Any) -> Any:
        status, body = 0, b""

        async def answer(message: Any) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
                self.statuses[status] += 1
            elif status >= 500 and not any(code in message.get("body", b"") for code in ALLOWED):
                self.failures.append(
                    f"{scope['method']} {scope['path']}?{scope['query_string']!r}: {message['body']!r}"
                )
            await send(message)

        return answer
