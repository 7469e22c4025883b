import itertools
import json
from zlib import crc32

import pytest

from cryptovault.engine.commands import SetFeeTiers, SetMarketStatus
from cryptovault.engine.events import Event
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import MarketStatus
from cryptovault.features.markets.publisher import (
    BOOK_LEVELS,
    BOOK_PAUSE_MS,
    BOOK_REFRESH_MS,
    MarketPublisher,
    book_checksum,
)
from cryptovault.kit.projection import Message
from fixtures import book_vectors
from fixtures.trading import ALICE, BOB, Desk


class Listener:
    """A publisher that hears what the exchange does."""

    def __init__(self, desk: Desk, pause_ms: int = BOOK_PAUSE_MS) -> None:
        self.publisher = MarketPublisher(pause_ms)
        self.exchange = desk.exchange
        self.messages: list[Message] = []
        desk.local.listeners.append(self._hear)
        self.publisher.flush(self.exchange, 0)

    def _hear(self, seq: int, at: int, events: list[Event], exchange: Exchange) -> None:
        for event in events:
            self.messages += self.publisher.publish(seq, at, event, exchange)

    def flush(self, now_ms: int) -> list[Message]:
        """The books that are due."""
        return self.publisher.flush(self.exchange, now_ms)


async def test_a_trade_is_told_at_once_and_without_its_parties(desk: Desk) -> None:
    """Each fill makes one `trade` message; who traded is nobody's business."""
    listener = Listener(desk)
    await desk.fund(ALICE, "BTC", "1")
    await desk.fund(BOB, "USDT", "100000")
    await desk.limit(ALICE, "sell", "0.5", "64000")
    await desk.limit(BOB, "buy", "0.2", "64000.01")
    assert [(message.room, message.event) for message in listener.messages] == [("trades:BTC-USDT", "trade")]
    payload = listener.messages[0].payload
    assert payload | {"at": ""} == {
        "market": "BTC-USDT", "trade_id": 1, "price": "64000", "qty": "0.2", "taker_side": "buy", "at": "",
    }  # fmt: skip


async def test_new_rules_are_told_at_once(desk: Desk) -> None:
    """Who follows the room `markets` hears of other fees, another status and another schedule as they take effect."""
    listener = Listener(desk)
    rules = desk.exchange.markets["BTC-USDT"].rules()
    await desk.do(rules._replace(taker_fee=2_000, order_types=0b11))
    await desk.do(SetMarketStatus("ETH-USDT", MarketStatus.HALTED))
    await desk.do(SetFeeTiers(("USDT",), ((0, 900, 1_900),)))
    assert {message.room for message in listener.messages} == {"markets"}
    changed, halted, fees = (message.payload for message in listener.messages)
    stored = await desk.db["markets"].find_one({"_id": "BTC-USDT"})
    assert stored is not None
    assert (changed["taker_fee"], changed["order_types"]) == ("0.002", ["market", "limit"])
    assert {"_id": changed.pop("symbol"), **changed} == stored
    assert (halted["symbol"], halted["status"]) == ("ETH-USDT", "halted")
    assert fees == {"tiers": [{"volume": "0", "maker": "0.0009", "taker": "0.0019"}], "seq": desk.exchange.seq}


async def test_a_book_is_told_whole_with_seq_and_checksum(desk: Desk) -> None:
    """The message holds both sides best first, the journal position, and a checksum anybody can recompute."""
    await desk.fund(ALICE, "BTC", "3")
    for price in ("64002", "64001", "64000.5"):
        await desk.limit(ALICE, "sell", "0.5", price)
    message = next(message for message in MarketPublisher().flush(desk.exchange, 0) if message.event == "book")
    book = json.loads(json.dumps(message.payload))
    assert (message.room, message.event, message.keep_as) == ("book:BTC-USDT", "book", "cv:book:BTC-USDT")
    assert (book["bids"], book["asks"]) == ([], [["64000.5", "0.5"], ["64001", "0.5"], ["64002", "0.5"]])
    assert book["seq"] == desk.exchange.seq
    assert book["checksum"] == crc32(b"|64000.5:0.5,64001:0.5,64002:0.5")


async def test_a_change_is_told_as_a_difference_and_kept_whole(desk: Desk) -> None:
    """A difference names the message before it and has only what changed; the whole book goes to Redis alone."""
    listener = Listener(desk)
    before = desk.exchange.seq
    await desk.fund(ALICE, "BTC", "3")
    await desk.limit(ALICE, "sell", "0.5", "64000")
    told = {(message.room, message.event): message for message in listener.flush(BOOK_PAUSE_MS)}
    assert list(told) == [("book:BTC-USDT", "book_delta"), ("", "book"), ("top:BTC-USDT", "top")]
    delta, kept, top = (message.payload for message in told.values())
    assert (delta["prev_seq"], delta["seq"]) == (before, desk.exchange.seq)
    assert (delta["bids"], delta["asks"], delta["checksum"]) == ([], [("64000", "0.5")], kept["checksum"])
    assert (kept["seq"], kept["asks"]) == (delta["seq"], [("64000", "0.5")])
    assert told["", "book"].keep_as == "cv:book:BTC-USDT"
    assert (top["bid"], top["ask"]) == (None, ("64000", "0.5"))
    await desk.fund(BOB, "USDT", "100000")
    await desk.limit(BOB, "buy", "0.5", "64000")
    [gone, *_] = listener.flush(2 * BOOK_PAUSE_MS)
    assert (gone.payload["prev_seq"], gone.payload["asks"]) == (delta["seq"], [("64000", "0")])


async def test_a_level_behind_the_last_shown_is_nobodys_news(desk: Desk) -> None:
    """Only the best fifty levels are told; what moves behind them makes no message and no gap."""
    await desk.fund(ALICE, "BTC", "3")
    for step in range(BOOK_LEVELS):
        await desk.limit(ALICE, "sell", "0.01", str(64_000 + step))
    listener = Listener(desk)
    told_seq = desk.exchange.seq
    await desk.limit(ALICE, "sell", "0.01", "64900")
    assert listener.flush(BOOK_PAUSE_MS) == []
    await desk.limit(ALICE, "sell", "0.01", "63999")
    delta = listener.flush(2 * BOOK_PAUSE_MS)[0].payload
    assert delta["prev_seq"] == told_seq
    assert delta["asks"] == [("63999", "0.01"), ("64049", "0")]


@pytest.mark.parametrize(("pause_ms", "count"), [(BOOK_PAUSE_MS, 6), (20, 15)])
async def test_a_book_is_told_at_most_once_in_a_pause(desk: Desk, pause_ms: int, count: int) -> None:
    """Many changes within the pause make one difference, and each names the one before it."""
    listener = Listener(desk, pause_ms)
    await desk.fund(ALICE, "BTC", "3")
    told = []
    for step in range(30):
        await desk.limit(ALICE, "sell", "0.01", str(65_000 + step))
        messages = listener.flush(1_000 + step * 10)
        told += [(step * 10, message.payload) for message in messages if message.event == "book_delta"]
    assert len(told) == count
    assert all(later[0] - earlier[0] >= pause_ms for earlier, later in itertools.pairwise(told))
    assert all(later["prev_seq"] == earlier["seq"] for (_, earlier), (_, later) in itertools.pairwise(told))


async def test_an_unchanged_book_is_told_again_now_and_then(desk: Desk) -> None:
    """A Redis that has forgotten everything gets every book back within ten seconds."""
    listener = Listener(desk)
    assert listener.flush(BOOK_REFRESH_MS - 1) == []
    told = [message.room for message in listener.flush(BOOK_REFRESH_MS) if message.event == "book"]
    assert told == ["book:BTC-USDT", "book:ETH-USDT"]


def test_the_recorded_messages_are_those_of_this_publisher() -> None:
    """tests/vectors/book_stream.json, with which clients are tested, is what the publisher says today."""
    assert book_vectors.PATH.read_text() == book_vectors.text()


def test_the_documented_checksum_is_the_one_that_is_sent() -> None:
    """docs/reference/streams.md shows a book whose checksum is right."""
    assert book_checksum([("95154.04", "0.05254")], [("95211.16", "0.05251")]) == 1_349_489_344
    assert book_checksum([], []) == crc32(b"|")
