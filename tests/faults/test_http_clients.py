"""F1, F3 as a trader's program sees it: HTTP clients that repeat with the same key, while processes die."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from cryptovault.entrypoints.audit import verify
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.mongo import Database
from cryptovault.settings import Settings
from fixtures.history import Ask, History, ask_until_answered, check, set_up, through_socket, trader
from fixtures.http_trader import through_http
from fixtures.order_flow import deposit
from fixtures.ports import free_port
from fixtures.processes import Program, Programs

CLIENTS = [f"{number:024x}" for number in range(8)]


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    """The usual settings, with a port for the API."""
    return settings.model_copy(update={"port": free_port()})


@dataclass
class Venue:
    """A running exchange and its history."""

    engine: Program
    projector: Program
    api: Program
    history: History


@asynccontextmanager
async def trading(programs: Programs, seed: int) -> AsyncIterator[Venue]:
    """Engine, projector and API, and eight clients that trade over HTTP until the end of the block."""
    engine, projector = programs.program("engine"), programs.program("projector")
    api = programs.program("api", extra={"RATE_LIMIT_ORDERS_PER_MINUTE": "1000000"})
    await asyncio.to_thread(engine.start)
    await asyncio.to_thread(projector.start)
    history, stop = History(), asyncio.Event()
    await _fund(programs.settings, history)
    await asyncio.to_thread(api.start)
    base = f"http://127.0.0.1:{programs.settings.port}"
    async with httpx.AsyncClient(base_url=base, timeout=3.0) as client:
        ask: Ask = through_http(client, programs.settings)
        traders = [
            asyncio.create_task(trader(ask, name, history, stop, seed + n, pays_in=0)) for n, name in enumerate(CLIENTS)
        ]
        yield Venue(engine, projector, api, history)
        stop.set()
        await asyncio.gather(*traders)


async def _fund(settings: Settings, history: History) -> None:
    client = EngineClient(fixed_address(settings.engine_address))
    await client.connect()
    ask = through_socket(client)
    await set_up(ask)
    for name in CLIENTS:
        for asset in ("USDT", "BTC"):
            await ask_until_answered(ask, deposit(name, asset, 10**5), history)
    await client.close()


async def _kill(program: Program, times: int, rng: random.Random) -> None:
    for _ in range(times):
        await asyncio.sleep(rng.uniform(0.05, 0.4))
        program.kill()
        await asyncio.to_thread(program.start)
    await asyncio.sleep(0.3)


@pytest.mark.timeout(3600)
async def test_f3_engine_killed_under_http_clients(programs: Programs, db: Database, kills: int, seed: int) -> None:
    """SIGKILL of the engine at random under 8 HTTP clients: 0 acknowledged lost, 0 doubled, all books equal."""
    async with trading(programs, seed) as venue:
        await _kill(venue.engine, kills, random.Random(seed))
    await check(venue.history, db, programs.settings.cryptovault_home)
    assert (await verify(programs.settings)).problems == []
    assert len(venue.history.answers) > 10 * kills


@pytest.mark.timeout(3600)
async def test_f1_api_killed_under_http_clients(programs: Programs, db: Database, kills: int, seed: int) -> None:
    """SIGKILL of the API worker, a quarter as often: every question is answered in the end, with one effect."""
    async with trading(programs, seed) as venue:
        await _kill(venue.api, max(1, kills // 4), random.Random(seed))
    await check(venue.history, db, programs.settings.cryptovault_home)
    assert (await verify(programs.settings)).problems == []
    assert len(venue.history.answers) > 10 * kills // 4
