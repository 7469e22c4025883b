"""The exchange: one command in, its events out. Pure, deterministic, and the whole truth."""

from collections.abc import Callable
from typing import Any

from cryptovault.engine import (
    admin,
    amend,
    audit,
    cancel,
    canonical,
    commands,
    fees,
    funds,
    group_orders,
    orders,
    paper,
    quotes,
    statuses,
    timed,
)
from cryptovault.engine.commands import Command
from cryptovault.engine.due import NEVER
from cryptovault.engine.events import Event, OrderState, Verdict
from cryptovault.engine.firing import settle
from cryptovault.engine.limits import FORGET_EVERY
from cryptovault.engine.market import Asset, Market
from cryptovault.engine.mirror import depth, lift, meet
from cryptovault.engine.resting import tell_levels_once
from cryptovault.engine.state import State
from cryptovault.engine.types import InvariantBroken

Handler = Callable[[State, Any, list[Event]], Verdict]


_HANDLERS: dict[type, Handler] = {
    commands.EpochBarrier: admin.epoch_barrier,
    commands.DefineAsset: admin.define_asset,
    commands.SetAssetStatus: admin.set_asset_status,
    commands.DefineMarket: admin.define_market,
    commands.SetMarketStatus: statuses.set_market_status,
    commands.SetReferencePrices: admin.set_reference_prices,
    commands.PlaceOrder: orders.place_order,
    commands.CancelOrder: cancel.cancel_order,
    commands.CancelAll: cancel.cancel_all,
    commands.ReplaceQuotes: quotes.replace_quotes,
    commands.CreditDeposit: funds.credit_deposit,
    commands.HoldWithdrawal: funds.hold_withdrawal,
    commands.SettleWithdrawal: funds.settle_withdrawal,
    commands.ReleaseWithdrawal: funds.release_withdrawal,
    commands.Transfer: funds.transfer,
    commands.Adjust: funds.adjust,
    commands.PlaceOco: group_orders.place_oco,
    commands.PlaceBracket: group_orders.place_bracket,
    commands.AmendOrder: amend.amend_order,
    commands.SetCancelTimer: timed.set_cancel_timer,
    commands.SetFeeTiers: fees.set_fee_tiers,
    commands.ScheduleMarketStatus: statuses.schedule_market_status,
    commands.OpenPaperMarket: paper.open_paper_market,
    commands.ResetPaper: paper.reset_paper,
    commands.Tick: timed.tick,
}


def _end_on_paper(state: State, events: list[Event]) -> None:
    """Take out what was laid into paper markets, and let the live book fill the paper orders it has come to."""
    lift(state, events)
    for _ in meet(state, events):
        settle(state, events)
        state.read = 0
    lift(state, events)


class Exchange:
    """Holds the state and applies commands to it. An exception from `apply` is a bug: stop, do not go on."""

    __slots__ = ("state",)

    def __init__(self, state: State | None = None) -> None:
        self.state = state or State()

    def apply(self, seq: int, at: int, command: Command) -> list[Event]:
        """Apply the next command. `seq` must follow the last; `at` is journal time in ms, and never runs backwards.

        The last event is the verdict.
        """
        state = self.state
        if seq != state.seq + 1:
            raise InvariantBroken(f"command {seq} after {state.seq}")
        state.seq = seq
        if at > state.at:  # noqa: PLR1730 - hot path
            state.at = at
        events: list[Event] = []
        due = state.due.next <= state.at
        if due:
            timed.run_due(state, events)
            settle(state, events)  # a command never meets a group half undone, nor overtakes what fired before it
            if state.laid:
                lift(state, events)
        verdict = _HANDLERS[type(command)](state, command, events)
        if (state.stirred and state.watched) or state.groups or state.read:
            settle(state, events, verdict)
            state.read, state.stirred = 0, False
        if state.laid or state.resting_paper:
            _end_on_paper(state, events)
        events.append(verdict)
        if due:
            tell_levels_once(events)
        if not seq % FORGET_EVERY:
            state.forget()
        return events

    @property
    def seq(self) -> int:
        """Number of the last command applied."""
        return self.state.seq

    @property
    def at(self) -> int:
        """Journal time of the last command in ms."""
        return self.state.at

    @property
    def next_due(self) -> int:
        """The journal time in ms from which on a Tick has an effect, or 0 where nothing is due ever."""
        return self.state.due.next if self.state.due.next != NEVER else 0

    @property
    def is_firing(self) -> bool:
        """Whether more orders have fired than the last command could execute; each of the next executes some."""
        return bool(self.state.fired)

    @property
    def epoch(self) -> int:
        """The last leader's epoch."""
        return self.state.epoch

    @property
    def assets(self) -> dict[str, Asset]:
        """All assets by symbol."""
        return self.state.assets

    @property
    def markets(self) -> dict[str, Market]:
        """All markets by symbol."""
        return self.state.markets

    def balance(self, account: str, asset: str) -> tuple[int, int]:
        """(available, held) of an account in an asset."""
        return self.state.ledger.balance(account, asset)

    def balances(self, account: str) -> dict[str, tuple[int, int]]:
        """(available, held) of an account in each asset it has touched."""
        found = self.state.ledger.accounts.get(account)
        return {asset: (cell[0], cell[1]) for asset, cell in found.cells.items()} if found else {}

    def fee_tier(self, account: str) -> tuple[int, int]:
        """(tier, 30-day volume in whole dollars) of an account; tiers count from 0."""
        return self.state.tiers.tier(account), self.state.tiers.volume(account)

    @property
    def fee_tiers(self) -> tuple[tuple[int, int, int], ...]:
        """The schedule: (volume in whole dollars from which on, maker ppm, taker ppm); empty where there is none."""
        return self.state.tiers.schedule

    def order(self, order_id: int) -> OrderState | None:
        """An open order, or None."""
        order = self.state.orders.get(order_id)
        return order.state if order else None

    def open_orders(self, account: str, market: str = "") -> list[OrderState]:
        """The account's open orders, oldest first; quotes are not among them."""
        markets = [self.markets[market]] if market else self.markets.values()
        seats = [found.seats[account] for found in markets if account in found.seats]
        return sorted(order.state for seat in seats for order in seat.orders.values() if order.state)

    def quotes(self, account: str, market: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The account's quotes in a market: (bids, asks) as (price, remaining quantity), best first."""
        seat = self.markets[market].seats.get(account)
        resting = sorted((quote.price, quote.remaining, quote.side) for quote in seat.quotes.values()) if seat else []
        bids = [(price, qty) for price, qty, side in reversed(resting) if side == 0]
        return bids, [(price, qty) for price, qty, side in resting if side == 1]

    def depth(self, market: str, limit: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """The best `limit` levels of (bids, asks) as (price, quantity), best first; in a paper market the live book's.

        With them are those of the paper orders that rest.
        """
        return depth(self.markets[market], limit)

    def digest(self) -> bytes:
        """A hash of the whole state, the same in every process that applied the same commands."""
        return canonical.digest(self.state)

    def check(self) -> None:
        """Audit everything; raises InvariantBroken."""
        audit.check(self.state)
