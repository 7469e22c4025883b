import asyncio

from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings


async def test_a_burst_waits_for_its_turn(settings: Settings) -> None:
    """Far more commands at once than there are connections: each is answered, none is refused."""
    redis = connect_redis(settings)
    try:
        answers = await asyncio.gather(*(redis.incr("test:burst") for _ in range(500)))
    finally:
        await redis.delete("test:burst")
        await redis.aclose()
    assert sorted(answers) == list(range(1, 501))
