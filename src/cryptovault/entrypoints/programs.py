"""The programs of an exchange, in the order they are started: databases, engine, projector, then who talks to them."""

import asyncio
import socket
import sys
from functools import partial

from cryptovault.entrypoints.children import Program
from cryptovault.infra import embedded
from cryptovault.infra.embedded import Launch
from cryptovault.infra.listener import LISTENER_FD, bind_for_workers
from cryptovault.infra.readiness import PROCESS_NAME, ready_path
from cryptovault.settings import Settings

_POLL_SECONDS = 0.02


def stages(settings: Settings) -> list[list[Program]]:
    """What to start, stage after stage; `settings` carry the addresses of the embedded servers already."""
    engine, projector = _process(settings, "engine"), _process(settings, "projector")
    # Stopped in reverse: nobody sends any more, then the read models take in the last commands, then the engine ends.
    return [databases(settings), [engine], [projector], [_process(settings, "worker"), *_apis(settings)]]


def databases(settings: Settings) -> list[Program]:
    """The embedded servers, as far as no other address is configured."""
    programs = []
    if settings.mongo_url == embedded.mongo_url(settings) and (mongod := embedded.find_mongod()):
        launch = partial(embedded.launch_mongod, mongod, settings)
        programs.append(Program("mongod", launch, partial(embedded.mongo_ready, settings)))
    if settings.redis_url == embedded.redis_url(settings) and (redis := embedded.find_redis()):
        launch = partial(embedded.launch_redis, redis, settings)
        programs.append(Program("redis", launch, partial(embedded.redis_ready, settings)))
    return programs


def _apis(settings: Settings) -> list[Program]:
    """The API's workers, each with a listening socket that outlives it: while one restarts, its callers queue."""
    names = ["api"] if settings.workers == 1 else [f"api-{number + 1}" for number in range(settings.workers)]
    listeners = bind_for_workers(settings)
    return [_process(settings, "api", name, listener) for name, listener in zip(names, listeners, strict=True)]


def _process(settings: Settings, command: str, name: str = "", listener: socket.socket | None = None) -> Program:
    """One of our own processes: `cryptovault <command>`."""
    name = name or command
    env = {PROCESS_NAME: name}
    if listener is not None:
        env[LISTENER_FD] = str(listener.fileno())
    launch = Launch([sys.executable, "-m", "cryptovault.entrypoints.cli", command])
    return Program(name, partial(fresh, settings, name, launch), partial(marked, settings, name), env, listener)


def fresh(settings: Settings, name: str, launch: Launch) -> Launch:
    """The same launch, with the mark of an earlier process of this name removed."""
    ready_path(settings, name).unlink(missing_ok=True)
    return launch


async def marked(settings: Settings, name: str) -> None:
    """Wait for the readiness mark of this name."""
    while not ready_path(settings, name).exists():
        await asyncio.sleep(_POLL_SECONDS)
