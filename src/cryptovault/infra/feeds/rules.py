"""When a price may be used (P1): pure rules, one guard per coin, no clock of its own.

A price is fresh while it is at most `max_age_ms` old. Zero, negative and non-finite prices, prices from the past
of their own source and prices that are no news (a frozen feed) do not count. Where several sources speak, a majority
must be within `agree_ppm` of their median. A move of more than `jump_ppm` against the last accepted price must be
seen in `confirmations` consecutive ticks. In every other case the price is stale, and nothing may be triggered by it.

With one active source (the usual case: sources are asked in order of preference) the agreement rule has nothing to
compare and only age and move protect; a second source, asked rarely as a witness, brings it back for a while.
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


class Observation(NamedTuple):
    """What one source says of one coin.

    `at` is the source's time of this price, `newest_at` its time of the newest price of any coin (both 0 where the
    source tells no time); `seen_ms` is our monotonic time of receipt. `max_age_ms` is how long it may be used: a source
    that can only be asked every few seconds has a longer one than the 5 s of a live feed. `max_lag_ms` is how far its
    time may be from our wall clock, either way.
    """

    source: str
    price: Decimal
    at: int
    newest_at: int
    seen_ms: int
    max_age_ms: int = 5_000
    max_lag_ms: int = 60_000


class PriceState(StrEnum):
    """Whether the price may be used."""

    FRESH = "fresh"
    STALE = "stale"


class Reading(NamedTuple):
    """The guard's word: `price` is None exactly where the state is stale; `reason` says why it is."""

    state: PriceState
    price: Decimal | None
    source: str = ""
    reason: str = ""


class _Accepted(NamedTuple):
    price: Decimal
    source: str
    seen_ms: int
    max_age_ms: int


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


def agreed(observations: Sequence[Observation], agree_ppm: int) -> Observation | None:
    """The first observation, in order of preference, that a majority near the median confirms; else None."""
    if len(observations) == 1:
        return observations[0]
    middle = median(observation.price for observation in observations)
    near = [observation for observation in observations if not moved(observation.price, middle, agree_ppm)]
    return near[0] if len(near) >= 2 and len(near) * 2 > len(observations) else None  # noqa: PLR2004 - a pair


class PriceGuard:
    """The memory of one coin: what was accepted last, and which jump waits for confirmation."""

    def __init__(self, limits: Limits = Limits()) -> None:  # noqa: B008 - an immutable tuple
        self._limits = limits
        self._accepted: _Accepted | None = None
        self._news: dict[str, _News] = {}
        self._jump: _Accepted | None = None
        self._jump_count = 0

    def judge(self, now_ms: int, wall_ms: int, observations: Sequence[Observation]) -> Reading:
        """Say whether there is a usable price now.

        `now_ms` is the monotonic clock of `seen_ms`, `wall_ms` the wall clock that sources' times are held against.
        The first observation is that of the source in use; the others bear witness, and never replace it while it is
        silent.
        """
        usable = [
            dated
            for observation in observations
            if (dated := self._dated(observation, wall_ms)) is not None and now_ms - dated.seen_ms <= dated.max_age_ms
        ]
        if not usable or usable[0].source != observations[0].source:
            return self._last(now_ms, "no usable price")
        chosen = agreed(usable, self._limits.agree_ppm)
        if chosen is None:
            return Reading(PriceState.STALE, None, reason="sources disagree")
        candidate = _Accepted(chosen.price, chosen.source, chosen.seen_ms, chosen.max_age_ms)
        if self._is_jump(candidate) and not self._confirmed(candidate):
            return Reading(PriceState.STALE, None, reason="a jump waits for confirmation")
        self._accepted, self._jump, self._jump_count = candidate, None, 0
        return Reading(PriceState.FRESH, candidate.price, candidate.source)

    def forget(self) -> None:
        """Start anew: the next price has no past to be compared with. For a change of the kind of source."""
        self._accepted, self._jump, self._jump_count = None, None, 0
        self._news.clear()

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

    def _is_jump(self, candidate: _Accepted) -> bool:
        return self._accepted is not None and moved(candidate.price, self._accepted.price, self._limits.jump_ppm)

    def _confirmed(self, candidate: _Accepted) -> bool:
        """Count consecutive ticks that tell the same new level."""
        if self._jump is None or moved(candidate.price, self._jump.price, self._limits.jump_ppm):
            self._jump, self._jump_count = candidate, 1
        elif candidate.seen_ms > self._jump.seen_ms:
            self._jump, self._jump_count = candidate, self._jump_count + 1
        return self._jump_count >= self._limits.confirmations

    def _last(self, now_ms: int, reason: str) -> Reading:
        last = self._accepted
        if last is None or self._jump is not None or now_ms - last.seen_ms > last.max_age_ms:
            return Reading(PriceState.STALE, None, reason=reason)
        return Reading(PriceState.FRESH, last.price, last.source)
