"""The engine process: the one writer, or a hot standby of it."""

import asyncio
import fcntl
import gc
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import PyMongoError

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.logging import configure_logging
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.readiness import PROCESS_NAME, mark_ready
from cryptovault.runtime.errors import Stopped
from cryptovault.runtime.node import EngineNode, NodeOptions
from cryptovault.settings import Settings

logger = logging.getLogger(__name__)

_MONGO_TIMEOUT_MS = 2_000
"""F11: a partition is noticed within two seconds."""


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Ends with SystemExit and one sentence where the engine must not go on."""
    configure_logging(settings, process=os.environ.get(PROCESS_NAME, "engine"))
    gc.disable()  # the state makes no reference cycles worth looking for; collection would halve the speed
    impatient = settings.model_copy(update={"mongo_timeout_ms": min(settings.mongo_timeout_ms, _MONGO_TIMEOUT_MS)})
    client = connect_mongo(impatient)
    home = settings.cryptovault_home.resolve()
    options = NodeOptions(name=f"{socket.gethostname()}:{home}", address=settings.engine_address, home=home / "engine")
    try:
        with only_one(settings):
            node = EngineNode(
                database(client, settings), SystemClock(), options, on_ready=lambda role: _ready(settings, role)
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, node.stop)
            await node.run()
    except PyMongoError as error:
        raise SystemExit(f"engine: the database cannot be used: {error}") from None
    except Stopped as reason:
        raise SystemExit(f"engine: {type(reason).__name__}: {reason}") from None
    finally:
        await client.close()


def _ready(settings: Settings, role: str) -> None:
    gc.freeze()
    logger.info("engine %s", role)
    mark_ready(settings, "engine")


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the state directory's engine lock. Raises Stopped if another engine has it."""
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(settings.run_dir / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Stopped(f"another engine uses {settings.cryptovault_home}") from None
    try:
        yield
    finally:
        os.close(lock)
