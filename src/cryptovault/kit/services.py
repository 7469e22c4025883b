"""Everything a request may need, made once by the entrypoint and handed to whoever serves it."""

from dataclasses import dataclass
from typing import Any

from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_client import Engine
from cryptovault.infra.mail import Mailer
from cryptovault.infra.metrics import ApiMetrics
from cryptovault.infra.mongo import Database
from cryptovault.kit.cookies import Cookies
from cryptovault.kit.csrf import Csrf
from cryptovault.kit.network import ClientAddress
from cryptovault.kit.origins import Origins
from cryptovault.kit.rate_limit import RateClasses, RateLimiter
from cryptovault.kit.tokens import Tokens
from cryptovault.kit.watermark import Watermark
from cryptovault.settings import Settings


@dataclass(slots=True)
class Services:
    """The running parts of one API worker."""

    settings: Settings
    clock: Clock
    mongo: AsyncMongoClient[dict[str, Any]]
    db: Database
    redis: Redis
    engine: Engine
    mailer: Mailer
    tokens: Tokens
    csrf: Csrf
    cookies: Cookies
    origins: Origins
    addresses: ClientAddress
    rates: RateClasses
    limiter: RateLimiter
    watermark: Watermark
    metrics: ApiMetrics
