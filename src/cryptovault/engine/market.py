"""Assets and markets: the rules of what is traded, and the mark of the outside world."""

from cryptovault.engine.account import Account, Cell
from cryptovault.engine.book import BookSide, Seat
from cryptovault.engine.commands import DefineMarket
from cryptovault.engine.moves import Moves
from cryptovault.engine.triggers import Watcher
from cryptovault.engine.types import PPM, AssetStatus, MarketStatus, Side, TriggerSource


class Asset:
    """Something that can be held. `scale` is its number of decimals; a paper asset `mirrors` a real one."""

    __slots__ = ("mirrors", "name", "scale", "status", "symbol")

    def __init__(
        self, symbol: str, scale: int, name: str, status: AssetStatus = AssetStatus.ACTIVE, mirrors: str = ""
    ) -> None:
        self.symbol = symbol
        self.scale = scale
        self.name = name
        self.status = status
        self.mirrors = mirrors


class Market:
    """A pair with its rules, its book and the accounts that trade in it. Units are those of DefineMarket.

    `schedule` are changes of status to come, soonest first; `reopens_at` ends an automatic halt, 0 where there is none.
    A paper market `mirrors` a real one, which knows it as its `paper`.
    """

    __slots__ = (
        "asks", "band", "band_window", "base", "base_scale", "bids", "collar", "fees_base", "fees_quote", "halt_for",
        "last_price", "last_trade_id", "lot", "maker_fee", "max_open_orders", "max_qty", "min_notional", "mirrors",
        "order_types", "paper", "quote", "quote_scale", "quotes_expire", "reference_at", "reference_max_age",
        "reference_moves", "reference_price", "reopens_at", "schedule", "seats", "status", "symbol", "taker_fee",
        "tick", "trade_moves", "watchers", "whole",
    )  # fmt: skip

    def __init__(self, rules: DefineMarket, base: Asset, quote: Asset, fees_base: Cell, fees_quote: Cell) -> None:
        self.symbol = rules.market
        self.base = rules.base
        self.quote = rules.quote
        self.base_scale = base.scale
        self.quote_scale = quote.scale
        self.whole: int = 10**base.scale
        self.tick = rules.tick
        self.lot = rules.lot
        self.reference_moves = Moves()
        self.trade_moves = Moves()
        self.change_rules(rules)
        self.reopens_at = 0
        self.schedule: list[tuple[int, MarketStatus]] = []
        self.status = MarketStatus.OPEN
        self.reference_price = 0
        self.reference_at = 0
        self.last_trade_id = 0
        self.last_price = 0
        self.fees_base = fees_base
        self.fees_quote = fees_quote
        self.bids = BookSide(Side.BUY, 1)
        self.asks = BookSide(Side.SELL, -1)
        self.seats: dict[str, Seat] = {}
        self.watchers = (Watcher(), Watcher())  # by TriggerSource
        self.mirrors: Market | None = None
        self.paper: Market | None = None

    def seat(self, account: Account) -> Seat:
        """The account's place here, made where missing."""
        found = self.seats.get(account.name)
        if found is None:
            found = self.seats[account.name] = Seat(account, account.cell(self.base), account.cell(self.quote))
        return found

    def notional(self, price: int, qty: int) -> int:
        """Quote units of `qty` at `price` ticks."""
        return price * qty * self.tick // self.whole

    def change_rules(self, rules: DefineMarket) -> None:
        """Take over everything of a definition that may change during the life of a market."""
        self.min_notional = rules.min_notional
        self.maker_fee = rules.maker_fee
        self.taker_fee = rules.taker_fee
        self.collar = rules.collar
        self.max_qty = rules.max_qty
        self.max_open_orders = rules.max_open_orders
        self.reference_max_age = rules.reference_max_age
        self.quotes_expire = rules.quotes_expire
        self.band = rules.band
        self.band_window = rules.band_window
        self.halt_for = rules.halt_for
        self.order_types = rules.order_types
        self.reference_moves.forget()
        self.trade_moves.forget()

    def rules(self) -> DefineMarket:
        """The definition as it stands now."""
        return DefineMarket(
            self.symbol, self.base, self.quote, self.tick, self.lot, self.min_notional, self.maker_fee,
            self.taker_fee, self.collar, self.max_qty, self.max_open_orders, self.reference_max_age,
            self.quotes_expire, self.band, self.band_window, self.halt_for, self.order_types,
        )  # fmt: skip

    def reference(self, at: int) -> int:
        """The reference price in ticks if it is known and not stale at time `at`, else 0."""
        return self.reference_price if at - self.reference_at <= self.reference_max_age else 0

    def price_of(self, source: TriggerSource, at: int) -> int:
        """The price that orders of this trigger source look at: 0 where it is unknown or stale.

        In a paper market the last trade is that of the real one.
        """
        return self.reference(at) if source is TriggerSource.REFERENCE else (self.mirrors or self).last_price

    def quotes_expired(self, at: int) -> bool:
        """Whether quotes are no longer to be traded with at time `at`, because nobody keeps them at the price."""
        return self.quotes_expire and not self.reference(at)

    def worst_price(self, side: Side, reference: int) -> int:
        """The last price in ticks at which a market order may trade: the collar around `reference`, rounded inwards."""
        if side is Side.BUY:
            return reference * (PPM + self.collar) // PPM
        return max(1, -(-reference * (PPM - self.collar) // PPM))
