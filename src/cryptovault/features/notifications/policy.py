"""Figures of notices and of linking a Telegram chat."""

from datetime import timedelta

KEPT = timedelta(days=180)
LINK_LIFETIME = timedelta(minutes=10)
NONCE_BYTES = 24
"""32 characters of the alphabet that Telegram allows in a deep link (A-Z, a-z, 0-9, _ and -, at most 64)."""
