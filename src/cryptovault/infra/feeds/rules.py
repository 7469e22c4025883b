"""When a price may be used (P1): pure rules, one guard per market, no clock of its own.

All sources of a market are judged side by side. Zero, negative and non-finite prices, prices that are too old, from the
past of their own source or no news (a frozen feed) do not count. The price is the median of what exchanges say now,
without those who are more than `agree_ppm` away from it; enough must agree, and more must be for it than against it.
Sources that renew their figures once a minute bear witness, and give the price only where no exchange speaks. A move of
more than `jump_ppm` against the last accepted price must be seen in `confirmations` consecutive ticks, and for much
longer while some source still tells the old price. In every other case the price is stale, and nothing may be triggered
by it.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import NamedTuple

PPM = 1_000_000
LEAST, MOST = Decimal("1e-12"), Decimal("1e12")


class Limits(NamedTuple):
    """The figures of P1."""

    agree_ppm: int = 20_000
    jump_ppm: int = 100_000
    confirmations: int = 3
    contradicted_confirmations: int = 60
    age_ms: int = 5_000


class Observation(NamedTuple):
    """What one source says of one market.

    `at` is the source's time of this price, `newest_at` its time of the newest price of any market (both 0 where the
    source tells no time); `seen_ms` is our monotonic time of receipt. `max_age_ms` is how long it may be used: a source
    that renews its figures once a minute (`live` is False) has a longer one than the 5 s of an exchange. `max_lag_ms`
    is how far its time may be from our wall clock, either way. What does not `give` a price only bears witness.
    """

    source: str
    price: Decimal
    at: int
    newest_at: int
    seen_ms: int
    max_age_ms: int = 5_000
    max_lag_ms: int = 60_000
    live: bool = True
    gives: bool = True


class PriceState(StrEnum):
    """Whether the price may be used."""

    FRESH = "fresh"
    STALE = "stale"


class Reading(NamedTuple):
    """The guard's word: `price` is None exactly where the state is stale; `reason` says why it is.

    `sources` gave the price, `witnesses` agree with it, `outliers` were thrown out.
    """

    state: PriceState
    price: Decimal | None
    sources: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    outliers: tuple[str, ...] = ()
    reason: str = ""


class Vote(NamedTuple):
    """A price that enough sources agree on; `seen_ms` is when the newest of them was heard."""

    price: Decimal
    seen_ms: int
    sources: tuple[str, ...]
    witnesses: tuple[str, ...]
    outliers: tuple[str, ...]


class _News(NamedTuple):
    """The newest thing a source has told: a repetition keeps the time at which it was first seen."""

    at: int
    newest_at: int
    seen_ms: int


def plausible(price: Decimal) -> bool:
    """True for what can be the price of a coin at all."""
    return price.is_finite() and LEAST < price < MOST


def moved(price: Decimal, base: Decimal, ppm: int) -> bool:
    """True where `price` is more than `ppm` parts per million away from `base`."""
    return abs(price - base) * PPM > base * ppm


def quorum(sources: int) -> int:
    """How many sources must agree where so many are configured for a market: two of three or more, else one."""
    return 2 if sources > 2 else 1  # noqa: PLR2004 - the figures of P1


def vote(usable: Sequence[Observation], needed: int, limits: Limits) -> Vote | None:
    """What the sources agree on; None where they do not.

    First the exchanges among themselves; where that decides nothing (one of only two is far off) with the slow sources.
    """
    live = [observation for observation in usable if observation.live]
    return (_election(live, usable, needed, limits) if live else None) or _election(usable, usable, needed, limits)


def _election(basis: Sequence[Observation], usable: Sequence[Observation], needed: int, limits: Limits) -> Vote | None:
    """Everybody near the median of `basis` is for it. Against it are others of `basis`, and who is a jump away."""
    middle = median(observation.price for observation in basis)
    near = [one for one in usable if not moved(one.price, middle, limits.agree_ppm)]
    away = [one for one in usable if one not in near]
    against = [one for one in away if one in basis or moved(one.price, middle, limits.jump_ppm)]
    chosen = [one for one in near if one.live and one.gives] or [one for one in near if one.gives]
    if len(near) < needed or len(near) <= len(against) or not chosen:
        return None
    return Vote(
        price=median(one.price for one in chosen),
        seen_ms=max(one.seen_ms for one in chosen),
        sources=tuple(one.source for one in chosen),
        witnesses=tuple(one.source for one in near if one not in chosen),
        outliers=tuple(one.source for one in away),
    )


class PriceGuard:
    """The memory of one market: what was accepted last, and which jump waits for confirmation."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - an immutable tuple
        self._limits = limits
        self._accepted: Vote | None = None
        self._news: dict[str, _News] = {}
        self._jump: Vote | None = None
        self._jump_count = 0

    def judge(self, now_ms: int, wall_ms: int, observations: Sequence[Observation], needed: int = 1) -> Reading:
        """Say whether there is a usable price now, given how many sources must agree.

        `now_ms` is the monotonic clock of `seen_ms`, `wall_ms` the wall clock that sources' times are held against.
        """
        usable = self._usable(now_ms, wall_ms, observations)
        if len(usable) < needed:
            return self._last(now_ms, f"{len(usable)} of the {needed} fresh sources that are needed")
        found = vote(usable, needed, self._limits)
        if found is None:
            return Reading(PriceState.STALE, None, reason="sources disagree")
        if self._is_jump(found.price) and not self._confirmed(found, usable):
            return Reading(PriceState.STALE, None, reason="a jump waits for confirmation")
        self._accepted, self._jump, self._jump_count = found, None, 0
        return _fresh(found)

    def forget(self) -> None:
        """Start anew: the next price has no past to be compared with. For a change of the kind of source."""
        self._accepted, self._jump, self._jump_count = None, None, 0
        self._news.clear()

    def _usable(self, now_ms: int, wall_ms: int, observations: Sequence[Observation]) -> list[Observation]:
        dated = (self._dated(observation, wall_ms) for observation in observations)
        return [one for one in dated if one is not None and now_ms - one.seen_ms <= one.max_age_ms]

    def _dated(self, observation: Observation, wall_ms: int) -> Observation | None:
        """The observation with the time at which it was news, or None where it may not count."""
        if not plausible(observation.price):
            return None
        if observation.at and abs(wall_ms - observation.at) > observation.max_lag_ms:
            return None
        known = self._news.get(observation.source)
        if known is None or observation.newest_at > known.newest_at or not observation.newest_at:
            if known is not None and observation.at < known.at:
                return None  # out of order
            self._news[observation.source] = _News(observation.at, observation.newest_at, observation.seen_ms)
            return observation
        if observation.newest_at < known.newest_at or observation.at < known.at:
            return None  # out of order
        return observation._replace(seen_ms=known.seen_ms)  # frozen: no news since then

    def _is_jump(self, price: Decimal) -> bool:
        return self._accepted is not None and moved(price, self._accepted.price, self._limits.jump_ppm)

    def _confirmed(self, found: Vote, usable: Sequence[Observation]) -> bool:
        """Count consecutive ticks that tell the same new level; a voice for the old one makes the wait long."""
        if self._jump is None or moved(found.price, self._jump.price, self._limits.jump_ppm):
            self._jump, self._jump_count = found, 1
        elif found.seen_ms > self._jump.seen_ms:
            self._jump, self._jump_count = found, self._jump_count + 1
        contradicted = any(not self._is_jump(observation.price) for observation in usable)
        limits = self._limits
        return self._jump_count >= (limits.contradicted_confirmations if contradicted else limits.confirmations)

    def _last(self, now_ms: int, reason: str) -> Reading:
        """The last accepted price, as long as it is young enough itself and nothing contradicts it."""
        last = self._accepted
        if last is None or self._jump is not None or now_ms - last.seen_ms > self._limits.age_ms:
            return Reading(PriceState.STALE, None, reason=reason)
        return _fresh(last)


def _fresh(found: Vote) -> Reading:
    return Reading(PriceState.FRESH, found.price, found.sources, found.witnesses, found.outliers)
