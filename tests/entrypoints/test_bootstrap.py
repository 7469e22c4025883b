import asyncio

import pytest

from cryptovault.engine.commands import Command, DefineMarket
from cryptovault.engine.money import format_units
from cryptovault.engine.types import MAKER
from cryptovault.entrypoints.bootstrap import BootstrapRefusedError, bootstrap, maker_funds
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_frames import Ack
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.mongo import Database
from fixtures.trading import Desk

CATALOG = load_catalog()
CLOCK = SystemClock()


class OneByOne:
    """The small exchange with its read models, for callers that send many commands at once."""

    def __init__(self, db: Database) -> None:
        self.desk = Desk(db)
        self.commands: list[Command] = []
        self._lock = asyncio.Lock()

    async def submit(self, command: Command, *, timeout: float = 5.0) -> Ack:  # noqa: ASYNC109 - the engine's interface
        """Execute in order."""
        async with self._lock:
            self.commands.append(command)
            return await self.desk.submit(command, timeout=timeout)


async def test_a_new_exchange_gets_the_whole_catalogue(db: Database) -> None:
    """52 assets, 100 markets, fee tiers and a funded maker; a second start sends nothing."""
    engine = OneByOne(db)
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=True) == 52 + 100 + 1 + 52
    exchange = engine.desk.exchange
    assert (len(exchange.assets), len(exchange.markets)) == (52, 100)
    assert exchange.fee_tiers == CATALOG.fee_tiers
    funds = {deposit.asset: deposit.amount for deposit in maker_funds(CATALOG)}
    assert {asset: available for asset, (available, _) in exchange.balances(MAKER).items()} == funds
    exchange.check()
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=True) == 0
    stored = await db["maker_inventory"].find_one({"_id": "BTC"})
    assert stored is not None
    assert stored["amount"] == format_units(funds["BTC"], 8)


async def test_every_market_gets_its_paper(db: Database) -> None:
    """Markets of an older exchange too, and those an operator has listed; a second start sends nothing new."""
    engine = OneByOne(db)
    await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False)
    await engine.submit(CATALOG.market_commands()[0]._replace(market="SAME-AGAIN"))
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False, paper=True) == 101
    exchange = engine.desk.exchange
    # The operator's market trades a pair that is listed already, so there is one paper market of both.
    assert (len(exchange.assets), len(exchange.markets)) == (2 * 52, 101 + 100)
    await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False, paper=True)
    assert len(exchange.markets) == 101 + 100


async def test_without_play_money_nobody_is_funded(db: Database) -> None:
    """In production the maker gets nothing from here."""
    engine = OneByOne(db)
    await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False)
    assert engine.desk.exchange.balances(MAKER) == {}


async def test_what_an_operator_changed_is_left_alone(db: Database) -> None:
    """A market whose fees were changed keeps them at the next start."""
    engine = OneByOne(db)
    await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False)
    changed = CATALOG.market_commands()[0]._replace(taker_fee=99)
    await engine.submit(changed)
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False) == 0
    assert engine.desk.exchange.markets[changed.market].taker_fee == 99


async def test_an_exchange_without_fee_tiers_gets_them_and_keeps_its_own(db: Database) -> None:
    """An exchange from before there were tiers gets the schedule at its next start; one that an operator set stays."""
    engine = OneByOne(db)
    await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False)
    await db["fee_schedule"].drop()
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False) == 1
    await engine.submit(CATALOG.fee_command()._replace(tiers=((0, 5, 5),)))
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False) == 0
    assert engine.desk.exchange.fee_tiers == ((0, 5, 5),)


async def test_a_lost_read_model_gives_nothing_twice(db: Database) -> None:
    """With the maker's read model gone the gifts are sent again, and refused by their keys."""
    engine = OneByOne(db)
    await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=True)
    before = engine.desk.exchange.balances(MAKER)
    await db["maker_inventory"].drop()
    assert await bootstrap(engine, db, CATALOG, CLOCK, fund_maker=True) == 52
    assert engine.desk.exchange.balances(MAKER) == before


async def test_nothing_is_defined_while_the_read_models_are_late(db: Database) -> None:
    """A read model behind the journal is no proof that something is missing, so bootstrap waits for it."""
    engine = OneByOne(db)
    await db["journal"].insert_one({"_id": 1_000, "n": 5})
    job = asyncio.create_task(bootstrap(engine, db, CATALOG, CLOCK, fund_maker=False))
    await asyncio.sleep(0.4)
    assert (job.done(), engine.commands) == (False, [])
    await db["journal"].delete_one({"_id": 1_000})
    assert await job == 153


async def test_a_refused_definition_is_not_passed_over(db: Database) -> None:
    """A catalogue that contradicts the ledger stops the start with a sentence."""
    engine = OneByOne(db)
    for command in CATALOG.asset_commands():
        await engine.submit(command)
    first = CATALOG.listings[0]
    twisted = CATALOG._replace(listings=(first._replace(quote=first.base),))
    assert isinstance(twisted.market_commands()[0], DefineMarket)
    with pytest.raises(BootstrapRefusedError, match="MARKET_INVALID"):
        await bootstrap(engine, db, twisted, CLOCK, fund_maker=False)
