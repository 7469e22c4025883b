"""Bounds of the engine: no list, table, string or number in its state grows without one of these."""

DAY_MS = 86_400_000

MAX_AMOUNT = 10**30
"""No amount, quantity, price or notional in a command may be larger."""

HOUSE_FLOOR = -(10**30)
"""How far below zero a clearing account or the treasury may go in one asset."""

MAX_NAME = 64
"""Characters of an account, asset, market or rail name."""

MAX_KEY = 128
"""Characters of an idempotency key."""

MAX_TEXT = 200
"""Characters of free text: reasons, asset names, node names."""

MAX_ACCOUNTS = 1_000_000
MAX_ASSETS = 1_000
MAX_MARKETS = 1_000
MAX_OPEN_ORDERS = 1_000_000
MAX_QUOTE_LEVELS = 50
"""Levels a ReplaceQuotes may name on each side."""

MAX_SCALE = 18
MAX_FEE = 100_000
"""Ten per cent, in parts per million."""

MAX_PARTS = 100
"""Parts an iceberg may come in, so that one order that sweeps the book makes a bounded number of trades."""

MAX_FIRED = 200
"""Waiting orders that one command executes; what has fired beyond that follows in the next ones, the oldest first."""

MAX_FIRED_ON_PAPER = 20
"""How many of these may be orders on paper: they come after the real ones, and hold nobody up."""

MAX_SCHEDULED = 16
"""Changes of status to come that a market may have."""

MAX_ORDER_TYPES = 2**32
"""Above every mask of order types."""

MAX_TIERS = 32
"""Fee tiers, and assets that count as dollars."""

MAX_TIMER = DAY_MS
"""Milliseconds a cancel timer may run."""

MAX_AHEAD = 400 * DAY_MS
"""How far ahead a date may lie: of orders and of scheduled changes."""

ORDER_KEY_AGE = DAY_MS
MAX_ORDER_KEYS = 250_000
"""Keys of orders are forgotten after a day, or, oldest first, when there are more than this; never of an open order."""

FORGET_EVERY = 256
"""Commands between two rounds of forgetting what is too old or too much."""

MAX_FORGOTTEN = 4 * FORGET_EVERY
"""Order keys looked at in one round: more than can have been added since the last, so the table shrinks."""

MONEY_KEY_AGE = 30 * DAY_MS
MAX_MONEY_KEYS = 2_000_000
"""Keys of money commands are kept for 30 days; when the table is full, new money commands are refused."""

MAX_DEPOSITS = 10_000_000
"""Deposit keys are kept for ever; beyond this many no further deposit is credited."""

MAX_CLOSED_ORDERS = 100_000
"""Closed orders whose final state a late cancel is still told."""
