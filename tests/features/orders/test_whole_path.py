"""An order's whole way: HTTP, engine socket, journal, projector, read models and live messages, all of it real."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from redis.asyncio import Redis

from cryptovault.engine.commands import CreditDeposit, DefineAsset, DefineMarket
from cryptovault.entrypoints.api import create_app
from cryptovault.entrypoints.projector import follow
from cryptovault.infra.fanout import EVENT_BATCHES
from cryptovault.infra.mongo import Database
from cryptovault.settings import Settings
from fixtures.nodes import RunningNode
from fixtures.trading import ALICE, BOB, LOT, TICK, Caller

SELL = {"market": "BTC-USDT", "side": "sell", "type": "limit", "price": "64000", "qty": "0.1"}
BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "64000", "qty": "0.04"}


@pytest.fixture(name="market")
async def _market(engine: RunningNode, settings: Settings, db: Database) -> AsyncIterator[None]:
    """A funded market on a real engine, with a projector that follows it."""
    rules = {"tick": TICK, "lot": LOT, "min_notional": 10**8, "maker_fee": 1_000, "taker_fee": 1_500, "collar": 50_000}
    for command in (
        DefineAsset("BTC", 8, "Bitcoin"),
        DefineAsset("USDT", 8, "Tether"),
        DefineMarket("BTC-USDT", "BTC", "USDT", **rules, max_qty=10**12),
        CreditDeposit(ALICE, "d-1", "USDT", 10**13, "test"),
        CreditDeposit(BOB, "d-2", "BTC", 10**9, "test"),
    ):
        await engine.client.submit(command)
    stop = asyncio.Event()
    projector = asyncio.create_task(follow(settings, stop))
    async with asyncio.timeout(10):
        while await db["wallets"].count_documents({}) < 2:
            await asyncio.sleep(0.02)
    yield
    stop.set()
    await projector


async def heard(redis: Redis, ready: asyncio.Event, count: int) -> list[tuple[str, str]]:
    """Room and event of the first private messages."""
    found: list[tuple[str, str]] = []
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(EVENT_BATCHES)
        while len(found) < count:
            message = await pubsub.get_message(timeout=1.0)
            if message is not None and message["type"] == "subscribe":
                ready.set()
            elif message is not None:
                for frame in msgspec.msgpack.decode(message["data"]):
                    room, event, _, _ = msgspec.msgpack.decode(frame)
                    if room.startswith("user:"):
                        found.append((room, event))
    return found


@pytest.mark.usefixtures("empty_redis", "market")
async def test_both_traders_read_their_trade_at_once(settings: Settings) -> None:
    """Right after the answer each side's orders, balances and statement show the trade, and both were told live."""
    app = create_app(settings)
    async with (
        app.running() as services,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8001") as http,
    ):
        alice, bob = Caller(http, services, ALICE), Caller(http, services, BOB)
        ready = asyncio.Event()
        listening = asyncio.create_task(heard(services.redis, ready, 10))
        await ready.wait()
        sold = (await bob("POST", "/orders", json=SELL)).json()
        bought = (await alice("POST", "/orders", json=BUY)).json()
        assert (sold["status"], bought["status"]) == ("open", "filled")

        wallet = (await alice("GET", "/wallet/balance")).json()
        assert {row["asset"]: row["available"] for row in wallet["items"]} == {"BTC": "0.03994", "USDT": "97440"}
        assert wallet["seq"] == bought["seq"]
        (line, _) = (await alice("GET", "/transactions")).json()["items"]
        assert (line["type"], line["amount"], line["seq"]) == ("trade_buy", "0.03994", bought["seq"])

        # Bob did not trade through this session since: his cookie's seq tells what he has to see.
        seen = {"X-Seq": str(bought["seq"])}
        rest = (await bob("GET", f"/orders/{sold['id']}", headers=seen)).json()
        assert (rest["status"], rest["filled"], rest["remaining"]) == ("partially_filled", "0.04", "0.06")

        told = await asyncio.wait_for(listening, 5)
        assert {(f"user:{ALICE}", "fill"), (f"user:{BOB}", "fill")} <= set(told)
        assert {(f"user:{ALICE}", "order"), (f"user:{BOB}", "order")} <= set(told)
        assert {(f"user:{ALICE}", "balance"), (f"user:{BOB}", "balance")} <= set(told)


@pytest.mark.usefixtures("empty_redis", "market")
async def test_the_engines_death_does_not_double_an_order(settings: Settings, engine: RunningNode) -> None:
    """A crashed engine makes the answer unknown; the same key never makes a second order (J6, J7)."""
    app = create_app(settings)
    async with (
        app.running() as services,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8001") as http,
    ):
        alice = Caller(http, services, ALICE)
        first = await alice("POST", "/orders", json=BUY, headers={"Idempotency-Key": "k-1"})
        again = await alice("POST", "/orders", json=BUY, headers={"Idempotency-Key": "k-1"})
        assert first.json()["id"] == again.json()["id"]
        await engine.crash()
        lost = await alice("POST", "/orders", json=BUY, headers={"Idempotency-Key": "k-2"})
        assert (lost.status_code, lost.json()["error"]["code"]) in {
            (503, "OUTCOME_UNKNOWN"),
            (503, "SERVICE_UNAVAILABLE"),
        }
        assert int(lost.headers["retry-after"]) >= 1
        assert len((await alice("GET", "/orders")).json()["items"]) == 1
