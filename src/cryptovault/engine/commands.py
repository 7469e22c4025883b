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
)


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


class CancelOrder(NamedTuple):
    """Cancel an open order of the account, by `order_id` or, where that is 0, by the key it was placed with.

    Cancelling an order that is already closed is not an error: the verdict is its final state.
    """

    account: str
    order_id: int
    client_order_id: str = ""


class CancelAll(NamedTuple):
    """Cancel all open orders of the account, in one market or, with an empty name, in all."""

    account: str
    market: str = ""


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
)
