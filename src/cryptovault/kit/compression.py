"""Long public answers leave compressed: what a phone waits for most is its network.

Market data only. It holds no secrets, so that nothing can be learnt from how long it is when compressed (BREACH), and
it is where the long answers are; everything else passes untouched, and short answers are not worth the work.
"""

import gzip
from typing import Any

from cryptovault.kit.call import SCOPE_KEY
from cryptovault.kit.gate import API, Scope, Send

_PUBLIC = (f"{API}/markets", f"{API}/crypto")
_WORTH_IT = 2_048
"""Bytes of a body below which nothing is saved: it fits into the first packets anyway."""
_LEVEL = 5


def compressing(scope: Scope, send: Send) -> Send:
    """The `send` for this request: one that compresses a long public answer where the caller takes gzip."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_PUBLIC):
        return send
    takes_gzip = b"gzip" in scope[SCOPE_KEY].headers.get(b"accept-encoding", b"")
    held: list[Any] = []

    async def answer(message: Any) -> None:
        if message["type"] == "http.response.start":
            held.append(message)  # its headers depend on the body
            return
        if held:
            start = held.pop()
            body: bytes = message.get("body", b"")
            if len(body) >= _WORTH_IT and not message.get("more_body"):
                message = message | {"body": _encode(start, body, compress=takes_gzip)}
            await send(start)
        await send(message)

    return answer


def _encode(start: Any, body: bytes, *, compress: bool) -> bytes:
    """The body to send; changes the headers to fit it."""
    headers = [*start["headers"], (b"vary", b"Accept-Encoding")]
    if compress:
        body = gzip.compress(body, _LEVEL, mtime=0)
        headers = [header for header in headers if header[0] != b"content-length"]
        headers += [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(body))]
    start["headers"] = headers
    return body
