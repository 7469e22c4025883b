"""ReplaceQuotes: one command sets all levels an account quotes in a market, with as few events as possible."""

from cryptovault.engine import limits
from cryptovault.engine.account import is_customer
from cryptovault.engine.aftermath import traded
from cryptovault.engine.book import BookSide, Order, Seat
from cryptovault.engine.commands import ReplaceQuotes
from cryptovault.engine.events import Event, LevelChanged, QuotesReplaced, Rejected, Verdict
from cryptovault.engine.ledger import held_entry, released_entry
from cryptovault.engine.market import Market
from cryptovault.engine.matching import Matching, release_reserve
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import CloseReason, MarketStatus, SelfTrade, Side

Quote = tuple[int, int]
Refusal = tuple[Reject, str]


def replace_quotes(state: State, command: ReplaceQuotes, events: list[Event]) -> Verdict:
    """Remove what is no longer wanted, then place what is new."""
    market = state.markets.get(command.market)
    refusal = _refuse(state, market, command)
    if refusal is not None or market is None:
        return Rejected(command.account, *(refusal or (Reject.MARKET_UNKNOWN, "no such market")))
    # From here on it must succeed.
    last_trade_id = market.last_trade_id
    seat = market.seat(state.ledger.open(command.account))
    change = _Change(state, market, seat, events)
    bids = change.keep(Side.BUY, command.bids)
    asks = change.keep(Side.SELL, command.asks)
    for side, levels in ((Side.BUY, bids), (Side.SELL, asks)):
        for price, qty in levels:
            change.place(side, price, qty)
    change.finish()
    if market.last_trade_id != last_trade_id:
        traded(state, market, events, change.first_event)
    resting = [quote.side for quote in seat.quotes.values()]
    return QuotesReplaced(command.account, command.market, resting.count(Side.BUY), resting.count(Side.SELL))


def _refuse(state: State, market: Market | None, command: ReplaceQuotes) -> Refusal | None:
    if len(command.bids) > limits.MAX_QUOTE_LEVELS or len(command.asks) > limits.MAX_QUOTE_LEVELS:
        return Reject.COMMAND_INVALID, f"at most {limits.MAX_QUOTE_LEVELS} levels a side"
    if not is_customer(command.account):
        return Reject.ACCOUNT_INVALID, "this account cannot trade"
    if market is None:
        return Reject.MARKET_UNKNOWN, "no such market"
    if market.mirrors is not None:
        return Reject.ACCOUNT_INVALID, "nobody quotes in a paper market"
    if (refusal := _refuse_status(market, command)) is not None:
        return refusal
    if (refusal := _refuse_order(command)) is not None:
        return refusal
    for price, qty in (*command.bids, *command.asks):
        if (refusal := _refuse_level(market, price, qty)) is not None:
            return refusal
    if state.account_limit_reached(command.account):
        return Reject.LIMIT_REACHED, "no more accounts"
    return None


def _refuse_status(market: Market, command: ReplaceQuotes) -> Refusal | None:
    if market.status is MarketStatus.HALTED:
        return Reject.MARKET_HALTED, "the market is halted"
    if market.status is MarketStatus.CANCEL_ONLY and (command.bids or command.asks):
        return Reject.MARKET_CANCEL_ONLY, "the market only takes cancels"
    return None


def _refuse_order(command: ReplaceQuotes) -> Refusal | None:
    """Levels come best first, one per price, and do not cross each other."""
    bids = [price for price, _ in command.bids]
    asks = [price for price, _ in command.asks]
    if bids != sorted(set(bids), reverse=True) or asks != sorted(set(asks)):
        return Reject.ORDER_INVALID, "levels must come best first, each price once"
    if bids and asks and bids[0] >= asks[0]:
        return Reject.ORDER_INVALID, "the bids cross the asks"
    return None


def _refuse_level(market: Market, price: int, qty: int) -> Refusal | None:
    if type(price) is not int or not 0 < price <= limits.MAX_AMOUNT:
        return Reject.PRICE_INVALID, "a price must be positive"
    if type(qty) is not int or not 0 < qty <= market.max_qty:
        return Reject.QTY_INVALID, f"a quantity must be between 1 and {market.max_qty} units"
    if qty % market.lot:
        return Reject.LOT_SIZE, f"a quantity must be a multiple of {market.lot} units"
    if market.notional(price, qty) < market.min_notional:
        return Reject.MIN_NOTIONAL, f"a level is worth less than {market.min_notional} units of {market.quote}"
    return None


class _Change:
    """One replacement under way. Holds are netted per asset and posted once, or before a quote trades."""

    def __init__(self, state: State, market: Market, seat: Seat, events: list[Event]) -> None:
        self.state = state
        self.market = market
        self.seat = seat
        self.events = events
        self.first_event = len(events)
        self.touched: dict[tuple[Side, int], None] = {}
        self.held = {Side.BUY: 0, Side.SELL: 0}
        self.last_id = 0

    def book(self, side: Side) -> BookSide:
        """The side of the book."""
        return self.market.bids if side is Side.BUY else self.market.asks

    def keep(self, side: Side, wanted: tuple[Quote, ...]) -> list[Quote]:
        """Remove this side's quotes that are not wanted as they are; return the levels that are still to be placed."""
        missing = dict(wanted)
        for quote in [quote for quote in self.seat.quotes.values() if quote.side is side]:
            if missing.get(quote.price) == quote.remaining:
                del missing[quote.price]
            else:
                self._remove(quote)
        return list(missing.items())

    def _remove(self, quote: Order) -> None:
        self.book(quote.side).remove(quote)
        del self.seat.quotes[quote.id]
        self._hold(quote, -quote.reserved)
        self.touched[quote.side, quote.price] = None

    def _hold(self, quote: Order, amount: int) -> None:
        cell = self.seat.quote if quote.side is Side.BUY else self.seat.base
        cell[0] -= amount
        cell[1] += amount
        self.held[quote.side] += amount
        self.last_id = quote.id

    def place(self, side: Side, price: int, qty: int) -> None:
        """Match one level and let its rest rest; leave it out where it cannot be paid for or may not take."""
        market, seat = self.market, self.seat
        reserve = market.notional(price, qty) if side is Side.BUY else qty
        crossing = self.book(Side.SELL if side is Side.BUY else Side.BUY).crosses(price)
        if reserve > (seat.quote if side is Side.BUY else seat.base)[0]:
            return
        if crossing and market.status is MarketStatus.POST_ONLY:
            return
        quote = Order(self.state.next_order_id, seat, side, price, qty, reserve, None)
        self.state.next_order_id += 1
        self._hold(quote, reserve)
        if crossing and not self._take(quote):
            return
        self.book(side).add(quote)
        seat.quotes[quote.id] = quote
        self.touched[side, price] = None

    def _take(self, quote: Order) -> bool:
        """Match a quote that crosses; say whether something is left that may rest."""
        self._post_holds()
        reason = Matching(self.state, self.market, quote, SelfTrade.CANCEL_NEWEST, self.events).run(quote.price)
        rests = reason is CloseReason.NONE and quote.remaining > 0
        needed = (
            self.market.notional(quote.price, quote.remaining) if quote.side is Side.BUY else quote.remaining
        ) * rests
        release_reserve(self.market, quote, quote.reserved - needed, self.events)
        return rests

    def _post_holds(self) -> None:
        """Tell the ledger what was held and released since the last time."""
        market, name = self.market, self.seat.name
        for side, asset in ((Side.BUY, market.quote), (Side.SELL, market.base)):
            amount = self.held[side]
            if amount > 0:
                self.events.append(held_entry(name, asset, self.last_id, amount))
            elif amount < 0:
                self.events.append(released_entry(name, asset, self.last_id, -amount))
            self.held[side] = 0

    def finish(self) -> None:
        """Post what is left to post, and tell each changed level once."""
        self._post_holds()
        for event in self.events[self.first_event :]:
            if isinstance(event, LevelChanged):
                self.touched[event.side, event.price] = None
        self.events[self.first_event :] = [
            event for event in self.events[self.first_event :] if not isinstance(event, LevelChanged)
        ]
        for side, price in self.touched:
            qty = self.book(side).qty_at(price)
            self.events.append(LevelChanged(self.market.symbol, side, price, qty))
