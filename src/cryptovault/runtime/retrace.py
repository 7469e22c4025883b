"""The life of one order, made again from the journal: from the newest snapshot before it, with the same engine."""

import time
from collections.abc import Callable, Iterable

from cryptovault.engine.commands import Command, PlaceOrder
from cryptovault.engine.events import Event, GroupPlaced, OrderState, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderStatus, Side
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.moments import Life, Moment, Wanted
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head, Record
from cryptovault.runtime.snapshots import Snapshot, SnapshotDamaged, Snapshots, read_snapshot
from cryptovault.runtime.tail import Tail

MAX_MOMENTS = 200
TOLD_SECONDS = 1.0
LEVELS = 5
"""Of each side of the book that are shown."""

_LAST = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED})


async def retrace(
    journal: Journal,
    snapshots: Snapshots,
    wanted: Wanted,
    seconds: float,
    so_far: Callable[[Life], None] = lambda _life: None,
) -> Life:
    """Replay until the order's last news, or until `seconds` are over; `so_far` is told about once a second.

    Raises JournalBroken.
    """
    head, exchange = await _start(journal, snapshots, wanted)
    trace = _Trace(exchange, wanted)
    begun = told = time.monotonic()
    async for record in Tail(journal, head).read():
        trace.read(record)
        now = time.monotonic()
        if trace.done or now - begun > seconds:
            break
        if now - told > TOLD_SECONDS:
            told = now
            so_far(trace.life())
    return trace.life()


async def _start(journal: Journal, snapshots: Snapshots, wanted: Wanted) -> Snapshot:
    """The newest snapshot from before the order; where there is none, the beginning."""
    for path in snapshots.paths():
        at = await journal.at(int(path.stem))
        if at is None or at >= wanted.created:
            continue
        try:
            snapshot = read_snapshot(path.read_bytes())
        except (SnapshotDamaged, OSError):
            continue
        if await journal.holds(snapshot.head):
            return snapshot
    return Snapshot(Head(), Exchange())


class _Trace:
    """Applies records and keeps what concerns one order."""

    def __init__(self, exchange: Exchange, wanted: Wanted) -> None:
        self._exchange = exchange
        self._wanted = wanted
        self._moments: list[Moment] = []
        self._complete = False
        self._reached = 0
        self.done = False

    def read(self, record: Record) -> None:
        """Apply all commands of a record."""
        seq, self._reached = record.first, record.at
        near = record.at >= self._wanted.created
        for command in record.decode():
            if near and not self.done:
                self._look(seq, record.at, command)
            else:
                self._exchange.apply(seq, record.at, command)
            seq += 1

    def life(self) -> Life:
        """What was found."""
        market = self._exchange.markets.get(self._wanted.market)
        terms = Terms.of(market) if market is not None else None
        return Life(tuple(self._moments), terms, self._complete, self._reached)

    def _look(self, seq: int, at: int, command: Command) -> None:
        bids, asks, ahead = self._book(command)
        events = self._exchange.apply(seq, at, command)
        if any(_concerns(event, self._wanted.order_id) for event in events):
            self._moments.append(Moment(seq, at, command, tuple(events), bids, asks, ahead))
        self._complete = seq >= self._wanted.last_seq or _is_over(events, self._wanted.order_id)
        self.done = self._complete or len(self._moments) >= MAX_MOMENTS

    def _book(self, command: Command) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...], int]:
        market = self._exchange.markets.get(self._wanted.market)
        if market is None:
            return (), (), 0
        ahead = 0
        if isinstance(command, PlaceOrder):
            ahead = (market.bids if command.side is Side.BUY else market.asks).qty_at(command.price)
        bids, asks = self._exchange.depth(market.symbol, LEVELS)
        return tuple(bids), tuple(asks), ahead


def _concerns(event: Event, order_id: int) -> bool:
    if isinstance(event, OrderState):
        return event.order_id == order_id
    if isinstance(event, Trade):
        return order_id in {event.maker_order_id, event.taker_order_id}
    return isinstance(event, GroupPlaced) and any(order.order_id == order_id for order in event.orders)


def _is_over(events: Iterable[Event], order_id: int) -> bool:
    return any(
        isinstance(event, OrderState) and event.order_id == order_id and event.status in _LAST for event in events
    )
