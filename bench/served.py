"""A real exchange for benches: mongod, redis, engine and api workers as processes of their own, with funded users."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from cryptovault.engine.commands import Command, CreditDeposit, DefineAsset, DefineMarket, SetReferencePrices
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.listener import LISTENER_FD, bind_for_workers
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.readiness import PROCESS_NAME, ready_path
from cryptovault.kit.csrf import Csrf
from cryptovault.kit.tokens import Tokens
from cryptovault.settings import Environment, Settings
from fixtures.ports import free_port
from fixtures.processes import environment_of
from fixtures.services import Mongod, RedisServer

PATIENCE_SECONDS = 60.0
UNIT = 10**8
PRICE = 65_000
_DEFINITIONS: tuple[Command, ...] = (
    DefineAsset("BTC", 8, "Bitcoin"),
    DefineAsset("USDT", 8, "Tether"),
    DefineMarket("BTC-USDT", "BTC", "USDT", UNIT // 100, UNIT // 10**5, UNIT, 1000, 1500, 50_000, 10**6 * UNIT, 10**7),
    SetReferencePrices((("BTC-USDT", PRICE * 100),)),
)


class Member(NamedTuple):
    """A funded user with what a browser would send."""

    user_id: str
    token: str
    csrf: str


class Exchange(NamedTuple):
    """A running exchange."""

    settings: Settings
    members: list[Member]
    api_pids: list[int]


@contextlib.asynccontextmanager
async def exchange(*, workers: int, members: int, projector: bool) -> AsyncIterator[Exchange]:
    """Start everything, define one market, fund users; stop everything at the end.

    The projector makes the read model of markets, which the API needs. Unless `projector` is set it is then
    stopped, so that what is measured is the way of an order to its durable answer.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        home = Path(folder)
        mongod, redis = Mongod(home / "mongod"), RedisServer(home / "redis")
        for server in (mongod, redis):
            stack.callback(server.kill)
            server.start()
        settings = _settings(home, mongod.url, redis.url, workers)
        stack.enter_context(program("engine", settings))
        with program("projector", settings) if not projector else contextlib.nullcontext():
            if projector:
                stack.enter_context(program("projector", settings))
            funded = await _fund(settings, members)
        pids = []
        for number, listener in enumerate(bind_for_workers(settings)):
            pids.append(
                stack.enter_context(program("api", settings, name=f"api-{number + 1}", listener=listener.fileno()))
            )
            listener.close()
        yield Exchange(settings, funded, pids)


@contextlib.contextmanager
def program(command: str, settings: Settings, *, name: str = "", listener: int | None = None) -> Iterator[int]:
    """`cryptovault <command>` until the end of the block; the value is its pid."""
    name = name or command
    environment = environment_of(settings) | {PROCESS_NAME: name, "RATE_LIMIT_ORDERS_PER_MINUTE": "100000000"}
    passed: Sequence[int] = ()
    if listener is not None:
        environment[LISTENER_FD], passed = str(listener), (listener,)
    log = (settings.cryptovault_home / f"{name}.log").open("wb")
    argv = [sys.executable, "-m", "cryptovault.entrypoints.cli", command]
    process = subprocess.Popen(
        argv, env=environment, stdout=log, stderr=log, pass_fds=passed, cwd=settings.cryptovault_home
    )
    try:
        _wait_ready(process, settings, name)
        yield process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        log.close()


def _wait_ready(process: subprocess.Popen[bytes], settings: Settings, name: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready_path(settings, name).exists():
        log = settings.cryptovault_home / f"{name}.log"
        assert process.poll() is None, f"{name} ended: {log.read_text()[-2000:]}"
        assert time.monotonic() < deadline, f"{name} is not ready: {log.read_text()[-2000:]}"
        time.sleep(0.02)


def _settings(home: Path, mongo_url: str, redis_url: str, workers: int) -> Settings:
    (home / "home").mkdir()
    return Settings(
        _env_file=None,
        environment=Environment.DEVELOPMENT,
        cryptovault_home=home / "home",
        engine_socket=f"unix:///tmp/cv-bench-{os.getpid()}.sock",
        mongo_url=mongo_url,
        redis_url=redis_url,
        jwt_secret="bench-only-" + "7f3a9c" * 8,
        csrf_secret="bench-only-" + "b81d5e" * 8,
        encryption_key="bench-only-" + "4d0c7a" * 8,
        port=free_port(),
        workers=workers,
    )


async def _fund(settings: Settings, count: int) -> list[Member]:
    """Define the market, give each user coins and cash, and wait until the read models show it."""
    tokens, csrf = Tokens(settings, SystemClock()), Csrf(settings)
    engine = EngineClient(fixed_address(settings.engine_address))
    await engine.connect()
    for command in _DEFINITIONS:
        seq = (await engine.submit(command)).seq
    members = []
    for number in range(count):
        user_id = f"{number:024x}"
        for asset, amount in (("BTC", 10**4), ("USDT", 10**9)):
            gift = CreditDeposit(user_id, f"bench:{asset}:{number}", asset, amount * UNIT, "bench")
            seq = (await engine.submit(gift)).seq  # a deposit key is one payment, whoever gets it
        session_id = f"session-{number}"
        members.append(Member(user_id, tokens.issue(user_id, session_id, "user"), csrf.issue(session_id)))
    await engine.close()
    client = connect_mongo(settings)
    watermarks = database(client, settings)["watermarks"]
    while (await watermarks.find_one({"_id": "read_models"}) or {"seq": 0})["seq"] < seq:
        await asyncio.sleep(0.02)
    await client.close()
    return members
