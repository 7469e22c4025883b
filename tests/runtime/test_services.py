"""The services that all other tests stand on."""

from redis.asyncio import Redis

from cryptovault.infra.mongo import Database
from cryptovault.settings import Settings


async def test_mongod_is_a_replica_set_that_takes_writes(db: Database) -> None:
    """The database under test is a 1-member replica set, and writes to it are readable."""
    await db.things.insert_one({"_id": 1})
    hello = await db.client.admin.command("hello")
    assert hello["setName"] == "rs0"
    assert await db.things.find_one({}) == {"_id": 1}


async def test_redis_answers(settings: Settings) -> None:
    """The redis-server under test keeps what it is told."""
    async with Redis.from_url(settings.redis_url) as redis:
        await redis.set("greeting", "hello")
        assert await redis.get("greeting") == b"hello"
