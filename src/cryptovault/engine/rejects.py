"""Refusals, in order of precedence: where several apply, the first one in this list is given."""

from enum import IntEnum


class Reject(IntEnum):
    """Why a command was refused. The order of definition is the order of precedence.

    Values are part of the journal format: a new one takes the next free number, wherever it stands.
    """

    COMMAND_INVALID = 1  # a field is empty, too long, out of bounds or of no known value
    ACCOUNT_INVALID = 2  # not a name an account can have, or an account that may not do this
    KEY_REUSED = 3  # same idempotency key, other payload
    DEPOSIT_DUPLICATE = 4  # this payment was credited before, with other particulars
    ASSET_UNKNOWN = 5
    ASSET_EXISTS = 6
    ASSET_CLOSED = 7
    MARKET_UNKNOWN = 8
    MARKET_INVALID = 9  # a definition that cannot work, or that contradicts the existing one
    MARKET_HALTED = 10
    MARKET_CANCEL_ONLY = 11
    MARKET_POST_ONLY = 12
    MARKET_PRE_OPEN = 35  # the market opens later and takes only what can rest
    ORDER_TYPE_CLOSED = 29  # the market does not take this kind of order
    ORDER_UNKNOWN = 13
    ORDER_CLOSED = 36  # amending what is filled, cancelled or expired
    WITHDRAWAL_UNKNOWN = 14
    WITHDRAWAL_CLOSED = 15
    ORDER_INVALID = 16  # a combination of type, price, quantity and flags that makes no sense
    GROUP_INVALID = 34  # legs that do not belong together
    TRIGGER_INVALID = 30  # no trigger, one on the wrong side of the price, or a trail that makes no sense
    EXPIRY_INVALID = 32  # a date in the past or too far away
    VISIBLE_QTY_INVALID = 33
    PRICE_INVALID = 17
    QTY_INVALID = 18  # not positive or above the market's maximum
    LOT_SIZE = 19
    AMOUNT_INVALID = 20
    PRICE_STALE = 21  # a market order, and no usable reference price
    WOULD_TRIGGER = 31  # the trigger's price has been reached already
    MIN_NOTIONAL = 22
    TOO_MANY_ORDERS = 23
    LIMIT_REACHED = 24  # a bound of the engine itself: accounts, assets, markets, orders, keys
    NO_LIQUIDITY = 25  # a market order met an empty book
    INSUFFICIENT_FUNDS = 26
    POST_ONLY_WOULD_TAKE = 27
    FOK_NOT_FILLABLE = 28
