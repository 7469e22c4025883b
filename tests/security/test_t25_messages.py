"""T25: what comes over Redis is data, whoever wrote it."""

import asyncio
import os
import pickle
from pathlib import Path

from cryptovault.infra.fanout import EVENT_BATCHES, EVENTS, REVOKED, WATERMARK
from security.cast import Cast


class Bomb:
    """Makes a directory when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


async def test_t25_pickles_stay_shut(cast: Cast, tmp_path: Path) -> None:
    """T25: a pickle on any channel, python-socketio's own included, runs nothing, and the worker goes on."""
    crater = tmp_path / "crater"
    bomb = pickle.dumps(Bomb(crater))
    redis = cast.services.redis
    for channel in (EVENTS, EVENT_BATCHES, WATERMARK, REVOKED, "socketio"):
        for message in (bomb, bomb[:-1], b"\x00", b"[" * 5_000, b"\xff" * 100):
            await redis.publish(channel, message)
    for key in ("cv:price:all", "cv:book:BTC-USDT"):
        await redis.set(key, bomb, ex=5)
    ada = await cast.person()
    await asyncio.sleep(0.2)
    for path in ("/api/v1/markets", "/api/v1/orders", "/api/v1/markets/BTC-USDT/orderbook"):
        assert (await ada("GET", path)).status_code in {200, 503}, path
    assert not crater.exists()
    await redis.publish(REVOKED, ada.session_id)
    await asyncio.sleep(0.2)
    assert (await ada("GET", "/api/v1/orders")).status_code == 401
