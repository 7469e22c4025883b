"""The API process: composes gate, features and stream into one ASGI application and serves it."""

import asyncio
import contextlib
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable, Collection
from datetime import timedelta
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from cryptovault import __version__
from cryptovault.entrypoints.explaining import Explainer
from cryptovault.entrypoints.http_protocol import BoundedHttp
from cryptovault.entrypoints.indexes import index_api
from cryptovault.entrypoints.routes import FEATURES, OPERATORS
from cryptovault.features.auth.session_watch import end_overdue_forever, learn_revocations, watch_revocations
from cryptovault.features.orders.sockets import PATH as ORDER_SOCKET
from cryptovault.features.orders.sockets import OrderSockets
from cryptovault.features.stream.endpoints import Stream
from cryptovault.features.system.service import HealthDesk
from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.engine_address import leader_address
from cryptovault.infra.engine_client import Engine, EngineClient
from cryptovault.infra.fanout import EVENTS, REVOKED, WATERMARK, Fanout
from cryptovault.infra.listener import listening_socket
from cryptovault.infra.logging import configure_logging
from cryptovault.infra.mail import Mailer
from cryptovault.infra.mail.queued import build_mailer
from cryptovault.infra.metrics import ApiMetrics, leave_metrics
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.passwords import Passwords
from cryptovault.infra.readiness import PROCESS_NAME, mark_ready
from cryptovault.infra.redis import connect_redis
from cryptovault.kit.compression import compressing
from cryptovault.kit.cookies import Cookies
from cryptovault.kit.csrf import Csrf
from cryptovault.kit.framework import install_error_handlers, openapi_document
from cryptovault.kit.gate import API, Gate, Receive, Scope, Send
from cryptovault.kit.moments import Explain
from cryptovault.kit.network import ClientAddress
from cryptovault.kit.origins import Origins
from cryptovault.kit.rate_limit import RateClasses, RateLimiter
from cryptovault.kit.raw import MAX_BODY, raw_routes
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Tokens
from cryptovault.kit.watermark import Watermark
from cryptovault.kit.web import WebApp
from cryptovault.settings import Settings

_LIVE_PATHS = ("/socket.io", "/ws/")
_MAX_FRAME = 64 * 1024
_GRACE_SECONDS = 5
_CANCEL_AGAIN_SECONDS = 0.2


class Api:
    """The ASGI application of one worker. `running()` is its lifespan; a server enters it by the lifespan protocol."""

    def __init__(self, settings: Settings, make_services: Callable[[], Services]) -> None:
        self.settings = settings
        self._make_services = make_services
        self._services: Services | None = None
        self._stream: Stream | None = None
        self._orders: OrderSockets | None = None
        self.framework = self._framework()
        raw = raw_routes(FEATURES, API)
        self._bodies = [route.body for route in raw.values()]
        self.framework.openapi = self._openapi  # type: ignore[method-assign]
        self._gate = Gate(self._dispatch, lambda: self.services, raw)

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
        client = services.engine if isinstance(services.engine, EngineClient) else None
        if client is not None:
            await client.connect()
        await index_api(services.db)
        # Before the first request: a token of a session that ended while nobody ran must not work again.
        await learn_revocations(services, timedelta(seconds=services.tokens.lifetime))
        stream = self._stream = Stream(services)
        orders = self._orders = OrderSockets(services)
        self.framework.state.health_desk = HealthDesk(services)
        tasks = [asyncio.create_task(work) for work in _background(services, stream)]
        await services.watermark.refresh()
        try:
            yield services
        finally:
            await orders.close()
            await _stop(tasks)
            await stream.close()
            if client is not None:
                await client.close()
            services.passwords.close()
            await services.redis.aclose()
            await services.mongo.close()
            self._services = self._stream = self._orders = None

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._orders is not None and scope["type"] == "websocket" and scope["path"] == ORDER_SOCKET:
            await self._orders(scope, receive, send)
        elif self._stream is not None and scope["path"].startswith(_LIVE_PATHS):
            await self._stream(scope, receive, send)
        else:
            await self.framework(scope, receive, compressing(scope, send))

    def _framework(self) -> FastAPI:
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
        for router in FEATURES:
            app.include_router(router, prefix=API)
        app.include_router(OPERATORS)
        app.router.default = WebApp(self.settings)  # type: ignore[assignment]
        return app

    def _openapi(self) -> dict[str, Any]:
        if self.framework.openapi_schema is None:
            self.framework.openapi_schema = openapi_document(self.framework, self._bodies)
        return self.framework.openapi_schema


def _background(services: Services, stream: Stream) -> list[Any]:
    """What runs beside the requests, as coroutines that end by cancellation."""
    fanout = Fanout(
        services.redis,
        {
            EVENTS: stream.feed.receive,
            WATERMARK: lambda data: services.watermark.advance(int(data)),
            REVOKED: lambda data: services.tokens.revoke(data.decode()),
        },
    )
    return [
        fanout.run(),
        services.limiter.settle_forever(),
        watch_revocations(services),
        end_overdue_forever(services),
        services.audit.keep_all_forever(),
        services.presence.write_forever(),
        leave_metrics(services.redis, services.metrics),
    ]


async def _stop(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel until every task has ended: a library may take a cancellation for a lost connection and go on."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_CANCEL_AGAIN_SECONDS)


def create_app(
    settings: Settings,
    *,
    engine: Engine | None = None,
    mongo: AsyncMongoClient[dict[str, Any]] | None = None,
    redis: Redis | None = None,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    explain: Explain | None = None,
) -> Api:
    """Compose the application; the keyword arguments are seams for tests. What is given is closed at the end too."""

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
            engine=engine or EngineClient(leader_address(db, settings.engine_address)),
            mailer=mailer or build_mailer(settings, db, time),
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
            explain=explain or Explainer(settings),
        )

    return Api(settings, make_services)


class _Server(uvicorn.Server):
    """uvicorn that says when it serves."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start to listen, then leave the mark the supervisor waits for."""
        await super().startup(sockets)
        # What exists now lives as long as the process: the collector need not walk through it again and again.
        gc.collect()
        gc.freeze()
        mark_ready(self._settings, "api")


def server_config(app: Api, *, lifespan: Literal["on", "off"] = "on") -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        app,
        http=BoundedHttp,
        ws="websockets-sansio",
        ws_max_size=_MAX_FRAME,
        ws_per_message_deflate=False,  # a frame is the same bytes for everybody, written once
        lifespan=lifespan,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # kit/network.py believes the proxies that the settings name, and no others
        server_header=False,
        backlog=4096,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


async def serve(settings: Settings) -> None:
    """Serve one worker until SIGTERM or SIGINT; more workers are more processes, started by the supervisor."""
    configure_logging(settings, process=os.environ.get(PROCESS_NAME, "api"))
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    listener = listening_socket(settings)
    await _Server(server_config(create_app(settings)), settings).serve(sockets=[listener])
