"""The Redis client. Nothing in Redis is the only copy of anything."""

from redis.asyncio import Redis

from cryptovault.settings import Settings


def connect_redis(settings: Settings) -> Redis:
    """Make a client of `settings.redis_url`; the caller closes it with `aclose()`. Replies are bytes."""
    return Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2, health_check_interval=15)
