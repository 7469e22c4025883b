"""GET /orders/{id}/explain and `cryptovault explain`: the life of an order, made again from a real journal."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from rich.console import Console

from cryptovault.engine.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    Leg,
    OpenPaperMarket,
    PlaceBracket,
    PlaceOrder,
    ResetPaper,
    SetMarketStatus,
    SetReferencePrices,
)
from cryptovault.engine.commands import Terms as OrderTerms
from cryptovault.engine.events import GroupPlaced, OrderState
from cryptovault.engine.types import MarketStatus, OrderType, Side, TimeInForce
from cryptovault.entrypoints import explaining
from cryptovault.entrypoints.explaining import Explain, Explainer
from cryptovault.features.orders import repository
from cryptovault.features.orders.schemas import Explanation
from cryptovault.features.orders.views import order_document
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.moments import Life, Wanted
from cryptovault.runtime import retrace as retracing
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.retrace import retrace
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.settings import Settings
from fixtures.nodes import RunningNode, running_node
from fixtures.trading import ALICE, BOB, LOT, TICK, Venue, explain_here

TERMS = Terms("BTC-USDT", "BTC", "USDT", 8, 8, TICK)
RULES = {"tick": TICK, "lot": LOT, "min_notional": 10**8, "maker_fee": 1_000, "taker_fee": 1_500, "collar": 50_000}
OPENING: list[Command] = [
    DefineAsset("BTC", 8, "Bitcoin"),
    DefineAsset("USDT", 8, "Tether"),
    DefineMarket("BTC-USDT", "BTC", "USDT", **RULES, max_qty=10**12, reference_max_age=10**12),
    SetReferencePrices((("BTC-USDT", 6_400_000),)),
    CreditDeposit(ALICE, "d-1", "USDT", 10**13, "test"),
    CreditDeposit(BOB, "d-2", "BTC", 10**9, "test"),
]


def limit(account: str, key: str, side: Side, price: int, qty: str) -> PlaceOrder:
    """A limit order; the price in whole dollars."""
    ticks, units = price * 100, TERMS.parse_qty(qty)
    return PlaceOrder(account, key, "BTC-USDT", side, OrderType.LIMIT, TimeInForce.GTC, ticks, units)


@pytest.fixture(name="node")
async def _node(db: Database, settings: Settings) -> AsyncIterator[RunningNode]:
    """A real engine with a market; it takes a snapshot every ten commands."""
    home = settings.cryptovault_home / "engine"
    async with running_node(db, settings, home, snapshot_every=10) as node:
        for command in OPENING:
            await node.client.submit(command)
        yield node


async def remembered(db: Database, node: RunningNode, command: Command) -> OrderState:
    """Carry out a command and keep the order's document, as the projector would."""
    ack = await node.client.submit(command)
    assert isinstance(ack.verdict, OrderState), ack
    document = order_document(ack.verdict, TERMS, ack.seq)
    await db["orders"].replace_one({"_id": document["_id"]}, document, upsert=True)
    return ack.verdict


async def live(db: Database, node: RunningNode) -> int:
    """The life of an order: met by a seller on arrival, then at rest, amended, met again, and cancelled."""
    for command in (limit(BOB, "s1", Side.SELL, 64_000, "0.1"), limit(BOB, "s2", Side.SELL, 64_500, "0.1")):
        await node.client.submit(command)
    order = await remembered(db, node, limit(ALICE, "b1", Side.BUY, 64_100, "0.5"))
    await node.client.submit(limit(BOB, "s3", Side.SELL, 64_100, "0.05"))
    await remembered(db, node, AmendOrder(ALICE, order.order_id, "", 0, TERMS.parse_qty("0.4"), 0))
    await remembered(db, node, CancelOrder(ALICE, order.order_id))
    return order.order_id


async def test_each_decision_is_told_in_order(venue: Venue, db: Database, node: RunningNode) -> None:
    """Every step says what happened and why, with the book as it was just before and the fills."""
    order_id = await live(db, node)
    answer = await venue.alice("GET", f"/orders/{order_id}/explain")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told) == set(Explanation.model_fields)
    assert told["complete"] is True
    assert (told["order"]["id"], told["order"]["status"]) == (str(order_id), "cancelled")
    assert [step["kind"] for step in told["steps"]] == ["placed", "traded", "amended", "ended"]
    placed, traded, amended, ended = told["steps"]
    assert placed["text"] == (
        "A limit order was placed to buy 0.5 BTC at 64100 USDT or better. 32050 USDT was set aside for it. "
        "It met what rested, best price first, and bought 0.1 BTC at 64000 USDT. "
        "The fee was 0.00015 BTC (0.15 %). 0.4 BTC rests in the book at 64100 USDT. "
        "10 USDT that it did not need was given back."
    )
    assert placed["book"] == {"bids": [], "asks": [["64000", "0.1"], ["64500", "0.1"]]}
    assert placed["trades"] == [{"trade_id": 1, "price": "64000", "qty": "0.1", "role": "taker"}]
    assert traded["text"].startswith("Another order came that met it first in line, and it bought 0.05 BTC at 64100")
    assert traded["book"]["bids"] == [["64100", "0.4"]]
    assert "changed the quantity from 0.5 to 0.4. It kept its place" in amended["text"]
    assert ended["text"].startswith("Its owner cancelled it. 0.15 BTC of it had traded. 16025 USDT")


async def test_only_the_owner_and_administrators_are_told(venue: Venue, db: Database, node: RunningNode) -> None:
    """Somebody else's order is 404 for a user, and told to an administrator."""
    order_id = await live(db, node)
    foreign = await venue.bob("GET", f"/orders/{order_id}/explain")
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (404, "ORDER_UNKNOWN")
    assert (await venue.nobody("GET", f"/orders/{order_id}/explain")).status_code == 401
    token = venue.services.tokens.issue("c" * 24, "session-c", "admin")
    seen = await venue.nobody("GET", f"/orders/{order_id}/explain", headers={"authorization": f"Bearer {token}"})
    assert (seen.status_code, len(seen.json()["steps"])) == (200, 4)


async def test_it_starts_from_a_snapshot(db: Database, settings: Settings, node: RunningNode) -> None:
    """What lies before the newest snapshot older than the order is not replayed, and the story is the same."""
    for number in range(15):
        await node.client.submit(CreditDeposit(BOB, f"more-{number}", "BTC", 1, "test"))
    folder = Snapshots(settings.cryptovault_home / "engine" / "snapshots")
    while not folder.paths():
        await node.client.submit(SetReferencePrices((("BTC-USDT", 6_400_000),)))
    order_id = await live(db, node)
    wanted = await wanted_of(db, order_id)
    begun: list[int] = []

    class Watched(Journal):
        def read(self, first: int, limit: int = 0) -> Any:
            begun.append(first)
            return super().read(first, limit)

    life = await retrace(Watched(db, SystemClock()), folder, wanted, 10.0)
    assert begun[0] > 1
    assert life == await retrace(
        Journal(db, SystemClock()), Snapshots(settings.cryptovault_home / "none"), wanted, 10.0
    )
    assert len(life.moments) == 4


async def wanted_of(db: Database, order_id: int) -> Wanted:
    """What to look for."""
    document = await repository.of_anybody(db, order_id)
    assert document is not None
    return repository.wanted(document)


async def test_it_is_bounded_in_time(db: Database, settings: Settings, node: RunningNode) -> None:
    """When the time is over, what was found so far is told, and that it is not all."""
    wanted = await wanted_of(db, await live(db, node))
    life: Life = await retrace(Journal(db, SystemClock()), Snapshots(settings.cryptovault_home / "none"), wanted, -1.0)
    assert (life.moments, life.complete) == ((), False)
    assert life.reached


async def test_a_process_of_its_own_and_the_command_say_the_same(
    db: Database, settings: Settings, node: RunningNode
) -> None:
    """The API's process gives what the same code gives here, and the command line prints its sentences."""
    order_id = await live(db, node)
    wanted = await wanted_of(db, order_id)
    here = await explain_here(settings, db)(wanted)
    assert await Explainer(settings)(wanted) == here
    page = Console(file=io.StringIO(), width=500)
    assert await Explain(order_id)(settings, page) == 0
    printed = page.file.getvalue()  # type: ignore[attr-defined]
    assert all(step["text"] in printed for step in msgspec.json.decode(here)["steps"])
    assert "book before: bids empty | asks 0.1@64000 0.1@64500" in printed
    assert await Explain(999)(settings, page) == 1


async def test_a_long_replay_goes_on_behind_the_request(
    db: Database, settings: Settings, node: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that comes before the end says so; asking again tells the rest, from the same replay."""
    wanted = await wanted_of(db, await live(db, node))
    monkeypatch.setattr(explaining, "REPLAY_SECONDS", 0.05)
    explainer = Explainer(settings)
    first = msgspec.json.decode(await explainer(wanted))
    assert (first["pending"], first["complete"], first["steps"]) == (True, False, [])
    begun = explainer._replays[wanted]
    async with asyncio.timeout(30):
        while (told := msgspec.json.decode(await explainer(wanted)))["pending"]:
            assert explainer._replays[wanted] is begun
    assert (told["complete"], len(told["steps"])) == (True, 4)


async def test_what_was_found_is_told_on_the_way(db: Database, settings: Settings, node: RunningNode) -> None:
    """The steps so far come with the time up to which the journal has been read."""
    wanted = await wanted_of(db, await live(db, node))
    found: list[Life] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(retracing, "TOLD_SECONDS", 0.0)
        nothing = Snapshots(settings.cryptovault_home / "none")
        life = await retrace(Journal(db, SystemClock()), nothing, wanted, 10.0, found.append)
    assert len(found) > 1
    assert [len(one.moments) for one in found] == sorted(len(one.moments) for one in found)
    assert all(not one.complete and one.reached for one in found)
    assert found[-1].reached <= life.reached


def waiting(key: str, kind: OrderType, terms: OrderTerms, price: int = 0) -> PlaceOrder:
    """Bob sells 0.1 BTC when a price is there; the limit in whole dollars."""
    qty = TERMS.parse_qty("0.1")
    tif, side = TimeInForce.GTC, Side.SELL
    return PlaceOrder(BOB, key, "BTC-USDT", side, kind, tif, price * 100, qty, terms=terms)


async def test_orders_that_wait_are_explained(db: Database, settings: Settings, node: RunningNode) -> None:
    """What fires an order is told while it waits; when it fired, which price did it, and what came of it."""
    await node.client.submit(limit(ALICE, "b1", Side.BUY, 62_900, "1"))
    stop = await remembered(db, node, waiting("w1", OrderType.STOP, OrderTerms(6_300_000)))
    trail = await remembered(db, node, waiting("w2", OrderType.TRAILING_STOP, OrderTerms(trail_ppm=25_000)))
    deep = waiting("w3", OrderType.STOP_LIMIT, OrderTerms(6_300_000), 61_000)
    stop_limit = await remembered(db, node, deep)
    for price in (6_450_000, 6_295_000):
        ack = await node.client.submit(SetReferencePrices((("BTC-USDT", price),)))
    await db["orders"].update_many({}, {"$set": {"seq": ack.seq}})
    told = [await told_of(db, settings, order.order_id) for order in (stop, trail, stop_limit)]
    assert [step["text"] for step in told[0]] == [
        (
            "A stop was placed to sell 0.1 BTC. 0.1 BTC was set aside for it. "
            "It waits until the reference price is at 63000 USDT or below."
        ),
        (
            "The reference price became 62950 USDT. That reached the trigger of 63000: the stop fired. "
            "It met what rested, best price first, and sold 0.1 BTC at 62900 USDT. "
            "The fee was 9.435 USDT (0.15 %). The order is filled."
        ),
    ]
    assert [step["kind"] for step in told[0]] == ["placed", "fired"]
    assert "Its trigger stays 2.5 % behind the best that the reference price has been" in told[1][0]["text"]
    assert "reached the trigger of 62887.5" not in told[1][-1]["text"]
    assert told[2][0]["text"].startswith("A stop-limit order was placed to sell 0.1 BTC at 61000 USDT or better.")
    assert "the stop-limit order fired" in told[2][1]["text"]


async def test_an_opening_auction_is_explained(db: Database, settings: Settings, node: RunningNode) -> None:
    """What traded at the opening is told as that, for both sides: nobody came, and nobody was met."""
    await node.client.submit(SetMarketStatus("BTC-USDT", MarketStatus.PRE_OPEN))
    orders = [
        await remembered(db, node, limit(ALICE, "o1", Side.BUY, 64_200, "1")),
        await remembered(db, node, limit(BOB, "o2", Side.SELL, 63_800, "0.4")),
    ]
    ack = await node.client.submit(SetMarketStatus("BTC-USDT", MarketStatus.OPEN))
    await db["orders"].update_many({}, {"$set": {"seq": ack.seq}})
    told = [(await told_of(db, settings, order.order_id))[-1] for order in orders]
    opened = "The market opened: all that crossed traded at one price, and it"
    assert told[0]["text"].startswith(f"{opened} bought 0.4 BTC at ")
    assert told[1]["text"].startswith(f"{opened} sold 0.4 BTC at ")
    assert [step["kind"] for step in told] == ["traded", "traded"]


async def test_who_comes_to_a_paper_order_is_the_live_book(db: Database, settings: Settings, node: RunningNode) -> None:
    """A paper order that rests is told to have been filled by the live book, not by another order."""
    await node.client.submit(OpenPaperMarket("BTC-USDT"))
    await node.client.submit(ResetPaper(ALICE, "begin", "PAPERUSDT", 10**12))
    paper = limit(ALICE, "p1", Side.BUY, 63_500, "0.1")._replace(market="PAPERBTC-PAPERUSDT")
    order = await remembered(db, node, paper)
    ack = await node.client.submit(limit(BOB, "s1", Side.SELL, 63_500, "1"))
    await db["orders"].update_many({}, {"$set": {"seq": ack.seq}})
    told = (await told_of(db, settings, order.order_id))[-1]["text"]
    assert told.startswith("The live book came to its price, and it bought 0.1 PAPERBTC at 63500 PAPERUSDT.")


async def told_of(db: Database, settings: Settings, order_id: int) -> list[dict[str, Any]]:
    """The steps of an order."""
    told = msgspec.json.decode(await explain_here(settings, db)(await wanted_of(db, order_id)))
    steps: list[dict[str, Any]] = told["steps"]
    return steps


async def test_a_bracket_is_explained(db: Database, settings: Settings, node: RunningNode) -> None:
    """An exit tells that it slept, came to life when its entry traded, and ended because the other exit fired."""
    take_profit = Leg(OrderType.LIMIT, 6_600_000)
    stop_loss = Leg(OrderType.STOP, 0, OrderTerms(6_200_000))
    entry = Leg(OrderType.LIMIT, 6_400_000)
    qty = TERMS.parse_qty("0.1")
    bracket = PlaceBracket(ALICE, "g1", "BTC-USDT", Side.BUY, qty, entry, take_profit, stop_loss)
    placed = (await node.client.submit(bracket)).verdict
    assert isinstance(placed, GroupPlaced)
    await node.client.submit(limit(BOB, "s1", Side.SELL, 64_000, "0.1"))
    ack = await node.client.submit(SetReferencePrices((("BTC-USDT", 6_190_000),)))
    for order in placed.orders:
        await db["orders"].insert_one(order_document(order, TERMS, ack.seq))
    steps = await told_of(db, settings, placed.orders[1].order_id)
    assert [step["kind"] for step in steps] == ["placed", "woken", "ended"]
    assert f"It is the take-profit of group {placed.group}. It sleeps until the entry" in steps[0]["text"]
    assert "came to life. 0.0999 BTC was set aside for it. 0.0999 BTC rests in the book at 66000" in steps[1]["text"]
    assert "Another order of its group traded, fired or was cancelled" in steps[2]["text"]
