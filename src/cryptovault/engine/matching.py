"""Matching: an incoming order meets the other side of the book, in price-time priority, at the makers' prices."""

from cryptovault.engine.book import Level, Order, Seat
from cryptovault.engine.events import Event, LevelChanged, OrderState, Posted, Trade
from cryptovault.engine.ledger import AVAILABLE, HELD, Posting, release
from cryptovault.engine.market import Market
from cryptovault.engine.money import fee as fee_of
from cryptovault.engine.state import State
from cryptovault.engine.types import (
    FEES,
    CloseReason,
    EntryKind,
    InvariantBroken,
    MarketStatus,
    OrderStatus,
    SelfTrade,
    Side,
)

_new = tuple.__new__
_BUY = Side.BUY
_TRADE = EntryKind.TRADE
_FILLED = OrderStatus.FILLED
_PARTIALLY_FILLED = OrderStatus.PARTIALLY_FILLED
_CANCELLED = OrderStatus.CANCELLED
_NONE = CloseReason.NONE
_SELF_TRADE = CloseReason.SELF_TRADE
_OPEN = MarketStatus.OPEN
_POST_ONLY = MarketStatus.POST_ONLY


class Matching:
    """One pass of one taker through the other side of the book.

    Of an order by total (`budget`), the reserve is all it may spend; how much it asks for follows, level by level.
    `cut` is what self-trade prevention in mode DECREMENT has taken out of the taker's quantity or budget.
    """

    __slots__ = (
        "budget", "cut", "events", "fee", "filled", "maker_caps", "makers", "market", "mode", "no_quotes", "spent",
        "state", "taker", "taker_fee",
    )  # fmt: skip

    def __init__(self, state: State, market: Market, taker: Order, mode: SelfTrade, events: list[Event]) -> None:
        self.state = state
        self.market = market
        self.taker = taker
        self.makers = market.asks if taker.side is _BUY else market.bids
        self.mode = mode
        self.no_quotes = market.quotes_expired(state.at)
        self.events = events
        self.maker_caps = state.tiers.maker_caps
        rate, cap = market.taker_fee, state.tiers.taker_caps[taker.seat.account.tier]
        self.taker_fee = rate if rate < cap else cap  # noqa: FURB136 - hot path
        self.budget = False
        self.filled = 0
        self.spent = 0
        self.fee = 0
        self.cut = 0

    def run(self, limit: int) -> CloseReason:
        """Trade down to the limit price in ticks; say why the taker has to stop, or NONE where its rest may rest."""
        taker, makers, market = self.taker, self.makers, self.market
        if market.status is not _OPEN and market.status is not _POST_ONLY:  # a bracket's exit may come after a halt
            return self._meet_own_only(limit)
        worst = limit * makers.sign
        ranks = makers.ranks
        while ranks and ranks[-1] >= worst:
            level = makers.levels[ranks[-1]]
            if self.budget:
                taker.remaining = taker.reserved // market.notional(level.price, market.lot) * market.lot
            if not taker.remaining:
                return CloseReason.BUDGET if self.budget else _NONE
            reason = self._level(level)
            if reason is not _NONE:
                return reason
        return _NONE

    def _meet_own_only(self, limit: int) -> CloseReason:
        """Before the opening and in a halt nothing trades, but nobody's own orders may cross each other either."""
        makers, reason, seat = self.makers, _NONE, self.taker.seat
        ranks = {
            order.price * makers.sign
            for order in (*seat.orders.values(), *seat.quotes.values())
            if order.side is makers.side and order.price * makers.sign >= limit * makers.sign
        }
        for rank in sorted(ranks, reverse=True):
            level = makers.levels.get(rank)
            if level is not None and self.taker.remaining and reason is _NONE:
                before, reason = level.qty, self._meet_own_at(level)
                if level.qty != before:
                    self.events.append(_new(LevelChanged, (self.market.symbol, makers.side, level.price, level.qty)))
        return reason

    def _meet_own_at(self, level: Level) -> CloseReason:
        """One's own orders at a price, in their turns: an iceberg that shows its next part is the last one again."""
        own, reason = [order for order in level.orders.values() if order.seat is self.taker.seat], _NONE
        while own and self.taker.remaining and reason is _NONE:
            gone: list[Order] = []
            for maker in own:
                reason = self._meet_own(maker, level)
                if not maker.remaining:
                    gone.append(maker)
                if reason is not _NONE or not self.taker.remaining:
                    break
            self._clear(level, gone)
            own = [order for order in gone if order.remaining]
        return reason

    def _level(self, level: Level) -> CloseReason:
        """Trade with one level, oldest order first, and tell its new quantity."""
        taker, before, reason = self.taker, level.qty, _NONE
        refreshed = True
        while refreshed and taker.remaining and reason is _NONE:
            gone: list[Order] = []
            for maker in level.orders.values():
                if maker.seat is taker.seat:
                    reason = self._meet_own(maker, level)
                elif self.no_quotes and maker.state is None:
                    self._take_out(maker, level)
                else:
                    self._trade(maker, level)
                if not maker.remaining:
                    gone.append(maker)
                if reason is not _NONE or not taker.remaining:
                    break
            refreshed = self._clear(level, gone)
        if level.qty != before:
            self.events.append(_new(LevelChanged, (self.market.symbol, self.makers.side, level.price, level.qty)))
        return reason

    def _take_out(self, maker: Order, level: Level) -> None:
        """Cancel all that is left of an order of this level."""
        level.qty -= maker.remaining
        maker.remaining = maker.hidden = 0
        self._cancel(maker)

    def _cancel(self, maker: Order) -> None:
        """An order that rests is cancelled: give back what it holds, and tell."""
        release_reserve(self.market, maker, maker.reserved, self.events)
        if maker.state is not None:
            self.events.append(cancelled(maker, maker.state, _SELF_TRADE, self.state.at))

    def _clear(self, level: Level, gone: list[Order]) -> bool:
        """Take orders that show nothing any more out of the book and the indexes; icebergs show their next part.

        Says whether any did.
        """
        refreshed = False
        for order in gone:
            del level.orders[order.id]
            if order.hidden:
                order.refresh(self.state.next_order_id - 1)
                level.orders[order.id] = order
                level.qty += order.remaining
                refreshed = True
            elif order.state is None:
                del order.seat.quotes[order.id]
            else:
                del order.seat.orders[order.id]
                del self.state.orders[order.id]
                self.state.closed[order.id] = order.state
        if not level.orders:
            self.makers.drop(level.price * self.makers.sign)
        return refreshed

    def _trade(self, maker: Order, level: Level) -> None:
        """One fill: the held notional of the buyer and the held base of the seller change hands, less fees."""
        market, taker, price = self.market, self.taker, maker.price
        qty = maker.remaining if maker.remaining < taker.remaining else taker.remaining  # noqa: FURB136 - hot path
        notional = price * qty * market.tick // market.whole
        self.state.stirred = True
        market.last_trade_id = trade_id = market.last_trade_id + 1
        market.last_price = price
        rate = self.maker_caps[maker.seat.account.tier]
        if market.maker_fee < rate:  # noqa: PLR1730 - hot path
            rate = market.maker_fee
        if taker.side is _BUY:
            base_fee = taker_fee = fee_of(qty, self.taker_fee)
            quote_fee = maker_fee = fee_of(notional, rate)
            taker.reserved -= notional
            maker.reserved -= qty
            buyer, seller = taker.seat, maker.seat
        else:
            base_fee = maker_fee = fee_of(qty, rate)
            quote_fee = taker_fee = fee_of(notional, self.taker_fee)
            taker.reserved -= qty
            maker.reserved -= notional
            buyer, seller = maker.seat, taker.seat
        if taker.reserved < 0 or maker.reserved < 0:
            raise InvariantBroken(f"{market.symbol}/{trade_id} spends more than was held")
        maker.remaining -= qty
        taker.remaining -= qty
        level.qty -= qty
        self.filled += qty
        self.spent += notional
        self.fee += taker_fee
        self.events.append(
            _new(
                Trade,
                (
                    trade_id, market.symbol, price, qty, notional, taker.side, maker.id, taker.id,
                    maker.seat.name, taker.seat.name, maker_fee, taker_fee,
                ),
            )
        )  # fmt: skip
        settle(market, self.events, buyer, seller, qty, notional, base_fee, quote_fee)
        if maker.state is not None:
            tell_maker(self.events, maker, maker.state, qty, notional, maker_fee, self.state.at)

    def told(self, placed: OrderState, status: OrderStatus, reason: CloseReason) -> OrderState:
        """The taker's state after the pass; `placed` is its state before, with version and times as they shall be."""
        if self.cut:
            by_total = placed._replace(budget=placed.budget - self.cut)
            placed = by_total if self.budget else placed._replace(qty=placed.qty - self.cut)
        (
            number, account, key, market, side, kind, tif, price, qty, budget, post_only, mode,
            filled, spent, paid, _, _, version, created, updated, terms, group, role, triggered,
        ) = placed  # fmt: skip
        return _new(
            OrderState,
            (
                number, account, key, market, side, kind, tif, price, qty, budget, post_only, mode,
                filled + self.filled, spent + self.spent, paid + self.fee, status, reason, version, created, updated,
                terms, group, role, triggered,
            ),
        )  # fmt: skip

    def _meet_own(self, maker: Order, level: Level) -> CloseReason:
        """Self-trade prevention: nobody trades with themselves. Says whether the taker has to stop."""
        mode = self.mode
        if mode is SelfTrade.DECREMENT:
            return self._decrement(maker, level)
        if mode is not SelfTrade.CANCEL_NEWEST:
            self._take_out(maker, level)
        return _NONE if mode is SelfTrade.CANCEL_OLDEST else _SELF_TRADE

    def _decrement(self, maker: Order, level: Level) -> CloseReason:
        """Both orders lose the smaller quantity without trading it; the one that has nothing left is cancelled."""
        taker, market = self.taker, self.market
        qty = min(maker.remaining, taker.remaining)
        cost = market.notional(maker.price, qty)
        level.qty -= qty
        maker.remaining -= qty
        taker.remaining -= qty
        self.cut += cost if self.budget else qty
        if self.budget:
            release_reserve(market, taker, cost, self.events)
        if maker.state is not None:
            maker.state = maker.state._replace(qty=maker.state.qty - qty)
        if not maker.left:
            self._cancel(maker)
        else:
            release_reserve(market, maker, cost if maker.side is _BUY else qty, self.events)
            if maker.state is not None:
                maker.state = maker.state._replace(version=maker.state.version + 1, updated=self.state.at)
                self.events.append(maker.state)
        return _NONE if taker.remaining else _SELF_TRADE


def settle(  # noqa: PLR0917 - hot path
    market: Market,
    events: list[Event],
    buyer: Seat,
    seller: Seat,
    qty: int,
    notional: int,
    base_fee: int,
    quote_fee: int,
) -> None:
    """Post one fill. Per asset: what one side's hold loses is what the other side and the house receive."""
    base, quote = market.base, market.quote
    received, proceeds = qty - base_fee, notional - quote_fee
    buyer.quote[1] -= notional
    buyer.base[0] += received
    seller.base[1] -= qty
    seller.quote[0] += proceeds
    market.fees_base[0] += base_fee
    market.fees_quote[0] += quote_fee
    postings: tuple[Posting, ...] = (
        (buyer.name, quote, HELD, -notional),
        (seller.name, base, HELD, -qty),
        (buyer.name, base, AVAILABLE, received),
        (seller.name, quote, AVAILABLE, proceeds),
        (FEES, base, AVAILABLE, base_fee),
        (FEES, quote, AVAILABLE, quote_fee),
    )
    if not (received and proceeds and base_fee and quote_fee):
        postings = tuple(posting for posting in postings if posting[3])
    events.append(_new(Posted, (_TRADE, f"{market.symbol}/{market.last_trade_id}", postings)))


def tell_maker(  # noqa: PLR0917 - hot path
    events: list[Event], maker: Order, old: OrderState, qty: int, notional: int, fee: int, at: int
) -> None:
    """News for the owner of a resting order that has traded; `old` is its state before."""
    status = _PARTIALLY_FILLED if maker.remaining or maker.hidden else _FILLED
    (
        number, account, key, market, side, kind, tif, price, asked, budget, post_only, mode,
        filled, spent, paid, _, _, version, created, _, terms, group, role, triggered,
    ) = old  # fmt: skip
    maker.state = state = _new(
        OrderState,
        (
            number, account, key, market, side, kind, tif, price, asked, budget, post_only, mode,
            filled + qty, spent + notional, paid + fee, status, _NONE, version + 1, created, at,
            terms, group, role, triggered,
        ),
    )  # fmt: skip
    events.append(state)


def cancelled(
    order: Order, old: OrderState, reason: CloseReason, at: int, status: OrderStatus = _CANCELLED
) -> OrderState:
    """Close an order whose last told state is `old`; the new state is its last."""
    (
        number, account, key, market, side, kind, tif, price, qty, budget, post_only, mode,
        filled, spent, fee, _, _, version, created, _, terms, group, role, triggered,
    ) = old  # fmt: skip
    order.state = final = _new(
        OrderState,
        (
            number, account, key, market, side, kind, tif, price, qty, budget, post_only, mode,
            filled, spent, fee, status, reason, version + 1, created, at, terms, group, role, triggered,
        ),
    )  # fmt: skip
    return final


def release_reserve(market: Market, order: Order, amount: int, events: list[Event]) -> None:
    """Give part of an order's reserve back to its owner."""
    if amount:
        order.reserved -= amount
        seat = order.seat
        if order.side is _BUY:
            release(events, order, seat.quote, market.quote, amount)
        else:
            release(events, order, seat.base, market.base, amount)
