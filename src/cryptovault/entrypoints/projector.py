"""The projector process: read models and live stream, both made from the journal."""

import asyncio
import gc
import logging
import os
from contextlib import suppress

from pymongo.errors import PyMongoError

from cryptovault.entrypoints.indexes import index_read_models
from cryptovault.entrypoints.process import ending_in_a_sentence, on_stop, only_one
from cryptovault.features.markets.projection import MarketsProjection
from cryptovault.features.markets.publisher import MarketPublisher
from cryptovault.features.markets.trade_candles import CandlePublisher, TradeCandles
from cryptovault.features.orders.projection import OrdersProjection
from cryptovault.features.orders.publisher import PrivatePublisher
from cryptovault.features.paper.projection import PaperProjection
from cryptovault.features.transactions.projection import TransactionsProjection
from cryptovault.features.wallet.projection import WalletsProjection
from cryptovault.infra.cancellation import end_tasks
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_address import leader_address
from cryptovault.infra.engine_client import EngineClient
from cryptovault.infra.logging import configure_logging
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.readiness import PROCESS_NAME, mark_ready
from cryptovault.infra.redis import connect_redis
from cryptovault.kit.projection import Projection, Publisher
from cryptovault.runtime.broadcast import Broadcast
from cryptovault.runtime.errors import Stopped
from cryptovault.runtime.projector import Projector
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.settings import Settings

_GC_THRESHOLD = 50_000
_STOP_SECONDS = 2.0

logger = logging.getLogger(__name__)


def projections(candles: TradeCandles | None = None) -> list[Projection]:
    """Every read model there is; `candles` where they are told live as well."""
    candles = candles or TradeCandles()
    own: list[Projection] = [OrdersProjection(), TransactionsProjection(), WalletsProjection(), PaperProjection()]
    return [MarketsProjection(), candles, *own]


def publishers(candles: TradeCandles, settings: Settings) -> list[Publisher]:
    """Every source of live messages."""
    return [MarketPublisher(settings.book_interval_ms), PrivatePublisher(), CandlePublisher(candles)]


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Ends with SystemExit and one sentence where it must not go on."""
    configure_logging(settings, process=os.environ.get(PROCESS_NAME, "projector"))
    stop = asyncio.Event()
    on_stop(stop.set)
    with ending_in_a_sentence("projector"), only_one(settings, "projector"):
        await follow(settings, stop)


async def follow(settings: Settings, stop: asyncio.Event) -> None:
    """Keep the read models up to the journal until `stop` is set. Raises Stopped."""
    clock = SystemClock()
    mongo, redis = connect_mongo(settings), connect_redis(settings)
    db = database(mongo, settings)
    broadcast = Broadcast(redis, clock)
    candles = TradeCandles()
    projector = Projector(db, clock, broadcast, projections(candles), publishers(candles, settings))
    engine = EngineClient(leader_address(db, settings.engine_address), on_news=projector.wake)
    tasks: list[asyncio.Task[object]] = []
    try:
        await index_read_models(db)
        await projector.start(Snapshots(settings.cryptovault_home.resolve() / "engine" / "snapshots"))
        await engine.connect()
        gc.freeze()  # what is there now stays; looking through it again and again would cost a fifth of the speed
        gc.set_threshold(_GC_THRESHOLD)
        mark_ready(settings, "projector")
        tasks = [asyncio.create_task(job) for job in (projector.run(), broadcast.run(), stop.wait())]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end_tasks(tasks)
        with suppress(TimeoutError, Stopped, PyMongoError):
            async with asyncio.timeout(_STOP_SECONDS):
                await projector.settle()
        await engine.close()
        await redis.aclose()
        await mongo.close()
