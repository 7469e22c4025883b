"""J11 and the house's commands: bounds of the engine, definitions, and what they refuse."""

from typing import Any

import pytest

from cryptovault.engine import limits
from cryptovault.engine.commands import (
    Adjust,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    EpochBarrier,
    HoldWithdrawal,
    ReplaceQuotes,
    SetAssetStatus,
    SetMarketStatus,
    SetReferencePrices,
    Transfer,
)
from cryptovault.engine.events import Done, MarketChanged, Rejected
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import AssetStatus, InvariantBroken, MarketStatus
from engine.playing import BUY, MARKET, PAIR, Table


def refused(table: Table, command: Any) -> Reject:
    """The reason of a refusal, which changes nothing."""
    before = table.exchange.digest()
    events = table.do(command)
    assert len(events) == 1
    assert isinstance(events[0], Rejected), events
    assert events[0].detail
    table.exchange.state.seq -= 1
    table.exchange.state.at -= 1
    table.at -= 1
    assert table.exchange.digest() == before
    return events[0].reason


def test_epochs_rise() -> None:
    """A barrier must carry a higher epoch than the last."""
    table = Table()
    assert table.do(EpochBarrier(3, "a"))[-1] == Done("", "3")
    assert table.exchange.epoch == 3
    assert refused(table, EpochBarrier(3, "b")) is Reject.COMMAND_INVALID
    assert refused(table, EpochBarrier(4, "n" * 201)) is Reject.COMMAND_INVALID


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"market": ""}, Reject.COMMAND_INVALID),
        ({"market": "a b"}, Reject.COMMAND_INVALID),
        ({"base": "XXX"}, Reject.ASSET_UNKNOWN),
        ({"quote": "XXX"}, Reject.ASSET_UNKNOWN),
        ({"base": "USD"}, Reject.MARKET_INVALID),
        ({"tick": 0}, Reject.MARKET_INVALID),
        ({"tick": -100}, Reject.MARKET_INVALID),
        ({"lot": 0}, Reject.MARKET_INVALID),
        ({"lot": 11}, Reject.MARKET_INVALID),
        ({"tick": 50}, Reject.MARKET_INVALID),
        ({"min_notional": -1}, Reject.MARKET_INVALID),
        ({"maker_fee": -1}, Reject.MARKET_INVALID),
        ({"taker_fee": 100_001}, Reject.MARKET_INVALID),
        ({"collar": 1_000_000}, Reject.MARKET_INVALID),
        ({"max_qty": 0}, Reject.MARKET_INVALID),
        ({"max_qty": 10**31}, Reject.MARKET_INVALID),
        ({"max_open_orders": 0}, Reject.MARKET_INVALID),
        ({"reference_max_age": -1}, Reject.MARKET_INVALID),
        ({"quotes_expire": 1}, Reject.MARKET_INVALID),
        ({"tick": 200}, Reject.MARKET_INVALID),
        ({"lot": 20}, Reject.MARKET_INVALID),
    ],
)
def test_market_definitions_that_cannot_work(change: dict[str, Any], reason: Reject) -> None:
    """A market whose notionals would not be whole, whose figures are absurd or whose tick changes is refused."""
    assert refused(Table(), MARKET._replace(**change)) is reason


def test_market_rules_change() -> None:
    """Fees, minima and bounds of a market can be changed; open orders stay."""
    table = Table()
    order = table.place("bob", BUY, 100, 1600)
    rules = MARKET._replace(maker_fee=1, taker_fee=2, min_notional=3, collar=4, max_qty=50, max_open_orders=6)
    assert table.do(rules) == [MarketChanged(PAIR, MarketStatus.OPEN), Done("", PAIR)]
    assert table.exchange.markets[PAIR].rules() == rules
    assert table.exchange.order(order.order_id) == order


def test_asset_definitions() -> None:
    """An asset is defined once, with a name and a scale from 0 to 18."""
    table = Table()
    assert refused(table, DefineAsset("USD", 2)) is Reject.ASSET_EXISTS
    assert refused(table, DefineAsset("", 2)) is Reject.COMMAND_INVALID
    assert refused(table, DefineAsset("ETH", 19)) is Reject.COMMAND_INVALID
    assert refused(table, DefineAsset("ETH", -1)) is Reject.COMMAND_INVALID
    assert refused(table, DefineAsset("ETH", 18, "n" * 201)) is Reject.COMMAND_INVALID
    table.do(DefineAsset("ETH", 18, "Ether"))
    assert (table.exchange.assets["ETH"].name, table.exchange.assets["ETH"].scale) == ("Ether", 18)


def test_unknown_names_and_values_of_the_house() -> None:
    """Statuses and prices of what does not exist, or without meaning, are refused as a whole."""
    table = Table()
    assert refused(table, SetAssetStatus("ETH", AssetStatus.FROZEN)) is Reject.ASSET_UNKNOWN
    assert refused(table, SetAssetStatus("USD", 9)) is Reject.COMMAND_INVALID  # type: ignore[arg-type]
    assert refused(table, SetMarketStatus("X", MarketStatus.HALTED)) is Reject.MARKET_UNKNOWN
    assert refused(table, SetMarketStatus(PAIR, 9)) is Reject.COMMAND_INVALID  # type: ignore[arg-type]
    assert refused(table, SetReferencePrices(((PAIR, 5), ("X", 5)))) is Reject.MARKET_UNKNOWN
    assert refused(table, SetReferencePrices(((PAIR, -5),))) is Reject.COMMAND_INVALID


def test_accounts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are as many accounts as there may be, commands that need another one are refused."""
    table = Table()
    monkeypatch.setattr(limits, "MAX_ACCOUNTS", len(table.exchange.state.accounts))
    assert refused(table, table.order("new", BUY, 100, 1600)) is Reject.LIMIT_REACHED
    assert refused(table, CreditDeposit("new", "k", "USD", 5, "bank")) is Reject.LIMIT_REACHED
    assert refused(table, CreditDeposit("bob", "k", "USD", 5, "other")) is Reject.LIMIT_REACHED
    assert refused(table, Transfer("new", "k", "bob", "USD", 5)) is Reject.LIMIT_REACHED
    assert refused(table, ReplaceQuotes("new", PAIR, (), ())) is Reject.LIMIT_REACHED
    for command in (Transfer("bob", "k1", "new", "USD", 5), HoldWithdrawal("bob", "k2", "USD", 5, 0, "other")):
        verdict = table.do(command)[-1]
        assert isinstance(verdict, Rejected)
        assert verdict.reason is Reject.LIMIT_REACHED
    assert isinstance(table.do(Transfer("bob", "k3", "carol", "USD", 5))[-1], Done)


def test_assets_and_markets_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their numbers have a limit."""
    monkeypatch.setattr(limits, "MAX_ASSETS", 2)
    monkeypatch.setattr(limits, "MAX_MARKETS", 1)
    table = Table()
    assert refused(table, DefineAsset("ETH", 8)) is Reject.LIMIT_REACHED
    assert refused(table, MARKET._replace(market="OTHER")) is Reject.LIMIT_REACHED
    assert refused(table, SetReferencePrices(((PAIR, 5), (PAIR, 6)))) is Reject.COMMAND_INVALID


def test_open_orders_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole exchange has room for so many open orders."""
    monkeypatch.setattr(limits, "MAX_OPEN_ORDERS", 1)
    table = Table()
    table.place("bob", BUY, 100, 1600)
    verdict = table.do(table.order("bob", BUY, 100, 1600))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.LIMIT_REACHED


def test_quotes_are_bounded() -> None:
    """At most 50 levels a side."""
    table = Table()
    levels = tuple((1600 - step, 100) for step in range(51))
    assert refused(table, ReplaceQuotes("bob", PAIR, levels, ())) is Reject.COMMAND_INVALID
    assert refused(table, ReplaceQuotes("@fees", PAIR, (), ())) is Reject.ACCOUNT_INVALID


def test_deposits_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deposits stop where their keys have no room, and where the clearing account reaches its floor."""
    table = Table()
    assert refused(table, CreditDeposit("bob", "k", "USD", 10**30, "bank")) is Reject.LIMIT_REACHED
    assert refused(table, CreditDeposit("bob", "k", "USD", 10**30 + 1, "new")) is Reject.AMOUNT_INVALID
    assert refused(table, CreditDeposit("@fees", "k", "USD", 1, "bank")) is Reject.ACCOUNT_INVALID
    assert refused(table, CreditDeposit("bob", "k", "USD", 1, "")) is Reject.COMMAND_INVALID
    monkeypatch.setattr(limits, "MAX_DEPOSITS", 2)
    assert refused(table, CreditDeposit("bob", "k", "USD", 1, "bank")) is Reject.LIMIT_REACHED


def test_the_treasury_has_a_floor() -> None:
    """An adjustment may not take the treasury below its limit."""
    table = Table()
    table.do(Adjust("bob", "a", "USD", 10**30, "all there is"))
    verdict = table.do(Adjust("bob", "b", "USD", 1, "one more"))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.INSUFFICIENT_FUNDS
    assert refused(table, Adjust("@clearing:bank", "c", "USD", 1, "")) is Reject.ACCOUNT_INVALID
    verdict = table.do(Adjust("bob", "d", "USD", 1, "r" * 201))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.COMMAND_INVALID


def test_house_transfers() -> None:
    """Accounts of the house may be swept by transfer; a rail must have a name; withdrawals are for customers."""
    table = Table()
    table.do(Transfer("bob", "t", "@fees", "USD", 5))
    assert table.do(Transfer("@fees", "t", "@treasury", "USD", 5))[-1] == Done("@fees", "t")
    assert refused(table, Transfer("@clearing:bank", "u", "bob", "USD", 5)) is Reject.ACCOUNT_INVALID
    verdicts = [
        table.do(HoldWithdrawal("@fees", "w", "USD", 5, 0, "bank"))[-1],
        table.do(HoldWithdrawal("bob", "w", "USD", 5, 0, "no rail"))[-1],
        table.do(HoldWithdrawal("bob", "x", "EUR", 5, 0, "bank"))[-1],
    ]
    assert [verdict.reason for verdict in verdicts if isinstance(verdict, Rejected)] == [
        Reject.ACCOUNT_INVALID,
        Reject.COMMAND_INVALID,
        Reject.ASSET_UNKNOWN,
    ]


def test_a_gap_in_the_sequence_stops_the_engine() -> None:
    """Commands are numbered without gaps; another number is a bug of the caller."""
    exchange = Exchange()
    with pytest.raises(InvariantBroken, match="command 2 after 0"):
        exchange.apply(2, 0, DefineAsset("USD", 2))


def test_time_never_runs_backwards() -> None:
    """A command stamped earlier than the last is applied at the time of the last."""
    exchange = Exchange()
    exchange.apply(1, 500, DefineAsset("USD", 2))
    exchange.apply(2, 400, DefineAsset("BTC", 2))
    assert exchange.at == 500


def test_definition_of_a_whole_market() -> None:
    """The smallest tick times the smallest lot may be exactly one quote unit."""
    exchange = Exchange()
    exchange.apply(1, 0, DefineAsset("BTC", 8))
    exchange.apply(2, 0, DefineAsset("USDT", 8))
    events = exchange.apply(3, 0, DefineMarket("BTC-USDT", "BTC", "USDT", 10**6, 100, 1, 0, 0, 0, 10**12))
    assert events[-1] == Done("", "BTC-USDT")
