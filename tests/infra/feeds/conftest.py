from collections.abc import AsyncIterator

import pytest

from fixtures.feed_server import FeedServer


@pytest.fixture(name="feeds")
async def _feeds() -> AsyncIterator[FeedServer]:
    """Binance, CoinGecko and CoinCap on a loopback port, playing the recordings."""
    server = FeedServer()
    await server.start()
    yield server
    await server.stop()
