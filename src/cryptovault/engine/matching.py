"""Matching: an incoming order meets the other side of the book, in price-time priority, at the makers' prices."""

from cryptovault.engine.book import BookSide, Level, Order, Seat
from cryptovault.engine.events import Event, LevelChanged, Posted, Trade
from cryptovault.engine.ledger import AVAILABLE, HELD, release
from cryptovault.engine.market import Market
from cryptovault.engine.state import State
from cryptovault.engine.types import (
    FEES,
    PPM,
    CloseReason,
    EntryKind,
    InvariantBroken,
    OrderStatus,
    SelfTrade,
    Side,
)

_new = tuple.__new__
_BUY = Side.BUY
_TRADE = EntryKind.TRADE
_FILLED = OrderStatus.FILLED
_CANCELLED = OrderStatus.CANCELLED
_NONE = CloseReason.NONE
_SELF_TRADE = CloseReason.SELF_TRADE


def match(
    state: State, market: Market, taker: Order, limit: int, mode: SelfTrade, budget: bool, events: list[Event]
) -> CloseReason:
    """Trade `taker` down to its limit price in ticks; say why it has to stop for good, or NONE where its rest may rest.

    With `budget`, the taker's reserve is all it may spend, and `remaining` follows from it level by level.
    """
    makers = market.asks if taker.side is _BUY else market.bids
    worst = limit * makers.sign
    ranks = makers.ranks
    reason = _NONE
    while ranks and ranks[-1] >= worst and reason is _NONE:
        level = makers.levels[ranks[-1]]
        if budget:
            taker.remaining = taker.reserved // (level.price * market.lot * market.tick // market.whole) * market.lot
        if not taker.remaining:
            return CloseReason.BUDGET if budget else _NONE
        reason = _match_level(state, market, taker, makers, level, mode, budget, events)
    return reason


def _match_level(
    state: State,
    market: Market,
    taker: Order,
    makers: BookSide,
    level: Level,
    mode: SelfTrade,
    budget: bool,
    events: list[Event],
) -> CloseReason:
    """Trade with one level, oldest order first, and tell its new quantity."""
    reason = _NONE
    gone: list[int] = []
    before = level.qty
    seat = taker.seat
    for maker in level.orders.values():
        if maker.seat is seat:
            reason = _meet_own(state, market, taker, maker, level, mode, budget, events)
        else:
            qty = maker.remaining if maker.remaining < taker.remaining else taker.remaining
            _trade(market, maker, taker, qty, events)
            level.qty -= qty
            if maker.placed:
                _tell_maker(state, maker, events)
        if not maker.remaining:
            gone.append(maker.id)
            if not maker.placed:
                del maker.seat.quotes[maker.id]
        if reason is not _NONE or not taker.remaining:
            break
    for order_id in gone:
        del level.orders[order_id]
    if not level.orders:
        makers.drop(level.price * makers.sign)
    if level.qty != before:
        events.append(_new(LevelChanged, (market.symbol, makers.side, level.price, level.qty)))
    return reason


def _tell_maker(state: State, maker: Order, events: list[Event]) -> None:
    """News for the owner of a resting order that has traded."""
    maker.touch(state.at)
    if maker.remaining:
        events.append(maker.state())
        return
    final = maker.final(_FILLED, _NONE)
    forget_order(state, maker)
    state.closed[maker.id] = final
    events.append(final)


def forget_order(state: State, order: Order) -> None:
    """An order that is no longer open leaves the indexes."""
    del state.orders[order.id]
    del order.seat.orders[order.id]


def _trade(market: Market, maker: Order, taker: Order, qty: int, events: list[Event]) -> None:
    """One fill: the held notional of the buyer and the held base of the seller change hands, less fees."""
    price = maker.price
    notional = price * qty * market.tick // market.whole
    market.last_trade_id = trade_id = market.last_trade_id + 1
    if taker.side is _BUY:
        buyer, seller = taker, maker
        base_fee = taker_fee = -(-qty * market.taker_fee // PPM)
        quote_fee = maker_fee = -(-notional * market.maker_fee // PPM)
    else:
        buyer, seller = maker, taker
        base_fee = maker_fee = -(-qty * market.maker_fee // PPM)
        quote_fee = taker_fee = -(-notional * market.taker_fee // PPM)
    buyer.reserved -= notional
    seller.reserved -= qty
    if buyer.reserved < 0 or seller.reserved < 0:
        raise InvariantBroken(f"{market.symbol}/{trade_id} spends more than was held")
    buyer.fee += base_fee
    seller.fee += quote_fee
    for order in (buyer, seller):
        order.filled += qty
        order.spent += notional
        order.remaining -= qty
    events.append(
        _new(
            Trade,
            (
                trade_id, market.symbol, price, qty, notional, taker.side, maker.id, taker.id,
                maker.seat.name, taker.seat.name, maker_fee, taker_fee,
            ),
        )
    )  # fmt: skip
    _settle(market, buyer.seat, seller.seat, qty, notional, base_fee, quote_fee, events)


def _settle(
    market: Market,
    buyer: Seat,
    seller: Seat,
    qty: int,
    notional: int,
    base_fee: int,
    quote_fee: int,
    events: list[Event],
) -> None:
    """Post one fill. Per asset: what one side's hold loses is what the other side and the house receive."""
    base, quote = market.base, market.quote
    buyer.quote[1] -= notional
    buyer.base[0] += qty - base_fee
    seller.base[1] -= qty
    seller.quote[0] += notional - quote_fee
    postings = [(buyer.name, quote, HELD, -notional), (seller.name, base, HELD, -qty)]
    if qty > base_fee:
        postings.append((buyer.name, base, AVAILABLE, qty - base_fee))
    if notional > quote_fee:
        postings.append((seller.name, quote, AVAILABLE, notional - quote_fee))
    if base_fee:
        market.fees_base[0] += base_fee
        postings.append((FEES, base, AVAILABLE, base_fee))
    if quote_fee:
        market.fees_quote[0] += quote_fee
        postings.append((FEES, quote, AVAILABLE, quote_fee))
    events.append(_new(Posted, (_TRADE, f"{market.symbol}/{market.last_trade_id}", tuple(postings))))


def _meet_own(
    state: State,
    market: Market,
    taker: Order,
    maker: Order,
    level: Level,
    mode: SelfTrade,
    budget: bool,
    events: list[Event],
) -> CloseReason:
    """Self-trade prevention: nobody trades with themselves. Says whether the taker has to stop."""
    if mode is SelfTrade.DECREMENT:
        return _decrement(state, market, taker, maker, level, budget, events)
    if mode is not SelfTrade.CANCEL_NEWEST:
        level.qty -= maker.remaining
        maker.remaining = 0
        close_resting(state, market, maker, _SELF_TRADE, events)
    return _NONE if mode is SelfTrade.CANCEL_OLDEST else _SELF_TRADE


def close_resting(state: State, market: Market, order: Order, reason: CloseReason, events: list[Event]) -> None:
    """Give back what a resting order holds, and tell its owner unless it is a quote. The book is the caller's."""
    release_reserve(market, order, order.reserved, events)
    if not order.placed:
        return
    order.touch(state.at)
    final = order.final(_CANCELLED, reason)
    forget_order(state, order)
    state.closed[order.id] = final
    events.append(final)


def release_reserve(market: Market, order: Order, amount: int, events: list[Event]) -> None:
    """Give part of an order's reserve back to its owner."""
    if amount:
        order.reserved -= amount
        seat = order.seat
        if order.side is _BUY:
            release(events, seat.quote, seat.name, market.quote, order.id, amount)
        else:
            release(events, seat.base, seat.name, market.base, order.id, amount)


def _decrement(
    state: State, market: Market, taker: Order, maker: Order, level: Level, budget: bool, events: list[Event]
) -> CloseReason:
    """Both orders lose the smaller quantity without trading it; the one that has nothing left is cancelled."""
    qty = min(maker.remaining, taker.remaining)
    cost = maker.price * qty * market.tick // market.whole
    level.qty -= qty
    maker.lower(qty)
    if maker.remaining:
        release_reserve(market, maker, cost if maker.side is _BUY else qty, events)
        if maker.placed:
            maker.touch(state.at)
            events.append(maker.state())
    else:
        close_resting(state, market, maker, _SELF_TRADE, events)
    if budget:
        release_reserve(market, taker, cost, events)
        taker.lower_budget(qty, cost)
    else:
        taker.lower(qty)
    return _NONE if taker.remaining else _SELF_TRADE
