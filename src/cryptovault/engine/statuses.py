"""What a market lets its users do: set at once, scheduled, or by itself after an automatic halt."""

from bisect import insort

from cryptovault.engine import limits
from cryptovault.engine.auction import uncross
from cryptovault.engine.bands import calls_at, change_status
from cryptovault.engine.commands import ScheduleMarketStatus, SetMarketStatus
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Done, Event, Rejected, Verdict
from cryptovault.engine.market import Market
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import MarketStatus

HOUSE = ""
_FOLLOWS = "the status of a paper market is that of its real one"
_TRADING = (MarketStatus.OPEN, MarketStatus.POST_ONLY)


def set_market_status(state: State, command: SetMarketStatus, events: list[Event]) -> Verdict:
    """Open, restrict or halt a market; an automatic reopening is called off."""
    if type(command.status) is not MarketStatus:
        return Rejected(HOUSE, Reject.COMMAND_INVALID, "unknown status")
    market = state.markets.get(command.market)
    if market is None:
        return Rejected(HOUSE, Reject.MARKET_UNKNOWN, "no such market")
    if market.mirrors is not None:
        return Rejected(HOUSE, Reject.MARKET_INVALID, _FOLLOWS)
    # From here on it must succeed.
    _change(state, market, command.status, events)
    return Done(HOUSE, market.symbol)


def schedule_market_status(state: State, command: ScheduleMarketStatus, events: list[Event]) -> Verdict:
    """Add a change to come, or take back all of them."""
    market, at = state.markets.get(command.market), command.at
    if type(command.status) is not MarketStatus or type(at) is not int:
        return Rejected(HOUSE, Reject.COMMAND_INVALID, "unknown status, or no time")
    if market is None:
        return Rejected(HOUSE, Reject.MARKET_UNKNOWN, "no such market")
    if market.mirrors is not None:
        return Rejected(HOUSE, Reject.MARKET_INVALID, _FOLLOWS)
    if at and not state.at < at <= state.at + limits.MAX_AHEAD:
        return Rejected(HOUSE, Reject.EXPIRY_INVALID, f"the time must lie ahead, by at most {limits.MAX_AHEAD} ms")
    kept = [(time, status) for time, status in market.schedule if at and time != at]
    if at and len(kept) >= limits.MAX_SCHEDULED:
        return Rejected(HOUSE, Reject.LIMIT_REACHED, f"at most {limits.MAX_SCHEDULED} changes to come")
    # From here on it must succeed.
    if at:
        insort(kept, (at, command.status))
        state.due.add(at, DueKind.STATUS, market.symbol)
    market.schedule = kept
    change_status(market, market.status, events)
    state.stirred = True
    return Done(HOUSE, market.symbol)


def run_schedule(state: State, key: int | str, events: list[Event]) -> None:
    """The next scheduled change of a market, if it was not taken back."""
    market = state.markets[str(key)]
    if market.schedule and market.schedule[0][0] <= state.at:
        _, status = market.schedule.pop(0)
        _change(state, market, status, events)


def reopen(state: State, key: int | str, events: list[Event]) -> None:
    """The two steps out of an automatic halt, unless somebody else has decided meanwhile."""
    market = state.markets[str(key)]
    if not market.reopens_at:
        return
    if market.reopens_at <= state.at:
        _change(state, market, MarketStatus.OPEN, events)
    elif market.status is MarketStatus.HALTED and calls_at(market) <= state.at:
        change_status(market, MarketStatus.PRE_OPEN, events)


def _change(state: State, market: Market, status: MarketStatus, events: list[Event]) -> None:
    market.reopens_at = 0
    change_status(market, status, events)
    state.stirred = True
    if status in _TRADING:
        market.reference_moves.forget()
        market.trade_moves.forget()
        uncross(state, market, events)  # on paper everybody trades alone: nothing crosses
