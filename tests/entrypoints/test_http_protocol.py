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
