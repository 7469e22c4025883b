import asyncio

from redis.asyncio import Redis

from cryptovault.infra.fanout import EVENTS, RESYNC, Fanout
from cryptovault.infra.metrics import ApiMetrics, joined_metrics
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings


async def deliver(redis: Redis, channel: str, data: bytes) -> None:
    """Publish until somebody hears it."""
    async with asyncio.timeout(5):
        while not await redis.publish(channel, data):
            await asyncio.sleep(0.01)


async def test_messages_reach_their_handler_in_order_and_survive_a_broken_one(settings: Settings) -> None:
    """Each channel has its handler; a message that cannot be read, or a lost connection, ends nothing."""
    heard: list[bytes] = []

    def handle(data: bytes) -> None:
        heard.append(data)
        if data == b"bad":
            raise ValueError

    redis = connect_redis(settings)
    fanout = Fanout(redis, {"one": handle})
    task = asyncio.create_task(fanout.run())
    for data in (b"1", b"bad", b"2"):
        await deliver(redis, "one", data)
    await redis.client_kill_filter(_type="pubsub", skipme=False)
    await deliver(redis, "one", b"3")
    async with asyncio.timeout(2):
        while len(heard) < 4:
            await asyncio.sleep(0.01)
    assert heard == [b"1", b"bad", b"2", b"3"]
    task.cancel()
    await asyncio.wait([task])
    await redis.aclose()


async def test_an_interruption_is_told(settings: Settings) -> None:
    """Who hears live messages is told when some may have been lost; the first connection is no interruption."""
    heard: list[bytes] = []
    redis = connect_redis(settings)
    fanout = Fanout(redis, {EVENTS: heard.append, "other": heard.append})
    task = asyncio.create_task(fanout.run())
    await deliver(redis, EVENTS, b"1")
    await redis.client_kill_filter(_type="pubsub", skipme=False)
    async with asyncio.timeout(5):
        while RESYNC not in heard:
            await asyncio.sleep(0.01)
    await deliver(redis, EVENTS, b"2")
    async with asyncio.timeout(5):
        while len(heard) < 3:
            await asyncio.sleep(0.01)
    assert heard == [b"1", RESYNC, b"2"]
    task.cancel()
    await asyncio.wait([task])
    await redis.aclose()


async def test_metrics_of_all_workers_are_joined(settings: Settings) -> None:
    """Whoever answers /metrics tells of every worker, each sample labelled with its own."""
    redis = connect_redis(settings)
    own, other = ApiMetrics(), ApiMetrics()
    own.request("GET", "/orders", 200, 0.004)
    other.request("GET", "/orders", 200, 0.3)
    await redis.set("cv:metrics:424242", other.text())
    text = (await joined_metrics(redis, own)).decode()
    lines = [
        line for line in text.splitlines() if line.startswith("http_request_seconds_bucket") and 'le="0.005"' in line
    ]
    assert sorted(line.rpartition(" ")[2] for line in lines) == ["0.0", "1.0"]
    assert 'worker="424242"' in text
    assert text.count("# TYPE http_request_seconds histogram") == 1
    await redis.delete("cv:metrics:424242")
    await redis.aclose()
