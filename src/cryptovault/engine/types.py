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
    """How an order is priced, and whether it first waits for a trigger.

    STOP waits for the price to run away from its owner, TAKE_PROFIT for it to come; both are market orders once
    fired, their _LIMIT forms limit orders. TRAILING_STOP is a STOP whose trigger follows the best price since.
    """

    MARKET = 0
    LIMIT = 1
    STOP = 2
    STOP_LIMIT = 3
    TAKE_PROFIT = 4
    TAKE_PROFIT_LIMIT = 5
    TRAILING_STOP = 6


class TimeInForce(IntEnum):
    """How long an order lives: until cancelled, for one matching pass only, or until a date."""

    GTC = 0
    IOC = 1
    FOK = 2
    GTD = 3


class TriggerSource(IntEnum):
    """Which price fires a waiting order."""

    REFERENCE = 0  # the mark of the outside world, while it is fresh
    LAST_TRADE = 1  # the newest trade of the market itself


class GroupRole(IntEnum):
    """What an order is in its group; of TAKE_PROFIT and STOP_LOSS, one ends the other."""

    NONE = 0
    ENTRY = 1
    TAKE_PROFIT = 2
    STOP_LOSS = 3


class SelfTrade(IntEnum):
    """What happens when an order meets one of the same account."""

    CANCEL_NEWEST = 0
    CANCEL_OLDEST = 1
    CANCEL_BOTH = 2
    DECREMENT = 3


class OrderStatus(IntEnum):
    """The life of an order; FILLED, CANCELLED and EXPIRED are final."""

    OPEN = 0
    PARTIALLY_FILLED = 1
    FILLED = 2
    CANCELLED = 3
    EXPIRED = 4  # the rest of an IOC or market order that found no counterparty, or a date that has passed
    WAITING = 5  # for its trigger
    DORMANT = 6  # an exit of a bracket whose entry has not traded yet


class CloseReason(IntEnum):
    """Why the unfilled rest of an order left the book."""

    NONE = 0
    USER = 1
    IMMEDIATE = 2  # IOC, FOK or market order: nothing rests
    SELF_TRADE = 3
    COLLAR = 4
    BUDGET = 5  # a market buy by total, or a fired stop, spent all it may
    DATE = 6  # good till date, and the date has come
    LINKED = 7  # another order of its group traded, fired or was cancelled
    NOT_PLACED = 8  # it fired, and could not be placed then
    TIMER = 9  # the account's cancel timer ran out
    HOUSE = 10  # the exchange took it out
    AMENDED = 11  # its quantity was amended down to what had traded


class MarketStatus(IntEnum):
    """What a market lets its users do."""

    OPEN = 0
    POST_ONLY = 1
    CANCEL_ONLY = 2
    HALTED = 3
    PRE_OPEN = 4  # orders rest without matching; opening uncrosses them at one price


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
    PAPER = 9  # play money is issued, or taken back


PPM = 1_000_000
"""Rates (fees, collars) are integers in parts per million."""

HOUSE_PREFIX = "@"
"""Accounts of the house start with it; user accounts never do."""

FEES = "@fees"
TREASURY = "@treasury"
MAKER = "@maker"
PAPER = "@paper"
"""Who stands for the live book in paper markets. It has play money without end, so it may go negative."""
CLEARING_PREFIX = "@clearing:"
"""One clearing account per rail, for example `@clearing:faucet`; it mirrors what is outside and may go negative."""

PAPER_CLEARING = CLEARING_PREFIX + "paper"
"""Where play money comes from and goes back to."""

PAPER_PREFIX = "PAPER"
"""What the symbol of a paper asset begins with: PAPERBTC is paper of BTC."""

HOUSE_ACCOUNTS = frozenset({FEES, TREASURY, MAKER})


class InvariantBroken(Exception):
    """The engine found its own books or queues wrong. The only right answer is to stop."""
