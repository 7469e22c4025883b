import asyncio
from urllib.parse import urlsplit

import pytest


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nhost: x\r\nx: ", b"GET /", b"GET / HTTP/1.1\r\n"])
async def test_a_head_without_end_is_cut_off(live: str, head: bytes) -> None:
    """T24: who goes on sending headers, or an address, costs a bounded amount of memory and then the connection."""
    where = urlsplit(live)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    line = b"a" * 1_000 if head != b"GET / HTTP/1.1\r\n" else b"x: y\r\n" * 200
    writer.write(head)
    answered = asyncio.create_task(reader.read(20))
    async with asyncio.timeout(5):
        while not answered.done():
            writer.write(line * 16)
            await asyncio.sleep(0.001)
    assert answered.exception() is not None or answered.result() in {b"HTTP/1.1 400 Bad Req", b""}
    writer.close()


async def test_a_long_body_is_not_a_long_head(live: str) -> None:
    """A body larger than a head may be is read as long as the gate allows."""
    where = urlsplit(live)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    body = b"[" + b" " * 300_000
    writer.write(b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n")
    writer.write(b"content-length: %d\r\n\r\n" % len(body) + body)
    assert b'"VALIDATION_ERROR"' in await asyncio.wait_for(reader.readuntil(b'"message"'), 5)
    writer.close()


SMUGGLED = b"GET /api/v1/health HTTP/1.1\r\nhost: x\r\nx-request-id: smuggled\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"content-length: 0\r\ncontent-length: %d\r\n",
        b"content-length: %d\r\ntransfer-encoding: chunked\r\n",
        b"content-length: 0\r\ntransfer-encoding: xchunked\r\n",
        b"content-length : %d\r\n",
        b"content-length: +%d\r\n",
        b"content-length: 0x%d\r\n",
        b"transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        b"x: y\r\n transfer-encoding: chunked\r\n",
    ],
)
async def test_t31_a_body_is_never_a_second_request(live: str, headers: bytes) -> None:
    """T31: where the length of a body can be read in two ways, what it holds is not answered as a request."""
    where = urlsplit(live)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    head = headers % len(SMUGGLED) if b"%d" in headers else headers
    chunked = b"0\r\n\r\n" if b"chunked" in headers else b""
    writer.write(b"POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\n" + head + b"\r\n" + chunked + SMUGGLED)
    writer.write_eof()
    answers = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert b"x-request-id: smuggled" not in answers, answers
    assert not answers or answers.split()[1] == b"400", answers
