"""Limits of live connections."""

PRICES = "prices"
MARKETS = "markets"
PLAIN_PRICES = "/ws/prices"
"""The room of plain WebSocket clients; one market's is /ws/prices/BTC-USDT."""

PLAIN_STREAM = "/ws/stream"

BOOK = "book:"
CANDLES = "candles:"
ALL_CANDLES = "candles"
"""Where the open candles of the reference price come from, all in one message, so that a second costs one."""
STATE_ROOMS = ("prices", "ticker:", "top:", CANDLES)
"""Rooms whose last message is the present state, so that a newcomer gets it at once. A book's state is put together."""

MAX_DIFFERENCES = 400
"""Differences kept behind a book's last whole message; then they are worked into it."""
REPAIR_SECONDS = 0.1
REPAIR_SECONDS_MAX = 1.0
"""How often a book that has lost a difference is looked for in Redis: soon, and then less and less."""

MAX_MESSAGE_BYTES = 64 * 1024
MAX_BRACKETS = 1_000
"""Opening brackets and braces in a message: a parser's stack ends far behind it."""
MAX_UNSENT_BYTES = 512 * 1024
"""A client that leaves more than this unread is cut off; it comes back and asks for a snapshot."""
MAX_UNSENT_MESSAGES = 256
TOO_SLOW = 1013
TOO_SLOW_REASON = "too slow: connect again and take a new snapshot"
SLOW_GRACE_SECONDS = 5.0
"""A client that is given up may still read what waits for it, and the reason, for so long."""

MAX_CONNECTIONS = 20_000
"""Of one worker."""
MAX_ROOMS = 100
"""Of one connection."""
MAX_ARRIVALS = 60
ARRIVALS_SECONDS = 10.0
"""A client may send this many messages in this time; then it is cut off."""

KEY_CHECK_SECONDS = 10.0
"""How often the API key of a connection is looked at."""

PING_SECONDS = 25
PONG_SECONDS = 20
CLOSE_SECONDS = 1.0
"""How long a polite close may take before the connection is cut."""
