"""Tells the world the prices of a tick: Redis for everybody now, MongoDB for when Redis is away."""

from decimal import Decimal

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.features.markets.tickers import Payload, TickerTape
from cryptovault.infra.clock import Clock
from cryptovault.infra.fanout import EVENTS
from cryptovault.infra.feeds.board import COLLECTION, LATEST, PRICES_KEY, TICKERS_KEY, TTL_SECONDS
from cryptovault.infra.feeds.tick import Tick
from cryptovault.infra.mongo import Database

STORE_MS = 5_000
_INTERNAL = {"market_cap"}


class PricePublisher:
    """Publishes `prices` and each `ticker` that changed, and keeps the latest of both under their keys."""

    def __init__(self, redis: Redis, db: Database, clock: Clock, tape: TickerTape) -> None:
        self.tape = tape
        self._redis = redis
        self._db = db
        self._clock = clock
        self._stored_ms = -STORE_MS
        self._told: dict[str, Payload] = {}

    async def publish(self, tick: Tick) -> None:
        """Tell one tick. Raises RedisError after MongoDB has got it."""
        message = self.tape.prices(tick)
        tickers = self.tape.tickers(tick, message)
        prices = msgspec.json.encode(message)
        board = msgspec.json.encode(tickers)
        try:
            await self._tell(tick.at, prices, board, self._changed(tickers))
        except (RedisError, OSError):
            self._told.clear()
            await self._store(prices, board)
            raise
        await self._store(prices, board)

    async def candles(self, changed: dict[str, Payload], seq: int) -> None:
        """Tell open candles of the reference price, all in one message. Raises RedisError."""
        if changed:
            await self._redis.publish(EVENTS, _frame("candles", "candles", seq, msgspec.json.encode(changed)))

    async def last(self) -> tuple[dict[str, Decimal], int]:
        """The last prices told by whoever was on duty before, by market, and when (ms); none at the first start."""
        document = await self._db[COLLECTION].find_one({"_id": LATEST})
        if document is None:
            return {}, 0
        message = msgspec.json.decode(document["prices"])
        rows = {market: Decimal(row["last"]) for market, row in message["prices"].items() if row["last"]}
        return rows, message["at_ms"]

    async def _tell(self, seq: int, prices: bytes, board: bytes, changed: list[Payload]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.set(PRICES_KEY, prices, ex=TTL_SECONDS)
        pipeline.set(TICKERS_KEY, board, ex=TTL_SECONDS)
        pipeline.publish(EVENTS, _frame("prices", "prices", seq, prices))
        for ticker in changed:
            pipeline.publish(EVENTS, _frame(f"ticker:{ticker['market']}", "ticker", seq, msgspec.json.encode(ticker)))
        await pipeline.execute()

    def _changed(self, tickers: dict[str, Payload]) -> list[Payload]:
        """Tickers that say something new, apart from the time."""
        changed = []
        for market, ticker in tickers.items():
            news = {name: value for name, value in ticker.items() if name != "at" and name not in _INTERNAL}
            if self._told.get(market) != news:
                self._told[market] = news
                changed.append(news | {"at": ticker["at"]})
        return changed

    async def _store(self, prices: bytes, board: bytes) -> None:
        now = int(self._clock.monotonic() * 1_000)
        if now - self._stored_ms >= STORE_MS:
            self._stored_ms = now
            document = {"_id": LATEST, "prices": prices, "tickers": board}
            await self._db[COLLECTION].replace_one({"_id": LATEST}, document, upsert=True)


def _frame(room: str, event: str, seq: int, payload: bytes) -> bytes:
    return msgspec.msgpack.encode((room, event, seq, payload))
