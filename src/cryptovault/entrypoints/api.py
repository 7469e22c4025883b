"""The API process: composes gate, features and stream into one ASGI application and serves it."""

import asyncio
import contextlib
import importlib
import importlib.util
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from cryptovault import __version__
from cryptovault.features.auth.repository import ensure_indexes
from cryptovault.features.auth.service import watch_revocations
from cryptovault.features.system.endpoints import root as operator_routes
from cryptovault.features.system.service import HealthDesk
from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.engine_client import Engine, EngineClient, fixed_address
from cryptovault.infra.fanout import REVOKED, WATERMARK, Fanout
from cryptovault.infra.mail import ConsoleMailer, Mailer
from cryptovault.infra.metrics import ApiMetrics, leave_metrics
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.passwords import Passwords
from cryptovault.infra.redis import connect_redis
from cryptovault.kit.cookies import Cookies
from cryptovault.kit.csrf import Csrf
from cryptovault.kit.framework import install_error_handlers, openapi_document
from cryptovault.kit.gate import API, Gate, Receive, Scope, Send
from cryptovault.kit.network import ClientAddress
from cryptovault.kit.origins import Origins
from cryptovault.kit.rate_limit import RateClasses, RateLimiter
from cryptovault.kit.raw import MAX_BODY, raw_routes
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Tokens
from cryptovault.kit.watermark import Watermark
from cryptovault.kit.web import WebApp
from cryptovault.settings import Settings

_FEATURES = ("auth", "system", "orders", "wallet", "portfolio", "transactions", "markets", "crypto")


def _routers() -> list[APIRouter]:
    names = [f"cryptovault.features.{feature}.endpoints" for feature in _FEATURES]
    return [importlib.import_module(name).router for name in names if importlib.util.find_spec(name)]


class Api:
    """The ASGI application of one worker. `running()` is its lifespan; a server enters it by the lifespan protocol."""

    def __init__(self, settings: Settings, make_services: Callable[[], Services], engine: EngineClient | None) -> None:
        self.settings = settings
        self._make_services = make_services
        self._engine = engine
        self._services: Services | None = None
        routers = _routers()
        self.framework = self._framework(routers)
        raw = raw_routes(routers, API)
        self._bodies = [route.body for route in raw.values()]
        self.framework.openapi = self._openapi  # type: ignore[method-assign]
        self._gate = Gate(self.framework, lambda: self.services, raw)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self.framework(scope, receive, send)
        else:
            await self._gate(scope, receive, send)

    @property
    def services(self) -> Services:
        """The running parts; only there while the application runs."""
        if self._services is None:
            raise RuntimeError("the application is not running: enter running() first")
        return self._services

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Services]:
        """Connect everything, serve, and hang up."""
        services = self._services = self._make_services()
        if self._engine is not None:
            await self._engine.connect()
        await ensure_indexes(services.db)
        fanout = Fanout(
            services.redis,
            {
                WATERMARK: lambda data: services.watermark.advance(int(data)),
                REVOKED: lambda data: services.tokens.revoke(data.decode()),
            },
        )
        tasks = [
            asyncio.create_task(fanout.run()),
            asyncio.create_task(services.limiter.settle_forever()),
            asyncio.create_task(watch_revocations(services)),
            asyncio.create_task(leave_metrics(services.redis, services.metrics)),
        ]
        self.framework.state.health_desk = HealthDesk(services)
        await services.watermark.refresh()
        try:
            yield services
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._engine is not None:
                await self._engine.close()
            services.passwords.close()
            await services.redis.aclose()
            await services.mongo.close()
            self._services = None

    def _framework(self, routers: list[APIRouter]) -> FastAPI:
        @contextlib.asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            async with self.running():
                yield

        app = FastAPI(
            title="CryptoVault",
            version=__version__,
            lifespan=lifespan,
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            redirect_slashes=False,
            max_body_size=MAX_BODY,
        )
        install_error_handlers(app)
        for router in routers:
            app.include_router(router, prefix=API)
        app.include_router(operator_routes)
        app.router.default = WebApp(self.settings)
        return app

    def _openapi(self) -> dict[str, Any]:
        if self.framework.openapi_schema is None:
            self.framework.openapi_schema = openapi_document(self.framework, self._bodies)
        return self.framework.openapi_schema


def create_app(
    settings: Settings,
    *,
    engine: Engine | None = None,
    mongo: AsyncMongoClient[dict[str, Any]] | None = None,
    redis: Redis | None = None,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
) -> Api:
    """Compose the application; the keyword arguments are seams for tests."""
    client = EngineClient(fixed_address(settings.engine_address)) if engine is None else None

    def make_services() -> Services:
        mongo_client = mongo or connect_mongo(settings)
        redis_client = redis or connect_redis(settings)
        time = clock or SystemClock()
        db = database(mongo_client, settings)
        return Services(
            settings=settings,
            clock=time,
            mongo=mongo_client,
            db=db,
            redis=redis_client,
            engine=engine or client,  # type: ignore[arg-type]  # one of the two is there
            mailer=mailer or ConsoleMailer(db, settings),
            passwords=Passwords(settings),
            tokens=Tokens(settings, time),
            csrf=Csrf(settings),
            cookies=Cookies(settings),
            origins=Origins(settings),
            addresses=ClientAddress(settings),
            rates=RateClasses(settings),
            limiter=RateLimiter(redis_client, time),
            watermark=Watermark(db),
            metrics=ApiMetrics(),
        )

    return Api(settings, make_services, client)
