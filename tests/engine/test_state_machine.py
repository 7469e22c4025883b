"""O7 once more, by Hypothesis: it searches for a shortest sequence on which engine and naive exchange differ."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cryptovault.engine import limits, snapshot
from cryptovault.engine.commands import (
    Adjust,
    AmendOrder,
    CancelAll,
    CancelOrder,
    Command,
    CreditDeposit,
    HoldWithdrawal,
    Leg,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    ReleaseWithdrawal,
    ReplaceQuotes,
    SetAssetStatus,
    SetCancelTimer,
    SetMarketStatus,
    SetReferencePrices,
    SettleWithdrawal,
    Terms,
    Tick,
    Transfer,
)
from cryptovault.engine.types import AssetStatus, MarketStatus, OrderType, SelfTrade, Side, TimeInForce, TriggerSource
from engine.comparing import SideBySide
from engine.market_of_fools import ACCOUNTS, ASSETS, OPENING

PAIR = "BTC-USD"
LOT = 1_000
PROFITS = (OrderType.LIMIT, OrderType.TAKE_PROFIT)
LOSSES = (OrderType.STOP, OrderType.TRAILING_STOP)
PLAIN = (TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK)
parts = st.sampled_from([0, 0, 0, LOT, 3 * LOT])
accounts = st.sampled_from(ACCOUNTS)
assets = st.sampled_from(ASSETS)
prices = st.integers(95, 105)
quantities = st.integers(1, 12).map(lambda lots: lots * LOT)
keys = st.integers(1, 30).map(lambda number: f"key {number}")
waits = st.sampled_from([1, 1, 1, 20, 60])
levels = st.lists(st.tuples(prices, quantities), max_size=4, unique_by=lambda level: level[0])


class ExchangeMachine(RuleBasedStateMachine):
    """Rules are commands; every step is compared."""

    @initialize()
    def open(self) -> None:
        """A market with four accounts that have some money."""
        self.few = pytest.MonkeyPatch()
        self.few.setattr(limits, "MAX_FIRED", 2)
        self.both = SideBySide()
        self.fresh = 1_000
        for command in OPENING:
            assert self.both.apply(command)[0] == "done"

    def key(self, known: str | None) -> str:
        """A key from a small set, so that it is met again, or a new one."""
        self.fresh += 1
        return known or f"fresh {self.fresh}"

    @rule(
        account=accounts, key=st.none() | keys, side=st.sampled_from(Side), tif=st.sampled_from(PLAIN),
        price=prices, qty=quantities, post_only=st.booleans(), mode=st.sampled_from(SelfTrade), wait=waits,
        visible=parts, lasts=st.sampled_from([0, 0, 1, 30]), reduce=st.booleans(),
    )  # fmt: skip
    def limit(
        self, *, account: str, key: str | None, side: Side, price: int, qty: int, wait: int, **terms: Any
    ) -> None:
        """A limit order, with or without a date, a hidden part, and modesty."""
        tif = TimeInForce.GTD if terms["lasts"] else terms["tif"]
        post_only = terms["post_only"] and tif in {TimeInForce.GTC, TimeInForce.GTD}
        expires_at = self.both.at + wait + terms["lasts"] if terms["lasts"] else 0
        more = Terms(visible_qty=terms["visible"], expires_at=expires_at, reduce_to_available=terms["reduce"])
        self.both.apply(
            PlaceOrder(
                account,
                self.key(key),
                PAIR,
                side,
                OrderType.LIMIT,
                tif,
                price,
                qty,
                0,
                post_only,
                terms["mode"],
                None if more == Terms() else more,
            ),
            wait,
        )

    @rule(
        account=accounts, side=st.sampled_from(Side), tif=st.sampled_from(PLAIN), qty=quantities,
        budget=st.integers(0, 900), mode=st.sampled_from(SelfTrade),
    )  # fmt: skip
    def market(self, *, account: str, side: Side, tif: TimeInForce, qty: int, budget: int, mode: SelfTrade) -> None:
        """A market order, by quantity or by total."""
        if budget:
            qty = 0
        self.both.apply(
            PlaceOrder(account, self.key(None), PAIR, side, OrderType.MARKET, tif, 0, qty, budget, False, mode)
        )

    @rule(
        account=accounts, side=st.sampled_from(Side), kind=st.sampled_from(list(OrderType)[2:]), qty=quantities,
        price=prices, trigger=prices, source=st.sampled_from(TriggerSource), trail=st.integers(1, 4),
        share=st.booleans(), activation=st.just(0) | prices, tif=st.sampled_from(PLAIN), post_only=st.booleans(),
        mode=st.sampled_from(SelfTrade), lasts=st.sampled_from([0, 0, 30]), visible=parts, reduce=st.booleans(),
    )  # fmt: skip
    def wait(self, *, account: str, side: Side, kind: OrderType, qty: int, **terms: Any) -> None:
        """An order that waits for a price."""
        limit = kind in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}
        more = Terms(terms["trigger"], terms["source"])
        if kind is OrderType.TRAILING_STOP:
            trail = (0, terms["trail"] * 9_000) if terms["share"] else (terms["trail"], 0)
            more = Terms(0, terms["source"], *trail, terms["activation"])
        tif = terms["tif"] if limit else TimeInForce.GTC
        more = more._replace(visible_qty=terms["visible"] * limit, reduce_to_available=terms["reduce"])
        if terms["lasts"]:
            tif, more = TimeInForce.GTD, more._replace(expires_at=self.both.at + 1 + terms["lasts"])
        post_only = terms["post_only"] and limit and tif in {TimeInForce.GTC, TimeInForce.GTD}
        price = terms["price"] if limit else 0
        key = self.key(None)
        self.both.apply(PlaceOrder(account, key, PAIR, side, kind, tif, price, qty, 0, post_only, terms["mode"], more))

    @rule(
        account=accounts, key=st.none() | keys, side=st.sampled_from(Side), qty=quantities, middle=st.integers(99, 101),
        better=st.integers(1, 4), worse=st.integers(1, 4), profit=st.sampled_from(PROFITS),
        loss=st.sampled_from(LOSSES), source=st.sampled_from(TriggerSource), mode=st.sampled_from(SelfTrade),
        entry=st.none() | st.sampled_from([OrderType.MARKET, OrderType.LIMIT]),
    )  # fmt: skip
    def group(self, *, account: str, key: str | None, side: Side, qty: int, middle: int, **terms: Any) -> None:
        """An OCO, or a bracket where there is an entry."""
        entry, source = terms["entry"], terms["source"]
        sign = 1 if (side is Side.SELL) == (entry is None) else -1
        higher, lower = middle + sign * terms["better"], middle - sign * terms["worse"]
        profit = Leg(terms["profit"], higher) if terms["profit"] is OrderType.LIMIT else None
        profit = profit or Leg(terms["profit"], 0, Terms(higher, source))
        loss = Leg(terms["loss"], 0, Terms(lower, source))
        if terms["loss"] is OrderType.TRAILING_STOP:
            loss = Leg(terms["loss"], 0, Terms(0, source, terms["worse"]))
        shared = (account, self.key(key), PAIR, side, qty)
        if entry is None:
            self.both.apply(PlaceOco(*shared, profit, loss, 0, terms["mode"]))
        else:
            first = Leg(entry, middle if entry is OrderType.LIMIT else 0)
            tif = TimeInForce.GTC if entry is OrderType.LIMIT else TimeInForce.IOC
            self.both.apply(PlaceBracket(*shared, first, profit, loss, tif, False, terms["mode"]))

    @rule(account=accounts, order_id=st.integers(1, 40), key=keys, by_key=st.booleans())
    def cancel(self, account: str, order_id: int, key: str, by_key: bool) -> None:
        """Cancel by number or by key."""
        self.both.apply(CancelOrder(account, 0, key) if by_key else CancelOrder(account, order_id))

    @rule(
        account=accounts, order_id=st.integers(1, 40), key=keys, price=st.none() | prices, qty=st.none() | quantities,
        wait=waits,
    )  # fmt: skip
    def amend(self, *, account: str, order_id: int, key: str, price: int | None, qty: int | None, wait: int) -> None:
        """Amend by number, where somebody has such an order, else by key."""
        order = self.both.engine.state.orders.get(order_id)
        name = order.seat.name if order else account
        self.both.apply(AmendOrder(name, order_id if order else 0, "" if order else key, price or 0, qty or 0), wait)

    @rule(account=accounts, after=st.sampled_from([0, 10, 40]), wait=waits)
    def timer(self, account: str, after: int, wait: int) -> None:
        """Arm or disarm a cancel timer."""
        self.both.apply(SetCancelTimer(account, after), wait)

    @rule(wait=waits)
    def time_passes(self, wait: int) -> None:
        """Nothing but time."""
        self.both.apply(Tick(), wait)

    @rule(account=accounts, market=st.sampled_from(["", PAIR]))
    def cancel_all(self, account: str, market: str) -> None:
        """Cancel everything."""
        self.both.apply(CancelAll(account, market))

    @rule(account=accounts, bids=levels, asks=levels)
    def quotes(self, account: str, bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> None:
        """Replace quotes with levels that mostly do not cross each other."""
        lowest = min((price for price, _ in asks), default=200)
        below = tuple(level for level in sorted(bids, reverse=True) if level[0] < lowest)
        self.both.apply(ReplaceQuotes(account, PAIR, below, tuple(sorted(asks))))

    @rule(command=st.one_of(
        st.builds(SetReferencePrices, st.tuples(st.tuples(st.just(PAIR), st.sampled_from([0, 96, 98, 100, 102, 104])))),
        st.builds(SetMarketStatus, st.just(PAIR), st.sampled_from(MarketStatus)),
        st.just(SetMarketStatus(PAIR, MarketStatus.OPEN)),
        st.builds(SetAssetStatus, assets, st.sampled_from(AssetStatus)),
    ))  # fmt: skip
    def house(self, command: Command) -> None:
        """What the house decides."""
        self.both.apply(command)

    @rule(command=st.one_of(
        st.builds(CreditDeposit, accounts, keys, assets, st.integers(-1, 5_000), st.just("rail")),
        st.builds(HoldWithdrawal, accounts, keys, assets, st.integers(-1, 5_000), st.integers(0, 9), st.just("rail")),
        st.builds(SettleWithdrawal, accounts, keys),
        st.builds(ReleaseWithdrawal, accounts, keys),
        st.builds(Transfer, accounts, keys, accounts, assets, st.integers(-1, 5_000)),
        st.builds(Adjust, accounts, keys, assets, st.integers(-5_000, 5_000), st.just("why")),
    ))  # fmt: skip
    def money(self, command: Command) -> None:
        """What moves money without trading."""
        self.both.apply(command)

    @rule()
    def restart(self) -> None:
        """Go through a snapshot; nobody may notice."""
        self.both.engine = snapshot.load(snapshot.dump(self.both.engine))

    def teardown(self) -> None:
        """The next machine sets it anew."""
        self.few.undo()

    @invariant()
    def audited(self) -> None:
        """The books are in order after every step."""
        self.both.engine.check()


TestExchangeMachine = ExchangeMachine.TestCase
TestExchangeMachine.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
