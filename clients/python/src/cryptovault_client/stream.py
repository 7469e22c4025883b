"""The live stream over a plain WebSocket: connects again by itself, and mends books and the account by itself."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from cryptovault_client.account import Account, Order
from cryptovault_client.book import BookReplica, Outcome
from cryptovault_client.signing import ApiKey

PAUSES = (0.1, 0.3, 1.0, 3.0, 10.0)
RESYNC_PAUSE = 1.0
_PATH = "/ws/stream"
_PAGE = 200


class Event(NamedTuple):
    """A message: `name` and `data` as in the documentation of the streams; `room` is where it was told."""

    name: str
    room: str
    data: dict[str, Any]


class Stream:
    """The rooms one is in, the books of those among them, and with a token the own account.

    `own` opens the account: an API key with the scope `read`, or what gives an access token whenever one is needed. Use
    the stream as a context, subscribe, and go through the events: books are as of the event handed out, or newer.

        async with Stream("https://exchange.example") as stream:
            await stream.subscribe("book:BTC-USDT")
            async for event in stream:
                print(stream.books["BTC-USDT"].bids[:1])
    """

    def __init__(self, url: str, own: ApiKey | Callable[[], str] | None = None) -> None:
        self.books: dict[str, BookReplica] = {}
        self.account = Account()
        self._url = url.rstrip("/")
        self._own = own
        self._rooms: set[str] = set()
        self._socket: ClientConnection | None = None
        self._open = asyncio.Event()
        self._failures = 0
        self._http = httpx.AsyncClient(base_url=self._url, timeout=10)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._asked: dict[str, float] = {}
        self._events: asyncio.Queue[Event] = asyncio.Queue(1_000)
        self._work: asyncio.Task[None] | None = None
        self._later: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._work = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in (self._work, *self._later):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self._http.aclose()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            yield await self._events.get()

    async def subscribe(self, *rooms: str) -> None:
        """Enter rooms, now and after each reconnection. Raises ValueError where the exchange refuses them."""
        answer = await self._ask("subscribe", list(rooms))
        if "error" in answer:
            raise ValueError(answer["error"]["message"])
        self._rooms.update(rooms)

    async def unsubscribe(self, *rooms: str) -> None:
        """Leave rooms."""
        self._rooms.difference_update(rooms)
        for room in rooms:
            self.books.pop(room.removeprefix("book:"), None)
        await self._ask("unsubscribe", list(rooms))

    async def read_account(self) -> None:
        """Read open orders and balances over HTTP. Raises httpx.HTTPError."""
        balances = await self._get("/api/v1/wallet/balance")
        orders: list[Order] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await self._get("/api/v1/orders", f"status=open&limit={_PAGE}&cursor={quote(cursor)}")
            orders += page["items"]
            cursor = page["next_cursor"]
        self.account.load(orders, balances["items"], balances["seq"])

    async def _get(self, path: str, query: str = "") -> Any:
        target = f"{path}?{query}" if query else path
        answer = await self._http.get(target, headers=self._proof(path, query))
        return answer.raise_for_status().json()

    def _proof(self, path: str, query: str = "") -> dict[str, str]:
        """The headers that say who asks."""
        if isinstance(self._own, ApiKey):
            return self._own.headers("GET", path, query)
        return {} if self._own is None else {"Authorization": f"Bearer {self._own()}"}

    async def _run(self) -> None:
        while True:
            self._failures += 1
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                await self._connected()
            await asyncio.sleep(PAUSES[min(self._failures, len(PAUSES)) - 1])

    async def _connected(self) -> None:
        """One connection, from the handshake to its end."""
        url = self._url.replace("http", "ws", 1) + _PATH
        async with connect(url, additional_headers=self._proof(_PATH), compression=None) as socket:
            self._socket, self._failures = socket, 1
            self._open.set()
            self.account.begin()
            try:
                if self._rooms:
                    await self._send(socket, "subscribe", sorted(self._rooms))
                if self._own is not None:
                    self._do_later(self._mend_account())
                async for text in socket:
                    await self._take(json.loads(text))
            finally:
                self._lost()

    def _lost(self) -> None:
        """The connection is gone: no difference joins up any more, and whoever waits for an answer asks again."""
        self._socket = None
        self._open.clear()
        for book in self.books.values():
            book.doubt()
        for future in self._answers.values():
            future.cancel()
        self._answers.clear()

    async def _take(self, message: dict[str, Any]) -> None:
        if "event" not in message:
            future = self._answers.pop(message["id"], None)
            if future is not None and not future.done():
                future.set_result(message)
            return
        event = Event(message["event"], message["room"], message["data"])
        if event.name in {"book", "book_delta"}:
            if not self._take_book(event):
                return
        elif event.room == "user" and not self.account.take(event.name, event.data):
            self._do_later(self._mend_account())
        await self._events.put(event)

    def _take_book(self, event: Event) -> bool:
        """Whether the book is another one now."""
        book = self.books.setdefault(event.data["market"], BookReplica())
        data: Any = event.data
        outcome = book.take_snapshot(data) if event.name == "book" else book.take_delta(data)
        if outcome is Outcome.RESYNC:
            self._do_later(self._resync(event.room))
        return outcome is Outcome.APPLIED

    async def _resync(self, room: str) -> None:
        """Subscribing again brings the snapshot; a book that does not add up is not asked for in a hurry."""
        now = time.monotonic()
        wait = max(0.0, self._asked.get(room, 0.0) + RESYNC_PAUSE - now)
        self._asked[room] = now + wait
        await asyncio.sleep(wait)
        if room in self._rooms and self._socket is not None:
            await self._send(self._socket, "subscribe", [room])

    async def _mend_account(self) -> None:
        """Read the account as often as it takes, while there is a connection to keep it up to date."""
        failures = 0
        while self._socket is not None:
            try:
                await self.read_account()
            except httpx.HTTPError:
                await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
            else:
                return

    async def _ask(self, method: str, rooms: list[str]) -> dict[str, Any]:
        """Send a request and give its answer; asked again where the connection is lost meanwhile."""
        while True:
            await self._open.wait()
            if (socket := self._socket) is not None:
                future = asyncio.get_running_loop().create_future()
                self._answers[await self._send(socket, method, rooms)] = future
                await asyncio.wait([future])
                if not future.cancelled():
                    answer: dict[str, Any] = future.result()
                    return answer
            await asyncio.sleep(0)

    async def _send(self, socket: ClientConnection, method: str, rooms: list[str]) -> int:
        number = next(self._numbers)
        with contextlib.suppress(WebSocketException):
            await socket.send(json.dumps({"id": number, "method": method, "params": {"rooms": rooms}}))
        return number

    def _do_later(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside the reading of messages, which must go on."""
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)
