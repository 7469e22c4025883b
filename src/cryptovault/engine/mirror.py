"""Paper markets trade against the live book: what that shows is laid into theirs for the length of a command.

Nothing of it stays. Between commands the book of a paper market holds the paper orders that rest. They never meet each
other: for its length a command sees those of its own account alone. The live book never learns of any of this.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from cryptovault.engine import limits
from cryptovault.engine.book import BookSide, Level, Order, Seat
from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.events import Event, LevelChanged, MarketChanged
from cryptovault.engine.ledger import held_entry, released_entry
from cryptovault.engine.market import Market
from cryptovault.engine.matching import Matching
from cryptovault.engine.resting import NOT_IN_BOOK
from cryptovault.engine.state import Laid, State
from cryptovault.engine.types import PAPER, MarketStatus, SelfTrade, Side

LEVELS = 50
"""How deep into the live book a paper order can reach, on each side."""

_LOOKED_AT = 200
"""Paper orders that one changed level of the live book is compared with."""

_TRADING = (MarketStatus.OPEN, MarketStatus.POST_ONLY)

Depth = list[tuple[int, int]]


def join(state: State, paper: Market, real: Market) -> None:
    """From now on the one mirrors the other."""
    paper.mirrors, real.paper = real, paper
    _note_rest(state, paper, real)


def lay(state: State, paper: Market, account: str, events: list[Event]) -> None:
    """Let an account see the live book's depth and its own orders in a paper market, until `lift` or another's turn.

    Nobody sees the paper orders of others, and so nobody changes what others get. A level that an own order waits at or
    beyond is left out: that order has met it already.
    """
    _lay(state, paper, account, events, ((Side.BUY, 0, 0), (Side.SELL, 0, 0)))


def lay_for(state: State, paper: Market, order: PlaceOrder, events: list[Event]) -> None:
    """As `lay`, but only what this order can trade with: one that is all its command places, and sets nothing off."""
    qty = order.qty if type(order.qty) is int else 0
    price = order.price if type(order.price) is int else 0
    _lay(state, paper, order.account, events, ((_other(order.side), price, qty),))


def _lay(
    state: State, paper: Market, account: str, events: list[Event], wanted: Iterable[tuple[Side, int, int]]
) -> None:
    """`wanted` are sides, each with the price and the quantity that is enough; 0 for all there is."""
    laid = state.laid.get(paper.symbol)
    if laid is None or laid.seat.name != account:
        _turn_to(state, paper, account, events)
        _lay_depth(state, paper, events, wanted)


def _turn_to(state: State, paper: Market, account: str, events: list[Event]) -> None:
    """Show a paper market as one account sees it: with its own orders alone."""
    if (laid := state.laid.get(paper.symbol)) is not None:
        _lift(state, laid, events)
    seat = paper.seat(state.ledger.open(account))
    resting = sorted(_resting(seat), key=lambda order: order.turn)
    before = [(order, order.price, order.remaining) for order in resting]
    state.laid[paper.symbol] = Laid(paper, seat, paper.bids, paper.asks, before)
    paper.bids, paper.asks = BookSide(Side.BUY, 1), BookSide(Side.SELL, -1)
    for order in resting:
        _book(paper, order.side).add(order)


def _resting(seat: Seat) -> list[Order]:
    return [order for order in seat.orders.values() if order.state and order.state.status not in NOT_IN_BOOK]


def _lay_depth(state: State, paper: Market, events: list[Event], wanted: Iterable[tuple[Side, int, int]]) -> None:
    real = paper.mirrors
    if real is None or real.status not in _TRADING:
        return
    house = paper.seat(state.ledger.open(PAPER))
    for side, price, qty in wanted:
        other = _book(paper, _other(side))
        levels = (level for level in _live(state, real, side) if not other.crosses(level[0]))
        _lay_side(paper, house, side, _enough(levels, side, price, qty), events)


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
    """Take everything out that was laid, and bring the books of everybody together again."""
    for laid in list(state.laid.values()):
        _lift(state, laid, events)


def _lift(state: State, laid: Laid, events: list[Event]) -> None:
    paper = laid.market
    del state.laid[paper.symbol]
    if (house := paper.seats.get(PAPER)) is not None:
        _take_back(paper, house, events)
    paper.bids, paper.asks = laid.bids, laid.asks
    _bring_together(paper, laid)
    for place, event in enumerate(events):
        if type(event) is LevelChanged and event.market == paper.symbol:
            events[place] = event._replace(qty=_book(paper, event.side).qty_at(event.price))
    if paper.mirrors is not None:
        _note_rest(state, paper, paper.mirrors)


def _take_back(paper: Market, house: Seat, events: list[Event]) -> None:
    held = {Side.BUY: 0, Side.SELL: 0}
    for quote in house.quotes.values():
        held[quote.side] += quote.reserved
    house.quotes.clear()
    for side, amount in held.items():
        _hold(paper, house, side, -amount, events)


def _bring_together(paper: Market, laid: Laid) -> None:
    """Do to the book of everybody what its owner's orders have done meanwhile."""
    resting = {order.id: order for order in _resting(laid.seat)}
    for order, price, shown in laid.before:
        book = _book(paper, order.side)
        level = book.levels[price * book.sign]
        if resting.get(order.id) is order and (order.price, order.remaining) == (price, shown):
            del resting[order.id]
            continue
        del level.orders[order.id]
        level.qty -= shown
        if not level.orders:
            book.drop(price * book.sign)
    for order in resting.values():
        _book(paper, order.side).add(order)


def _note_rest(state: State, paper: Market, real: Market) -> None:
    if paper.bids.ranks or paper.asks.ranks:
        state.resting_paper[real.symbol] = paper
    else:
        state.resting_paper.pop(real.symbol, None)


def meet(state: State, events: list[Event]) -> Iterator[None]:
    """Let the live book fill the paper orders it has come to, account by account; what that sets off is the caller's.

    Looked at are the levels that this command has changed, or all where the market has opened. Where very many accounts
    wait, some of them have their turn, and others at the next change.
    """
    turns = [
        (paper, account, side, price)
        for paper, side, price in _come_to(state, events)
        for account in _accounts_at(paper, side, price, state.seq)
    ]
    for paper, account, side, price in turns[: limits.MAX_FIRED_ON_PAPER]:
        first = len(events)
        _turn_to(state, paper, account, events)
        if _fill(state, paper, side, price, events):
            _lay_depth(state, paper, events, ((Side.BUY, 0, 0), (Side.SELL, 0, 0)))
            state.read = first
            yield


def _come_to(state: State, events: list[Event]) -> list[tuple[Market, Side, int]]:
    found: dict[tuple[str, Side, int], None] = {}
    for event in events:
        if type(event) is LevelChanged and event.market in state.resting_paper:
            found[event.market, event.side, event.price] = None
        elif type(event) is MarketChanged and event.market in state.resting_paper:
            for side in Side:
                found |= {
                    (event.market, side, price): None for price, _ in _live(state, state.markets[event.market], side)
                }
    return [(state.resting_paper[market], side, price) for market, side, price in found]


def _accounts_at(paper: Market, side: Side, price: int, start: int) -> list[str]:
    """Whose paper orders wait at this price of the live book or beyond it, each time beginning with another one."""
    book, names, looked = _book(paper, _other(side)), dict[str, None](), 0
    for rank in reversed(book.ranks):
        if rank < price * book.sign or looked > _LOOKED_AT:
            break
        for order in islice(book.levels[rank].orders.values(), _LOOKED_AT):
            names[order.seat.name] = None
            looked += 1
    first = start * limits.MAX_FIRED_ON_PAPER % len(names) if names else 0
    return [*names][first:] + [*names][:first]


def _fill(state: State, paper: Market, side: Side, price: int, events: list[Event]) -> bool:
    """Orders of the account whose turn it is trade with a level of the live book, at their own prices."""
    real = paper.mirrors
    if real is None or real.status is not MarketStatus.OPEN or not _book(paper, _other(side)).crosses(price):
        return False
    book = _book(real, side)
    level = book.levels.get(price * book.sign)
    qty = _qty(level, real.quotes_expired(state.at)) if level is not None else 0
    if not qty:
        return False
    house = paper.seat(state.ledger.open(PAPER))
    reserve = paper.notional(price, qty) if side is Side.BUY else qty
    taker = Order(0, house, side, price, qty, reserve, None)
    _hold(paper, house, side, reserve, events)
    Matching(state, paper, taker, SelfTrade.CANCEL_NEWEST, events).run(price)
    _hold(paper, house, side, -taker.reserved, events)
    return True


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
