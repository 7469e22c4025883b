"""Time: what is due takes effect at the first command at or after its time, before that command itself."""

from collections.abc import Callable

from cryptovault.engine import limits
from cryptovault.engine.account import is_customer
from cryptovault.engine.cancel import cancel_everything
from cryptovault.engine.commands import SetCancelTimer, Tick
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Done, Event, Rejected, Verdict
from cryptovault.engine.fees import forget_day
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import take_out
from cryptovault.engine.state import State
from cryptovault.engine.statuses import reopen, run_schedule
from cryptovault.engine.types import CloseReason, OrderStatus


def run_due(state: State, events: list[Event]) -> None:
    """Do everything whose time has come."""
    while (entry := state.due.take(state.at)) is not None:
        _RUN[entry[1]](state, entry[2], events)


def tick(_state: State, _command: Tick, _events: list[Event]) -> Verdict:
    """Nothing: what was due has happened before."""
    return Done("")


def set_cancel_timer(state: State, command: SetCancelTimer, _events: list[Event]) -> Verdict:
    """Arm, prolong or disarm an account's cancel timer; `ref` of the verdict is when it runs out, in ms, or ""."""
    name, after = command.account, command.after
    if type(after) is not int or not 0 <= after <= limits.MAX_TIMER:
        return Rejected(name, Reject.COMMAND_INVALID, f"a timer runs for 0 to {limits.MAX_TIMER} ms")
    if not is_customer(name):
        return Rejected(name, Reject.ACCOUNT_INVALID, "this account cannot trade")
    if state.account_limit_reached(name):
        return Rejected(name, Reject.LIMIT_REACHED, "no more accounts")
    # From here on it must succeed.
    state.ledger.open(name)
    if (armed := state.timers.pop(name, None)) is not None:
        state.due.discard(armed, DueKind.TIMER, name)
    if not after:
        return Done(name)
    state.timers[name] = ends = state.at + after
    state.due.add(ends, DueKind.TIMER, name)
    return Done(name, str(ends))


def _expire(state: State, key: int | str, events: list[Event]) -> None:
    """A good-till-date order ends, in a halted market too: its owner has said until when it stands."""
    order = state.orders.get(int(key))
    if order is not None:
        events.append(take_out(state, order, OrderStatus.EXPIRED, CloseReason.DATE, events))


def _run_timer(state: State, key: int | str, events: list[Event]) -> None:
    """Everything of the account goes, in halted markets too: they may open again while nobody watches."""
    name = str(key)
    del state.timers[name]
    cancel_everything(state, state.markets.values(), name, CloseReason.TIMER, events)


def _go_on(_state: State, _key: int | str, _events: list[Event]) -> None:
    """Orders that have fired are executed whenever what is due has been done."""


_RUN: dict[DueKind, Callable[[State, int | str, list[Event]], None]] = {
    DueKind.VOLUME: forget_day,
    DueKind.EXPIRY: _expire,
    DueKind.TIMER: _run_timer,
    DueKind.STATUS: run_schedule,
    DueKind.REOPEN: reopen,
    DueKind.FIRED: _go_on,
}
