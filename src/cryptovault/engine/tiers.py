"""Fee tiers: what an account has traded in dollars over the last 30 UTC days bounds the rates it pays."""

from bisect import bisect_right

from cryptovault.engine import limits
from cryptovault.engine.types import PPM

Tier = tuple[int, int, int]
"""Volume in whole dollars from which on it holds, and the highest maker and taker rates in ppm."""

WINDOW_DAYS = 30
DOLLAR: int = 10**limits.MAX_SCALE
"""Volumes are kept in the finest unit that any dollar has, so that nothing is rounded."""


class FeeTiers:
    """The schedule, and the volumes: per UTC day and account, and summed per account.

    An account without volume has no entry. `maker_caps` and `taker_caps` are the rates by tier.
    """

    __slots__ = ("by_day", "dollars", "maker_caps", "schedule", "taker_caps", "totals")

    def __init__(self) -> None:
        self.by_day: dict[int, dict[str, int]] = {}
        self.totals: dict[str, int] = {}
        self.set_schedule((), ())

    def set_schedule(self, dollars: tuple[str, ...], schedule: tuple[Tier, ...]) -> None:
        """Rates from now on; without a schedule nothing is counted and every market's own rates hold."""
        self.dollars: tuple[str, ...] = dollars
        self.schedule: tuple[Tier, ...] = schedule
        self.maker_caps = [maker for _, maker, _ in schedule] or [PPM]
        self.taker_caps = [taker for _, _, taker in schedule] or [PPM]
        if not schedule:
            self.by_day.clear()
            self.totals.clear()

    def volume(self, name: str) -> int:
        """Whole dollars an account has traded in the window."""
        return self.totals.get(name, 0) // DOLLAR

    def tier(self, name: str) -> int:
        """The tier its volume puts an account in."""
        starts = [start for start, _, _ in self.schedule]
        return max(0, bisect_right(starts, self.volume(name)) - 1)

    def add(self, day: int, name: str, amount: int) -> None:
        """Count what an account traded on a day."""
        bucket = self.by_day.setdefault(day, {})
        bucket[name] = bucket.get(name, 0) + amount
        self.totals[name] = self.totals.get(name, 0) + amount

    def forget_day(self, day: int) -> list[str]:
        """A day leaves the window; the accounts whose volume has changed."""
        bucket = self.by_day.pop(day, {})
        for name, amount in bucket.items():
            self.totals[name] -= amount
            if not self.totals[name]:
                del self.totals[name]
        return list(bucket)


def leaves_at(day: int) -> int:
    """When a day's volume ceases to count, in ms."""
    return (day + WINDOW_DAYS) * limits.DAY_MS
