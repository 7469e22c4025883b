"""F3, F5: the engine dies at any moment, or two believe they lead; nothing acknowledged is lost or doubled."""

import asyncio
import random
import signal

import pytest

from cryptovault.infra.engine_address import leader_address
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.engine_frames import EngineError
from cryptovault.infra.mongo import Database
from fixtures.history import History, ask_until_answered, check, set_up, through_socket, trader
from fixtures.order_flow import deposit
from fixtures.processes import Program, Programs

CLIENTS = 8


async def _kill_and_restart(engine: Program, rng: random.Random, kills: int) -> None:
    for _ in range(kills):
        await asyncio.sleep(rng.uniform(0.02, 0.4))
        engine.kill()
        await asyncio.to_thread(engine.start)


@pytest.mark.timeout(3600)
async def test_f3_killed_at_random_under_clients(programs: Programs, db: Database, kills: int, seed: int) -> None:
    """SIGKILL at random under 8 clients on the socket: 0 acknowledged lost, 0 doubled, books equal after replay."""
    engine = programs.program("engine")
    await asyncio.to_thread(engine.start)
    client = EngineClient(fixed_address(programs.settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, seed + n)) for n in range(CLIENTS)]
    await _kill_and_restart(engine, random.Random(seed), max(1, kills // 2))
    stop.set()
    await asyncio.gather(*traders)
    await client.close()
    await check(history, db, programs.settings.cryptovault_home)
    assert len(history.answers) > 10 * kills, "hardly anything happened between the kills"


@pytest.mark.timeout(60)
async def test_f5_a_stopped_leader_that_wakes_is_fenced(programs: Programs, db: Database, seed: int) -> None:
    """SIGSTOP the leader, let the standby lead, SIGCONT: the first exits and answers nobody, no fork."""
    first = programs.program("engine")
    second = programs.program("engine", programs.second_home())
    await asyncio.to_thread(first.start)
    await asyncio.to_thread(second.start)
    client = EngineClient(leader_address(db, programs.settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    old = EngineClient(fixed_address(programs.settings.engine_address))
    await old.connect()
    await old.submit(deposit("before", "USDT", 1))
    traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, seed + n)) for n in range(CLIENTS)]
    await asyncio.sleep(0.3)
    first.signal(signal.SIGSTOP)
    await ask_until_answered(ask, deposit("during", "USDT", 1), history)
    zombie = asyncio.create_task(old.submit(deposit("zombie", "USDT", 1), timeout=3.0))
    await asyncio.sleep(0.1)
    first.signal(signal.SIGCONT)
    with pytest.raises(EngineError):
        await zombie
    assert await asyncio.to_thread(first.wait) != 0
    assert "Fenced" in first.output()
    stop.set()
    await asyncio.gather(*traders)
    await old.close()
    await client.close()
    replayed = await check(history, db, second.settings.cryptovault_home)
    assert replayed.exchange.balance("zombie", "USDT") == (0, 0)
