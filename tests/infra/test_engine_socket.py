"""The stream socket between the engine and its clients."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cryptovault.engine.commands import CancelOrder, Command, EpochBarrier
from cryptovault.engine.events import Done, OrderState, Rejected
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import Side
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.engine_frames import (
    MAX_FRAME,
    EngineBusy,
    EngineError,
    EngineTimeout,
    EngineUnavailable,
    Status,
    pack,
    pack_tagged,
    parse_address,
)
from cryptovault.infra.engine_server import Caller, EngineServer
from cryptovault.infra.local_engine import LocalEngine
from fixtures.order_flow import COIN, SETUP, deposit, limit_order

Offered = list[tuple[Caller, int, Command]]


class Scripted:
    """An engine that does with each command what the test says."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.offered: Offered = []
        self.react: Callable[[Caller, int, Command], None] = lambda _caller, _id, _command: None
        self.server = EngineServer(self._offer, SystemClock())

    def _offer(self, caller: Caller, request_id: int, command: Command, _deadline: float, _size: int) -> None:
        self.offered.append((caller, request_id, command))
        self.react(caller, request_id, command)

    async def restart(self) -> None:
        await self.server.stop()
        self.server = EngineServer(self._offer, SystemClock())
        await self.server.start(self.address)


def _done(caller: Caller, request_id: int, _command: Command) -> None:
    caller.answer(request_id, 7, Done("", "ok"))


@asynccontextmanager
async def scripted(address: str) -> AsyncIterator[tuple[Scripted, EngineClient]]:
    """A scripted engine and a client of it."""
    engine = Scripted(address)
    await engine.server.start(address)
    client = EngineClient(fixed_address(address))
    await client.connect()
    try:
        yield engine, client
    finally:
        await client.close()
        await engine.server.stop()


@pytest.fixture(name="address")
def _address(tmp_path: Path) -> str:
    return f"unix://{tmp_path / 'e.sock'}"


async def test_many_requests_are_in_flight_on_one_connection(address: str) -> None:
    """Answers find their callers whatever the order in which they come."""
    async with scripted(address) as (engine, client):
        commands = [deposit(f"user{number}", "USDT", 1) for number in range(500)]
        waiting = [asyncio.create_task(client.submit(command)) for command in commands]
        while len(engine.offered) < len(commands):
            await asyncio.sleep(0.01)
        for caller, request_id, command in reversed(engine.offered):
            caller.answer(request_id, request_id, Done(command.account, ""))  # type: ignore[union-attr]
        answers = await asyncio.gather(*waiting)
        assert [answer.verdict.account for answer in answers] == [command.account for command in commands]
        assert len(engine.server.connections) == 1


async def test_tcp_works_like_the_unix_socket() -> None:
    """An engine on another machine is reached by tcp://."""
    engine = EngineServer(lambda caller, request_id, command, _d, _s: _done(caller, request_id, command), SystemClock())
    await engine.start("tcp://127.0.0.1:0")
    client = EngineClient(fixed_address(f"tcp://127.0.0.1:{engine.port}"))
    await client.connect()
    assert (await client.submit(SETUP[0])).seq == 7
    await client.close()
    await engine.stop()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (Status.BUSY, EngineBusy),
        (Status.EXPIRED, EngineBusy),
        (Status.UNAVAILABLE, EngineUnavailable),
        (Status.INVALID, EngineError),
    ],
)
async def test_j11_refusals_reach_the_caller(address: str, status: Status, error: type[EngineError]) -> None:
    """A refusal says what happened and when to try again."""
    async with scripted(address) as (engine, client):
        engine.react = lambda caller, request_id, _command: caller.refuse(request_id, status, 1.5, "not now")
        with pytest.raises(error, match="not now") as caught:
            await client.submit(SETUP[0])
        assert caught.value.retry_after == 1.5


async def test_no_answer_in_time_is_an_unknown_outcome(address: str) -> None:
    """A deadline that passes after the request was sent leaves the outcome unknown."""
    async with scripted(address) as (_, client):
        with pytest.raises(EngineTimeout):
            await client.submit(SETUP[0], timeout=0.1)


async def test_an_engine_that_is_not_there_was_not_reached(address: str) -> None:
    """Without a connection nothing was sent, and the error says that nothing happened."""
    client = EngineClient(fixed_address(address))
    await client.connect()
    with pytest.raises(EngineUnavailable):
        await client.submit(SETUP[0], timeout=0.1)
    await client.close()


async def test_a_request_waits_for_the_engine_to_come(address: str) -> None:
    """A request made while the engine is away is sent when it is there, within its deadline."""
    client = EngineClient(fixed_address(address))
    await client.connect()
    waiting = asyncio.create_task(client.submit(SETUP[0]))
    await asyncio.sleep(0.1)
    engine = Scripted(address)
    engine.react = _done
    await engine.server.start(address)
    assert (await waiting).verdict == Done("", "ok")
    await client.close()
    await engine.server.stop()


async def test_j6_a_request_with_a_key_is_sent_again_after_a_break(address: str) -> None:
    """When the connection breaks, what has an idempotency key is asked again, once, by itself."""
    async with scripted(address) as (engine, client):
        waiting = asyncio.create_task(client.submit(deposit("alice", "USDT", 1)))
        while not engine.offered:
            await asyncio.sleep(0.01)
        engine.react = _done
        await engine.restart()
        assert (await waiting).seq == 7
        assert len(engine.offered) == 2


async def test_a_request_without_a_key_is_never_sent_twice(address: str) -> None:
    """When the connection breaks, the outcome of a request without a key is unknown and is said to be."""
    async with scripted(address) as (engine, client):
        waiting = asyncio.create_task(client.submit(CancelOrder("alice", 1)))
        while not engine.offered:
            await asyncio.sleep(0.01)
        await engine.restart()
        with pytest.raises(EngineTimeout, match="outcome is unknown"):
            await waiting
        assert len(engine.offered) == 1


async def test_a_barrier_cannot_be_sent_by_a_client(address: str) -> None:
    """Only a leader writes barriers."""
    async with scripted(address) as (engine, client):
        with pytest.raises(EngineError, match="leaders"):
            await client.submit(EpochBarrier(9, "intruder"))
        assert engine.offered == []


async def test_news_tell_how_far_the_journal_is(address: str) -> None:
    """Whoever asks for news is told each time the journal grows."""
    heard: list[int] = []
    engine = Scripted(address)
    await engine.server.start(address)
    client = EngineClient(fixed_address(address), on_news=heard.append)
    await client.connect()
    while not engine.server.listeners:
        await asyncio.sleep(0.01)
    engine.server.publish(41)
    engine.server.publish(42)
    await asyncio.sleep(0.05)
    assert heard == [41, 42]
    await client.close()
    await engine.server.stop()


@pytest.mark.parametrize(
    "data",
    [
        pack((1, 1000, (99, "x"))),
        pack((1, 1000, "no command")),
        pack((1, "soon", (2, "USDT", 8, ""))),
        pack((1,)),
        pack(()),
        pack(("x", 1, 2)),
        b"\x00\x00\x00\x03abc",
        (MAX_FRAME + 1).to_bytes(4, "big"),
    ],
)
async def test_nonsense_never_reaches_the_sequencer(address: str, data: bytes) -> None:
    """Whatever else arrives on the socket is refused or cut off, and the engine goes on."""
    async with scripted(address) as (engine, client):
        reader, writer = await asyncio.open_unix_connection(parse_address(address).path)
        writer.write(data)
        await asyncio.wait_for(reader.read(10), 1)
        writer.close()
        await writer.wait_closed()
        assert engine.offered == []
        engine.react = _done
        assert (await client.submit(SETUP[0])).seq == 7


async def test_j11_a_client_that_does_not_read_is_not_listened_to(address: str) -> None:
    """Answers that nobody reads do not pile up: the engine stops taking requests from that connection."""
    async with scripted(address) as (engine, client):
        engine.react = lambda caller, request_id, _command: caller.answer(request_id, 1, Done("", "x" * 5_000))
        _, writer = await asyncio.open_unix_connection(parse_address(address).path)
        requests = b"".join(pack_tagged((number, 1000), SETUP[0]) for number in range(1, 20_001))
        writer.write(requests)
        await asyncio.sleep(0.5)
        assert len(engine.offered) < 20_000
        assert (await client.submit(SETUP[0])).seq == 1
        writer.transport.abort()


async def test_the_local_twin_gives_real_verdicts() -> None:
    """The twin without a socket executes commands on the real exchange."""
    engine = LocalEngine()
    for command in (*SETUP, deposit("alice", "USDT", 1000)):
        await engine.submit(command)
    ack = await engine.submit(limit_order("alice", "k", Side.BUY, 6_000_000))
    assert isinstance(ack.verdict, OrderState)
    assert ack.seq == 5
    refused = await engine.submit(limit_order("alice", "k2", Side.BUY, 6_000_000, 9 * COIN))
    assert isinstance(refused.verdict, Rejected)
    assert refused.verdict.reason is Reject.INSUFFICIENT_FUNDS


async def test_a_silent_engine_is_left_for_the_new_leader(address: str) -> None:
    """A leader that is stopped keeps its socket; the client notices the silence and asks who leads now."""
    leader = [address]

    async def resolve() -> str:
        return leader[0]

    silent, other = Scripted(address), Scripted(address + "2")
    other.react = _done
    await silent.server.start(silent.address)
    await other.server.start(other.address)
    client = EngineClient(resolve)
    await client.connect()
    waiting = asyncio.create_task(client.submit(deposit("alice", "USDT", 1)))
    while not silent.offered:
        await asyncio.sleep(0.01)
    leader[0] = other.address
    assert (await waiting).seq == 7
    await client.close()
    await silent.server.stop()
    await other.server.stop()
