"""The Redis client. Nothing in Redis is the only copy of anything."""

from redis.asyncio import BlockingConnectionPool, Redis

from cryptovault.settings import Settings

_CONNECTIONS_MAX = 100
_WAIT_SECONDS = 5


def connect_redis(settings: Settings) -> Redis:
    """Make a client of `settings.redis_url`; the caller closes it with `aclose()`. Replies are bytes.

    A burst of requests waits for a free connection: a pool that refuses instead turns away whoever has just used up a
    challenge, and does so to the hundred and first request of a burst.
    """
    pool = BlockingConnectionPool.from_url(
        settings.redis_url,
        max_connections=_CONNECTIONS_MAX,
        timeout=_WAIT_SECONDS,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=15,
    )
    return Redis.from_pool(pool)
