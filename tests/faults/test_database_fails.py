"""F6, F10: the database dies or lies under the engine; nothing acknowledged is lost or doubled."""

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.engine_frames import EngineError
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.settings import Settings
from fixtures.history import History, check, set_up, through_socket, trader
from fixtures.order_flow import deposit
from fixtures.processes import Programs
from fixtures.services import Mongod, ReplicaSet

CLIENTS = 8
FAILURES: list[dict[str, Any]] = [
    {"closeConnection": True},
    {"errorCode": 189},
    {"errorCode": 112},
    {"writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}},
]


@pytest.fixture(name="own_mongod")
def _own_mongod(tmp_path: Path) -> Iterator[Mongod]:
    """A mongod of this test's own, to be killed."""
    server = Mongod(tmp_path / "mongod")
    server.start()
    yield server
    server.kill()


@pytest.fixture(name="three_members")
def _three_members(tmp_path: Path) -> Iterator[ReplicaSet]:
    """A replica set of three of this test's own."""
    members = ReplicaSet(tmp_path / "set")
    members.start()
    yield members
    members.kill()


@pytest.fixture(name="settings")
def _settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The usual settings; on the test's own database where it has one."""
    for name in ("own_mongod", "three_members"):
        if name in request.fixturenames:
            return settings.model_copy(update={"mongo_url": request.getfixturevalue(name).url})
    return settings


@pytest.mark.timeout(3600)
async def test_f6_mongod_killed_under_clients(
    programs: Programs, own_mongod: Mongod, settings: Settings, kills: int, seed: int
) -> None:
    """SIGKILL of mongod under 8 clients, a quarter as often as the engine: refused meanwhile, resumed within 5 s."""
    engine, rng = programs.program("engine"), random.Random(seed)
    await asyncio.to_thread(engine.start)
    client = EngineClient(fixed_address(settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, seed + n)) for n in range(CLIENTS)]
    gaps = []
    for kill in range(max(1, kills // 4)):
        await asyncio.sleep(rng.uniform(0.1, 0.5))
        own_mongod.kill()
        await asyncio.sleep(rng.uniform(0.0, 0.3))
        await asyncio.to_thread(own_mongod.start)
        gaps.append(await _seconds_until_taken(client, f"probe{kill}"))
    stop.set()
    await asyncio.gather(*traders)
    await client.close()
    assert engine.process is not None
    assert engine.process.poll() is None, engine.output()
    mongo = connect_mongo(settings)
    await check(history, database(mongo, settings), settings.cryptovault_home)
    await mongo.close()
    assert max(gaps) <= 5.0


@pytest.mark.timeout(3600)
async def test_f6_primary_killed_in_a_set_of_three(
    programs: Programs, three_members: ReplicaSet, settings: Settings, kills: int, seed: int
) -> None:
    """SIGKILL of the primary under 8 clients: another is elected, the engine goes on with it, 0 lost, 0 doubled."""
    engine = programs.program("engine")
    await asyncio.to_thread(engine.start)
    client = EngineClient(fixed_address(settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, seed + n)) for n in range(CLIENTS)]
    gaps = []
    for kill in range(max(1, kills // 10)):
        await asyncio.sleep(0.5)
        primary = await asyncio.to_thread(three_members.primary)
        primary.kill()
        gaps.append(await _seconds_until_taken(client, f"probe{kill}"))
        await asyncio.to_thread(primary.spawn)
    stop.set()
    await asyncio.gather(*traders)
    await client.close()
    assert engine.process is not None
    assert engine.process.poll() is None, engine.output()
    mongo = connect_mongo(settings)
    await check(history, database(mongo, settings), settings.cryptovault_home)
    await mongo.close()
    assert sorted(gaps)[len(gaps) // 2] <= 10.0, gaps


async def _seconds_until_taken(client: EngineClient, account: str) -> float:
    began = time.monotonic()
    while True:
        try:
            await client.submit(deposit(account, "USDT", 1), timeout=1.0)
        except EngineError:
            await asyncio.sleep(0.02)
            continue
        return time.monotonic() - began


@pytest.mark.timeout(600)
@pytest.mark.parametrize("failure", FAILURES, ids=["closed", "stepped_down", "conflict", "write_concern"])
async def test_f10_writes_that_fail_at_random(
    programs: Programs, db: Database, failure: dict[str, Any], seed: int
) -> None:
    """With every third journal write answered by an error, written or not, answers stay true and effects single."""
    engine = programs.program("engine")
    await asyncio.to_thread(engine.start)
    client = EngineClient(fixed_address(programs.settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    data = {"failCommands": ["insert"], "namespace": f"{db.name}.journal", **failure}
    mode = {"activationProbability": 0.3}
    await db.client.admin.command("configureFailPoint", "failCommand", mode=mode, data=data)
    try:
        traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, seed + n)) for n in range(CLIENTS)]
        await asyncio.sleep(2.0)
        stop.set()
        await asyncio.gather(*traders)
    finally:
        failed = await db.client.admin.command("configureFailPoint", "failCommand", mode="off")
    await client.close()
    await check(history, db, programs.settings.cryptovault_home)
    assert len(history.answers) > 2 * CLIENTS
    assert failed["count"] > 0, "no write failed"
