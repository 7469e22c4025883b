"""The vocabulary of the engine: enums and constants shared by commands, events and state.

Every enum is an IntEnum so that it travels as a small integer in journal and frames.
Values are part of the journal format: never renumber, only append.
"""

from enum import IntEnum


class Side(IntEnum):
    """The side of the book an order is on."""

    BUY = 0
    SELL = 1


class OrderType(IntEnum):
    """How an order is priced."""

    MARKET = 0
    LIMIT = 1


class TimeInForce(IntEnum):
    """How long an order lives: until cancelled, or for one matching pass only."""

    GTC = 0
    IOC = 1
    FOK = 2


class SelfTrade(IntEnum):
    """What happens when an order meets one of the same account."""

    CANCEL_NEWEST = 0
    CANCEL_OLDEST = 1
    CANCEL_BOTH = 2
    DECREMENT = 3


class OrderStatus(IntEnum):
    """The life of an order; the last three are final."""

    OPEN = 0
    PARTIALLY_FILLED = 1
    FILLED = 2
    CANCELLED = 3
    EXPIRED = 4  # the rest of an IOC or market order that found no counterparty


class CloseReason(IntEnum):
    """Why the unfilled rest of an order left the book."""

    NONE = 0
    USER = 1
    IMMEDIATE = 2  # IOC, FOK or market order: nothing rests
    SELF_TRADE = 3
    COLLAR = 4
    BUDGET = 5  # a market buy by total spent all it may


class MarketStatus(IntEnum):
    """What a market lets its users do."""

    OPEN = 0
    POST_ONLY = 1
    CANCEL_ONLY = 2
    HALTED = 3


class AssetStatus(IntEnum):
    """What an asset lets its holders do."""

    ACTIVE = 0
    NO_DEPOSIT = 1
    NO_WITHDRAWAL = 2
    FROZEN = 3


class Bucket(IntEnum):
    """The two balances of an account in one asset."""

    AVAILABLE = 0
    HELD = 1


class EntryKind(IntEnum):
    """Why postings were made."""

    HOLD = 0
    RELEASE = 1
    TRADE = 2
    DEPOSIT = 3
    WITHDRAWAL_HOLD = 4
    WITHDRAWAL_SETTLE = 5
    WITHDRAWAL_RELEASE = 6
    TRANSFER = 7
    ADJUSTMENT = 8


PPM = 1_000_000
"""Rates (fees, collars) are integers in parts per million."""

HOUSE_PREFIX = "@"
"""Accounts of the house start with it; user accounts never do."""

FEES = "@fees"
TREASURY = "@treasury"
MAKER = "@maker"
CLEARING_PREFIX = "@clearing:"
"""One clearing account per rail, for example `@clearing:faucet`; it mirrors what is outside and may go negative."""

HOUSE_ACCOUNTS = frozenset({FEES, TREASURY, MAKER})


class InvariantBroken(Exception):
    """The engine found its own books or queues wrong. The only right answer is to stop."""
