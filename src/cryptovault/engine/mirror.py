"""Paper markets trade against the live book: what that shows is laid into theirs for the length of a command.

Nothing of it stays. Between commands the book of a paper market holds the paper orders that rest, and nobody else's;
and the live book never learns of any of this.
"""

from collections.abc import Iterable, Iterator

from cryptovault.engine.book import BookSide, Level, Order, Seat
from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.events import Event, LevelChanged, MarketChanged
from cryptovault.engine.ledger import held_entry, released_entry
from cryptovault.engine.market import Market
from cryptovault.engine.matching import Matching
from cryptovault.engine.state import State
from cryptovault.engine.types import PAPER, MarketStatus, SelfTrade, Side

LEVELS = 50
"""How deep into the live book a paper order can reach, on each side."""

_TRADING = (MarketStatus.OPEN, MarketStatus.POST_ONLY)

Depth = list[tuple[int, int]]


def join(state: State, paper: Market, real: Market) -> None:
    """From now on the one mirrors the other."""
    paper.mirrors, real.paper = real, paper
    _note_rest(state, paper, real)


def lay(state: State, paper: Market, events: list[Event]) -> None:
    """Lay the depth of the live book into a paper market, unless this command has done so before.

    A level that a paper order waits at or beyond is left out: that order has met it already, and is the first in turn.
    """
    _lay(state, paper, events, ((Side.BUY, 0, 0), (Side.SELL, 0, 0)))


def lay_for(state: State, paper: Market, order: PlaceOrder, events: list[Event]) -> None:
    """As `lay`, but only what this order can trade with: one that is all its command places, and sets nothing off."""
    qty = order.qty if type(order.qty) is int else 0
    price = order.price if type(order.price) is int else 0
    _lay(state, paper, events, ((_other(order.side), price, qty),))


def _lay(state: State, paper: Market, events: list[Event], wanted: Iterable[tuple[Side, int, int]]) -> None:
    """`wanted` are sides, each with the price and the quantity that is enough; 0 for all there is."""
    real = paper.mirrors
    if real is None or paper.symbol in state.laid:
        return
    state.laid[paper.symbol] = paper
    if real.status in _TRADING:
        seat = paper.seat(state.ledger.open(PAPER))
        for side, price, qty in wanted:
            other = _book(paper, _other(side))
            levels = (level for level in _live(state, real, side) if not other.crosses(level[0]))
            _lay_side(paper, seat, side, _enough(levels, side, price, qty), events)


def _enough(levels: Iterable[tuple[int, int]], side: Side, price: int, qty: int) -> Depth:
    """The first of the levels, as far as an order with this limit price and quantity could go."""
    found: Depth = []
    seen = 0
    for level in levels:
        if (qty and seen >= qty) or (price and (level[0] < price if side is Side.BUY else level[0] > price)):
            break
        found.append(level)
        seen += level[1]
    return found


def _lay_side(paper: Market, seat: Seat, side: Side, levels: Depth, events: list[Event]) -> None:
    book, held = _book(paper, side), 0
    for price, qty in levels:
        reserve = paper.notional(price, qty) if side is Side.BUY else qty
        held += reserve
        number = -len(seat.quotes) - 1  # below those of all orders
        seat.quotes[number] = quote = Order(number, seat, side, price, qty, reserve, None)
        book.add(quote)
    _hold(paper, seat, side, held, events)


def _hold(paper: Market, seat: Seat, side: Side, amount: int, events: list[Event]) -> None:
    """Set aside what the live book would pay with, or, where negative, give it back."""
    cell, asset = (seat.quote, paper.quote) if side is Side.BUY else (seat.base, paper.base)
    cell[0] -= amount
    cell[1] += amount
    if amount > 0:
        events.append(held_entry(PAPER, asset, 0, amount))
    elif amount < 0:
        events.append(released_entry(PAPER, asset, 0, -amount))


def lift(state: State, events: list[Event]) -> None:
    """Take everything out that was laid; what paper orders have left in their books stays."""
    for paper in state.laid.values():
        seat = paper.seats.get(PAPER)
        if seat is not None:
            _lift(paper, seat, events)
        if paper.mirrors is not None:
            _note_rest(state, paper, paper.mirrors)
    state.laid.clear()


def _lift(paper: Market, seat: Seat, events: list[Event]) -> None:
    held = {Side.BUY: 0, Side.SELL: 0}
    for quote in seat.quotes.values():
        _book(paper, quote.side).remove(quote)
        held[quote.side] += quote.reserved
    seat.quotes.clear()
    for side, amount in held.items():
        _hold(paper, seat, side, -amount, events)
    for place, event in enumerate(events):
        if type(event) is LevelChanged and event.market == paper.symbol:
            events[place] = event._replace(qty=_book(paper, event.side).qty_at(event.price))


def _note_rest(state: State, paper: Market, real: Market) -> None:
    if paper.bids.ranks or paper.asks.ranks:
        state.resting_paper[real.symbol] = paper
    else:
        state.resting_paper.pop(real.symbol, None)


def meet(state: State, events: list[Event]) -> bool:
    """Let the live book fill the paper orders it has come to; whether it did any.

    Looked at are the levels that this command has changed, or all where the market has opened.
    """
    first = len(events)
    for event in events[:first]:
        if type(event) is LevelChanged:
            if (paper := state.resting_paper.get(event.market)) is not None:
                _fill(state, paper, event.side, event.price, events)
        elif type(event) is MarketChanged and (paper := state.resting_paper.get(event.market)) is not None:
            for side in Side:
                for price, _ in _live(state, state.markets[event.market], side):
                    _fill(state, paper, side, price, events)
    if len(events) == first:
        return False
    state.read = first
    return True


def _fill(state: State, paper: Market, side: Side, price: int, events: list[Event]) -> None:
    """Paper orders on the other side trade with a level of the live book, at their own prices."""
    real = paper.mirrors
    if real is None or real.status is not MarketStatus.OPEN or not _book(paper, _other(side)).crosses(price):
        return
    book = _book(real, side)
    level = book.levels.get(price * book.sign)
    qty = _qty(level, real.quotes_expired(state.at)) if level is not None else 0
    if not qty:
        return
    seat = paper.seat(state.ledger.open(PAPER))
    reserve = paper.notional(price, qty) if side is Side.BUY else qty
    taker = Order(0, seat, side, price, qty, reserve, None)
    _hold(paper, seat, side, reserve, events)
    Matching(state, paper, taker, SelfTrade.CANCEL_NEWEST, events).run(price)
    _hold(paper, seat, side, -taker.reserved, events)
    lay(state, paper, events)  # for what these fills set off


def depth(market: Market, limit: int) -> tuple[Depth, Depth]:
    """The best levels of (bids, asks), best first; of a paper market those of the live book with the paper orders."""
    own = market.bids.depth(limit), market.asks.depth(limit)
    real = market.mirrors
    if real is None:
        return own
    bids, asks = _merged(own[0], real.bids.depth(limit)), _merged(own[1], real.asks.depth(limit))
    return bids[: -limit - 1 : -1], asks[:limit]


def _merged(own: Depth, live: Depth) -> Depth:
    """Both together, the lowest price first."""
    total = dict(live)
    for price, qty in own:
        total[price] = total.get(price, 0) + qty
    return sorted(total.items())


def _live(state: State, real: Market, side: Side) -> Iterator[tuple[int, int]]:
    """The levels of the live book that an order could trade with, best first."""
    book, expired = _book(real, side), real.quotes_expired(state.at)
    for rank in book.ranks[: -LEVELS - 1 : -1]:
        level = book.levels[rank]
        if qty := _qty(level, expired):
            yield level.price, qty


def _qty(level: Level, expired: bool) -> int:
    """What a level shows, without quotes that nobody trades with."""
    return sum(order.remaining for order in level.orders.values() if order.state is not None) if expired else level.qty


def _book(market: Market, side: Side) -> BookSide:
    return market.bids if side is Side.BUY else market.asks


def _other(side: Side) -> Side:
    return Side.SELL if side is Side.BUY else Side.BUY
