"""Paper markets: play money against the live book, in the same engine, and never real."""

from collections.abc import Iterator
from typing import Any

import pytest

from cryptovault.engine import snapshot
from cryptovault.engine.commands import (
    Adjust,
    CancelAll,
    Command,
    CreditDeposit,
    DefineAsset,
    HoldWithdrawal,
    Leg,
    OpenPaperMarket,
    PlaceBracket,
    ReplaceQuotes,
    ResetPaper,
    ScheduleMarketStatus,
    SetFeeTiers,
    SetMarketStatus,
    SetReferencePrices,
    Terms,
    Tick,
    Transfer,
)
from cryptovault.engine.events import Event, OrderState, Rejected, Trade
from cryptovault.engine.preview import preview
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import (
    PAPER,
    MarketStatus,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
    TriggerSource,
)
from engine.paper_fools import real_part
from engine.playing import BUY, MARKET, PAIR, SELL, Table

PAPER_PAIR = "PAPERBTC-PAPERUSD"
START = 10**9


class PaperTable(Table):
    """An exchange whose market has its paper; dave has play money only, and carol's coins are for sale."""

    def __init__(self) -> None:
        super().__init__()
        self.do(OpenPaperMarket(PAIR), ResetPaper("dave", "start", "PAPERUSD", START))

    def on_paper(self, account: str, side: Side, qty: int, price: int, **fields: Any) -> OrderState:
        """Place an order in the paper market; its state."""
        return self.place(account, side, qty, price, market=PAPER_PAIR, **fields)

    def order_of(self, account: str) -> OrderState:
        """The account's only open order."""
        (order,) = self.exchange.open_orders(account)
        return order

    def refusal(self, command: Command) -> Reject:
        """Why a command is refused; it has changed nothing but the count of commands."""
        before = real_part(self.exchange)
        verdict = self.do(command)[-1]
        assert isinstance(verdict, Rejected), verdict
        assert real_part(self.exchange) == before
        return verdict.reason


@pytest.fixture(name="table")
def _table() -> Iterator[PaperTable]:
    table = PaperTable()
    yield table
    table.exchange.check()
    again = snapshot.load(snapshot.dump(table.exchange))
    again.check()
    assert again.digest() == table.exchange.digest()


def trades(events: list[Event]) -> list[tuple[str, int, int]]:
    """Market, price and quantity of each trade."""
    return [(event.market, event.price, event.qty) for event in events if isinstance(event, Trade)]


def test_a_market_order_meets_the_live_depth(table: PaperTable) -> None:
    """A paper order trades level by level at the prices and quantities of the live book, which does not change."""
    table.place("carol", SELL, 100, 1600)
    table.place("carol", SELL, 300, 1610)
    before = real_part(table.exchange)
    order = table.order("dave", BUY, 250, 0, market=PAPER_PAIR, type=OrderType.MARKET, tif=TimeInForce.IOC)
    events = table.do(order)
    assert trades(events) == [(PAPER_PAIR, 1600, 100), (PAPER_PAIR, 1610, 150)]
    assert real_part(table.exchange) == before
    assert table.exchange.balance("dave", "PAPERBTC") == (250 - 2, 0)  # of each fill a fee, rounded up to the house
    assert table.exchange.balance("dave", "PAPERUSD") == (START - (100 * 1600 + 150 * 1610) // 10, 0)
    again = table.order("dave", BUY, 250, 0, market=PAPER_PAIR, type=OrderType.MARKET, tif=TimeInForce.IOC)
    assert trades(table.do(again)) == trades(events)


def test_a_resting_paper_bid_fills_when_the_live_ask_comes_to_it(table: PaperTable) -> None:
    """It fills in the very command that brings the live ask, at its own price, by no more than is shown there."""
    table.on_paper("dave", BUY, 300, 1550)
    events = table.do(table.order("carol", SELL, 100, 1550))
    assert trades(events) == [(PAPER_PAIR, 1550, 100)]
    assert table.order_of("dave").filled == 100
    assert trades(table.do(ReplaceQuotes("carol", PAIR, (), ((1540, 300),)))) == [(PAPER_PAIR, 1550, 200)]
    assert not table.exchange.open_orders("dave")
    assert table.exchange.depth(PAIR, 5) == ([], [(1540, 300), (1550, 100)])


def test_what_a_paper_order_has_met_is_not_met_again(table: PaperTable) -> None:
    """The rest of a paper bid that took all of a live ask waits for more of it, as does a later bid of the account."""
    table.place("carol", SELL, 100, 1600)
    first = table.on_paper("dave", BUY, 300, 1600)
    assert first.filled == 100
    assert table.on_paper("dave", BUY, 50, 1600).filled == 0
    table.place("carol", SELL, 10, 1600)
    told = table.exchange.order(first.order_id)
    assert told is not None
    assert told.filled == 210


def test_nobody_on_paper_is_in_anybodys_way(table: PaperTable) -> None:
    """However much of the depth one account has taken or bids for, others get what the live book shows, each alone."""
    table.do(ResetPaper("erin", "start", "PAPERUSD", START))
    table.place("carol", SELL, 100, 1600)
    table.place("bob", BUY, 100, 1550)
    assert table.on_paper("dave", BUY, 3_000, 1700).filled == 100
    assert table.on_paper("erin", BUY, 60, 1600).filled == 60
    assert table.on_paper("erin", SELL, 20, 1540).spent == 20 * 1550 // 10
    low = table.on_paper("erin", BUY, 50, 1560)
    events = table.do(ReplaceQuotes("carol", PAIR, (), ((1560, 40),)))
    assert sorted(trades(events)) == [(PAPER_PAIR, 1560, 40), (PAPER_PAIR, 1700, 40)]
    told = table.exchange.order(low.order_id)
    assert told is not None
    assert told.filled == 40
    order = table.order("erin", BUY, 90, 0, market=PAPER_PAIR, type=OrderType.MARKET, tif=TimeInForce.IOC)
    seen = preview(table.exchange.state, order, table.at + 1)
    verdict = table.do(order)[-1]
    assert isinstance(verdict, OrderState)
    assert [foreseen.order for foreseen in seen.orders] == [verdict._replace(client_order_id="preview")]


def test_many_that_wait_take_turns(table: PaperTable) -> None:
    """A change of the live book fills the orders of a bounded number of accounts; the next one goes on with others."""
    for number in range(30):
        table.do(ResetPaper(f"user{number}", "start", "PAPERUSD", START))
        table.on_paper(f"user{number}", BUY, 10_000, 1550)
    filled = [len(trades(table.do(table.order("carol", SELL, 10, 1550)))) for _ in range(2)]
    assert filled == [20, 20]
    assert len({order.account for order in (table.order_of(f"user{n}") for n in range(30)) if order.filled}) > 20


def test_the_book_shown_is_the_live_one_with_the_paper_orders(table: PaperTable) -> None:
    """`depth` of a paper market shows the live levels, and paper orders beside them; of a real one no paper at all."""
    table.place("carol", SELL, 100, 1600)
    table.place("bob", BUY, 100, 1500)
    table.on_paper("dave", BUY, 70, 1500)
    table.on_paper("dave", BUY, 70, 1550)
    assert table.exchange.depth(PAPER_PAIR, 5) == ([(1550, 70), (1500, 170)], [(1600, 100)])
    assert table.exchange.depth(PAPER_PAIR, 1) == ([(1550, 70)], [(1600, 100)])
    assert table.exchange.depth(PAIR, 5) == ([(1500, 100)], [(1600, 100)])


def test_a_paper_stop_fires_by_the_price_of_the_real_market(table: PaperTable) -> None:
    """The mark and the last trade of the real market fire paper orders; a paper trade fires none."""
    table.place("carol", SELL, 5_000, 1600)
    buy = table.order("dave", BUY, 1_000, 0, market=PAPER_PAIR, type=OrderType.MARKET, tif=TimeInForce.IOC)
    table.do(buy)
    table.place("bob", BUY, 5_000, 1500)
    stop = {"type": OrderType.STOP, "tif": TimeInForce.GTC}
    by_mark = table.on_paper("dave", SELL, 100, 0, terms=Terms(1580), **stop)
    last = Terms(1590, TriggerSource.LAST_TRADE)
    table.place("bob", BUY, 10, 1600)
    by_trade = table.on_paper("dave", SELL, 100, 0, terms=last, **stop)
    assert (by_mark.status, by_trade.status) == (OrderStatus.WAITING, OrderStatus.WAITING)
    table.on_paper("dave", SELL, 10, 1500)
    assert len(table.exchange.open_orders("dave")) == 2
    assert trades(table.do(SetReferencePrices(((PAIR, 1575),)))) == [(PAPER_PAIR, 1500, 100)]
    events = table.do(table.order("carol", SELL, 10, 1500))
    assert trades(events) == [(PAIR, 1500, 10), (PAPER_PAIR, 1500, 100)]
    assert not table.exchange.open_orders("dave")


def test_paper_orders_fire_after_all_real_ones(table: PaperTable) -> None:
    """Older paper stops hold no real one up, and few of them are executed by one command; the rest follows in turn."""
    table.do(MARKET._replace(max_open_orders=100), SetReferencePrices(((PAIR, 1600),)))
    table.place("carol", SELL, 5_000, 1600)
    table.on_paper("dave", BUY, 1_000, 1600)
    table.place("bob", BUY, 5_000, 1500)
    stop: dict[str, Any] = {"type": OrderType.STOP, "tif": TimeInForce.GTC, "terms": Terms(1580)}
    for _ in range(50):
        table.on_paper("dave", SELL, 10, 0, **stop)
    for _ in range(2):
        table.place("carol", SELL, 10, 0, **stop)
    events = table.do(SetReferencePrices(((PAIR, 1575),)))
    assert [market for market, _, _ in trades(events)] == [PAIR] * 2 + [PAPER_PAIR] * 20
    loaded = snapshot.load(snapshot.dump(table.exchange))
    loaded.check()
    assert loaded.digest() == table.exchange.digest()
    assert [len(trades(table.do(Tick()))) for _ in range(3)] == [20, 10, 0]


def test_groups_live_on_paper(table: PaperTable) -> None:
    """The exits of a paper bracket wake with its entry, and one ends the other when the live book comes."""
    table.place("carol", SELL, 1_000, 1600)
    legs = Leg(OrderType.LIMIT, 1600), Leg(OrderType.LIMIT, 1700), Leg(OrderType.STOP, 0, Terms(1500))
    table.do(PlaceBracket("dave", "bracket", PAPER_PAIR, BUY, 500, *legs))
    assert [order.status for order in table.exchange.open_orders("dave")] == [OrderStatus.OPEN, OrderStatus.WAITING]
    table.do(CancelAll("carol"))
    table.place("bob", BUY, 1_000, 1700)
    assert not table.exchange.open_orders("dave")
    assert table.exchange.balance("dave", "PAPERBTC")[0] < 10
    assert table.exchange.depth(PAIR, 5) == ([(1700, 1_000)], [])


def test_a_preview_of_a_paper_order_is_what_happens(table: PaperTable) -> None:
    """It meets the live depth too, and leaves no trace of having looked."""
    table.place("carol", SELL, 100, 1600)
    table.place("carol", SELL, 300, 1610)
    order = table.order("dave", BUY, 250, 0, market=PAPER_PAIR, type=OrderType.MARKET, tif=TimeInForce.IOC)
    before = table.exchange.digest()
    seen = preview(table.exchange.state, order, table.at + 1)
    assert table.exchange.digest() == before
    events = table.do(order)
    verdict = events[-1]
    assert isinstance(verdict, OrderState)
    (foreseen,) = seen.orders
    assert foreseen.order == verdict._replace(client_order_id="preview")
    assert (foreseen.best_price, foreseen.worst_price) == (1600, 1610)
    balances = tuple((asset, *table.exchange.balance("dave", asset)) for asset in ("PAPERBTC", "PAPERUSD"))
    assert seen.balances == balances


def test_play_money_never_becomes_real(table: PaperTable) -> None:
    """No deposit, withdrawal, transfer or adjustment moves it, and no market trades it for anything real."""
    money = (
        CreditDeposit("dave", "in", "PAPERUSD", 5, "bank"),
        HoldWithdrawal("dave", "out", "PAPERUSD", 5, 0, "bank"),
        Transfer("dave", "give", "bob", "PAPERUSD", 5),
        Transfer(PAPER, "give", "bob", "USD", 5),
        Adjust("dave", "fix", "PAPERUSD", 5, "why"),
        ResetPaper("@maker", "start", "PAPERUSD", 5),
        ResetPaper("dave", "real", "USD", 5),
    )
    closed, invalid, unknown = Reject.ASSET_CLOSED, Reject.ACCOUNT_INVALID, Reject.ASSET_UNKNOWN
    assert [table.refusal(command) for command in money] == [closed, closed, closed, invalid, closed, invalid, unknown]
    mixed = (("PAPERBTC", "USD"), ("BTC", "PAPERUSD"), ("PAPERBTC", "PAPERUSD"))
    for base, quote in mixed:
        market = MARKET._replace(market="MIXED", base=base, quote=quote)
        assert table.refusal(market) is Reject.MARKET_INVALID
    assert table.refusal(OpenPaperMarket(PAPER_PAIR)) is Reject.MARKET_INVALID
    assert table.refusal(ReplaceQuotes("bob", PAPER_PAIR, ((5, 10),), ())) is Reject.ACCOUNT_INVALID


def test_play_money_sums_to_zero_with_its_issue(table: PaperTable) -> None:
    """Over all accounts, the issuer and the stand-in of the live book included, each paper asset sums to zero (L1)."""
    table.place("carol", SELL, 1_000, 1600)
    table.on_paper("dave", BUY, 500, 1600)
    for asset in ("PAPERBTC", "PAPERUSD"):
        accounts = table.exchange.state.accounts
        assert sum(sum(table.exchange.balance(name, asset)) for name in accounts) == 0
    assert table.exchange.balance("@clearing:paper", "PAPERUSD") == (-START, 0)
    assert table.exchange.balance(PAPER, "PAPERBTC") == (-500, 0)


def test_a_reset_begins_anew(table: PaperTable) -> None:
    """It cancels the paper orders alone, takes everything back, gives the amount; the same key again does nothing."""
    table.place("carol", SELL, 1_000, 1600)
    table.do(CreditDeposit("dave", "real", "USD", 10**6, "bank"))
    table.place("dave", BUY, 10, 1500)
    table.on_paper("dave", BUY, 500, 1600)
    table.on_paper("dave", BUY, 500, 1400)
    table.do(ResetPaper("dave", "again", "PAPERUSD", 77))
    assert [order.market for order in table.exchange.open_orders("dave")] == [PAIR]
    table.on_paper("dave", BUY, 10, 7, tif=TimeInForce.IOC)
    table.do(ResetPaper("dave", "again", "PAPERUSD", 77))
    paper = {asset: balance for asset, balance in table.exchange.balances("dave").items() if asset.startswith("PAPER")}
    assert paper == {"PAPERUSD": (77, 0), "PAPERBTC": (0, 0)}
    assert table.refusal(ResetPaper("dave", "again", "PAPERUSD", 78)) is Reject.KEY_REUSED


def test_cancel_all_means_one_kind_of_money(table: PaperTable) -> None:
    """Cancelling all real orders leaves the paper ones, and the other way round."""
    table.do(ResetPaper("bob", "start", "PAPERUSD", START))
    table.place("bob", BUY, 10, 1500)
    table.on_paper("bob", BUY, 10, 1500)
    table.do(CancelAll("bob"))
    assert table.order_of("bob").market == PAPER_PAIR
    table.do(CancelAll("bob", "", True))
    assert not table.exchange.open_orders("bob")


def test_the_real_market_rules_its_paper(table: PaperTable) -> None:
    """Status, schedule, rules and marks of the paper market are those of the real one and are set there only."""
    paper = table.exchange.markets[PAPER_PAIR]
    table.do(SetMarketStatus(PAIR, MarketStatus.HALTED))
    assert paper.status is MarketStatus.HALTED
    assert table.refusal(table.order("dave", BUY, 10, 1500, market=PAPER_PAIR)) is Reject.MARKET_HALTED
    table.do(SetMarketStatus(PAIR, MarketStatus.OPEN), MARKET._replace(taker_fee=7, band=9))
    assert (paper.status, paper.taker_fee, paper.band) == (MarketStatus.OPEN, 7, 0)
    assert table.refusal(SetMarketStatus(PAPER_PAIR, MarketStatus.HALTED)) is Reject.MARKET_INVALID
    scheduled = ScheduleMarketStatus(PAPER_PAIR, MarketStatus.HALTED, table.at + 99)
    assert table.refusal(scheduled) is Reject.MARKET_INVALID
    assert table.refusal(SetReferencePrices(((PAPER_PAIR, 5),))) is Reject.MARKET_INVALID


def test_paper_orders_wait_out_a_halt(table: PaperTable) -> None:
    """What the live book has come to while the market was halted fills as soon as it opens."""
    table.on_paper("dave", BUY, 100, 1550)
    table.do(SetMarketStatus(PAIR, MarketStatus.PRE_OPEN))
    assert not trades(table.do(table.order("carol", SELL, 100, 1500)))
    assert trades(table.do(SetMarketStatus(PAIR, MarketStatus.OPEN))) == [(PAPER_PAIR, 1550, 100)]


def test_paper_volume_earns_no_tier(table: PaperTable) -> None:
    """A paper trade costs what the account's real volume has earned, and adds nothing to it."""
    table.do(SetFeeTiers(("USD",), ((0, 900, 1_500), (1, 500, 1_000))))
    table.place("carol", SELL, 10_000, 1600)
    assert table.on_paper("dave", BUY, 1_000, 1600).fee == 2  # 1500 ppm, rounded up
    assert table.exchange.fee_tier("dave") == (0, 0)
    assert table.refusal(SetFeeTiers(("PAPERUSD",), ((0, 1, 1),))) is Reject.COMMAND_INVALID
    table.do(CreditDeposit("dave", "real", "USD", 10**6, "bank"))
    table.place("dave", BUY, 1_000, 1600)
    assert table.exchange.fee_tier("dave")[0] == 1
    assert table.on_paper("dave", BUY, 1_000, 1600).fee == 1


def test_a_stale_price_hides_the_quotes_of_the_house(table: PaperTable) -> None:
    """Where nobody trades with quotes because the mark is stale, paper does not either; orders are met as ever."""
    table.do(MARKET._replace(quotes_expire=True), SetReferencePrices(((PAIR, 1600),)))
    table.place("carol", SELL, 10, 1600)
    table.do(ReplaceQuotes("carol", PAIR, (), ((1600, 500),)))
    table.at += 10**6
    assert table.on_paper("dave", BUY, 100, 1600, tif=TimeInForce.IOC).filled == 10


def test_a_name_that_is_taken_is_refused() -> None:
    """Where a real asset or market has the name already, there is no paper of it; opened twice is opened once."""
    table = Table()
    table.do(DefineAsset("PAPERBTC", 3))
    assert table.do(OpenPaperMarket(PAIR))[-1] == Rejected(
        "", Reject.ASSET_EXISTS, "PAPERBTC is the name of a real asset"
    )
    assert isinstance(table.do(OpenPaperMarket("NO-PE"))[-1], Rejected)
    other = PaperTable()
    before = len(other.exchange.markets)
    assert other.do(OpenPaperMarket(PAIR)) == other.do(OpenPaperMarket(PAIR))
    assert len(other.exchange.markets) == before
