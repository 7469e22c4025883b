from decimal import Decimal

import httpx
import pytest
from aiohttp import ClientSession

from fixtures.feed_server import FeedServer
from fixtures.recordings import data_dir, recorded_trades

recorded = pytest.mark.skipif(data_dir() is None, reason="the recordings are not here: set CRYPTOVAULT_DATA")


@recorded
async def test_the_recorded_book_stream_continues_the_recorded_snapshot(feeds: FeedServer) -> None:
    """Diffs served over the combined stream follow the served depth snapshot without a gap."""
    feeds.tape.speed = 10_000
    async with httpx.AsyncClient() as http:
        snapshot = (await http.get(f"{feeds.url('binance')}/depth?symbol=BTCUSDT&limit=1000")).json()
    last = snapshot["lastUpdateId"]
    applied = 0
    async with (
        ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{feeds.port}/stream?streams=btcusdt@depth@100ms") as socket,
    ):
        while applied < 500:
            event = (await socket.receive_json())["data"]
            if event["u"] <= snapshot["lastUpdateId"]:
                continue
            assert event["U"] <= last + 1 <= event["u"]
            last, applied = event["u"], applied + 1


@recorded
async def test_the_tape_is_the_recording(feeds: FeedServer) -> None:
    """About twenty thousand real trades, in order, told with times of the present."""
    trades = recorded_trades("BTCUSDT")
    assert len(trades) == 9_757 + 10_147
    assert [trade.id for trade in trades] == list(range(trades[0].id, trades[0].id + len(trades)))
    async with httpx.AsyncClient() as http:
        rows = (await http.get(f"{feeds.url('binance')}/trades?symbol=BTCUSDT&limit=5")).json()
    assert abs(rows[-1]["time"] - feeds.tape.now()) < 5_000
    assert Decimal(61_000) < Decimal(rows[-1]["price"]) < Decimal(63_000)


async def test_faults_are_ordered_over_http(feeds: FeedServer) -> None:
    """A test in another process can make a provider misbehave."""
    async with httpx.AsyncClient() as http:
        order = {"provider": "binance", "fault": "error"}
        await http.post(f"http://127.0.0.1:{feeds.port}/control", json=order)
        assert (await http.get(f"{feeds.url('binance')}/ping")).status_code == 500
