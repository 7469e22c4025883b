"""Refusals, in order of precedence: where several apply, the first one in this list is given."""

from enum import IntEnum


class Reject(IntEnum):
    """Why a command was refused. Values are part of the journal format: never renumber, only append.

    Precedence is the order of `PRECEDENCE`, which starts as the order of definition.
    """

    KEY_REUSED = 1  # same idempotency key, other payload
    ACCOUNT_INVALID = 2
    ASSET_UNKNOWN = 3
    ASSET_EXISTS = 4
    ASSET_CLOSED = 5
    MARKET_UNKNOWN = 6
    MARKET_INVALID = 7  # a definition that cannot work, or that contradicts the existing one
    MARKET_HALTED = 8
    MARKET_CANCEL_ONLY = 9
    MARKET_POST_ONLY = 10
    ORDER_INVALID = 11  # a combination of type, price, quantity and flags that makes no sense
    PRICE_INVALID = 12
    QTY_INVALID = 13  # not positive or above the market's maximum
    LOT_SIZE = 14
    AMOUNT_INVALID = 15
    PRICE_STALE = 16  # a market order, and no usable reference price
    MIN_NOTIONAL = 17
    TOO_MANY_ORDERS = 18
    INSUFFICIENT_FUNDS = 19
    POST_ONLY_WOULD_TAKE = 20
    FOK_NOT_FILLABLE = 21
    SELF_TRADE = 22
    NO_LIQUIDITY = 23  # a market order met an empty book
    ORDER_UNKNOWN = 24
    WITHDRAWAL_UNKNOWN = 25
    WITHDRAWAL_CLOSED = 26
    DEPOSIT_DUPLICATE = 27
    LIMIT_REACHED = 28  # a bound of the engine itself: accounts, assets, markets, keys
