"""Commands: all that can be asked of the exchange, each an immutable tuple.

Units: amounts and quantities are integers of the asset's smallest ledger unit, prices integers of the
market's tick, rates parts per million, times milliseconds since 1970 UTC. A field may be appended with
a default; none is ever removed, renamed in place or reordered, because old journals hold these tuples.

`key` is the caller's idempotency key, unique per account. The same key with the same payload returns
the first verdict again and has no further effect; with another payload it is refused.
"""

from typing import NamedTuple

from cryptovault.engine.types import (
    AssetStatus,
    MarketStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
    TriggerSource,
)


class Terms(NamedTuple):
    """What a plain order does not have. 0 means "not so" in each field.

    `trigger_price` fires a stop or take-profit. A trailing stop has `trail` (ticks) or `trail_ppm` instead, and may
    have an `activation_price` from which on it trails. `visible_qty` makes a limit order an iceberg that shows only so
    much at a time. `expires_at` (ms) belongs to good-till-date. With `reduce_to_available` an order for more than
    the account has is made as large as it can be, in whole lots, instead of being refused.
    """

    trigger_price: int = 0
    trigger_by: TriggerSource = TriggerSource.REFERENCE
    trail: int = 0
    trail_ppm: int = 0
    activation_price: int = 0
    visible_qty: int = 0
    expires_at: int = 0
    reduce_to_available: bool = False


class Leg(NamedTuple):
    """One order of a group; market, side and quantity are the group's."""

    type: OrderType
    price: int = 0
    terms: Terms | None = None


class EpochBarrier(NamedTuple):
    """A new leader takes over. `node` names it for humans."""

    epoch: int
    node: str


class DefineAsset(NamedTuple):
    """Add an asset. `scale` is its number of decimals in the ledger (0..18); it never changes afterwards."""

    asset: str
    scale: int
    name: str = ""


class SetAssetStatus(NamedTuple):
    """Open or close deposits and withdrawals of an asset."""

    asset: str
    status: AssetStatus


class DefineMarket(NamedTuple):
    """Add a market, or change the rules of one that exists (base, quote, tick and lot must then be the same).

    A move of the reference price or of the trades by more than `band` (ppm, 0 = none) within `band_window` ms halts
    the market for `halt_for` ms (0 = until somebody opens it). `order_types` has bit `1 << type` for each OrderType
    that the market takes, bit 16 for icebergs, 17 for GTD, 18 for groups; 0 takes everything.

    `tick` is the price step: quote units for one whole base coin. `lot` is the quantity step in base units.
    `lot * tick` must be divisible by `10 ** base scale`, so that every notional is a whole number of quote units.
    `min_notional` is in quote units; `collar` bounds market orders around the reference price. With `quotes_expire`,
    nobody trades with a quote while the reference price is stale: who meets one takes it out of the book.
    """

    market: str
    base: str
    quote: str
    tick: int
    lot: int
    min_notional: int
    maker_fee: int
    taker_fee: int
    collar: int
    max_qty: int
    max_open_orders: int = 200
    reference_max_age: int = 10_000
    quotes_expire: bool = False
    band: int = 0
    band_window: int = 300_000
    halt_for: int = 300_000
    order_types: int = 0


class SetMarketStatus(NamedTuple):
    """Open, restrict or halt a market."""

    market: str
    status: MarketStatus


class SetReferencePrices(NamedTuple):
    """Marks of the outside world: `prices` holds (market, price in ticks); price 0 means unknown or stale."""

    prices: tuple[tuple[str, int], ...]


class PlaceOrder(NamedTuple):
    """Place one order.

    `price` is 0 for a market order. Exactly one of `qty` (base units) and `budget` (quote units, market
    buys by total only) is non-zero.
    """

    account: str
    key: str
    market: str
    side: Side
    type: OrderType
    tif: TimeInForce
    price: int
    qty: int
    budget: int = 0
    post_only: bool = False
    self_trade: SelfTrade = SelfTrade.CANCEL_NEWEST
    terms: Terms | None = None


class CancelOrder(NamedTuple):
    """Cancel an open order of the account, by `order_id` or, where that is 0, by the key it was placed with.

    Cancelling an order that is already closed is not an error: the verdict is its final state.
    """

    account: str
    order_id: int
    client_order_id: str = ""


class CancelAll(NamedTuple):
    """Cancel all open orders of the account, in one market or, with an empty name, in all of them.

    All are those where real money is traded or, with `paper`, those of play money.
    """

    account: str
    market: str = ""
    paper: bool = False


class ReplaceQuotes(NamedTuple):
    """Make the account's quotes in a market exactly these levels: (price in ticks, qty in base units), best first.

    A level whose price and remaining quantity are unchanged keeps its place in the queue. New levels are
    limit orders that match before they rest. A level the account cannot pay for is left out, not refused.
    """

    account: str
    market: str
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]


class CreditDeposit(NamedTuple):
    """Credit what has arrived on a rail.

    `key` names the payment (chain, transaction, index) and is unique over all accounts: credited at most once, ever.
    """

    account: str
    key: str
    asset: str
    amount: int
    rail: str


class HoldWithdrawal(NamedTuple):
    """Set `amount + fee` aside for a withdrawal; `key` becomes the withdrawal's id."""

    account: str
    key: str
    asset: str
    amount: int
    fee: int
    rail: str


class SettleWithdrawal(NamedTuple):
    """The withdrawal was paid out on its rail."""

    account: str
    key: str


class ReleaseWithdrawal(NamedTuple):
    """The withdrawal will not be paid: give everything back."""

    account: str
    key: str


class Transfer(NamedTuple):
    """Move an amount between two accounts, instantly and free."""

    account: str
    key: str
    to: str
    asset: str
    amount: int


class Adjust(NamedTuple):
    """A manual correction against the treasury; `amount` is signed, seen from the account."""

    account: str
    key: str
    asset: str
    amount: int
    reason: str


class PlaceOco(NamedTuple):
    """Place two orders of which one cancels the other: as soon as one trades or fires, the other is gone.

    `take_profit` is a LIMIT or a take-profit, `stop_loss` a stop. What they need is held once. `expires_at` 0 is GTC.
    """

    account: str
    key: str
    market: str
    side: Side
    qty: int
    take_profit: Leg
    stop_loss: Leg
    expires_at: int = 0
    self_trade: SelfTrade = SelfTrade.CANCEL_NEWEST


class PlaceBracket(NamedTuple):
    """Place an entry with a take-profit and a stop that protect what it brings.

    `side` is the entry's; the exits are on the other side. They sleep until the entry trades, live for the quantity
    that it has brought, and are then one-cancels-other. An entry that ends without a trade takes them with it.
    """

    account: str
    key: str
    market: str
    side: Side
    qty: int
    entry: Leg
    take_profit: Leg
    stop_loss: Leg
    tif: TimeInForce = TimeInForce.GTC
    post_only: bool = False
    self_trade: SelfTrade = SelfTrade.CANCEL_NEWEST


class AmendOrder(NamedTuple):
    """Change an open order, named as in CancelOrder.

    Each of `price`, `qty` (the new total) and `trigger_price` is 0 where it stays as it is. An order that only gets
    smaller keeps its place in the queue. Values are absolute, so that the same command again changes nothing.
    """

    account: str
    order_id: int
    client_order_id: str = ""
    price: int = 0
    qty: int = 0
    trigger_price: int = 0


class SetCancelTimer(NamedTuple):
    """Cancel all orders of the account `after` ms from now unless this command comes again before; 0 disarms."""

    account: str
    after: int


class SetFeeTiers(NamedTuple):
    """The fee schedule of the house: (30-day volume in whole dollars from which on it holds, maker ppm, taker ppm).

    Volume counts in markets whose quote is one of `dollars`, both sides of a trade, over the last 30 UTC days.
    An account pays the lower of the market's rate and its tier's.
    """

    dollars: tuple[str, ...]
    tiers: tuple[tuple[int, int, int], ...]


class ScheduleMarketStatus(NamedTuple):
    """Change the status of a market at a time (ms) to come; time 0 takes back what was scheduled for it."""

    market: str
    status: MarketStatus
    at: int


class OpenPaperMarket(NamedTuple):
    """Define the paper market that mirrors a real one, with the paper assets it needs. Once it is there, does nothing.

    Its rules and its status are those of the real market, and follow them.
    """

    market: str


class ResetPaper(NamedTuple):
    """Cancel the account's paper orders, take all its play money back, and issue `amount` of the paper asset."""

    account: str
    key: str
    asset: str
    amount: int


class Tick(NamedTuple):
    """Time has passed and something is due: dates, timers, schedules. Does nothing by itself."""


Command = (
    EpochBarrier
    | DefineAsset
    | SetAssetStatus
    | DefineMarket
    | SetMarketStatus
    | SetReferencePrices
    | PlaceOrder
    | CancelOrder
    | CancelAll
    | ReplaceQuotes
    | CreditDeposit
    | HoldWithdrawal
    | SettleWithdrawal
    | ReleaseWithdrawal
    | Transfer
    | Adjust
    | PlaceOco
    | PlaceBracket
    | AmendOrder
    | SetCancelTimer
    | SetFeeTiers
    | ScheduleMarketStatus
    | OpenPaperMarket
    | ResetPaper
    | Tick
)
