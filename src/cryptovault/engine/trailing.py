"""Trailing stops of one side and one price source, so kept that a price which fires none of them costs next to nothing.

Stops that have seen the same best price move as one cohort: as soon as a price is better than the best of several, they
merge. Within a cohort the shortest trail fires first, so each cohort is watched by its first trigger alone.
"""

from bisect import bisect_left, insort

from cryptovault.engine.types import PPM

Trail = tuple[int, int]
"""How far behind the best price, and the order's id."""


def distance(best: int, trail: int, trail_ppm: int) -> int:
    """Ticks between the best price and the trigger: `trail`, or a share of the best price, rounded up."""
    return trail or -(-best * trail_ppm // PPM)


class Cohort:
    """Stops with one best price. Both lists are sorted: the shortest trail first."""

    __slots__ = ("best", "shares", "ticks")

    def __init__(self, best: int) -> None:
        self.best = best
        self.ticks: list[Trail] = []
        self.shares: list[Trail] = []

    def first(self, sign: int) -> int | None:
        """The rank of the trigger that fires first, None where nobody is left."""
        ranks = [self.best * sign - self.ticks[0][0]] if self.ticks else []
        if self.shares:
            ranks.append(self.best * sign - distance(self.best, 0, self.shares[0][0]))
        return max(ranks, default=None)

    def absorb(self, other: "Cohort", places: "dict[int, Cohort]") -> None:
        """Take over the members of a smaller cohort."""
        for mine, theirs in ((self.ticks, other.ticks), (self.shares, other.shares)):
            for trail in theirs:
                insort(mine, trail)
                places[trail[1]] = self

    def __len__(self) -> int:
        return len(self.ticks) + len(self.shares)

    def take_reached(self, rank: int, sign: int) -> list[int]:
        """Remove and give the ids of the stops whose trigger a price of this rank reaches."""
        taken: list[int] = []
        while self.ticks and self.best * sign - self.ticks[0][0] >= rank:
            taken.append(self.ticks.pop(0)[1])
        while self.shares and self.best * sign - distance(self.best, 0, self.shares[0][0]) >= rank:
            taken.append(self.shares.pop(0)[1])
        return taken


class Trails:
    """Active trailing stops. `sign` is 1 for sells, whose trigger follows a rising price, and -1 for buys."""

    __slots__ = ("cohorts", "firsts", "places", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.cohorts: list[Cohort] = []  # the best of the best prices first
        self.firsts: list[tuple[int, int]] = []  # (rank of its first trigger, its best price), sorted
        self.places: dict[int, Cohort] = {}

    def add(self, order_id: int, best: int, trail: int, trail_ppm: int) -> None:
        """Let an order trail from this best price on."""
        cohort = self._cohort(best)
        self._unlist(cohort)
        insort(cohort.ticks if trail else cohort.shares, (trail or trail_ppm, order_id))
        self.places[order_id] = cohort
        self._list(cohort)

    def remove(self, order_id: int, trail: int, trail_ppm: int) -> int:
        """Take an order out; its best price."""
        cohort = self.places.pop(order_id)
        self._unlist(cohort)
        trails = cohort.ticks if trail else cohort.shares
        del trails[bisect_left(trails, (trail or trail_ppm, order_id))]
        self._settle(cohort)
        return cohort.best

    def move(self, price: int) -> list[tuple[int, int]]:
        """Follow a price; remove and give those that it fires, as (id, best price)."""
        rank = price * self.sign
        if self.cohorts and self.cohorts[-1].best * self.sign < rank:
            self._follow(price, rank)
        fired: list[tuple[int, int]] = []
        while self.firsts and self.firsts[-1][0] >= rank:
            cohort = self._cohort(self.firsts[-1][1])
            self._unlist(cohort)
            for order_id in cohort.take_reached(rank, self.sign):
                del self.places[order_id]
                fired.append((order_id, cohort.best))
            self._settle(cohort)
        return fired

    def _follow(self, price: int, rank: int) -> None:
        """Every cohort whose best price this one beats becomes one with it."""
        joined = self._pop()
        while self.cohorts and self.cohorts[-1].best * self.sign <= rank:
            other = self._pop()
            larger, smaller = (joined, other) if len(joined) >= len(other) else (other, joined)
            larger.absorb(smaller, self.places)
            joined = larger
        joined.best = price
        self.cohorts.append(joined)
        self._list(joined)

    def _pop(self) -> Cohort:
        cohort = self.cohorts.pop()
        self._unlist(cohort)
        return cohort

    def _cohort(self, best: int) -> Cohort:
        """The cohort with this best price, made where missing."""
        position = bisect_left(self.cohorts, -best * self.sign, key=lambda cohort: -cohort.best * self.sign)
        if position == len(self.cohorts) or self.cohorts[position].best != best:
            self.cohorts.insert(position, Cohort(best))
        return self.cohorts[position]

    def _settle(self, cohort: Cohort) -> None:
        """After members have left: watch the next, or forget an empty cohort."""
        if len(cohort):
            self._list(cohort)
        else:
            self.cohorts.remove(cohort)

    def _list(self, cohort: Cohort) -> None:
        first = cohort.first(self.sign)
        if first is not None:
            insort(self.firsts, (first, cohort.best))

    def _unlist(self, cohort: Cohort) -> None:
        first = cohort.first(self.sign)
        if first is not None:
            del self.firsts[bisect_left(self.firsts, (first, cohort.best))]
