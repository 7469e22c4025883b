import gzip
from types import SimpleNamespace
from typing import Any

import pytest

from cryptovault.kit.call import SCOPE_KEY
from cryptovault.kit.compression import compressing

LONG = b'{"items":[' + b'{"price":"65000"},' * 500 + b"null]}"


async def _answer(
    body: bytes, *, path: str = "/api/v1/markets", method: str = "GET", accepts: bytes = b"gzip, br"
) -> tuple[dict[bytes, bytes], bytes]:
    """What leaves for a request answered with this body."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    call = SimpleNamespace(headers={b"accept-encoding": accepts})
    answer = compressing({"type": "http", "method": method, "path": path, SCOPE_KEY: call}, send)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await answer({"type": "http.response.start", "status": 200, "headers": headers})
    await answer({"type": "http.response.body", "body": body})
    start, rest = sent
    return dict(start["headers"]), rest["body"]


@pytest.mark.parametrize("path", ["/api/v1/markets", "/api/v1/markets/BTC-USDT/candles", "/api/v1/crypto"])
async def test_long_public_answers_are_compressed(path: str) -> None:
    """Market data comes in a fraction of its length, says so, and is the same when opened."""
    headers, body = await _answer(LONG, path=path)
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"Accept-Encoding"
    assert headers[b"content-length"] == b"%d" % len(body)
    assert len(body) < len(LONG) / 10
    assert gzip.decompress(body) == LONG


async def test_who_does_not_take_gzip_gets_it_plain() -> None:
    """Without gzip among the accepted encodings nothing is compressed, and caches are told why."""
    headers, body = await _answer(LONG, accepts=b"identity")
    assert (headers[b"vary"], body) == (b"Accept-Encoding", LONG)
    assert b"content-encoding" not in headers


@pytest.mark.parametrize(
    ("path", "method", "body"),
    [
        ("/api/v1/markets", "GET", b"{}"),
        ("/api/v1/auth/me", "GET", LONG),
        ("/api/v1/wallet/balance", "GET", LONG),
        ("/api/v1/csrf", "GET", LONG),
        ("/api/v1/orders", "POST", LONG),
    ],
)
async def test_nothing_else_is_touched(path: str, method: str, body: bytes) -> None:
    """Short answers, and everything that may hold a secret, have the length they have (BREACH)."""
    headers, sent = await _answer(body, path=path, method=method)
    assert sent == body
    assert b"content-encoding" not in headers
    assert headers[b"content-length"] == b"%d" % len(body)


async def test_a_streamed_answer_passes_as_it_is() -> None:
    """An answer in several parts is sent on part by part."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    call = SimpleNamespace(headers={b"accept-encoding": b"gzip"})
    answer = compressing({"type": "http", "method": "GET", "path": "/api/v1/markets", SCOPE_KEY: call}, send)
    parts = [
        {"type": "http.response.start", "status": 200, "headers": []},
        {"type": "http.response.body", "body": LONG, "more_body": True},
        {"type": "http.response.body", "body": LONG},
    ]
    for part in parts:
        await answer(part)
    assert sent == parts
