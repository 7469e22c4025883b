"""A worker's books: what newcomers get, and what happens when a difference is missing."""

import asyncio
import json
import random
from typing import Any

import pytest

from cryptovault.features.stream import policy
from cryptovault.features.stream.books import Books, folded
from cryptovault_client import BookReplica, Outcome
from fixtures.book_vectors import recorded

MARKET = "BTC-USDT"
TAPE = recorded(40, seed=3)
SNAPSHOTS = [json.dumps(step["book"]).encode() for step in TAPE]


class Worker:
    """Books whose Redis is a dictionary, and what their rooms have heard."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.heard: list[tuple[str, int]] = []
        self.books = Books(self._tell, self._find)

    def _tell(self, _market: str, event: str, payload: bytes) -> None:
        self.heard.append((event, json.loads(payload)["seq"]))

    async def _find(self, markets: list[str]) -> list[bytes | None]:
        await asyncio.sleep(0)
        return [self.kept.get(market) for market in markets]

    def hear(self, *steps: int) -> None:
        """Messages of the tape arrive."""
        for step in steps:
            self.books.hear(MARKET, TAPE[step]["event"], json.dumps(TAPE[step]["data"]).encode())

    async def snapshot(self) -> Any:
        """The book as a newcomer gets it."""
        whole = await self.books.snapshot(MARKET)
        return None if whole is None else json.loads(whole)

    async def heard_book(self, step: int) -> None:
        """Wait until the room was told the book as it was after a step."""
        async with asyncio.timeout(5):
            while ("book", TAPE[step]["data"]["seq"]) not in self.heard:
                await asyncio.sleep(0.01)


@pytest.fixture(name="worker")
async def _worker() -> Any:
    worker = Worker()
    yield worker
    worker.books.close()


async def test_a_newcomer_gets_the_book_as_it_is_now(worker: Worker) -> None:
    """The snapshot is the last whole book with every difference worked in, whenever it is asked for."""
    for step in range(len(TAPE)):
        worker.hear(step)
        if step % 7 == 0:
            assert await worker.snapshot() == TAPE[step]["book"]
    assert await worker.snapshot() == TAPE[-1]["book"]
    assert [seq for _, seq in worker.heard] == [step["data"]["seq"] for step in TAPE]


async def test_differences_are_worked_in_before_they_are_many(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """J11: what is kept behind a whole book is bounded."""
    monkeypatch.setattr(policy, "MAX_DIFFERENCES", 5)
    worker.hear(*range(len(TAPE)))
    assert len(worker.books._tapes[MARKET].behind) <= 5
    assert await worker.snapshot() == TAPE[-1]["book"]


async def test_a_worker_that_came_late_finds_the_book_in_redis(worker: Worker) -> None:
    """Without a whole book heard, the kept one is taken as soon as the differences heard since join up with it."""
    worker.kept[MARKET] = SNAPSHOTS[4]
    worker.hear(6, 7, 8)
    assert await worker.snapshot() is None
    worker.kept[MARKET] = SNAPSHOTS[7]
    await worker.heard_book(8)
    assert await worker.snapshot() == TAPE[8]["book"]


async def test_a_lost_difference_is_mended_for_everybody(worker: Worker) -> None:
    """Nothing is passed on that clients could not use; then the room gets the book whole, and differences go on."""
    worker.hear(0, 1, 2)
    worker.hear(4, 5)
    assert [event for event, _ in worker.heard] == ["book", "book_delta", "book_delta"]
    worker.kept[MARKET] = SNAPSHOTS[5]
    await worker.heard_book(5)
    worker.hear(6)
    assert worker.heard[-2:] == [("book", TAPE[5]["data"]["seq"]), ("book_delta", TAPE[6]["data"]["seq"])]


async def test_a_book_found_ahead_of_what_was_heard_is_no_gap(worker: Worker) -> None:
    """Redis may show a book before its differences arrive: they are passed over, and the next one joins up."""
    worker.kept[MARKET] = SNAPSHOTS[4]
    assert await worker.snapshot() == TAPE[4]["book"]
    worker.hear(3, 4, 5)
    assert worker.heard == [("book", TAPE[4]["data"]["seq"]), ("book_delta", TAPE[5]["data"]["seq"])]
    assert await worker.snapshot() == TAPE[5]["book"]


async def test_who_waits_for_a_book_hears_it_when_somebody_finds_it(worker: Worker) -> None:
    """A book that is found for a newcomer is told to those in the room who came before it was there."""
    assert await worker.snapshot() is None
    worker.kept[MARKET] = SNAPSHOTS[2]
    assert await worker.snapshot() == TAPE[2]["book"]
    assert worker.heard[0] == ("book", TAPE[2]["data"]["seq"])


async def test_a_damaged_or_foreign_book_in_redis_is_not_taken(worker: Worker) -> None:
    """What cannot be read, or has a wrong checksum behind the differences, is looked up again."""
    worker.hear(3)
    for kept in (b"nonsense", b"{}", SNAPSHOTS[2].replace(b'"seq"', b'"sex"')):
        worker.kept[MARKET] = kept
        assert await worker.snapshot() is None
    wrong = json.loads(SNAPSHOTS[2])
    wrong["bids"] = []
    worker.kept[MARKET] = json.dumps(wrong).encode()
    assert await worker.snapshot() is None
    worker.kept[MARKET] = SNAPSHOTS[3]
    assert await worker.snapshot() == TAPE[3]["book"]


async def test_after_an_interruption_every_book_is_looked_up(worker: Worker) -> None:
    """Who was cut off from the publisher trusts no book it has."""
    worker.hear(0, 1)
    worker.books.doubt()
    worker.kept[MARKET] = SNAPSHOTS[9]
    await worker.heard_book(9)
    assert await worker.snapshot() == TAPE[9]["book"]


async def test_a_publisher_that_begins_again_is_followed(worker: Worker) -> None:
    """A whole book counts even if its number is lower: it is what the differences behind it begin from."""
    worker.hear(0, 1, 2, 3)
    worker.books.hear(MARKET, "book", SNAPSHOTS[1])
    worker.hear(2)
    assert await worker.snapshot() == TAPE[2]["book"]


RIGHT = {step["data"]["seq"]: step["book"] for step in TAPE}


class Crowd:
    """Clients in the room of a worker, who must never be told what they cannot use, nor believe what is wrong."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.clients: list[BookReplica] = []

    def hear(self, _market: str, event: str, payload: bytes) -> None:
        """Everybody in the room is told."""
        data = json.loads(payload)
        for client in self.clients:
            outcome = client.take_snapshot(data) if event == "book" else client.take_delta(data)
            assert outcome is not Outcome.RESYNC
            self.check(client)

    async def grow(self) -> None:
        """One more comes in, with the present book or without."""
        newcomer = BookReplica()
        if (snapshot := await self.worker.snapshot()) is not None:
            newcomer.take_snapshot(snapshot)
        self.check(newcomer)
        self.clients.append(newcomer)

    def check(self, client: BookReplica) -> None:
        """What a client takes for good is a book that the publisher told."""
        right = RIGHT[client.seq] if client.synced else {"bids": client.bids, "asks": client.asks}
        assert (client.bids, client.asks) == (right["bids"], right["asks"])


@pytest.mark.parametrize("seed", range(20))
async def test_no_client_is_ever_wrong(worker: Worker, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Whatever is lost, and whenever clients come: none is told nonsense, and all have the last book in the end."""
    monkeypatch.setattr(policy, "REPAIR_SECONDS", 0.0)
    rng, crowd = random.Random(seed), Crowd(worker)
    monkeypatch.setattr(worker.books, "_tell", crowd.hear)
    for step in range(len(TAPE)):
        if rng.random() < 0.8:
            worker.hear(step)
        if rng.random() < 0.9:
            worker.kept[MARKET] = SNAPSHOTS[step]
        for _ in range(rng.randrange(4)):
            await asyncio.sleep(0)
        if rng.random() < 0.3:
            await crowd.grow()
    worker.kept[MARKET] = SNAPSHOTS[-1]
    worker.books.doubt()
    async with asyncio.timeout(5):
        while any(client.seq != TAPE[-1]["data"]["seq"] for client in crowd.clients):
            await asyncio.sleep(0.001)


def test_folding_checks_the_sum() -> None:
    """Differences that do not lead to the checksum they carry make no book."""
    deltas = [json.dumps(step["data"]).encode() for step in TAPE[1:4]]
    assert json.loads(folded(SNAPSHOTS[0], deltas) or b"") == TAPE[3]["book"]
    assert folded(SNAPSHOTS[0], deltas[:1] + deltas[2:]) is None
