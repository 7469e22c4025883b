"""`cryptovault verify` and `cryptovault rebuild`: prove the books, and make the read models anew."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import format_units
from cryptovault.engine.types import HOUSE_PREFIX
from cryptovault.entrypoints.process import only_one
from cryptovault.entrypoints.projector import projections
from cryptovault.features.orders.projection import COLLECTION as ORDERS
from cryptovault.features.orders.projection import PAPER as PAPER_ORDERS
from cryptovault.features.orders.views import OPEN, order_document
from cryptovault.features.wallet.projection import COLLECTION as WALLETS
from cryptovault.features.wallet.projection import PAPER as PAPER_WALLETS
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database, Document, connect_mongo, database
from cryptovault.infra.redis import connect_redis
from cryptovault.kit.catalogue import Terms
from cryptovault.runtime.audit import Replay, replay_all
from cryptovault.runtime.broadcast import Broadcast
from cryptovault.runtime.errors import Stopped
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.projector import Projector
from cryptovault.runtime.read_models import ReadModelWriter
from cryptovault.runtime.records import Head
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.runtime.watermark import read_watermark
from cryptovault.settings import Settings

Progress = Callable[[int, int], None]
"""Told (seq reached, seq of the end when the work began)."""

_CATCH_UP_SECONDS = 10.0
_LOCK_SECONDS = 15.0


@dataclass
class AuditReport:
    """What `verify` compared, and every difference it found as a sentence."""

    commands: int = 0
    records: int = 0
    snapshots: int = 0
    wallets: int = 0
    orders: int = 0
    moved: int = 0  # documents that changed while they were compared, and were left out
    digest: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """True where nothing differs."""
        return not self.problems


@dataclass
class RebuildReport:
    """How far the read models are after `rebuild`."""

    commands: int
    documents: dict[str, int]


def _silent(_reached: int, _end: int) -> None:
    return None


async def verify(settings: Settings, progress: Progress = _silent) -> AuditReport:
    """Replay from zero; check chain, invariants, snapshots, local mark, wallets and open orders. Never writes.

    The exchange may be running meanwhile.
    """
    async with _opened(settings) as db:
        journal, home = Journal(db, SystemClock()), settings.cryptovault_home.resolve() / "engine"
        end = await journal.last_seq()
        report = AuditReport()
        try:
            mark = read_watermark(home / "watermark")
            replay = await replay_all(journal, Snapshots(home / "snapshots"), mark, lambda seq: progress(seq, end))
        except Stopped as broken:
            report.problems.append(str(broken))
            return report
        _take_over(report, replay)
        if await _read_models_reach(db, replay.head, report):
            for paper in (False, True):
                await _compare_wallets(db, replay.exchange, report, paper=paper)
            await _compare_orders(db, replay.exchange, report)
        return report


async def rebuild(settings: Settings, progress: Progress = _silent) -> RebuildReport:
    """Drop the read models and make them anew from the journal. Raises Stopped.

    A running projector is made to stop, and comes back behind it; until then readers see what is there already.
    """
    redis = connect_redis(settings)
    try:
        async with _opened(settings) as db:
            clock, made = SystemClock(), projections()
            end = await Journal(db, clock).last_seq()
            projector = Projector(db, clock, Broadcast(redis, clock), made, [])
            await projector.begin_rebuild()
            with ExitStack() as held:
                try:
                    await _lock(settings, held)
                except BaseException:
                    await projector.cancel_rebuild()
                    raise
                await projector.rebuild(lambda seq: progress(seq, end))
            names = sorted({name for each in made for name in each.collections})
            counts = {name: await db[name].estimated_document_count() for name in names}
            return RebuildReport(projector.written.seq, counts)
    finally:
        await redis.aclose()


async def _lock(settings: Settings, held: ExitStack) -> None:
    """Take the projector's lock, as soon as the running projector has noticed and left."""
    deadline = asyncio.get_running_loop().time() + _LOCK_SECONDS
    while True:
        try:
            held.enter_context(only_one(settings, "projector"))
        except Stopped:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            return


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    client = connect_mongo(settings)
    try:
        yield database(client, settings)
    finally:
        await client.close()


def _take_over(report: AuditReport, replay: Replay) -> None:
    report.commands, report.records, report.snapshots = replay.head.seq, replay.records, replay.snapshots
    report.digest = replay.exchange.digest().hex()
    report.problems += replay.problems


async def _read_models_reach(db: Database, head: Head, report: AuditReport) -> bool:
    """Wait a little for the read models; a projector that does not run leaves them behind."""
    writer, deadline = ReadModelWriter(db), asyncio.get_running_loop().time() + _CATCH_UP_SECONDS
    while (written := await writer.load()).seq < head.seq:
        if asyncio.get_running_loop().time() > deadline:
            report.problems.append(f"the read models are at seq {written.seq}, the journal at {head.seq}")
            return False
        await asyncio.sleep(0.05)
    return True


async def _compare_wallets(db: Database, exchange: Exchange, report: AuditReport, *, paper: bool) -> None:
    expected = {name for name in _users(exchange) if _balances(exchange, name, paper=paper)}
    async for document in db[PAPER_WALLETS if paper else WALLETS].find({}):
        account = document["_id"]
        expected.discard(account)
        if document["seq"] > exchange.seq:
            report.moved += 1
            continue
        report.wallets += 1
        shown = {asset: balance for asset, balance in document["balances"].items() if set(balance.values()) != {"0"}}
        if shown != _balances(exchange, account, paper=paper):
            report.problems.append(f"the wallet of {account} is not what the ledger says")
    report.problems += [f"the wallet of {account} is missing" for account in sorted(expected)]


def _users(exchange: Exchange) -> list[str]:
    return [name for name in exchange.state.ledger.accounts if not name.startswith(HOUSE_PREFIX)]


def _balances(exchange: Exchange, account: str, *, paper: bool) -> dict[str, dict[str, str]]:
    """What the account has; an asset it has none of may or may not be in the ledger, and in the wallet."""
    return {
        asset: {
            "available": format_units(available, exchange.assets[asset].scale),
            "held": format_units(held, exchange.assets[asset].scale),
        }
        for asset, (available, held) in exchange.balances(account).items()
        if (available or held) and bool(exchange.assets[asset].mirrors) is paper
    }


async def _compare_orders(db: Database, exchange: Exchange, report: AuditReport) -> None:
    shown: dict[int, Document] = {}
    for collection in (ORDERS, PAPER_ORDERS):
        async for document in db[collection].find({"status": {"$in": sorted(OPEN)}}):
            shown[document["_id"]] = document
    for account in _users(exchange):
        for order in exchange.open_orders(account):
            terms = Terms.of(exchange.markets[order.market])
            collection = PAPER_ORDERS if terms.mirrors else ORDERS
            told = shown.pop(order.order_id, None) or await db[collection].find_one({"_id": order.order_id})
            expected = order_document(order, terms, 0)
            _compare_order(order.order_id, told, expected, exchange.seq, report)
    for document in shown.values():
        if document["seq"] > exchange.seq:
            report.moved += 1
        else:
            report.problems.append(f"order {document['_id']} is shown as open and is not")


def _compare_order(
    order_id: int, document: Document | None, expected: Document, upto: int, report: AuditReport
) -> None:
    if document is not None and document["seq"] > upto:
        report.moved += 1
        return
    report.orders += 1
    ignored = {"seq", "updated_at"}
    if document is None or any(document[name] != value for name, value in expected.items() if name not in ignored):
        report.problems.append(f"order {order_id} is not shown as the book has it")
