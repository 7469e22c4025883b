"""What can be asked of an exchange: answered from the state as it is, and nothing changes by it."""

from typing import NamedTuple

from cryptovault.engine.commands import DefineMarket, SetFeeTiers
from cryptovault.engine.preview import Placing, Preview, preview
from cryptovault.engine.state import State


class PreviewOf(NamedTuple):
    """What this order, or this group of orders, would do if it came now."""

    command: Placing


class StandingOf(NamedTuple):
    """How an account stands."""

    account: str


class Standing(NamedTuple):
    """When the account's cancel timer runs out (journal time in ms, 0 for never), and what it pays.

    `volume` is what it has traded in the last 30 UTC days in whole dollars, `tier` the place in `tiers` that follows;
    a tier is (volume from which on it holds, maker ppm, taker ppm). Without a schedule there are no tiers.
    """

    cancels_at: int
    tier: int
    volume: int
    tiers: tuple[tuple[int, int, int], ...]


class RulesOf(NamedTuple):
    """The rules of a market."""

    market: str


class Rules(NamedTuple):
    """The command that would define the market as it is now, and the decimals of its assets."""

    definition: DefineMarket
    base_scale: int
    quote_scale: int


class ScheduleNow(NamedTuple):
    """The fee schedule, as the command that would set it."""


Question = PreviewOf | StandingOf | RulesOf | ScheduleNow
Answer = Preview | Standing | Rules | SetFeeTiers | None


def answer(state: State, question: Question, at: int) -> Answer:
    """The answer at time `at` (ms), None where there is no such market. Bounded in time whatever the state."""
    match question:
        case PreviewOf():
            return preview(state, question.command, at)
        case RulesOf():
            market = state.markets.get(question.market)
            return Rules(market.rules(), market.base_scale, market.quote_scale) if market is not None else None
        case ScheduleNow():
            return SetFeeTiers(state.tiers.dollars, state.tiers.schedule)
    name, tiers = question.account, state.tiers
    return Standing(state.timers.get(name, 0), tiers.tier(name), tiers.volume(name), tiers.schedule)
