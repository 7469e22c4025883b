"""Events: what a command did, in the order in which it happened.

`Exchange.apply` returns them as a list. The LAST event is always the verdict: it answers the caller and is
what an idempotency key remembers. Units are those of the commands.
"""

from typing import NamedTuple

from cryptovault.engine.commands import Terms
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import (
    Bucket,
    CloseReason,
    EntryKind,
    GroupRole,
    MarketStatus,
    OrderStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
)


class Rejected(NamedTuple):
    """Verdict: refused, nothing changed. `detail` is one plain sentence with the figures that decided."""

    account: str
    reason: Reject
    detail: str = ""


class Done(NamedTuple):
    """Verdict of a command that has nothing more to tell. `ref` names what was made or changed."""

    account: str
    ref: str = ""


class OrderState(NamedTuple):
    """The whole of an order at one moment: verdict of PlaceOrder and CancelOrder, and news for a maker's owner.

    The first twelve fields are the id and the order as it was placed (`client_order_id` is its key); self-trade
    prevention in mode DECREMENT lowers `qty` or `budget`. What is left is `qty - filled` while the order is open.
    `filled` is in base units, `spent` the traded quote units, `fee` in units of what the order received
    (base for a buy, quote for a sell). `version` rises by one with each change of the order.
    `created` and `updated` are journal times in ms. `terms` are those it was placed with; of a trailing stop,
    `terms.trigger_price` is where its trigger stood when this was told. Orders of one `group` share its number,
    the id of the first of them; `triggered` is when the order fired.
    """

    order_id: int
    account: str
    client_order_id: str
    market: str
    side: Side
    type: OrderType
    tif: TimeInForce
    price: int
    qty: int
    budget: int
    post_only: bool
    self_trade: SelfTrade
    filled: int
    spent: int
    fee: int
    status: OrderStatus
    reason: CloseReason
    version: int
    created: int
    updated: int
    terms: Terms | None = None
    group: int = 0
    role: GroupRole = GroupRole.NONE
    triggered: int = 0


class OrdersCancelled(NamedTuple):
    """Verdict of CancelAll; each order's own OrderState came before it."""

    account: str
    market: str
    order_ids: tuple[int, ...]


class GroupPlaced(NamedTuple):
    """Verdict of PlaceOco and PlaceBracket: the orders as they stand, entry first; each order's news came before it.

    `group` is their number.
    """

    account: str
    group: int
    orders: tuple[OrderState, ...]


class QuotesReplaced(NamedTuple):
    """Verdict of ReplaceQuotes: how many levels now rest on each side."""

    account: str
    market: str
    bids: int
    asks: int


class Repeated(NamedTuple):
    """The command's key was known: the verdict that follows is the first one again, and nothing in it is news."""

    account: str
    key: str


class Trade(NamedTuple):
    """One fill. Price is the maker's, in ticks; `notional` is quote units.

    The buyer's fee is in base units, the seller's in quote units; `maker_fee` and `taker_fee` follow the
    side each was on. `trade_id` counts from 1 in each market without a hole.
    """

    trade_id: int
    market: str
    price: int
    qty: int
    notional: int
    taker_side: Side
    maker_order_id: int
    taker_order_id: int
    maker_account: str
    taker_account: str
    maker_fee: int
    taker_fee: int


class Posted(NamedTuple):
    """One entry of the ledger: `postings` of (account, asset, bucket, signed amount), zero-sum per asset, none 0.

    `ref` names the cause: an order id, `market/trade_id`, a deposit key, a withdrawal key.
    """

    kind: EntryKind
    ref: str
    postings: tuple[tuple[str, str, Bucket, int], ...]


class LevelChanged(NamedTuple):
    """A price level has a new total quantity; 0 means the level is gone. At most one per level and command."""

    market: str
    side: Side
    price: int
    qty: int


class MarketChanged(NamedTuple):
    """A market was defined, or its rules or status changed."""

    market: str
    status: MarketStatus


class AssetChanged(NamedTuple):
    """An asset was defined or its status changed."""

    asset: str


class ReferencePriceSet(NamedTuple):
    """The exchange took note of a reference price; 0 means it is now unknown."""

    market: str
    price: int


class FeeTiersSet(NamedTuple):
    """The fee schedule changed."""

    tiers: int


class TierChanged(NamedTuple):
    """An account's 30-day volume (whole dollars) put it in another tier; 0 is the lowest."""

    account: str
    tier: int
    volume: int


Event = (
    Rejected
    | Done
    | OrderState
    | OrdersCancelled
    | QuotesReplaced
    | Trade
    | Posted
    | LevelChanged
    | MarketChanged
    | AssetChanged
    | ReferencePriceSet
    | Repeated
    | GroupPlaced
    | FeeTiersSet
    | TierChanged
)
Verdict = Rejected | Done | OrderState | OrdersCancelled | QuotesReplaced | GroupPlaced
