"""SetFeeTiers, and what trades and days do to the tiers of accounts."""

from cryptovault.engine import limits
from cryptovault.engine.commands import SetFeeTiers
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Done, Event, FeeTiersSet, Rejected, TierChanged, Trade, Verdict
from cryptovault.engine.market import Market
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.tiers import leaves_at


def set_fee_tiers(state: State, command: SetFeeTiers, events: list[Event]) -> Verdict:
    """Set the schedule of the house; accounts move to the tiers their volume gives them in it."""
    if (fault := _fault(command)) is not None:
        return Rejected("", Reject.COMMAND_INVALID, fault)
    if any(asset not in state.assets for asset in command.dollars):
        return Rejected("", Reject.ASSET_UNKNOWN, "a dollar is no asset")
    if any(state.assets[asset].mirrors for asset in command.dollars):
        return Rejected("", Reject.COMMAND_INVALID, "play money counts for nothing")
    # From here on it must succeed.
    accounts = list(state.tiers.totals)
    state.tiers.set_schedule(command.dollars, command.tiers)
    events.append(FeeTiersSet(len(command.tiers)))
    for name in accounts:
        _regrade(state, name, events)
    return Done("", "fees")


def _fault(command: SetFeeTiers) -> str | None:
    tiers = command.tiers
    if len(tiers) > limits.MAX_TIERS or len(command.dollars) > limits.MAX_TIERS:
        return f"at most {limits.MAX_TIERS} tiers and kinds of dollars"
    if not all(type(value) is int and 0 <= value <= limits.MAX_AMOUNT for tier in tiers for value in tier):
        return "volumes and rates are integers and not negative"
    starts, makers, takers = ([tier[part] for tier in tiers] for part in range(3))
    if starts != sorted(set(starts)) or starts[:1] not in ([], [0]):
        return "tiers begin at volume 0 and rise"
    if makers != sorted(makers, reverse=True) or takers != sorted(takers, reverse=True):
        return "more volume never costs more"
    if max(makers + takers, default=0) > limits.MAX_FEE:
        return f"a rate is at most {limits.MAX_FEE} ppm"
    return None


def count_volume(state: State, market: Market, trades: list[Trade], events: list[Event]) -> None:
    """Count trades for both sides, and tell who is in another tier now."""
    tiers = state.tiers
    if not tiers.schedule or market.quote not in tiers.dollars:
        return
    unit = 10 ** (limits.MAX_SCALE - market.quote_scale)
    day = state.at // limits.DAY_MS
    if day not in tiers.by_day:
        state.due.add(leaves_at(day), DueKind.VOLUME, day)
    names: dict[str, None] = {}
    for trade in trades:
        for name in (trade.maker_account, trade.taker_account):
            tiers.add(day, name, trade.notional * unit)
            names[name] = None
    for name in names:
        _regrade(state, name, events)


def forget_day(state: State, key: int | str, events: list[Event]) -> None:
    """A day is over for good: its volume no longer counts."""
    for name in state.tiers.forget_day(int(key)):
        _regrade(state, name, events)


def _regrade(state: State, name: str, events: list[Event]) -> None:
    tier, account = state.tiers.tier(name), state.accounts[name]
    if tier != account.tier:
        account.tier = tier
        events.append(TierChanged(name, tier, state.tiers.volume(name)))
