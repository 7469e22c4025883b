"""What a new exchange starts with: assets, markets and their paper, fee tiers, outside production money for the maker.

Only what is missing is defined. What the ledger already knows is never changed here: an operator may have changed it
on purpose, and the catalogue is merely where it all began.
"""

import asyncio
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

import structlog

from cryptovault.engine.commands import Command, CreditDeposit, OpenPaperMarket
from cryptovault.engine.events import Rejected
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import MAKER
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_client import Engine
from cryptovault.infra.feeds.catalog import Catalog, Coin, units
from cryptovault.infra.mongo import Database

MAKER_COIN_USD = Decimal(5_000_000)
MAKER_CASH = Decimal(200_000_000)
HOUSE_RAIL = "house"
_LATE_SECONDS = 30.0
_HARMLESS = {Reject.ASSET_EXISTS, Reject.DEPOSIT_DUPLICATE, Reject.KEY_REUSED}

log = structlog.get_logger("bootstrap")


class BootstrapRefusedError(Exception):
    """The engine refused a definition of the catalogue."""


async def bootstrap(
    engine: Engine, db: Database, catalog: Catalog, clock: Clock, *, fund_maker: bool, paper: bool = False
) -> int:
    """Define what the ledger does not have yet; returns how many commands were sent. Safe to run at every start."""
    await _projection_caught_up(db, clock)
    assets = set(await db["assets"].distinct("_id"))
    markets = set(await db["markets"].distinct("_id"))
    sent = await _submit(engine, [command for command in catalog.asset_commands() if command.asset not in assets])
    sent += await _submit(engine, [command for command in catalog.market_commands() if command.market not in markets])
    if await db["fee_schedule"].find_one() is None:
        sent += await _submit(engine, [catalog.fee_command()])
    if fund_maker:
        funded = set(await db["maker_inventory"].distinct("_id"))
        sent += await _submit(engine, [deposit for deposit in maker_funds(catalog) if deposit.asset not in funded])
    if paper:
        sent += await _submit(engine, await _paper_markets(db, catalog))
    if sent:
        log.info("bootstrap", commands=sent)
    return sent


async def _paper_markets(db: Database, catalog: Catalog) -> list[OpenPaperMarket]:
    """For each real market that has no paper yet, whoever has defined it."""
    opened = set(await db["markets"].distinct("mirrors"))
    listed = [listing.market for listing in catalog.listings]
    real = await db["markets"].distinct("_id", {"mirrors": {"$exists": False}})
    return [OpenPaperMarket(market) for market in dict.fromkeys([*listed, *sorted(real)]) if market not in opened]


def maker_target(coin: Coin) -> Decimal:
    """How many coins the maker is given, and wants to have."""
    return (MAKER_COIN_USD / coin.base_price).quantize(Decimal("0.0001"), ROUND_DOWN)


def maker_funds(catalog: Catalog) -> list[CreditDeposit]:
    """Play money of the development maker; the fixed keys make each a gift given once."""
    gifts = [(coin, MAKER_CASH) for coin in catalog.currencies]
    gifts += [(coin, maker_target(coin)) for coin in catalog.coins]
    return [
        CreditDeposit(MAKER, f"bootstrap:{coin.symbol}", coin.symbol, units(amount, coin.scale), HOUSE_RAIL)
        for coin, amount in gifts
    ]


async def _submit(engine: Engine, commands: Sequence[Command]) -> int:
    """All at once, in order of the list. What turns out to exist already is no fault."""
    acks = await asyncio.gather(*(engine.submit(command) for command in commands))
    for command, ack in zip(commands, acks, strict=True):
        verdict = ack.verdict
        if isinstance(verdict, Rejected) and verdict.reason not in _HARMLESS:
            raise BootstrapRefusedError(f"{command}: {verdict.reason.name} {verdict.detail}")
    return len(commands)


async def _projection_caught_up(db: Database, clock: Clock) -> None:
    """Wait until the read models show the whole journal: what they lack must really be missing, not merely late.

    Without a limit, for a definition sent again would undo what an operator changed since.
    """
    complain_at = clock.monotonic() + _LATE_SECONDS
    while not await _caught_up(db):
        if clock.monotonic() > complain_at:
            log.warning("the read models are behind the journal; nothing is defined until they are not")
            complain_at += _LATE_SECONDS
        await clock.sleep(0.1)


async def _caught_up(db: Database) -> bool:
    head = await db["journal"].find_one(sort=[("_id", -1)], projection={"n": 1})
    if head is None:
        return True
    watermark = await db["watermarks"].find_one({"_id": "read_models"})
    return watermark is not None and watermark["seq"] >= head["_id"] + head["n"] - 1
