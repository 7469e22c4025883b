"""Commands that come together go into one record, or none of them does; questions change nothing."""

import asyncio
from pathlib import Path

import pytest

from cryptovault.engine.events import Done
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.preview import Preview
from cryptovault.engine.questions import PreviewOf
from cryptovault.engine.types import Side
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.engine_frames import MAX_SEVERAL, EngineError, Status
from cryptovault.infra.engine_questions import write_question
from cryptovault.infra.engine_server import EngineServer
from cryptovault.runtime import questions as module
from cryptovault.runtime.questions import Questions
from fixtures.fake_clock import FakeClock
from fixtures.order_flow import SETUP, deposit, limit_order
from runtime.test_sequencer import FAR, bench

MONEY = [*SETUP, deposit("ann", "USDT", 10_000)]
BUY = limit_order("ann", "b1", Side.BUY, 100_000)


async def test_several_commands_share_a_record_whatever_its_bound(tmp_path: Path) -> None:
    """A record takes no more than its bound, except that commands which came together are never torn apart."""
    async with bench(tmp_path, batch=2) as (it, _):
        it.offer(7, deposit("zoe", "USDT", 1))
        it.sequencer.offer_several(it.answers, 0, MONEY, FAR, 100)
        it.offer(8, deposit("zoe", "USDT", 1, "later"))
        await it.settle()
        assert [record.n for record in it.journal.records] == [5, 1]
        it.journal.confirm(0)
        await it.settle()
        assert it.answers.answered == [(7, 1), (0, 2), (1, 3), (2, 4), (3, 5)]


async def test_several_commands_are_refused_together(tmp_path: Path) -> None:
    """Where there is no room for all, or they come too late, none is taken and one refusal is told."""
    async with bench(tmp_path, waiting=3) as (it, _):
        it.sequencer.offer_several(it.answers, 0, MONEY, FAR, 100)
        assert it.answers.refused == [(0, Status.BUSY)]
        it.sequencer.offer_several(it.answers, 0, MONEY[:3], 0.0, 100)
        await it.settle()
        assert [status for _, status in it.answers.refused[1:]] == [Status.EXPIRED] * 3
        assert it.journal.records == []


async def test_over_the_socket(tmp_path: Path) -> None:
    """One frame there and one back: each command has its place and its verdict, and a question its answer."""
    address = f"unix://{tmp_path / 'e.sock'}"
    async with bench(tmp_path) as (it, _):
        sequencer = it.sequencer
        questions = Questions(sequencer.exchange, SystemClock())
        server = EngineServer(sequencer.offer, SystemClock(), offer_several=sequencer.offer_several, ask=questions.ask)
        await server.start(address)
        client = EngineClient(fixed_address(address))
        await client.connect()
        try:
            for index in range(2):  # confirmed before they come: this journal is as quick as can be
                it.journal._results[index] = done()
            acks = await client.submit_several(MONEY)
            assert [ack.seq for ack in acks] == [1, 2, 3, 4]
            assert acks[0].verdict == Done("", "USDT")
            reply = await client.ask(PreviewOf(BUY))
            assert (reply.seq, type(reply.answer)) == (4, Preview)
            assert sequencer.exchange.open_orders("ann") == []
            with pytest.raises(EngineError, match="at most"):
                await client.submit_several([BUY] * (MAX_SEVERAL + 1))
        finally:
            await client.close()
            await server.stop()


def done() -> asyncio.Future[None]:
    """A result that is there already."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


class Asking:
    """Somebody who asks, and notes what comes back."""

    def __init__(self) -> None:
        self.replies: list[int] = []
        self.refused: list[Status] = []

    def reply(self, request_id: int, _seq: int, _answer: object) -> None:
        self.replies.append(request_id)

    def refuse(self, _request_id: int, status: Status, _retry_after: float, _sentence: str) -> None:
        self.refused.append(status)


async def test_questions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a bound questions are refused at once, a late one is not answered, nonsense is none; each turn one."""
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    exchange = Exchange()
    for command in MONEY:
        exchange.apply(exchange.seq + 1, 1, command)
    asking, questions = Asking(), Questions(exchange, FakeClock())
    fields = write_question(PreviewOf(BUY))
    questions.ask(asking, 1, fields, FAR)
    questions.ask(asking, 2, fields, -1.0)
    questions.ask(asking, 3, fields, FAR)
    assert asking.refused == [Status.BUSY]
    await asyncio.sleep(0)
    assert asking.replies == [1]
    await asyncio.sleep(0)
    assert (asking.replies, asking.refused) == ([1], [Status.BUSY, Status.EXPIRED])
    with pytest.raises(ValueError, match="question"):
        questions.ask(asking, 4, ["nonsense"], FAR)
