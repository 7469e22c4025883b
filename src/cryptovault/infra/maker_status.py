"""What the market maker at work says of itself each second, for /health and the command line."""

from typing import Any, NamedTuple

import msgspec
from redis.asyncio import Redis

KEY = "cv:maker"
KEPT_SECONDS = 15


class MakerStatus(NamedTuple):
    """`state` is quoting, stopped, limited or waiting; `reasons` say what keeps it from quoting, and where.

    `markets` is in how many markets quotes of its own may rest, `result_today` what its trades since midnight brought.
    """

    state: str
    reasons: list[str]
    markets: int
    result_today: str
    at_ms: int


async def tell(redis: Redis, status: MakerStatus) -> None:
    """Leave word. Raises RedisError."""
    fields: dict[str, Any] = status._asdict()
    await redis.set(KEY, msgspec.json.encode(fields), ex=KEPT_SECONDS)


async def told(redis: Redis) -> MakerStatus | None:
    """The last word, None where none has been heard for a while. Raises RedisError."""
    text = await redis.get(KEY)
    return None if text is None else MakerStatus(**msgspec.json.decode(text))
