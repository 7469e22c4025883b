"""O7: the engine against the order matching of nautilus_trader, where their kinds of orders match.

What is compared and how, and every difference there is: docs/reference/differential.md.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from cryptovault.engine import timed
from cryptovault.engine.book import BookSide, Level
from cryptovault.engine.commands import Leg, PlaceOco, PlaceOrder, Terms
from cryptovault.engine.matching import Matching
from cryptovault.engine.trailing import Trails
from cryptovault.engine.triggers import Ladder
from cryptovault.engine.types import CloseReason, OrderType, Side, TimeInForce

if find_spec("nautilus_trader") is None:
    pytest.skip("nautilus_trader has no wheel for this platform, or was not installed", allow_module_level=True)

from engine.nautilus_comparing import ME, PAIR, Both, Disagreement
from engine.nautilus_rules import REFUSED, RULES
from engine.nautilus_scripts import Life

ORDERS = int(os.environ.get("CRYPTOVAULT_DIFFERENTIAL", "100000"))
SEEDS = 20
LIFE = 60  # orders of the client
BUY, SELL = Side.BUY, Side.SELL
GTC, IOC, FOK, GTD = TimeInForce


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.timeout(3600)
def test_o7_engine_equals_nautilus_trader(seed: int) -> None:
    """A client's orders end as they do with nautilus_trader, fill by fill, but for what is explained."""
    placed = number = 0
    while placed < ORDERS // SEEDS:
        placed += live_once(Both(), f"{seed} {number}")
        number += 1


def live_once(both: Both, seed: str) -> int:
    """A client's life in a world of its own; how many orders it placed."""
    life, steps = Life(random.Random(seed), both), 0
    while life.placed < LIFE:
        life.step()
        steps += 1
        if steps % 10 == 0:
            both.compare_books()
    both.compare_books()
    return life.placed


def live_many(lives: int) -> Counter[str]:
    """The differences that so many lives meet."""
    told: Counter[str] = Counter()
    for number in range(lives):
        both = Both()
        live_once(both, f"life {number}")
        told += both.told
    return told


# Each difference by itself


def order(kind: OrderType, tif: TimeInForce = GTC, price: int = 0, trigger: int = 0, **more: object) -> PlaceOrder:
    """The client buys 8."""
    terms = Terms(trigger, expires_at=0) if trigger else None
    return PlaceOrder(ME, "c", PAIR, BUY, kind, tif, price, 8, terms=terms, **more)


@pytest.fixture
def both() -> Both:
    """The world bids 5 at 98 and offers 5 at 102."""
    world = Both()
    world.world_places(BUY, 98, 5)
    world.world_places(SELL, 102, 5)
    return world


def fire(both: Both, price: int, qty: int = 5) -> None:
    """The world's best offer becomes another one, further away."""
    both.world_places(SELL, price, qty)
    both.world_shrinks(both.world.orders(SELL)[0], 5)


def oco(both: Both, take_profit: Leg, stop_loss: Leg, date: int = 0) -> None:
    both.place_pair(PlaceOco(ME, "c", PAIR, BUY, 8, take_profit, stop_loss, date))


def immediate(both: Both) -> None:
    """What an IOC order leaves over expires here and is cancelled there."""
    both.place(order(OrderType.LIMIT, IOC, 103))


def killed(both: Both) -> None:
    """Fill-or-kill that cannot be filled is refused here, and taken and cancelled there."""
    both.place(order(OrderType.LIMIT, FOK, 103))


def fill_at_trigger(both: Both) -> None:
    """A stop-limit that the price jumps over takes what is offered here; there it first takes at its trigger."""
    both.place(order(OrderType.STOP_LIMIT, price=110, trigger=104))
    fire(both, 107)


def fill_at_limit(both: Both) -> None:
    """A take-profit-limit that the price jumps over takes the better price here; there it trades at its limit."""
    both.place(order(OrderType.TAKE_PROFIT_LIMIT, price=100, trigger=101))
    both.world_places(SELL, 99, 20)


def fired_post_only(both: Both) -> None:
    """A post-only order that would take once it has fired is cancelled here and refused there."""
    both.place(order(OrderType.STOP_LIMIT, price=110, trigger=104, post_only=True))
    fire(both, 107)


def fired_immediate(both: Both) -> None:
    """A fired order that may not rest and meets nobody ends here, and rests there."""
    both.place(order(OrderType.STOP_LIMIT, IOC, 103, 104))
    fire(both, 107)


def pair_in_part(both: Both) -> None:
    """Of a pair, what trades in part goes on alone here; there it is cancelled with the other."""
    oco(both, Leg(OrderType.LIMIT, 100), Leg(OrderType.STOP, 0, Terms(105)))
    both.world_places(SELL, 100, 3)


def pair_ends_at_fire(both: Both) -> None:
    """Of a pair, what fires takes the other with it at once here; there with its first fill."""
    oco(both, Leg(OrderType.LIMIT, 100), Leg(OrderType.STOP_LIMIT, 103, Terms(105)))
    fire(both, 107)


def pair_ends_by_date(both: Both) -> None:
    """Of a pair whose date has come both expire here; there one does, and cancels the other."""
    oco(both, Leg(OrderType.LIMIT, 100), Leg(OrderType.STOP, 0, Terms(105)), both.at + 10)
    both.wait(10)


DIFFERENCES = (
    killed,
    immediate,
    fill_at_trigger,
    fill_at_limit,
    fired_post_only,
    fired_immediate,
    pair_in_part,
    pair_ends_at_fire,
    pair_ends_by_date,
)


@pytest.mark.parametrize("happens", DIFFERENCES)
def test_each_difference_by_itself(both: Both, happens: Callable[[Both], None]) -> None:
    """What makes the two differ is met where it happens, and nothing else is."""
    happens(both)
    assert both.told == {happens.__name__: 1}


@pytest.mark.parametrize("happens", DIFFERENCES)
def test_no_rule_is_needless(both: Both, happens: Callable[[Both], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its rule each explained difference is a disagreement."""
    for rules in (RULES, REFUSED):
        monkeypatch.delitem(rules, happens.__name__, raising=False)
    with pytest.raises(Disagreement):
        happens(both)


def test_every_rule_is_shown() -> None:
    """There is no rule for a difference that nothing above shows."""
    assert [happens.__name__ for happens in DIFFERENCES] == [*REFUSED, *RULES]


# What the comparison notices


def nothing(*_: object) -> None:
    """Done, and false as an answer."""


def newest_first(patch: pytest.MonkeyPatch) -> None:
    """Of the orders at one price the youngest trades first."""

    def wrong(
        self: Matching, level: Level, right: Callable[[Matching, Level], CloseReason] = Matching._level
    ) -> object:
        level.orders = dict(reversed(level.orders.items()))
        return right(self, level)

    patch.setattr(Matching, "_level", wrong)


def takes_though_post_only(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a post-only order would take."""
    patch.setattr(BookSide, "crosses", nothing)


def fires_late(patch: pytest.MonkeyPatch) -> None:
    """A price must go through a trigger, not only reach it."""
    right = Ladder.take_reached
    patch.setattr(Ladder, "take_reached", lambda self, price: right(self, price + self.sign))


def trails_never(patch: pytest.MonkeyPatch) -> None:
    """A trailing stop stays where it was placed."""
    patch.setattr(Trails, "_follow", nothing)


def dates_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Nothing ever expires."""
    patch.setattr(timed, "run_due", nothing)


MISTAKES = (newest_first, takes_though_post_only, fires_late, trails_never, dates_forgotten)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_engine_is_noticed(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of these mistakes in our engine is a disagreement within forty lives."""
    mistake(monkeypatch)
    with pytest.raises(Disagreement):
        live_many(40)


def test_a_wrong_fill_is_noticed(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trade that is told with one lot less than was traded is a disagreement."""
    keep = both._keep_trade
    monkeypatch.setattr(both, "_keep_trade", lambda trade: keep(trade._replace(qty=trade.qty - 1)))
    with pytest.raises(Disagreement):
        both.place(order(OrderType.LIMIT, price=102))


def test_a_queue_out_of_order_is_noticed(both: Both) -> None:
    """Two orders of the world that have changed places are a disagreement, though the level is the same."""
    both.world_places(BUY, 98, 7)
    both.compare_books()
    both.world.sides[BUY][98].rotate()
    with pytest.raises(Disagreement):
        both.compare_books()


def test_the_lives_are_lively() -> None:
    """The differences that common orders make are met within few lives, so the orders do trade, fire and end."""
    assert live_many(60).keys() >= {"immediate", "killed", "fired_immediate", "fill_at_trigger"}
