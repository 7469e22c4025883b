from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptovault.infra.feeds.rules import Observation, PriceGuard, PriceState, Reading, quorum

WALL = 1_800_000_000_000
BAD_TICKS = ["0", "-1", "NaN", "Infinity", "-Infinity", "sNaN", "1e400", "1e-30"]


class Scene:
    """A guard and its two clocks; each `tell` is one tick, a second after the last."""

    def __init__(self) -> None:
        self.guard = PriceGuard()
        self.now = 10_000

    def observation(self, source: str, price: str, at: int | None = None) -> Observation:
        """What an exchange says now."""
        at = WALL + self.now if at is None else at
        return Observation(source, Decimal(price), at, at, self.now)

    def slow(self, source: str, price: str, *, gives: bool = True) -> Observation:
        """What a source says that renews its figures once a minute."""
        return self.observation(source, price)._replace(live=False, max_age_ms=90_000, gives=gives)

    def judge(self, *observations: Observation, needed: int = 1) -> Reading:
        """The guard's word now."""
        return self.guard.judge(self.now, WALL + self.now, observations, needed)

    def tell(self, *prices: str, needed: int = 1, slow: str = "") -> Reading:
        """A second passes, then exchanges A, B, C, and perhaps a slow source S, say these prices."""
        self.now += 1_000
        told = [self.observation(name, price) for name, price in zip("ABC", prices, strict=False)]
        return self.judge(*told, *([self.slow("S", slow)] if slow else []), needed=needed)


def fresh(price: str, *sources: str, witnesses: tuple[str, ...] = (), outliers: tuple[str, ...] = ()) -> Reading:
    """A usable price and who had what part in it."""
    return Reading(PriceState.FRESH, Decimal(price), sources, witnesses, outliers)


def test_p1_a_price_is_usable_for_five_seconds() -> None:
    """A price stays fresh until it is 5 s old, then it is stale."""
    scene = Scene()
    said = scene.observation("A", "100")
    assert scene.judge(said) == fresh("100", "A")
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
    assert scene.tell("100.5") == fresh("100.5", "A")


def test_p1_a_jump_needs_three_consecutive_ticks() -> None:
    """A move of more than 10 % is accepted with the third tick that tells it, and stale until then."""
    scene = Scene()
    scene.tell("100")
    assert [scene.tell(price).state for price in ("111", "112")] == [PriceState.STALE] * 2
    assert scene.tell("113") == fresh("113", "A")


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


def test_p1_the_price_is_the_median_of_the_sources() -> None:
    """Of three sources near each other the middle one is the price, of two their mean."""
    assert Scene().tell("100", "101", "99.5") == fresh("100", "A", "B", "C")
    assert Scene().tell("100", "101") == fresh("100.5", "A", "B")


def test_p1_one_of_three_sources_wrong_is_thrown_out() -> None:
    """The median is that of the two that agree, whichever of the three is wrong."""
    assert Scene().tell("100000", "100", "101", needed=2) == fresh("100.5", "B", "C", outliers=("A",))
    assert Scene().tell("100", "101", "0.1", needed=2) == fresh("100.5", "A", "B", outliers=("C",))


def test_f19_two_of_three_wrong_is_stale() -> None:
    """Three sources of which no two agree give no price."""
    assert Scene().tell("100", "200", "300", needed=2).state is PriceState.STALE


def test_f19_two_of_three_wrong_together_wait_a_minute() -> None:
    """Two that tell the same wrong price are not believed while the third tells the old one."""
    scene = Scene()
    scene.tell("100", "100", "100", needed=2)
    wrong = [scene.tell("100000", "100000", "100", needed=2) for _ in range(59)]
    assert {reading.state for reading in wrong} == {PriceState.STALE}
    assert scene.tell("100", "100", "100", needed=2).price == Decimal(100)


def test_f19_a_slow_witness_stands_by_the_one_that_is_right() -> None:
    """Two wrong exchanges against one and a witness far from them: as many against as for, so there is no price."""
    assert Scene().tell("100000", "100000", "100", slow="100", needed=2).reason == "sources disagree"


def test_t10_one_of_two_sources_far_off_is_never_averaged() -> None:
    """Two sources of which one is 1000 times off make stale, not the mean of both."""
    scene = Scene()
    scene.tell("100", "100")
    assert scene.tell("100", "100000") == Reading(PriceState.STALE, None, reason="sources disagree")


def test_a_slow_witness_decides_between_two_exchanges() -> None:
    """Which of two contradicting exchanges is right, the third source tells; the price is the exchange's."""
    assert Scene().tell("100", "100000", slow="100.5", needed=2) == fresh("100", "A", witnesses=("S",), outliers=("B",))


def test_figures_of_a_minute_ago_do_not_move_the_median() -> None:
    """While exchanges speak, a slow source agrees or is thrown out; it does not give the price."""
    assert Scene().tell("100", "100.2", slow="99", needed=2) == fresh("100.1", "A", "B", witnesses=("S",))
    assert Scene().tell("100", "100.2", slow="96", needed=2) == fresh("100.1", "A", "B", outliers=("S",))


def test_p1_two_of_three_sources_must_speak() -> None:
    """Where two must agree, one alone gives no price: the last one holds for five seconds and no longer."""
    assert Scene().tell("100", needed=2).state is PriceState.STALE
    scene = Scene()
    scene.tell("100", "100", needed=2)
    assert [scene.tell("101", needed=2).price for _ in range(6)] == [Decimal(100)] * 5 + [None]
    assert [quorum(count) for count in (1, 2, 3, 4, 5)] == [1, 1, 2, 2, 2]


def test_where_no_exchange_speaks_slow_sources_give_the_price() -> None:
    """Two of them agree; one whose answer is too old for a price bears witness only."""
    scene = Scene()
    found = scene.judge(scene.slow("S", "100"), scene.slow("T", "100.4"), needed=2)
    assert found == fresh("100.2", "S", "T")
    found = scene.judge(scene.slow("S", "100", gives=False), scene.slow("T", "100.4"), needed=2)
    assert found == fresh("100.4", "T", witnesses=("S",))
    assert Scene().judge(scene.slow("S", "100", gives=False)).state is PriceState.STALE


@given(
    st.lists(st.decimals("0.1", "10000", places=2), min_size=1, max_size=5),
    st.lists(st.decimals("0.1", "10000", places=2), max_size=2),
    st.integers(1, 2),
)
def test_p1_a_price_lies_among_those_that_agree(live: list[Decimal], slow: list[Decimal], needed: int) -> None:
    """Whatever is told, a price has enough sources within 2 % of each other's middle, and more for it than against."""
    scene = Scene()
    told = [scene.observation(f"L{number}", str(price)) for number, price in enumerate(live)]
    told += [scene.slow(f"S{number}", str(price)) for number, price in enumerate(slow)]
    reading = scene.judge(*told, needed=needed)
    if reading.price is None:
        return
    prices = {one.source: one.price for one in told}
    used = [prices[name] for name in reading.sources]
    agreeing = [*used, *(prices[name] for name in reading.witnesses)]
    assert min(used) <= reading.price <= max(used)
    assert len(agreeing) >= needed
    assert max(agreeing) <= min(agreeing) * Decimal("1.0409")  # each within 2 % of the middle
    assert len(agreeing) + len(reading.outliers) == len(told)
