"""Limits of live connections."""

PRICES = "prices"
PLAIN_PRICES = "/ws/prices"
"""The room of plain WebSocket clients; one market's is /ws/prices/BTC-USDT."""

PUBLIC_ROOMS = ("ticker", "book", "trades")
STATE_ROOMS = ("prices", "ticker:", "book:")
"""Rooms whose last message is the whole present state, so that a newcomer gets it at once."""

MAX_MESSAGE_BYTES = 64 * 1024
MAX_BRACKETS = 1_000
"""Opening brackets and braces in a message: a parser's stack ends far behind it."""
MAX_UNSENT_BYTES = 512 * 1024
"""A client that leaves more than this unread is cut off; it comes back and asks for a snapshot."""
MAX_UNSENT_MESSAGES = 256

MAX_CONNECTIONS = 20_000
"""Of one worker."""
MAX_ROOMS = 100
"""Of one connection."""
MAX_ARRIVALS = 60
ARRIVALS_SECONDS = 10.0
"""A client may send this many messages in this time; then it is cut off."""

PING_SECONDS = 25
PONG_SECONDS = 20
CLOSE_SECONDS = 1.0
"""How long a polite close may take before the connection is cut."""
