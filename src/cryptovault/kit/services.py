"""Everything a request may need, made once by the entrypoint and handed to whoever serves it."""

from dataclasses import dataclass, field
from typing import Any

from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_client import Engine
from cryptovault.infra.feeds.board import PriceBoard
from cryptovault.infra.mail import Mailer
from cryptovault.infra.metrics import ApiMetrics
from cryptovault.infra.mongo import Database
from cryptovault.infra.outbox.store import Outbox
from cryptovault.infra.passwords import Passwords
from cryptovault.kit.api_keys import ApiKeys
from cryptovault.kit.audit import AuditLog
from cryptovault.kit.catalogue import Catalogue
from cryptovault.kit.cookies import Cookies
from cryptovault.kit.csrf import Csrf
from cryptovault.kit.dollars import Dollars
from cryptovault.kit.moments import Explain
from cryptovault.kit.network import ClientAddress
from cryptovault.kit.notices import Notices
from cryptovault.kit.origins import Origins
from cryptovault.kit.presence import Presence
from cryptovault.kit.rate_limit import RateClasses, RateLimiter
from cryptovault.kit.second_factor import SecondFactors
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
    passwords: Passwords
    tokens: Tokens
    csrf: Csrf
    cookies: Cookies
    origins: Origins
    addresses: ClientAddress
    rates: RateClasses
    limiter: RateLimiter
    watermark: Watermark
    metrics: ApiMetrics
    explain: Explain
    catalogue: Catalogue = field(init=False)
    board: PriceBoard = field(init=False)
    dollars: Dollars = field(init=False)
    keys: ApiKeys = field(init=False)
    outbox: Outbox = field(init=False)
    notices: Notices = field(init=False)
    audit: AuditLog = field(init=False)
    presence: Presence = field(init=False)
    second_factors: SecondFactors = field(init=False)

    def __post_init__(self) -> None:
        """What every worker keeps a copy of."""
        self.catalogue = Catalogue(self.db)
        self.board = PriceBoard(self.clock, self.redis, self.db)
        self.dollars = Dollars(self.board)
        self.keys = ApiKeys(self.settings, self.db, self.redis, self.clock, self.tokens)
        self.outbox = Outbox(self.settings, self.db, self.clock)
        self.notices = Notices(self.settings, self.db, self.redis, self.clock, self.mailer, self.outbox)
        self.presence = Presence(self.db, self.clock)
        self.second_factors = SecondFactors(self.settings, self.db, self.clock)
        self.audit = AuditLog(self.settings, self.db, self.clock)
