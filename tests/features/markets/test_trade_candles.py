"""Candles and 24-hour figures of our own trades, against a naive computation from the recorded trades of a day."""

import random
from asyncio import to_thread
from collections.abc import Iterator, Sequence
from decimal import Decimal, Inexact, localcontext
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from cryptovault.engine.commands import Command, CreditDeposit, DefineAsset, DefineMarket, PlaceOrder
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import parse_price, parse_units
from cryptovault.engine.types import OrderType, Side, TimeInForce
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.features.markets.trade_candles import COLLECTION, TELL_PAUSE_MS, CandlePublisher, TradeCandles
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.projection import Writes
from cryptovault.runtime.read_models import ReadModelWriter
from cryptovault.runtime.records import Head
from fixtures.recordings import recorded_trades

SPANS = {"1m": 60, "5m": 300, "15m": 900, "1h": 3_600, "4h": 14_400, "1d": 86_400}
SYMBOLS = {"BTCUSDT": "BTC-USDT", "ETHUSDT": "ETH-USDT"}
TICK = 10**6
BATCH = 400


class Line(NamedTuple):
    """A recorded trade in one of our markets."""

    at: int
    market: str
    price: str
    qty: str
    seller_first: bool


@cache
def tape(limit: int = 10**9) -> tuple[Line, ...]:
    """The recorded trades of both markets, in order of time."""
    lines = [
        Line(trade.at, market, f"{Decimal(trade.price):.2f}", trade.qty, not trade.is_buyer_maker)
        for symbol, market in SYMBOLS.items()
        for trade in recorded_trades(symbol)
    ]
    return tuple(sorted(lines, key=lambda line: line.at)[:limit])


def commands(lines: Sequence[Line]) -> Iterator[tuple[int, Command]]:
    """What makes the exchange trade exactly so: each trade is an order that rests and one that takes it."""
    start = lines[0].at
    for asset in ("BTC", "ETH", "USDT"):
        yield start, DefineAsset(asset, 8, asset)
        yield start, CreditDeposit("maker", f"m/{asset}", asset, 10**17, "faucet")
        yield start, CreditDeposit("taker", f"t/{asset}", asset, 10**17, "faucet")
    for market in SYMBOLS.values():
        base, quote = market.split("-")
        yield start, DefineMarket(
            market, base, quote, tick=TICK, lot=10**2, min_notional=1, maker_fee=0, taker_fee=0, collar=50_000,
            max_qty=10**14,
        )  # fmt: skip
    for number, (at, market, price, qty, seller_first) in enumerate(lines):
        sides = (Side.SELL, Side.BUY) if seller_first else (Side.BUY, Side.SELL)
        for who, side in zip(("maker", "taker"), sides, strict=True):
            yield at, PlaceOrder(
                who, f"{who}{number}", market, side, OrderType.LIMIT, TimeInForce.GTC,
                parse_price(price, TICK, 8), parse_units(qty, 8),
            )  # fmt: skip


class Projection:
    """The read model as the projector makes it: batches of commands, each written and then marked."""

    def __init__(self, db: Database, journal: Sequence[tuple[int, Command]]) -> None:
        self.db = db
        self.journal = journal
        self.written = 0
        self.exchange = Exchange()
        self.candles = TradeCandles()

    async def start(self) -> None:
        """Come to life where the read models are."""
        self.exchange, self.candles = Exchange(), TradeCandles()
        for seq, (at, command) in enumerate(self.journal[: self.written], 1):
            self.exchange.apply(seq, at, command)
        await self.candles.load(self.db, self.exchange)

    def take(self, count: int) -> Writes:
        """Apply the next commands and collect what they write."""
        writes = Writes()
        for at, command in self.journal[self.exchange.seq :][:count]:
            seq = self.exchange.seq + 1
            for event in self.exchange.apply(seq, at, command):
                self.candles.project(seq, at, event, self.exchange, writes)
        self.candles.flush(self.exchange, writes)
        return writes

    async def write(self, writes: Writes) -> None:
        """Write a batch; now the read models are there."""
        await ReadModelWriter(self.db).write(writes, Head(0))
        self.written = self.exchange.seq

    async def run(self) -> None:
        """To the end of the journal."""
        while self.exchange.seq < len(self.journal):
            await self.write(self.take(BATCH))

    async def stored(self) -> list[Document]:
        """All documents."""
        return await self.db[COLLECTION].find({}).sort("_id").to_list()


def naive(lines: Sequence[Line]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Candles by the plainest way: gather the trades of each span, then look at them."""
    gathered: dict[tuple[str, str, int], list[Line]] = {}
    for line in lines:
        for interval, seconds in SPANS.items():
            opened = line.at // (seconds * 1_000) * seconds * 1_000
            gathered.setdefault((line.market, interval, opened), []).append(line)
    return {key: summed(members) for key, members in gathered.items()}


def summed(lines: Sequence[Line]) -> dict[str, Any]:
    """One span's figures, as exact fractions."""
    with localcontext(prec=80, traps=[Inexact]):
        prices, amounts = [Decimal(line.price) for line in lines], [Decimal(line.qty) for line in lines]
        worth = sum(price * qty for price, qty in zip(prices, amounts, strict=True))
        figures = {"open": prices[0], "high": max(prices), "low": min(prices), "close": prices[-1]}
        figures |= {"volume": sum(amounts), "quote_volume": worth}
    return {name: Fraction(figure) for name, figure in figures.items()} | {"trades": len(lines)}


def exact(row: Document) -> dict[str, Any]:
    """A stored candle's figures as exact fractions."""
    figures = {name: Fraction(row[name]) for name in ("open", "high", "low", "close", "volume", "quote_volume")}
    return figures | {"trades": row["trades"]}


async def test_candles_are_exact(db: Database) -> None:
    """Every candle of every interval from the recorded trades is what a naive computation says, to the last digit."""
    # In a thread: where the machine is slow, so much work at once would keep MongoDB's client from its heartbeat.
    journal = await to_thread(lambda: list(commands(tape())))
    projection = Projection(db, journal)
    await projection.run()
    found = {(row["market"], row["interval"], row["open_time"]): exact(row) for row in await projection.stored()}
    assert found == await to_thread(naive, tape())
    assert sum(row["trades"] for key, row in found.items() if key[1] == "1d") == len(tape())


async def test_j10_a_projector_that_dies_counts_nothing_twice(db: Database) -> None:
    """J10: killed at any moment, with any part of its last batch written, the next one ends with the same documents."""
    lines, rng = tape(3_000), random.Random(11)
    projection = Projection(db, list(commands(lines)))
    deaths = 0
    while projection.written < len(projection.journal):
        writes = projection.take(rng.randrange(1, 500))
        if rng.random() < 0.5:
            torn = Writes()
            for row in writes.replaces.get(COLLECTION, {}).values():
                if rng.random() < 0.5:
                    torn.replace(COLLECTION, row)
            await ReadModelWriter(db).write(torn, Head(0))
            await projection.start()
            deaths += 1
        else:
            await projection.write(writes)
    assert deaths > 5
    found = {(row["market"], row["interval"], row["open_time"]): exact(row) for row in await projection.stored()}
    assert found == naive(lines)


async def test_j10_made_again_they_are_the_same(db: Database) -> None:
    """J10: replayed over what is there, or over nothing, the journal makes the same documents."""
    projection = Projection(db, list(commands(tape(2_000))))
    await projection.run()
    before = await projection.stored()
    projection.written = 0
    await projection.start()
    await projection.run()
    assert await projection.stored() == before
    await db[COLLECTION].delete_many({})
    again = Projection(db, projection.journal)
    await again.run()
    assert await again.stored() == before


@pytest.mark.parametrize("moment", [0.1, 0.5, 0.999, 1.3])
async def test_the_day_is_exact(db: Database, moment: float) -> None:
    """The 24-hour figures are those of the trades of the last 1,440 minutes, whenever one looks, and however often."""
    lines = spread(tape(4_000))
    projection, own = Projection(db, list(commands(lines))), DayStatistics()
    now = lines[0].at + int((lines[-1].at - lines[0].at) * moment)
    projection.journal = [entry for entry in projection.journal if entry[0] <= now]
    while projection.exchange.seq < len(projection.journal):
        await projection.write(projection.take(BATCH))
        await own.follow(db, projection.exchange.at)
    await own.follow(db, now)
    begin = now // 60_000 * 60_000 - 1_439 * 60_000
    for market in SYMBOLS.values():
        inside = [line for line in lines if line.market == market and begin <= line.at <= now]
        figures, wanted = own.of(market, now), summed(inside)
        assert figures is not None
        told = {"open": figures.open, "high": figures.high, "low": figures.low, "close": figures.last}
        told |= {"volume": figures.volume, "quote_volume": figures.quote_volume, "trades": figures.trades}
        assert {name: Fraction(value) for name, value in told.items()} == wanted
        with localcontext(prec=80):
            change = wanted["close"] / wanted["open"] * 100 - 100
            assert abs(figures.change - Decimal(change.numerator) / change.denominator) < Decimal("1e-60")
    assert own.of("BTC-USDT", now + 86_400_000) is None
    assert own.of("SOL-USDT", now) is None


def spread(lines: Sequence[Line]) -> list[Line]:
    """The same trades over three days."""
    first, last = lines[0].at, lines[-1].at
    return [line._replace(at=first + (line.at - first) * 3 * 86_400_000 // (last - first)) for line in lines]


async def test_open_candles_are_told_live(db: Database) -> None:
    """The last message told of a candle is what is stored, at most four times a second for each."""
    projection = Projection(db, list(commands(tape(600))))
    publisher, told = CandlePublisher(projection.candles), {}
    list(publisher.flush(projection.exchange, 0))
    times = []
    for step in range(1, 50):
        await projection.write(projection.take(40))
        messages = list(publisher.flush(projection.exchange, step * TELL_PAUSE_MS // 2))
        told |= {(message.room, message.payload["open_time"]): message.payload for message in messages}
        times += [step] if messages else []
    assert min(later - earlier for earlier, later in pairwise(times)) == 2
    rest = publisher.flush(projection.exchange, 51 * TELL_PAUSE_MS // 2)
    told |= {(message.room, message.payload["open_time"]): message.payload for message in rest}
    for row in await projection.stored():
        message = told[f"candles:{row['market']}:{row['interval']}", row["open_time"]]
        assert message == {name: row[name] for name in message if name != "source"} | {"source": "trades"}
