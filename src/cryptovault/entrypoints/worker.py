"""The worker process: prices, marks, market maker, candles, and the mail. One works, any other stands by."""

import asyncio
import os
import socket
from contextlib import suppress
from functools import partial

from pymongo.errors import ConnectionFailure
from redis.asyncio import Redis

from cryptovault.entrypoints.market_desk import MarketDesk
from cryptovault.entrypoints.outbox import Deliveries
from cryptovault.entrypoints.process import on_stop
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_address import leader_address
from cryptovault.infra.engine_client import EngineClient
from cryptovault.infra.lease import SingletonLease
from cryptovault.infra.logging import configure_logging, get_logger
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.infra.readiness import PROCESS_NAME, mark_ready
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings

_LEASE = "worker"
_RENEW_SECONDS = 1.5

log = get_logger("worker")


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    configure_logging(settings, process=os.environ.get(PROCESS_NAME, "worker"))
    stop = asyncio.Event()
    on_stop(stop.set)
    await work(settings, stop)


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Work while the lease is held, stand by while it is not, until `stop` is set."""
    mongo, redis = connect_mongo(settings), connect_redis(settings)
    db = database(mongo, settings)
    engine = EngineClient(leader_address(db, settings.engine_address))
    await engine.connect()
    lease = SingletonLease(db, _LEASE, f"{socket.gethostname()}:{os.getpid()}")
    try:
        while not stop.is_set():
            if await _held(lease, so_far=False):
                deliveries = Deliveries(settings, db, redis, clock=SystemClock())
                await _on_duty(_desk(settings, db, redis, engine), deliveries, lease, stop)
            else:
                mark_ready(settings, "worker")  # a standby is all there is to be
                await _pause(stop)
        await lease.release()
    finally:
        await engine.close()
        await redis.aclose()
        await mongo.close()


def _desk(settings: Settings, db: Database, redis: Redis, engine: EngineClient) -> MarketDesk:
    ready = partial(mark_ready, settings, "worker")
    return MarketDesk(settings, db, redis, engine, clock=SystemClock(), on_ready=ready)


async def _on_duty(desk: MarketDesk, deliveries: Deliveries, lease: SingletonLease, stop: asyncio.Event) -> None:
    """Make the market and deliver mail until told to stop or the lease is lost. An error of either ends the process."""
    log.info("on duty")
    job = asyncio.gather(desk.run(), deliveries.run())
    try:
        while not job.done() and not stop.is_set():
            await _pause(stop)
            if not await _held(lease, so_far=True):
                log.warning("the lease is lost; standing by")
                break
    finally:
        await desk.go_off_duty()
        log.info("off duty")
        job.cancel()
        result = await asyncio.gather(job, return_exceptions=True)
    if isinstance(result[0], Exception):
        raise result[0]


async def _held(lease: SingletonLease, *, so_far: bool) -> bool:
    """Whether the lease is ours; while the database is away nobody can take it from us, nor we from anybody."""
    try:
        return await lease.hold()
    except ConnectionFailure as error:
        log.warning("the lease cannot be renewed now", error=str(error)[:200])
        return so_far


async def _pause(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_RENEW_SECONDS):
            await stop.wait()
