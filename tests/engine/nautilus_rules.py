"""The differences between our engine and nautilus_trader that docs/reference/differential.md explains, one rule each.

A rule says how ours would have shown what theirs shows, in the one situation that it is about. What is not equal after
that is a disagreement and fails the test.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from cryptovault.engine.events import OrderState, Rejected
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, OrderType, Side, TimeInForce


class Seen(NamedTuple):
    """An order as one of the two shows it; `fills` are those of the last step: price, quantity, whether it rested."""

    word: str
    qty: int
    filled: int
    price: int
    trigger_price: int
    fills: tuple[tuple[int, int, bool], ...]


class Case(NamedTuple):
    """One order on both sides, our last word on it, and on the one that it shares a pair with."""

    ours: Seen
    theirs: Seen
    state: Any  # OrderState, or Rejected
    partner: OrderState | None


def explained(case: Case) -> list[str] | None:
    """The names of the differences that explain this case, None where they do not."""
    names = []
    for name, rule in (REFUSED if isinstance(case.state, Rejected) else RULES).items():
        told = rule(case)
        if told is not None and told != case.theirs:
            names.append(name)
            case = case._replace(theirs=told)
    return names if case.ours == case.theirs else None


def killed(case: Case) -> Seen | None:
    """Fill-or-kill that cannot be filled is refused here, and taken and cancelled there."""
    if case.state.reason is Reject.FOK_NOT_FILLABLE and (case.theirs.word, case.theirs.filled) == ("cancelled", 0):
        return case.ours
    return None


def immediate(case: Case) -> Seen | None:
    """What IOC leaves over expires here and is cancelled there."""
    if case.state.reason is CloseReason.IMMEDIATE and case.theirs.word == "cancelled":
        return case.theirs._replace(word="expired")
    return None


def fill_at_trigger(case: Case) -> Seen | None:
    """A fired order whose limit lies beyond its trigger: theirs gives the first fill the trigger's price."""
    state, fills = case.state, case.theirs.fills
    if not (_fired_limit(state) and fills and case.ours.fills):
        return None
    beyond = (
        state.price > state.terms.trigger_price if state.side is Side.BUY else state.price < state.terms.trigger_price
    )
    if beyond and fills[0] == (state.terms.trigger_price, *case.ours.fills[0][1:]):
        return case.theirs._replace(fills=(case.ours.fills[0], *fills[1:]))
    return None


def fill_at_limit(case: Case) -> Seen | None:
    """An order that a price beyond its limit touches takes that price here; theirs trades at its limit."""
    state, ours, theirs = case.state, case.ours.fills, case.theirs.fills
    if state.type is not OrderType.TAKE_PROFIT_LIMIT or not ours or len(ours) != len(theirs):
        return None
    sign = 1 if state.side is Side.BUY else -1
    nearer = (state.terms.trigger_price - state.price) * sign > 0
    passed = all((state.price - price) * sign >= 0 and not rested for price, _, rested in ours)
    if nearer and passed and theirs == tuple((state.price, qty, True) for _, qty, _ in ours):
        return case.theirs._replace(fills=ours)
    return None


def fired_post_only(case: Case) -> Seen | None:
    """A fired post-only order that would take is cancelled here and refused there."""
    not_placed = _fired_limit(case.state) and case.state.reason is CloseReason.NOT_PLACED
    if not_placed and case.state.post_only and case.theirs.word == "refused":
        return case.ours._replace(word="cancelled")
    return None


def fired_immediate(case: Case) -> Seen | None:
    """A fired IOC or FOK whose limit nobody meets ends here, and rests there."""
    state = case.state
    once = state.tif in {TimeInForce.IOC, TimeInForce.FOK} and _fired_limit(state)
    if once and not state.filled and case.theirs.word == "resting":
        return case.theirs._replace(word=case.ours.word)
    return None


def pair_in_part(case: Case) -> Seen | None:
    """One of a pair that trades in part goes on alone here; theirs cancels it with the other."""
    state = case.state
    if state.group and 0 < state.filled < state.qty and case.theirs.word in {"cancelled", "lost"}:
        return case.theirs._replace(word="resting")
    return None


def pair_ends_at_fire(case: Case) -> Seen | None:
    """One of a pair that fires takes the other with it here; theirs waits for its first fill."""
    partner = case.partner
    fired = partner is not None and partner.triggered > 0 and not partner.filled
    if fired and case.state.reason is CloseReason.LINKED and case.theirs.word in {"resting", "waiting"}:
        return case.theirs._replace(word="cancelled")
    return None


def pair_ends_by_date(case: Case) -> Seen | None:
    """Of a pair whose date has come both expire here; theirs expires one, and cancels the other with it."""
    if case.state.group and case.state.reason is CloseReason.DATE and case.theirs.word == "cancelled":
        return case.theirs._replace(word="expired")
    return None


def _fired_limit(state: OrderState) -> bool:
    return state.triggered > 0 and state.type in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT}


Rule = Callable[[Case], Seen | None]
REFUSED: dict[str, Rule] = {"killed": killed}
RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        immediate,
        fill_at_trigger,
        fill_at_limit,
        fired_post_only,
        fired_immediate,
        pair_in_part,
        pair_ends_at_fire,
        pair_ends_by_date,
    )
}
