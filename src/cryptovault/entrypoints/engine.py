"""The engine process: the one writer, or a hot standby of it."""

import gc
import logging
import os
import socket

from cryptovault.entrypoints.process import ending_in_a_sentence, on_stop, only_one
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.logging import configure_logging
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.readiness import PROCESS_NAME, mark_ready
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
        with ending_in_a_sentence("engine"), only_one(settings, "engine"):
            node = EngineNode(
                database(client, settings), SystemClock(), options, on_ready=lambda role: _ready(settings, role)
            )
            on_stop(node.stop)
            await node.run()
    finally:
        await client.close()


def _ready(settings: Settings, role: str) -> None:
    gc.freeze()
    logger.info("engine %s", role)
    mark_ready(settings, "engine")
