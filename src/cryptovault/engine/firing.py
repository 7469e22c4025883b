"""What a command sets off: orders whose trigger a price has reached are executed in the same command, oldest first.

Where they are very many, the rest of them follows in the next commands, before what those are about themselves.
"""

from heapq import heappop

from cryptovault.engine import limits
from cryptovault.engine.book import Level, Order
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Event, LevelChanged, MarketChanged, OrderState, Posted, ReferencePriceSet, Trade
from cryptovault.engine.groups import follow, leave
from cryptovault.engine.market import Market
from cryptovault.engine.matching import Matching, cancelled, release_reserve
from cryptovault.engine.mirror import lay
from cryptovault.engine.order_rules import fillable
from cryptovault.engine.orders import take
from cryptovault.engine.resting import fire, forget, tell_levels_once, watch
from cryptovault.engine.state import PAPER_TURN, State
from cryptovault.engine.triggers import trigger_now
from cryptovault.engine.types import (
    CloseReason,
    InvariantBroken,
    MarketStatus,
    OrderStatus,
    Side,
    TimeInForce,
    TriggerSource,
)

_OPEN = MarketStatus.OPEN
_REFERENCE = TriggerSource.REFERENCE
_LAST_TRADE = TriggerSource.LAST_TRADE

_RESTING = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)


def settle(state: State, events: list[Event], verdict: Event | None = None) -> None:
    """Do everything that the events so far set off, and what that sets off, until nothing or too much is left.

    Each order fires at most once, so this ends. `verdict` is what the command answers, where that is no event yet.
    """
    first = len(events)
    _read(state, events)
    if type(verdict) is OrderState and verdict.group:
        follow(state, verdict, events)
        _read(state, events)
    if state.fired:
        _execute_some(state, events)
    if len(events) > first:
        tell_levels_once(events)
        state.read = len(events)


def _execute_some(state: State, events: list[Event]) -> None:
    """Execute the oldest orders that have fired, as many as one command may."""
    seq, on_paper, done = state.executed
    if seq != state.seq:
        on_paper = done = 0
    while state.fired and done < limits.MAX_FIRED:
        is_paper = state.queue[0] > PAPER_TURN
        if is_paper and on_paper >= limits.MAX_FIRED_ON_PAPER:
            break
        order_id = heappop(state.queue) % PAPER_TURN
        fired = state.fired.pop(order_id, None)
        if fired is not None:
            done, on_paper = done + 1, on_paper + is_paper
            _execute(state, state.orders[order_id], *fired, events)
            _read(state, events)
    state.executed = state.seq, on_paper, done
    if state.fired:
        state.due.add(state.at, DueKind.FIRED, 0)
    else:
        state.queue.clear()


def _read(state: State, events: list[Event]) -> None:
    """Look at what has happened since the last time, in order."""
    position, markets = state.read, state.markets
    while position < len(events):
        event = events[position]
        position += 1
        if type(event) is Posted or type(event) is LevelChanged:  # most are
            continue
        if type(event) is Trade:
            _traded(state, markets[event.market], event.price)
        elif type(event) is OrderState:
            if event.group:
                follow(state, event, events)
        elif type(event) is ReferencePriceSet:
            _move(state, markets[event.market], _REFERENCE, event.price)
        elif type(event) is MarketChanged:
            market = markets[event.market]
            for source in TriggerSource:
                _move(state, market, source, market.price_of(source, state.at))
    state.read = position


def _traded(state: State, market: Market, price: int) -> None:
    """What a real market trades at is the last trade of its paper market too, whose own trades say nothing."""
    if market.mirrors is None:
        _move(state, market, _LAST_TRADE, price)
        if market.paper is not None:
            _move(state, market.paper, _LAST_TRADE, price)


def _move(state: State, market: Market, source: TriggerSource, price: int) -> None:
    """A price of an open market has been seen; 0 is none."""
    if price and market.status is _OPEN:
        for order_id, best in market.watchers[source].move(price):
            state.watched -= 1
            fire(state, order_id, price, best)


def _execute(state: State, order: Order, price: int, best: int, events: list[Event]) -> None:
    """An order has fired at this price: match it as what it becomes, and tell."""
    old = order.state
    if old is None:
        raise InvariantBroken(f"quote {order.id} has fired")
    market = state.markets[old.market]
    if market.status is not _OPEN:  # what fired before it has halted the market
        watch(state, market, order, best)
        return
    if market.mirrors is not None:
        lay(state, market, old.account, events)
    if old.group:
        leave(state, order, old, events)
    at = state.at
    order.state = fired = old._replace(
        status=OrderStatus.OPEN, version=old.version + 1, updated=at, terms=trigger_now(order, best), triggered=at
    )
    limit = order.price or market.worst_price(order.side, price)
    if _cannot_be_placed(state, market, order, fired, limit):
        release_reserve(market, order, order.reserved, events)
        final = cancelled(order, fired._replace(version=old.version), CloseReason.NOT_PLACED, at)
        events.append(forget(state, order, final))
        return
    bounded = order.side is Side.BUY and not order.price
    told = take(state, market, order, limit, fired, events, BoundedMatching if bounded else Matching)
    if told.status not in _RESTING:
        forget(state, order, told)
    events.append(told)


def _cannot_be_placed(state: State, market: Market, order: Order, fired: OrderState, limit: int) -> bool:
    """Whether what the order becomes would be refused: nobody to trade with, post-only that takes, FOK not fillable."""
    makers = market.asks if order.side is Side.BUY else market.bids
    if not order.price:
        return not makers.ranks
    if fired.post_only:
        return makers.crosses(limit)
    return fired.tif is TimeInForce.FOK and fillable(state, market, order.seat, fired, limit)[0] < fired.qty


class BoundedMatching(Matching):
    """The pass of a fired buy without a limit: as much of its quantity as what it holds will pay for.

    At each level the taker shows what it can pay for there; `beyond` is what it wants beyond that.
    """

    __slots__ = ("beyond",)

    def run(self, limit: int) -> CloseReason:
        """As in `Matching`, with BUDGET where the money ends before the quantity."""
        taker, makers = self.taker, self.makers
        worst, reason = limit * makers.sign, CloseReason.NONE
        while taker.remaining and reason is CloseReason.NONE and makers.ranks and makers.ranks[-1] >= worst:
            level = makers.levels[makers.ranks[-1]]
            self._offer(level)
            reason = self._level(level) if taker.remaining else CloseReason.BUDGET
            taker.remaining += self.beyond
        return reason

    def _offer(self, level: Level) -> None:
        taker, market = self.taker, self.market
        payable = taker.reserved // market.notional(level.price, market.lot) * market.lot
        self.beyond = max(0, taker.remaining - payable)
        taker.remaining -= self.beyond

    def _decrement(self, maker: Order, level: Level) -> CloseReason:
        """What disappears without a trade costs nothing: it comes out of all that is wanted."""
        self.taker.remaining += self.beyond
        reason = super()._decrement(maker, level)
        self._offer(level)
        return reason
