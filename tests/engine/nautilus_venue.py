"""nautilus_trader's order matching for one market and one client, spoken to in our commands.

It is given the world's orders as book data (L3). What the client takes it reports and leaves in the book, so every fill
is answered by what the world has left then. Nothing here knows our engine: only its words for orders.
"""

from collections.abc import Iterable
from decimal import Decimal

from nautilus_trader.backtest.engine import OrderMatchingEngine
from nautilus_trader.backtest.models import FillModel, MakerTakerFeeModel
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import MessageBus, TestClock
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import CancelOrder as Cancel
from nautilus_trader.execution.messages import ModifyOrder as Modify
from nautilus_trader.model.currencies import BTC, USDT
from nautilus_trader.model.data import BookOrder, OrderBookDelta
from nautilus_trader.model.enums import (
    AccountType,
    BookAction,
    BookType,
    ContingencyType,
    LiquiditySide,
    OmsType,
    OrderSide,
    OrderStatus,
    TrailingOffsetType,
    TriggerType,
)
from nautilus_trader.model.enums import OrderType as Kind
from nautilus_trader.model.enums import TimeInForce as Force
from nautilus_trader.model.events import OrderFilled, OrderSubmitted
from nautilus_trader.model.identifiers import (
    AccountId,
    ClientOrderId,
    InstrumentId,
    StrategyId,
    Symbol,
    TraderId,
    Venue,
)
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.model.orders import (
    LimitIfTouchedOrder,
    LimitOrder,
    MarketIfTouchedOrder,
    MarketOrder,
    Order,
    StopLimitOrder,
    StopMarketOrder,
    TrailingStopMarketOrder,
)

from cryptovault.engine.commands import Leg, PlaceBracket, PlaceOco, PlaceOrder, Terms
from cryptovault.engine.types import OrderType, Side, TimeInForce
from engine.nautilus_world import Resting, World

TRADER, STRATEGY, ACCOUNT = TraderId("SOME-1"), StrategyId("SOME-1"), AccountId("SIM-1")
MARKET = InstrumentId(Symbol("BTCUSDT"), Venue("SIM"))
CLIENT = (TRADER, STRATEGY, MARKET)
SOME_ID = UUID4()  # of messages that nobody looks up
SIDES = {Side.BUY: OrderSide.BUY, Side.SELL: OrderSide.SELL}
FORCES = {
    TimeInForce.GTC: Force.GTC,
    TimeInForce.IOC: Force.IOC,
    TimeInForce.FOK: Force.FOK,
    TimeInForce.GTD: Force.GTD,
}
CLASSES = {
    OrderType.MARKET: MarketOrder,
    OrderType.LIMIT: LimitOrder,
    OrderType.STOP: StopMarketOrder,
    OrderType.STOP_LIMIT: StopLimitOrder,
    OrderType.TAKE_PROFIT: MarketIfTouchedOrder,
    OrderType.TAKE_PROFIT_LIMIT: LimitIfTouchedOrder,
    OrderType.TRAILING_STOP: TrailingStopMarketOrder,
}
LIMITED = (Kind.LIMIT, Kind.STOP_LIMIT, Kind.LIMIT_IF_TOUCHED)
TICKS = [Price(number, 0) for number in range(400)]
CLOSED = {
    OrderStatus.FILLED: "filled",
    OrderStatus.CANCELED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.REJECTED: "refused",
}
MS = 1_000_000  # nanoseconds

Fill = tuple[int, int, bool]
"""Price, quantity, and whether the client's order rested."""


def market() -> CurrencyPair:
    """Whole numbers only: a tick and a lot are 1."""
    no_fee = Decimal(0)
    return CurrencyPair(
        MARKET, MARKET.symbol, BTC, USDT, 0, 0, TICKS[1], Quantity(1, 0), 0, 0, maker_fee=no_fee, taker_fee=no_fee
    )


class Client:
    """nautilus_trader around its matching engine: it hears what happens to its orders, and the world adjusts."""

    UPDATE = BookAction.UPDATE

    def __init__(self, world: World) -> None:
        self.world = world
        self.at = 0
        self.orders: dict[str, Order] = {}
        self.live: dict[str, Order] = {}
        self.fills: dict[str, list[Fill]] = {}  # since they were last asked for
        self.news: set[str] = set()
        self.turns: dict[str, int] = {}
        clock, self.cache = TestClock(), Cache()
        bus = MessageBus(TRADER, clock)
        bus.register("ExecEngine.process", self._hear)
        self.engine = OrderMatchingEngine(
            instrument=market(), raw_id=0, fill_model=FillModel(), fee_model=MakerTakerFeeModel(),
            book_type=BookType.L3_MBO, oms_type=OmsType.NETTING, account_type=AccountType.CASH, msgbus=bus,
            cache=self.cache, clock=clock,
        )  # fmt: skip
        self.book = self.engine.get_book()

    # What the world does

    def show(self, order: Resting, action: BookAction = BookAction.ADD) -> None:
        """Put an order of the world into the book, or what is left of it, without matching."""
        if action is BookAction.UPDATE and not order.left:
            action = BookAction.DELETE
        shown = BookOrder(SIDES[order.side], TICKS[order.price], Quantity(order.left, 0), order.id)
        self.book.apply_delta(OrderBookDelta(MARKET, action, shown, 0, 0, self.now, self.now))

    def look(self) -> None:
        """Match what waits or rests with the book as it is now, and let dates take effect."""
        self.engine.iterate(self.now)
        self._queue()

    def sweep(self, order_id: int, side: Side, price: int, left: int) -> None:
        """An order of the world comes in and reaches the other side.

        Whom it meets is told by price and turn. What it takes from the world is the world's business; each of the
        client's orders is shown what has come for it, and matches by itself.
        """
        while left and (front := self._front(side, price)) is not None:
            if isinstance(front, Resting):
                taken = min(left, front.left)
                left -= taken
                self.world.take_from(front, taken)
                self.show(front, BookAction.UPDATE)
                continue
            coming = self.world.add(order_id, side, front, left)
            self.show(coming)
            self.engine.iterate(self.now)
            if coming.left:
                self.world.remove(coming)
                coming.left, before = 0, coming.left
                self.show(coming, BookAction.DELETE)
                if before == left:
                    break  # the client's order would not match; the comparison will tell
                left = before
            else:
                left = 0
        if left:
            self.show(self.world.add(order_id, side, price, left))

    def _front(self, side: Side, limit: int) -> Resting | int | None:
        """Who is met first by an order of this side and limit: an order of the world, or a price of the client."""
        other = Side(1 - side)
        sign = 1 if other is Side.BUY else -1
        touch = self.world.touch(other)
        first = self.world.sides[other][touch][0]
        queue = [(-touch * sign, first.turn, first)]
        for name, order in self.live.items():
            if order.side == SIDES[other] and self.word(name) == "resting":
                queue.append((-int(order.price) * sign, self.turns[name], int(order.price)))
        rank, _, found = min(queue)
        return found if -rank >= limit * sign else None

    def _queue(self) -> None:
        """Orders that have come to rest get their turn."""
        for name in self.live:
            if name not in self.turns and self.resting(name):
                self.turns[name] = self.world.next_turn()

    @property
    def now(self) -> int:
        return self.at * MS

    # What the client does

    def place(self, command: PlaceOrder) -> None:
        """One order, named by its key."""
        leg = Leg(command.type, command.price, command.terms)
        self._submit(self._order(command.key, leg, command.side, command.qty, command.tif, post_only=command.post_only))

    def place_pair(self, command: PlaceOco) -> None:
        """Two orders of which one cancels the other, named by the key and a letter."""
        names = [command.key + "t", command.key + "s"]
        tif = TimeInForce.GTD if command.expires_at else TimeInForce.GTC
        pair = []
        for name, other, leg in zip(names, reversed(names), (command.take_profit, command.stop_loss), strict=True):
            dated = leg._replace(terms=(leg.terms or Terms())._replace(expires_at=command.expires_at))
            pair.append(self._order(name, dated, command.side, command.qty, tif, other=other))
        for order in pair:
            self._know(order)
        for order in pair:
            self.engine.process_order(order, ACCOUNT)

    def place_bracket(self, command: PlaceBracket) -> None:
        """An entry that brings two exits of which one cancels the other, named by the key and a letter."""
        first, *exits = (command.key + letter for letter in "ets")
        side, qty = Side(1 - command.side), command.qty
        entry = self._order(
            first, command.entry, command.side, qty, command.tif, post_only=command.post_only, brings=exits
        )
        legs = zip(exits, reversed(exits), (command.take_profit, command.stop_loss), strict=True)
        self._know(entry)
        for name, other, leg in legs:
            self._know(self._order(name, leg, side, qty, TimeInForce.GTC, other=other, parent=first))
        self.engine.process_order(entry, ACCOUNT)
        for name in exits:
            if entry.is_closed and not int(entry.filled_qty):  # a client does not send the exits of what was refused
                del self.orders[name]
                self.live.pop(name, None)
                self.news.discard(name)
            elif self.orders[name].is_inflight:
                self.engine.process_order(self.orders[name], ACCOUNT)

    def amend(self, name: str, qty: int, price: int, trigger_price: int) -> None:
        """Change an open order; 0 leaves as it is."""
        order = self.orders[name]
        was = (order.quantity, getattr(order, "price", None))
        new = (Quantity(qty, 0) if qty else None, TICKS[price] if price else None)
        trigger = TICKS[trigger_price] if trigger_price else None
        self.engine.process_modify(
            Modify(*CLIENT, order.client_order_id, order.venue_order_id, *new, trigger, SOME_ID, self.now), ACCOUNT
        )
        if name in self.turns and (order.price != was[1] or order.quantity > was[0]):
            self.turns[name] = self.world.next_turn()

    def cancel(self, name: str) -> None:
        """Cancel an open order."""
        order = self.orders[name]
        self.engine.process_cancel(
            Cancel(*CLIENT, order.client_order_id, order.venue_order_id, SOME_ID, self.now), ACCOUNT
        )

    def resting(self, name: str) -> bool:
        """Whether an order is in the market with its limit, for all to see."""
        order = self.orders[name]
        waits = order.order_type != Kind.LIMIT and not getattr(order, "is_triggered", False)
        return order.is_open and order.order_type in LIMITED and not waits

    def word(self, name: str) -> str:
        """How an order stands, in our words; `lost` is one that is said to be open and will never trade."""
        order = self.orders[name]
        if order.is_inflight:
            return "asleep"
        if order.is_open:
            if not self.engine.order_exists(order.client_order_id):
                return "lost"
            return "resting" if self.resting(name) else "waiting"
        return CLOSED.get(order.status, order.status_string())

    def book_of(self, side: Side) -> list[tuple[int, int, int]]:
        """The book's orders: number, price and quantity, in the order in which they trade."""
        levels = self.book.bids() if side is Side.BUY else self.book.asks()
        return [(order.order_id, int(level.price), int(order.size)) for level in levels for order in level.orders()]

    def _order(
        self,
        name: str,
        leg: Leg,
        side: Side,
        qty: int,
        tif: TimeInForce,
        *,
        post_only: bool = False,
        other: str = "",
        brings: Iterable[str] = (),
        parent: str = "",
    ) -> Order:
        """An order in nautilus_trader's form; `other` is the one it cancels, `parent` the one that `brings` it."""
        terms = leg.terms or Terms()
        more: dict[str, object] = {"time_in_force": FORCES[tif]}
        if leg.type is not OrderType.MARKET and terms.expires_at:
            more["expire_time_ns"] = terms.expires_at * MS
        if post_only:
            more["post_only"] = True
        if leg.price:
            more["price"] = TICKS[leg.price]
        if leg.type is OrderType.TRAILING_STOP:
            more["trailing_offset"] = Decimal(terms.trail)
            more["trailing_offset_type"] = TrailingOffsetType.PRICE
            more["activation_price"] = TICKS[terms.activation_price] if terms.activation_price else None
        if leg.type > OrderType.LIMIT:
            more["trigger_price"] = TICKS[terms.trigger_price] if terms.trigger_price else None
            more["trigger_type"] = TriggerType.BID_ASK
        if other:
            more["contingency_type"] = ContingencyType.OCO
            more["linked_order_ids"] = [ClientOrderId(other)]
        if brings:
            more["contingency_type"] = ContingencyType.OTO
            more["linked_order_ids"] = [ClientOrderId(each) for each in brings]
        if parent:
            more["parent_order_id"] = ClientOrderId(parent)
        return CLASSES[leg.type](
            *CLIENT, ClientOrderId(name), SIDES[side], Quantity(qty, 0), init_id=SOME_ID, ts_init=self.now, **more
        )

    def _submit(self, order: Order) -> None:
        self._know(order)
        self.engine.process_order(order, ACCOUNT)

    def _know(self, order: Order) -> None:
        self.orders[order.client_order_id.value] = self.live[order.client_order_id.value] = order
        self.cache.add_order(order)
        order.apply(OrderSubmitted(*CLIENT, order.client_order_id, ACCOUNT, SOME_ID, self.now, self.now))

    def _hear(self, event: object) -> None:
        """Something has happened to an order: a fill takes from the world, best price and oldest order first."""
        name = event.client_order_id.value
        self.orders[name].apply(event)
        self.news.add(name)
        if self.orders[name].is_closed:
            self.live.pop(name, None)
        if isinstance(event, OrderFilled):
            price, qty = int(event.last_px), int(event.last_qty)
            self.fills.setdefault(name, []).append((price, qty, event.liquidity_side == LiquiditySide.MAKER))
            for order in self.world.take(Side.SELL if event.order_side == OrderSide.BUY else Side.BUY, qty):
                self.show(order, BookAction.UPDATE)
