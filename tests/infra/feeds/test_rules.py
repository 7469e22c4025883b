from decimal import Decimal

import pytest

from cryptovault.infra.feeds.rules import Observation, PriceGuard, PriceState, Reading

WALL = 1_800_000_000_000
BAD_TICKS = ["0", "-1", "NaN", "Infinity", "-Infinity", "sNaN", "1e400", "1e-30"]


class Scene:
    """A guard and its two clocks; each `tell` is one tick, a second after the last."""

    def __init__(self) -> None:
        self.guard = PriceGuard()
        self.now = 10_000

    def observation(self, source: str, price: str, at: int | None = None, max_age_ms: int = 5_000) -> Observation:
        """What a source says now."""
        at = WALL + self.now if at is None else at
        return Observation(source, Decimal(price), at, at, self.now, max_age_ms)

    def judge(self, *observations: Observation) -> Reading:
        """The guard's word now."""
        return self.guard.judge(self.now, WALL + self.now, observations)

    def tell(self, *prices: str) -> Reading:
        """A second passes, then sources A, B, C say these prices."""
        self.now += 1_000
        return self.judge(*(self.observation(name, price) for name, price in zip("ABC", prices, strict=False)))


def test_p1_a_price_is_usable_for_five_seconds() -> None:
    """A price stays fresh until it is 5 s old, then it is stale."""
    scene = Scene()
    said = scene.observation("A", "100")
    assert scene.judge(said) == Reading(PriceState.FRESH, Decimal(100), "A")
    scene.now += 5_000
    assert scene.judge(said).state is PriceState.FRESH
    scene.now += 1
    assert scene.judge(said).state is PriceState.STALE
    assert scene.judge().price is None


@pytest.mark.parametrize("bad", BAD_TICKS)
def test_f19_an_impossible_price_is_never_used(bad: str) -> None:
    """Zero, negative and non-finite prices are ignored: the last good one holds, for 5 s and no longer."""
    scene = Scene()
    scene.tell("100")
    readings = [scene.tell(bad) for _ in range(7)]
    assert [reading.price for reading in readings[:5]] == [Decimal(100)] * 5
    assert [reading.state for reading in readings[5:]] == [PriceState.STALE] * 2


@pytest.mark.parametrize("bad", BAD_TICKS)
def test_f19_a_feed_that_begins_with_nonsense_gives_no_price(bad: str) -> None:
    """An impossible first price makes no price at all."""
    assert Scene().tell(bad).state is PriceState.STALE


@pytest.mark.parametrize("factor", [Decimal(1_000), Decimal("0.001")])
def test_f19_a_thousandfold_tick_makes_stale_not_a_price(factor: Decimal) -> None:
    """One tick that is 1000 times off is not used, and the next good one is."""
    scene = Scene()
    scene.tell("100")
    assert scene.tell(str(Decimal(100) * factor)).state is PriceState.STALE
    assert scene.tell("100.5") == Reading(PriceState.FRESH, Decimal("100.5"), "A")


def test_p1_a_jump_needs_three_consecutive_ticks() -> None:
    """A move of more than 10 % is accepted with the third tick that tells it, and stale until then."""
    scene = Scene()
    scene.tell("100")
    assert [scene.tell(price).state for price in ("111", "112")] == [PriceState.STALE] * 2
    assert scene.tell("113") == Reading(PriceState.FRESH, Decimal(113), "A")


def test_p1_ten_per_cent_is_no_jump() -> None:
    """A move of exactly 10 % passes at once."""
    scene = Scene()
    scene.tell("100")
    assert scene.tell("110").price == Decimal(110)
    assert scene.tell("99").price == Decimal(99)


def test_p1_a_jump_that_is_interrupted_starts_again() -> None:
    """Three jumping ticks that are not consecutive, or not of one level, confirm nothing."""
    scene = Scene()
    scene.tell("100")
    scene.tell("150")
    scene.tell("150")
    assert scene.tell("100").price == Decimal(100)
    states = [scene.tell(price).state for price in ("150", "300", "150", "300", "150")]
    assert states == [PriceState.STALE] * 5


def test_p1_the_same_tick_seen_three_times_confirms_nothing() -> None:
    """A jump is confirmed by new ticks, not by looking three times at one."""
    scene = Scene()
    scene.tell("100")
    scene.now += 1_000
    jump = scene.observation("A", "150")
    assert {scene.judge(jump).state for _ in range(5)} == {PriceState.STALE}


def test_f19_gap_then_jump() -> None:
    """A feed that comes back after a minute far from where it was waits for three ticks."""
    scene = Scene()
    scene.tell("100")
    scene.now += 60_000
    assert [scene.tell("60").state for _ in range(3)] == [PriceState.STALE, PriceState.STALE, PriceState.FRESH]


def test_f19_a_frozen_feed_grows_old() -> None:
    """A source that repeats the same answer for ever is stale 5 s after it was news."""
    scene = Scene()
    at = WALL + scene.now
    states = []
    for _ in range(8):
        states.append(scene.judge(scene.observation("A", "100", at)).state)
        scene.now += 1_000
    assert states == [PriceState.FRESH] * 6 + [PriceState.STALE] * 2


def test_f19_prices_out_of_order_are_ignored() -> None:
    """A price from the past of its own source does not replace a newer one."""
    scene = Scene()
    scene.tell("100")
    scene.tell("101")
    late = scene.observation("A", "100", WALL + scene.now - 1_000)
    assert scene.judge(late).price == Decimal(101)


@pytest.mark.parametrize("lag", [-60_001, 60_001])
def test_p1_a_source_in_another_time_is_not_believed(lag: int) -> None:
    """Prices more than a minute from our clock, either way, do not count."""
    scene = Scene()
    assert scene.judge(scene.observation("A", "100", WALL + scene.now + lag)).state is PriceState.STALE


def test_p1_sources_within_two_per_cent_of_the_median_agree() -> None:
    """With three sources near each other the preferred one gives the price."""
    assert Scene().tell("100", "101", "99.5") == Reading(PriceState.FRESH, Decimal(100), "A")


def test_p1_one_of_three_sources_wrong_is_outvoted() -> None:
    """Two of three that agree carry the price, even against the preferred one."""
    assert Scene().tell("100000", "100", "101") == Reading(PriceState.FRESH, Decimal(100), "B")


def test_f19_two_of_three_wrong_is_stale() -> None:
    """Three sources of which no two agree give no price."""
    assert Scene().tell("100", "200", "300").state is PriceState.STALE


def test_t10_one_of_two_sources_far_off_is_never_averaged() -> None:
    """Two sources of which one is 1000 times off make stale, not the mean of both."""
    scene = Scene()
    scene.tell("100", "100")
    assert scene.tell("100", "100000") == Reading(PriceState.STALE, None, reason="sources disagree")


def test_p1_a_witness_does_not_replace_a_silent_source() -> None:
    """When the source in use falls silent the price grows stale, though a slow witness still speaks."""
    scene = Scene()
    first = scene.observation("A", "100")
    witness = scene.observation("B", "100", max_age_ms=90_000)
    assert scene.judge(first, witness).state is PriceState.FRESH
    scene.now += 6_000
    assert scene.judge(first, witness).state is PriceState.STALE
