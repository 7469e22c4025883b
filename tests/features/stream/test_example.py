"""The example of docs/reference/streams.md, run as it stands."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import msgspec
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.kit.catalogue import Terms
from fixtures.book_vectors import recorded

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "streams.md"
TAPE = recorded(12, seed=2)


@pytest.mark.parametrize("lost", [None, 5])
async def test_the_documented_example_follows_the_book(api: Api, live: str, lost: int | None) -> None:
    """The example prints each book of the stream, and goes on by a snapshot where a message was lost."""
    api.services.catalogue._markets = {"BTC-USDT": Terms("BTC-USDT", "BTC", "USDT", 8, 8, 10**6)}
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    environment = os.environ | {"EXCHANGE": live}
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=pipe, env=environment)
    assert program.stdout is not None
    await say(api, 0)
    lines = [(await asyncio.wait_for(program.stdout.readline(), 20)).decode()]
    for step in range(1, len(TAPE)):
        if step == lost:
            await api.services.redis.set("cv:book:BTC-USDT", json.dumps(TAPE[step + 1]["book"]))
            continue
        await say(api, step)
        lines.append((await asyncio.wait_for(program.stdout.readline(), 20)).decode())
    program.kill()
    await program.wait()
    told = [step["data"]["seq"] for number, step in enumerate(TAPE) if number != lost]
    assert [int(line.split()[0]) for line in lines] == told
    best = TAPE[-1]["book"]["bids"][0]
    assert best[0] in lines[-1]
    assert best[1] in lines[-1]


async def say(api: Api, step: int) -> None:
    """A message of the publisher."""
    message = ["book:BTC-USDT", TAPE[step]["event"], 1, json.dumps(TAPE[step]["data"]).encode()]
    while not await api.services.redis.publish("cv:events", msgspec.msgpack.encode(message)):
        await asyncio.sleep(0.01)
