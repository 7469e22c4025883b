"""/ws/orders on the real engine and a real uvicorn: what each method does, and what happens when the client is gone."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from cryptovault.engine.commands import AmendOrder, CancelAll, CancelOrder, OpenPaperMarket, PlaceOrder, ResetPaper
from cryptovault.features.orders import repository
from cryptovault.features.orders import socket as module
from cryptovault.infra.engine_frames import EngineBusy
from fixtures.api import serving
from fixtures.trading import ALICE, BOB, Venue

BUY = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.01"}
CANCEL = {"type": "limit", "price": "70000"}


class Trader:
    """A program on /ws/orders."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws

    async def send(self, number: Any, method: str, params: Any) -> None:
        """Send a request and do not wait."""
        await self.ws.send(json.dumps({"id": number, "method": method, "params": params}))

    async def next(self) -> dict[str, Any]:
        """The next answer."""
        answer: dict[str, Any] = json.loads(await asyncio.wait_for(self.ws.recv(), 10))
        return answer

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a request and give its answer, the only one under way."""
        await self.send(method, method, params)
        answer = await self.next()
        assert answer.pop("id") == method
        return answer


Connect = Callable[..., Awaitable[Trader]]


@pytest.fixture(name="connect")
async def _connect(venue: Venue) -> AsyncIterator[Connect]:
    """Connect as Alice, or with other headers."""
    async with serving(venue.app) as url, AsyncExitStack() as stack:

        async def connect(**headers: str) -> Trader:
            address = url.replace("http", "ws") + "/ws/orders"
            chosen = headers or venue.alice.headers
            return Trader(await stack.enter_async_context(websockets.connect(address, additional_headers=chosen)))

        yield connect


async def test_every_method(venue: Venue, connect: Connect) -> None:
    """Each method does what its route does, and answers with the same status and object under the request's id."""
    await venue.desk.fund(ALICE, "USDT", "100000")
    trader = await connect()
    assert await trader.ask("ping") == {"status": 200, "result": "pong"}
    placed = await trader.ask("place", **BUY, client_order_id="one")
    assert placed["status"] == 201
    order = placed["result"]
    assert (await venue.alice("GET", f"/orders/{order['id']}")).json() == order
    amended = await trader.ask("amend", order_id=order["id"], price="59000")
    assert (amended["status"], amended["result"]["price"]) == (200, "59000")
    closed = await trader.ask("cancel", client_order_id="one")
    assert (closed["status"], closed["result"]["status"], closed["result"]["id"]) == (200, "cancelled", order["id"])
    assert (await trader.ask("cancel", order_id=order["id"]))["result"]["status"] == "cancelled"
    batch = await trader.ask("batch", orders=[BUY, BUY | {"qty": "x"}, BUY])
    assert [item["status"] for item in batch["result"]["items"]] == [201, 400, 201]
    gone = await trader.ask("cancel_all", market="BTC-USDT")
    assert len(gone["result"]["cancelled"]) == 2
    group = {"market": "BTC-USDT", "side": "buy", "qty": "0.01"}
    stop, profit = {"type": "stop", "trigger_price": "65000"}, {"type": "limit", "price": "60000"}
    pair = await trader.ask("oco", **group, stop_loss=stop, take_profit=profit)
    assert (pair["status"], len(pair["result"]["orders"])) == (201, 2)
    exits = {
        "stop_loss": {"type": "stop", "trigger_price": "58000"},
        "take_profit": {"type": "limit", "price": "66000"},
    }
    bracket = await trader.ask("bracket", **group, entry={"type": "limit", "price": "60000"}, **exits)
    assert [order["role"] for order in bracket["result"]["orders"]] == ["entry", "take_profit", "stop_loss"]
    timer = await trader.ask("cancel_timer", after_ms=60_000)
    assert timer["result"]["cancels_at"] == (await venue.alice("GET", "/orders/cancel-timer")).json()["cancels_at"]


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"id": 1, "method": "place", "params": BUY | {"qty": "0.0000001"}}, 422, "LOT_SIZE"),
    ({"id": 1, "method": "place", "params": BUY | {"account": "x"}}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "place"}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "cancel", "params": {}}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "cancel", "params": {"order_id": "1", "client_order_id": "1"}}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "cancel", "params": {"order_id": "999"}}, 404, "ORDER_UNKNOWN"),
    ({"id": 1, "method": "amend", "params": {"order_id": "999", "qty": "1"}}, 404, "ORDER_UNKNOWN"),
    ({"id": 1, "method": "batch", "params": {"orders": []}}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "withdraw", "params": {}}, 400, "VALIDATION_ERROR"),
    ({"id": 1.5, "method": "ping"}, 400, "VALIDATION_ERROR"),
    ({"id": "x" * 65, "method": "ping"}, 400, "VALIDATION_ERROR"),
    ({"method": "ping"}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "ping", "extra": 1}, 400, "VALIDATION_ERROR"),
    ({"id": 1, "method": "ping", "params": {"a": 1}}, 400, "VALIDATION_ERROR"),
]


async def test_what_is_refused(connect: Connect) -> None:
    """Every refusal has the code it has over HTTP, and the connection goes on."""
    trader = await connect()
    for message, status, code in REFUSED:
        await trader.ws.send(json.dumps(message))
        answer = await trader.next()
        assert (answer["status"], answer["error"]["code"]) == (status, code), message
    for text in ("", "null", "[]", "[" * 2_000, "\x00", '{"id":1,"method":"ping","params":' + "[" * 400 + "}"):
        await trader.ws.send(text)
        assert (await trader.next())["status"] == 400
    await trader.ws.send(b"\xff\xfe")
    assert (await trader.next())["status"] == 400
    assert (await trader.ask("ping"))["status"] == 200


async def test_many_in_flight(venue: Venue, connect: Connect) -> None:
    """More requests than may be under way are all answered, each once, and orders are placed as they were sent."""
    await venue.desk.fund(ALICE, "USDT", "1000000")
    trader = await connect()
    count = module.MAX_IN_FLIGHT * 2
    for number in range(count):
        await trader.send(number, "place", BUY | {"client_order_id": f"k{number}"})
    answers = [await trader.next() for _ in range(count)]
    assert sorted(answer["id"] for answer in answers) == list(range(count))
    in_order = sorted(answers, key=lambda answer: int(answer["result"]["id"]))
    assert [answer["id"] for answer in in_order] == list(range(count))


async def test_requests_reach_the_engine_in_their_order(
    venue: Venue, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An amendment whose order is looked up slowly is not overtaken by what was sent after it on that connection."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    trader, other = await connect(), await connect()
    order = (await trader.ask("place", **BUY))["result"]
    found, look_up = asyncio.Event(), repository.one

    async def slowly(*wanted: Any) -> Any:
        await found.wait()
        return await look_up(*wanted)

    monkeypatch.setattr(repository, "one", slowly)
    await trader.send(1, "amend", {"order_id": order["id"], "price": "59000"})
    await trader.send(2, "cancel", {"order_id": order["id"]})
    await trader.send(3, "batch", {"orders": [BUY]})
    await trader.send(4, "place", BUY | {"market": "NO-SUCH"})
    await trader.send(5, "cancel_all", {})
    assert (await other.ask("place", **BUY))["status"] == 201  # by now all the others have been read
    assert (await other.ask("ping"))["status"] == 200
    before = len(venue.desk.journal)
    found.set()
    answers = {answer["id"]: answer for answer in [await trader.next() for _ in range(5)]}
    assert {number: answer["status"] for number, answer in answers.items()} == {1: 200, 2: 200, 3: 200, 4: 404, 5: 200}
    assert answers[2]["result"]["price"] == "59000"
    assert [type(command) for _, _, command in venue.desk.journal[before:]] == [
        AmendOrder, CancelOrder, PlaceOrder, CancelAll,
    ]  # fmt: skip


async def test_cancel_on_disconnect(venue: Venue, connect: Connect) -> None:
    """Asked for at log-in, everything is cancelled when the connection is gone, also where the engine is busy first.

    Orders of play money are cancelled with those of real money, as the cancel timer does.
    """
    await venue.desk.fund(ALICE, "USDT", "10000")
    await venue.desk.do(OpenPaperMarket("BTC-USDT"))
    await venue.desk.do(ResetPaper(ALICE, "begin", "PAPERUSDT", 10**12))
    stays, goes = await connect(), await connect()
    assert (await goes.ask("login", cancel_on_disconnect=True))["result"]["cancel_on_disconnect"] is True
    await goes.ask("place", **BUY)
    await goes.ask("place", **BUY | {"market": "PAPERBTC-PAPERUSDT"})
    await stays.ws.close()
    await asyncio.sleep(0.05)
    assert len(venue.desk.exchange.open_orders(ALICE)) == 2
    venue.desk.failure = EngineBusy("full")
    goes.ws.transport.abort()
    await asyncio.sleep(0.05)
    venue.desk.failure = None
    async with asyncio.timeout(10):
        while venue.desk.exchange.open_orders(ALICE):
            await asyncio.sleep(0.02)


async def test_the_rate_class_counts_messages(venue: Venue, connect: Connect) -> None:
    """Each message counts as a request, a batch as many; what does not fit is refused and does nothing."""
    venue.services.rates.orders = venue.services.rates.orders._replace(limit=10)
    trader = await connect()
    await trader.ask("batch", orders=[BUY] * 8)
    seq = venue.desk.exchange.seq
    assert (await trader.ask("batch", orders=[BUY] * 3))["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert (await trader.ask("ping"))["status"] == 200
    refused = await trader.ask("place", **BUY)
    assert (refused["status"], refused["error"]["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert refused["error"]["retry_after"] >= 1
    assert venue.desk.exchange.seq == seq


async def test_a_client_that_does_not_read_is_cut_off(
    venue: Venue, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that nobody reads are not kept for ever: after a while the connection is cut, and others go on."""
    monkeypatch.setattr(module, "SEND_SECONDS", 0.2)
    lazy, other = await connect(), await connect(**venue.bob.headers)
    lazy.ws.transport.pause_reading()
    text = json.dumps({"id": 1, "method": "batch", "params": {"orders": [{"x" * 400: 1}] * 50}})
    sending = asyncio.create_task(send_forever(lazy.ws, text))
    async with asyncio.timeout(20):
        while len(venue.app._orders._open) > 1:  # type: ignore[union-attr] # it runs
            await asyncio.sleep(0.02)
    lazy.ws.transport.abort()
    with pytest.raises(websockets.ConnectionClosed):
        await sending
    assert (await other.ask("ping"))["status"] == 200


async def send_forever(ws: ClientConnection, text: str) -> None:
    """Ask and ask, until the connection is gone."""
    while True:
        await ws.send(text)
        await asyncio.sleep(0)


async def test_orders_of_others_are_out_of_reach(venue: Venue, connect: Connect) -> None:
    """T11: another's order is unknown to every method, and cancel_all reaches nobody else's."""
    await venue.desk.fund(ALICE, "USDT", "10000")
    mine = (await venue.alice("POST", "/orders", json=BUY | {"client_order_id": "mine"})).json()
    bob = await connect(**venue.bob.headers)
    for method, params in (
        ("cancel", {"order_id": mine["id"]}),
        ("cancel", {"client_order_id": "mine"}),
        ("amend", {"order_id": mine["id"], "qty": "0.005"}),
    ):
        assert (await bob.ask(method, **params))["error"]["code"] == "ORDER_UNKNOWN"
    assert (await bob.ask("cancel_all"))["result"] == {"cancelled": []}
    assert len(venue.desk.exchange.open_orders(ALICE)) == 1
    assert venue.desk.exchange.open_orders(BOB) == []


async def test_the_documented_example_runs(venue: Venue) -> None:
    """The example of docs/reference/websocket-orders.md does what it says, as it stands there."""
    page = (Path(__file__).parents[3] / "docs" / "reference" / "websocket-orders.md").read_text()
    code = page.partition("<!-- example -->\n```python\n")[2].partition("```")[0]
    await venue.desk.fund(ALICE, "USDT", "10000")
    token = venue.alice.headers["authorization"].removeprefix("Bearer ")
    async with serving(venue.app) as url:
        environment = os.environ | {"EXCHANGE": url.replace("http", "ws"), "TOKEN": token}
        program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=environment, stdout=PIPE)
        printed, _ = await asyncio.wait_for(program.communicate(), 30)
    assert printed.decode().splitlines() == [
        "10 orders rest, the first at 50000",
        "moved to 49000",
        "10 orders cancelled",
    ]
