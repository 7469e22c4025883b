from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from cryptovault.engine.types import MarketStatus
from cryptovault.entrypoints.market_commands import Decide
from cryptovault.entrypoints.typed_values import Fault
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.settings import Settings
from fixtures.nodes import RunningNode

PAIR = "BTC-USDT"


async def typed(command: Decide, settings: Settings) -> tuple[int, str]:
    """Exit code and what it printed."""
    console = Console(file=StringIO(), width=200)
    code = await command(settings, console)
    return code, console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO


async def test_the_status_of_a_market_is_set_planned_and_unplanned(engine: RunningNode, settings: Settings) -> None:
    """What the operator says about a market is in the engine's state, and a refusal is told with its reason."""
    catalog = load_catalog()
    for command in (*catalog.asset_commands(), *catalog.market_commands()):
        await engine.client.submit(command)
    market = engine.node.exchange.markets[PAIR]
    assert (await typed(Decide.to_set("btc-usdt", "post-only", ""), settings))[0] == 0
    assert market.status is MarketStatus.POST_ONLY
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    code, text = await typed(Decide.to_set(PAIR, "halted", tomorrow.isoformat()), settings)
    assert (code, text[:29]) == (0, "✓ BTC-USDT becomes halted at ")
    assert market.schedule == [(round(tomorrow.timestamp() * 1_000), MarketStatus.HALTED)]
    assert (await typed(Decide.to_unschedule(PAIR), settings))[0] == 0
    assert market.schedule == []
    assert await typed(Decide.to_set("NO-SUCH", "open", ""), settings) == (1, "✗ MARKET_UNKNOWN: no such market\n")
    assert "✗ EXPIRY_INVALID" in (await typed(Decide.to_set(PAIR, "open", "2020-01-01T00:00:00Z"), settings))[1]


@pytest.mark.parametrize(("status", "at"), [("closed", ""), ("open", "tomorrow"), ("open", "2027-01-01T00:00:00")])
def test_what_cannot_be_meant_is_refused_with_a_sentence(status: str, at: str) -> None:
    """A status that is none, and a time that is none or leaves open in which zone it is."""
    with pytest.raises(Fault):
        Decide.to_set(PAIR, status, at)
