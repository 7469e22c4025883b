"""Our engine and nautilus_trader side by side: the same world, the same client, and after every step the same orders.

The world's orders are resting orders of other accounts in our engine, and book data to nautilus_trader. Waiting orders
look at the best price that the world offers them: our engine is told it as the reference price.
"""

from collections import Counter

from cryptovault.engine.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    SetReferencePrices,
    Tick,
)
from cryptovault.engine.events import Event, GroupPlaced, OrderState, Rejected, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderStatus, OrderType, Side, TimeInForce
from engine.nautilus_rules import Case, Seen, explained
from engine.nautilus_venue import Client, Kind
from engine.nautilus_world import Resting, World

PAIR = "BTC-USD"
ME, BIDS, ASKS = "ann", "bob", "carol"  # the world's two sides are two accounts, so that they can trade
COLLAR = 900_000
WALLS = ((Side.BUY, 60), (Side.SELL, 140))
WALL = 1_000_000
RICH = 10**15
OPENING: tuple[Command, ...] = (
    DefineAsset("USD", 0),
    DefineAsset("BTC", 0),
    DefineMarket(PAIR, "BTC", "USD", 1, 1, 0, 0, 0, COLLAR, 10**9, 10**6, 10**9),
    *(CreditDeposit(account, f"{account} {asset}", asset, RICH, "rail") for account in (ME, BIDS, ASKS)
      for asset in ("USD", "BTC")),
)  # fmt: skip
WORDS = {
    OrderStatus.OPEN: "resting",
    OrderStatus.PARTIALLY_FILLED: "resting",
    OrderStatus.WAITING: "waiting",
    OrderStatus.DORMANT: "asleep",
    OrderStatus.FILLED: "filled",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.EXPIRED: "expired",
}
OPEN = ("resting", "waiting", "asleep")


class Disagreement(AssertionError):
    """Something that no rule explains."""


class Both:
    """Applies each step to both, and compares."""

    def __init__(self) -> None:
        self.ours = Exchange()
        self.world = World()
        self.theirs = Client(self.world)
        self.at = 1
        self.watched = Side.BUY
        self.reference = 0
        self.states: dict[str, OrderState | Rejected] = {}
        self.fills: dict[str, list[tuple[int, int, bool]]] = {}
        self.names: dict[int, str] = {}
        self.open: dict[str, OrderState] = {}
        self.news: set[str] = set()
        self.told: Counter[str] = Counter()  # how often which difference was met
        for command in OPENING:
            assert not isinstance(self._apply(command)[-1], Rejected)
        for side, price in WALLS:
            self.theirs.show(self.world.add(self._world_order(side, price, WALL), side, price, WALL))
        self._watch(Side.BUY)
        self._settle()

    # Steps of the world

    def world_places(self, side: Side, price: int, qty: int) -> None:
        """Somebody places a limit order, which may reach the client's."""
        self.theirs.sweep(self._world_order(side, price, qty), side, price, qty)
        self._settle()

    def _world_order(self, side: Side, price: int, qty: int) -> int:
        """Place an order of the world with our engine; its number."""
        account, key = BIDS if side is Side.BUY else ASKS, f"world {self.ours.seq}"
        verdict = self._apply(PlaceOrder(account, key, PAIR, side, OrderType.LIMIT, TimeInForce.GTC, price, qty))[-1]
        assert isinstance(verdict, OrderState), verdict
        return verdict.order_id

    def world_shrinks(self, order: Resting, qty: int) -> None:
        """Somebody takes an order back, or so much of it."""
        account = BIDS if order.side is Side.BUY else ASKS
        self.world.take_from(order, qty)
        if order.left:
            self._apply(
                AmendOrder(account, order.id, "", 0, self.ours.state.orders[order.id].state.filled + order.left)
            )
        else:
            self._apply(CancelOrder(account, order.id))
        self.theirs.show(order, self.theirs.UPDATE)
        self._settle()

    # Steps of the client

    def wait(self, ms: int) -> None:
        """Time passes, and dates take effect."""
        self.at += ms
        self.theirs.at = self.at
        if 0 < self.ours.next_due <= self.at:
            self._apply(Tick())
            self._settle()
        else:
            self.theirs.look()

    def place(self, command: PlaceOrder) -> None:
        """The client places an order."""
        if command.type > OrderType.LIMIT:
            self._watch(command.side)
        self._refused(self._apply(command)[-1], command.key)
        self.theirs.place(command)
        self._settle()

    def place_pair(self, command: PlaceOco) -> None:
        """The client places two orders that cancel each other."""
        self._watch(command.side)
        verdict = self._apply(command)[-1]
        assert isinstance(verdict, GroupPlaced), verdict
        self.theirs.place_pair(command)
        self._settle()

    def place_bracket(self, command: PlaceBracket) -> None:
        """The client places an entry with its exits."""
        self._watch(Side(1 - command.side))
        self._refused(self._apply(command)[-1], f"{command.key}e")
        self.theirs.place_bracket(command)
        self._settle()

    def _refused(self, verdict: Event, name: str) -> None:
        if isinstance(verdict, Rejected):
            self.states[name] = verdict
            self.news.add(name)

    def amend(self, name: str, *, qty: int = 0, price: int = 0, trigger_price: int = 0) -> None:
        """The client changes an order."""
        self._apply(AmendOrder(ME, self.open[name].order_id, "", price, qty, trigger_price))
        self.theirs.amend(name, qty, price, trigger_price)
        self._settle()

    def cancel(self, name: str) -> None:
        """The client cancels an order."""
        self._apply(CancelOrder(ME, self.open[name].order_id))
        self.theirs.cancel(name)
        self._settle()

    # What both see

    def _apply(self, command: Command) -> list[Event]:
        """Our engine's events; what they say of the client's orders is kept."""
        events = self.ours.apply(self.ours.seq + 1, self.at, command)
        if isinstance(events[-1], GroupPlaced):
            letters = "ets" if isinstance(command, PlaceBracket) else "ts"
            named = zip(events[-1].orders, letters, strict=True)
            self.names |= {order.order_id: f"{command.key}{letter}" for order, letter in named}
        for event in events:
            if isinstance(event, OrderState) and event.account == ME:
                self._keep(event)
        for event in events:
            if isinstance(event, Trade):
                self._keep_trade(event)
        return events

    def _keep(self, state: OrderState) -> None:
        name = self.names.setdefault(state.order_id, state.client_order_id)
        self.states[name] = state
        self.news.add(name)
        if WORDS[state.status] in OPEN:
            self.open[name] = state
        else:
            self.open.pop(name, None)

    def _keep_trade(self, trade: Trade) -> None:
        for order_id, rested in ((trade.maker_order_id, True), (trade.taker_order_id, False)):
            if order_id in self.names:
                self.fills.setdefault(self.names[order_id], []).append((trade.price, trade.qty, rested))

    def _watch(self, side: Side) -> None:
        """Let our reference price be the one that nautilus_trader's waiting orders of this side look at."""
        self.watched = side
        touch = self.world.touch(Side(1 - side))
        if touch != self.reference:
            self.reference = touch
            self._apply(SetReferencePrices(((PAIR, touch),)))

    def _settle(self) -> None:
        """Let both look at the world until nothing changes it any more, then compare."""
        while True:
            before = self.reference
            self._watch(self.watched)
            self.theirs.look()
            if self.reference == before == self.world.touch(Side(1 - self.watched)):
                break
        self._compare()

    def _compare(self) -> None:
        """Every order that either of the two has news of."""
        for name in sorted(self.news | self.theirs.news | self.fills.keys()):
            self._compare_order(name)
        self.news.clear()
        self.theirs.news.clear()

    def _compare_order(self, name: str) -> None:
        ours, theirs, state = self._ours(name), self._theirs(name), self.states[name]
        if ours == theirs:
            return
        names = explained(Case(ours, theirs, state, self._partner(name)))
        if names is None:
            raise Disagreement(f"{name}\n ours   {ours}\n theirs {theirs}\n{state}\n{self.theirs.orders[name]!r}")
        self.told.update(names)
        if theirs.word in OPEN and ours.word not in OPEN:
            self.theirs.engine.cancel_order(self.theirs.orders[name], False)
        elif ours.word in OPEN and theirs.word not in OPEN:
            self._apply(CancelOrder(ME, self.open[name].order_id))
            self.news.discard(name)

    def _partner(self, name: str) -> OrderState | None:
        """The other one of a pair."""
        other = {"t": "s", "s": "t"}.get(name[-1])
        return self.states[name[:-1] + other] if other else None

    def _ours(self, name: str) -> Seen:
        state, fills = self.states.get(name), self.fills.pop(name, [])
        if not isinstance(state, OrderState):
            return Seen("refused" if state is not None else "unknown", 0, 0, 0, 0, tuple(fills))
        trails = state.type is OrderType.TRAILING_STOP and not state.triggered  # no event tells where
        trigger = state.terms.trigger_price if state.terms is not None and not trails else 0
        return Seen(WORDS[state.status], state.qty, state.filled, state.price, trigger, tuple(fills))

    def _theirs(self, name: str) -> Seen:
        fills = tuple(self.theirs.fills.pop(name, []))
        order = self.theirs.orders.get(name)
        if order is None:
            return Seen("unknown", 0, 0, 0, 0, fills)
        word = self.theirs.word(name)
        if word == "refused":
            return Seen(word, 0, 0, 0, 0, fills)
        trails = order.order_type == Kind.TRAILING_STOP_MARKET and not int(order.filled_qty)
        price = int(order.price) if order.has_price else 0
        trigger = int(order.trigger_price) if order.has_trigger_price and not trails else 0
        return Seen(word, int(order.quantity), int(order.filled_qty), price, trigger, fills)

    def compare_books(self) -> None:
        """Every order of the world, in the order in which they trade: in our book, in the world, in their book."""
        market = self.ours.markets[PAIR]
        for side, book in ((Side.BUY, market.bids), (Side.SELL, market.asks)):
            ours = [
                (order.id, order.price, order.remaining)
                for rank in reversed(book.ranks)
                for order in book.levels[rank].orders.values()
                if order.seat.name != ME
            ]
            world = [(order.id, order.price, order.left) for order in self.world.orders(side)]
            if not ours == world == self.theirs.book_of(side):
                raise Disagreement(f"books\n ours   {ours}\n world  {world}\n theirs {self.theirs.book_of(side)}")
