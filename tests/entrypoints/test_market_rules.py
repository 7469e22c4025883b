"""What an operator changes about markets and fees, through a real engine."""

import json
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from cryptovault.engine.order_rules import DATED, ICEBERG
from cryptovault.engine.types import OrderType
from cryptovault.entrypoints import fee_commands, typed_values
from cryptovault.entrypoints.market_rules import Change, Show
from cryptovault.entrypoints.typed_values import Fault
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.mongo import Database
from cryptovault.kit.audit import AuditLog
from cryptovault.settings import Settings
from fixtures.nodes import RunningNode

PAIR = "BTC-USDT"
CHANGES = {
    "maker-fee": "0.05%", "taker-fee": "0.125 %", "order-types": "limit,market,iceberg,gtd", "min-notional": "10.5",
    "max-qty": "50", "max-orders": "20", "collar": "3%", "band": "10%", "band-window": "90s", "halt-for": "1h",
    "stale-after": "1500ms", "quotes-expire": "no",
}  # fmt: skip

Command = Callable[[Settings, Console], Awaitable[int]]


@pytest.fixture(name="listed")
async def _listed(engine: RunningNode) -> RunningNode:
    """An engine that has the catalogue."""
    catalog = load_catalog()
    for command in (*catalog.asset_commands(), *catalog.market_commands()[:2], catalog.fee_command()):
        await engine.client.submit(command)
    return engine


async def typed(command: Command, settings: Settings) -> tuple[int, str]:
    """Exit code and what it printed."""
    out = StringIO()
    return await command(settings, Console(file=out, width=200)), out.getvalue()


async def test_each_rule_of_a_market_can_be_changed(listed: RunningNode, settings: Settings, db: Database) -> None:
    """What was typed is what the engine has, what was not stays, and both logs have it: the journal and the audit's."""
    before = listed.node.exchange.markets[PAIR].rules()
    code, text = await typed(Change("btc-usdt", CHANGES), settings)
    assert code == 0, text
    assert "maker-fee     0.1% -> 0.05%" in text
    assert "band-window   5m -> 90s" in text
    mask = sum(1 << bit for bit in (OrderType.LIMIT, OrderType.MARKET, ICEBERG, DATED))
    after = before._replace(
        maker_fee=500, taker_fee=1_250, order_types=mask, min_notional=1_050_000_000, max_qty=50 * 10**8,
        max_open_orders=20, collar=30_000, band=100_000, band_window=90_000, halt_for=3_600_000,
        reference_max_age=1_500, quotes_expire=False,
    )  # fmt: skip
    assert listed.node.exchange.markets[PAIR].rules() == after
    shown = (await typed(Show(PAIR), settings))[1]
    assert "taker-fee     0.125%" in shown
    assert "order-types   market,limit,iceberg,gtd" in shown
    [record] = await db["audit_log"].find({"kind": "market_changed"}).to_list()
    facts = record["facts"]
    assert (facts["market"], facts["min_notional"]) == (PAIR, "5 USDT -> 10.5 USDT")
    assert (await AuditLog(settings, db, SystemClock()).verify()).problems == []


async def test_nothing_new_is_not_journaled(listed: RunningNode, settings: Settings) -> None:
    """A change to what holds already makes no record."""
    seq = listed.node.exchange.seq
    assert await typed(Change(PAIR, {"maker-fee": "0.1%"}), settings) == (0, "✓ BTC-USDT is so already.\n")
    assert listed.node.exchange.seq == seq


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("maker-fee", "0.001", "a share is written in per cent"),
        ("maker-fee", "-1%", "a share is written in per cent"),
        ("taker-fee", "0.00001%", "more than 4 decimals"),
        ("taker-fee", "11%", "MARKET_INVALID: fees must be between 0 and 100000 ppm"),
        ("band", "100%", "MARKET_INVALID: the band must be below"),
        ("band-window", "5", "a time is written such as 30s"),
        ("max-qty", "1e3", "not a plain decimal number"),
        ("max-qty", "0", "MARKET_INVALID: tick, lot and maxima must be positive"),
        ("min-notional", "0.000000001", "more than 8 decimals"),
        ("order-types", "limit,swap", "swap is no kind of order"),
        ("quotes-expire", "maybe", "say yes or no"),
    ],
)
async def test_wrong_values_are_refused(
    listed: RunningNode, settings: Settings, name: str, text: str, said: str
) -> None:
    """A value that cannot be meant, or that no market may have, changes nothing and says why."""
    before = listed.node.exchange.markets[PAIR].rules()
    code, told = await typed(Change(PAIR, {name: text}), settings)
    assert code in {1, 2}
    assert said in told
    assert listed.node.exchange.markets[PAIR].rules() == before


async def test_an_unknown_market_has_no_rules(listed: RunningNode, settings: Settings) -> None:
    """It is said where there are some."""
    assert listed.role
    code, told = await typed(Show("NO-SUCH"), settings)
    assert (code, told[:29]) == (2, "✗ There is no market NO-SUCH;")


async def test_the_fee_schedule_is_printed_edited_and_set(
    listed: RunningNode, settings: Settings, db: Database, tmp_path: Path
) -> None:
    """What `show --json` prints is what `set` takes; the new tiers hold in the engine and are audited."""
    printed = (await typed(fee_commands.Show(as_json=True), settings))[1]
    schedule = json.loads(printed)
    assert schedule["tiers"][0] == {"volume": "0", "maker": "0.1%", "taker": "0.15%"}
    path = tmp_path / "fees.json"
    path.write_text(printed)
    assert (await typed(fee_commands.Set(path), settings))[1] == "✓ The schedule is so already.\n"
    schedule["tiers"] = [schedule["tiers"][0], {"volume": "10000", "maker": "0%", "taker": "0.1%"}]
    path.write_text(json.dumps(schedule))
    code, told = await typed(fee_commands.Set(path), settings)
    assert (code, "from 10000" in told) == (0, True)
    assert listed.node.exchange.fee_tiers == ((0, 1_000, 1_500), (10_000, 0, 1_000))
    [record] = await db["audit_log"].find({"kind": "fees_changed"}).to_list()
    assert record["facts"]["now"] == "0: 0.1% 0.15%; 10000: 0% 0.1%"
    schedule["tiers"][1]["maker"] = "5%"
    path.write_text(json.dumps(schedule))
    assert await typed(fee_commands.Set(path), settings) == (1, "✗ COMMAND_INVALID: more volume never costs more\n")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"tiers": []}', '{"dollars": [], "tiers": [{"volume": "1.5", "maker": "0%", "taker": "0%"}]}']
)
def test_a_file_that_is_no_schedule_is_refused(tmp_path: Path, text: str) -> None:
    """Before anything is asked of the engine, with a sentence."""
    path = tmp_path / "fees.json"
    path.write_text(text)
    with pytest.raises(Fault, match=r"is no fee schedule|^Tier 1"):
        fee_commands.Set(path)


@pytest.mark.parametrize("ms", [0, 1, 1_500, 60_000, 90_000, 7_200_000])
def test_times_are_read_as_they_are_printed(ms: int) -> None:
    """So that what `show` says can be typed again."""
    assert typed_values.span(typed_values.span_text(ms)) == ms
