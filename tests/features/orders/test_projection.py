"""Read models and live messages of trading, from the real engine's events."""

from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from cryptovault.engine.commands import (
    AmendOrder,
    CancelOrder,
    CreditDeposit,
    Leg,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    ReplaceQuotes,
    SetReferencePrices,
    Terms,
    Tick,
)
from cryptovault.engine.events import Event, OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import format_units
from cryptovault.engine.types import MAKER, OrderType, Side, TimeInForce
from cryptovault.features.orders.projection import OrdersProjection
from cryptovault.features.orders.publisher import PrivatePublisher
from cryptovault.features.transactions.projection import TransactionsProjection
from cryptovault.features.wallet.projection import WalletsProjection
from cryptovault.kit.projection import Message, Writes
from cryptovault.runtime.read_models import ReadModelWriter
from cryptovault.runtime.records import Head
from fixtures import account_vectors
from fixtures.fake_clock import FakeClock
from fixtures.trading import ALICE, BOB, Desk

READ_MODELS = ("orders", "transactions", "wallets")


async def trade(desk: Desk) -> None:
    """Rests, fills, a cancel, and a key that is used twice after its order has moved on."""
    await desk.fund(ALICE, "USDT", "100000")
    await desk.fund(BOB, "BTC", "2")
    first = PlaceOrder(BOB, "s-1", "BTC-USDT", Side.SELL, OrderType.LIMIT, TimeInForce.GTC, 6_400_000, 10**7)
    await desk.do(first)
    await desk.limit(ALICE, "buy", "0.04", "64000")
    await desk.do(first)
    await desk.limit(ALICE, "buy", "0.1", "64000")
    await desk.do(first)
    await desk.do(CancelOrder(ALICE, 3))
    await desk.do(CancelOrder(ALICE, 3))


async def everything(desk: Desk) -> None:
    """The same, and then every kind of order: waiting, fired, linked, amended, shown in part, ended at its date."""
    await trade(desk)
    await desk.fund(ALICE, "BTC", "1")
    await desk.fund(BOB, "USDT", "100000")
    sell, gtc, lot = Side.SELL, TimeInForce.GTC, 10**7
    for key, kind, terms in (
        ("w-1", OrderType.STOP, Terms(6_300_000)),
        ("w-2", OrderType.TRAILING_STOP, Terms(trail_ppm=25_000)),
        ("w-3", OrderType.TAKE_PROFIT, Terms(7_000_000)),
    ):
        await desk.do(PlaceOrder(ALICE, key, "BTC-USDT", sell, kind, gtc, 0, lot, terms=terms))
    profit, loss = Leg(OrderType.LIMIT, 6_600_000), Leg(OrderType.STOP, 0, Terms(6_200_000))
    await desk.do(PlaceOco(ALICE, "o-1", "BTC-USDT", sell, lot, profit, loss))
    entry = Leg(OrderType.LIMIT, 6_400_000)
    await desk.do(PlaceBracket(BOB, "g-1", "BTC-USDT", Side.BUY, lot, entry, profit, loss))
    await desk.limit(ALICE, "sell", "0.05", "64000")
    tip = Terms(visible_qty=10**6)
    iceberg = PlaceOrder(BOB, "i-1", "BTC-USDT", Side.BUY, OrderType.LIMIT, gtc, 6_280_000, lot, terms=tip)
    verdict = await desk.do(iceberg)
    assert isinstance(verdict, OrderState)
    await desk.do(AmendOrder(BOB, verdict.order_id, "", 0, lot // 2))
    dated = Terms(expires_at=desk.exchange.at + 60_000)
    tif = TimeInForce.GTD
    await desk.do(PlaceOrder(BOB, "d-1", "BTC-USDT", Side.BUY, OrderType.LIMIT, tif, 6_000_000, lot, terms=dated))
    await desk.do(SetReferencePrices((("BTC-USDT", 6_290_000),)))
    desk.local._clock = FakeClock(desk.exchange.at + 60_000)
    await desk.do(Tick())


async def documents(db: AsyncDatabase[Any]) -> dict[str, list[dict[str, Any]]]:
    """The content of every read model of trading."""
    return {name: await db[name].find().sort("_id", 1).to_list() for name in READ_MODELS}


async def replay(desk: Desk, *, sizes: int) -> None:
    """Make the read models again from the journal, in batches of a size, over what is already there."""
    exchange = Exchange()
    projections = [OrdersProjection(), WalletsProjection(), TransactionsProjection()]
    writer = ReadModelWriter(desk.db)
    await desk.db["watermarks"].delete_many({})
    for start in range(0, len(desk.journal), sizes):
        writes = Writes()
        for seq, at, command in desk.journal[start : start + sizes]:
            for event in exchange.apply(seq, at, command):
                for projection in projections:
                    projection.project(seq, at, event, exchange, writes)
        projections[1].flush(exchange, writes)  # type: ignore[union-attr]
        await writer.write(writes, Head(exchange.seq))
    assert exchange.digest() == desk.exchange.digest()


@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_j10_a_replay_changes_nothing(desk: Desk, size: int) -> None:
    """Writing the whole journal again, in whatever batches, over the finished read models leaves them as they are."""
    await everything(desk)
    before = await documents(desk.db)
    await replay(desk, sizes=size)
    assert await documents(desk.db) == before


@pytest.mark.parametrize("size", [1, 4, 1000])
async def test_j10_a_rebuild_makes_the_same_documents(desk: Desk, size: int) -> None:
    """From nothing the journal makes the same orders, balances and lines again."""
    await everything(desk)
    before = await documents(desk.db)
    for name in READ_MODELS:
        await desk.db[name].drop()
    await replay(desk, sizes=size)
    after = await documents(desk.db)
    assert after == before
    statuses = {(row["type"], row["status"]) for row in after["orders"]}
    assert {("stop", "filled"), ("take_profit", "waiting"), ("stop", "waiting"), ("limit", "expired")} <= statuses


async def test_an_old_answer_repeated_is_no_news(desk: Desk) -> None:
    """The verdict that a key repeats shows the order as it was; its document shows it as it is (J6, J10)."""
    await trade(desk)
    sold = await desk.db["orders"].find_one({"_id": 1})
    assert sold is not None
    assert (sold["status"], sold["filled"], sold["remaining"]) == ("filled", "0.1", "0")
    assert (sold["spent"], sold["average_price"], sold["fee"], sold["fee_asset"]) == ("6400", "64000", "6.4", "USDT")
    rest = await desk.db["orders"].find_one({"_id": 3})
    assert rest is not None
    assert (rest["status"], rest["reason"], rest["filled"], rest["remaining"]) == ("cancelled", "user", "0.06", "0.04")


async def test_wallets_are_the_ledger(desk: Desk) -> None:
    """Every balance in the read model is the engine's, and nobody is missing."""
    await trade(desk)
    for account in (ALICE, BOB):
        wallet = await desk.db["wallets"].find_one({"_id": account})
        assert wallet is not None
        assert wallet["balances"] == {
            asset: {"available": format_units(available, 8), "held": format_units(held, 8)}
            for asset, (available, held) in desk.exchange.balances(account).items()
        }
    assert await desk.db["wallets"].count_documents({}) == 2


async def test_the_house_leaves_no_documents(desk: Desk) -> None:
    """Quotes of the house make no orders, its account no wallet and no statement; who trades with it has theirs."""
    await desk.do(CreditDeposit(MAKER, "m-1", "BTC", 10**9, "house"))
    await desk.do(ReplaceQuotes(MAKER, "BTC-USDT", (), ((6_400_000, 10**7),)))
    await desk.fund(ALICE, "USDT", "10000")
    await desk.limit(ALICE, "buy", "0.05", "64000")
    assert [row["user_id"] for row in await desk.db["orders"].find().to_list()] == [ALICE]
    assert [row["_id"] for row in await desk.db["wallets"].find().to_list()] == [ALICE]
    lines = await desk.db["transactions"].find().sort("seq", 1).to_list()
    assert [(row["user_id"], row["type"]) for row in lines] == [(ALICE, "deposit"), (ALICE, "trade_buy")]


async def told(desk: Desk) -> list[Message]:
    """What the publisher says while `trade` happens."""
    publisher, messages = PrivatePublisher(), []

    def listen(seq: int, at: int, events: list[Event], exchange: Exchange) -> None:
        for event in events:
            messages.extend(publisher.publish(seq, at, event, exchange))

    desk.local.listeners.append(listen)
    await trade(desk)
    return messages


async def test_both_sides_of_a_trade_are_told_privately(desk: Desk) -> None:
    """Maker and taker each get their fill, with their own fee, in their own room."""
    fills = [message for message in await told(desk) if message.event == "fill"]
    first = {message.room: message.payload for message in fills[:2]}
    assert set(first) == {f"user:{ALICE}", f"user:{BOB}"}
    maker, taker = first[f"user:{BOB}"], first[f"user:{ALICE}"]
    assert (maker["role"], maker["side"], maker["fee"], maker["fee_asset"]) == ("maker", "sell", "2.56", "USDT")
    assert (taker["role"], taker["side"], taker["fee"], taker["fee_asset"]) == ("taker", "buy", "0.00006", "BTC")
    assert maker["trade_id"] == taker["trade_id"] == 1
    assert (maker["price"], maker["qty"], maker["order_id"], taker["order_id"]) == ("64000", "0.04", "1", "2")


async def test_a_users_messages_are_counted(desk: Desk) -> None:
    """Each user's private messages are numbered without a hole, from the journal's time on."""
    counts: dict[str, list[int]] = {}
    for message in await told(desk):
        counts.setdefault(message.room, []).append(message.payload["user_seq"])
    assert set(counts) == {f"user:{ALICE}", f"user:{BOB}"}
    for numbers in counts.values():
        assert len(numbers) > 3
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert numbers[0] > 1_600_000_000_000


async def test_nobody_hears_of_others(desk: Desk) -> None:
    """No message in a private room names the other party."""
    for message in await told(desk):
        other = BOB if message.room.endswith(ALICE) else ALICE
        assert other not in repr(message.payload)


async def test_balances_are_told_once_per_command_and_as_they_are(desk: Desk) -> None:
    """One message per balance and command, with the balance after the whole command."""
    balances = [message for message in await told(desk) if message.event == "balance"]
    keys = [(message.room, message.payload["asset"], message.payload["seq"]) for message in balances]
    assert len(keys) == len(set(keys))
    last = {key[:2]: message.payload for key, message in zip(keys, balances, strict=True)}
    wallet = await desk.db["wallets"].find_one({"_id": ALICE})
    assert wallet is not None
    for asset, row in wallet["balances"].items():
        payload = last[f"user:{ALICE}", asset]
        assert {"available": payload["available"], "held": payload["held"]} == row


async def test_order_messages_never_step_back(desk: Desk) -> None:
    """What a private room hears of an order is filled more and more, whatever keys are repeated."""
    filled: dict[str, list[str]] = {}
    for message in await told(desk):
        if message.event == "order":
            filled.setdefault(message.payload["id"], []).append(message.payload["filled"])
    assert filled["1"] == sorted(filled["1"])
    assert filled["1"][-1] == "0.1"


def test_the_recording_for_clients_is_what_is_published() -> None:
    """tests/vectors/account_stream.json, which all clients are tested with, is what is published today."""
    assert account_vectors.PATH.read_text() == account_vectors.text()
