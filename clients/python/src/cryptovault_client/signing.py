"""Requests signed with an API key of the exchange (HMAC-SHA256)."""

import hmac
import secrets
import time
from hashlib import sha256
from typing import NamedTuple


class ApiKey(NamedTuple):
    """A key's id (`cvk_...`) and its secret."""

    id: str
    secret: str

    def headers(self, method: str, path: str, query: str = "", body: bytes = b"") -> dict[str, str]:
        """The four headers that sign one request; path and query as they are sent."""
        timestamp, nonce = str(time.time_ns() // 1_000_000), secrets.token_hex(16)
        text = "\n".join((timestamp, nonce, method, path, query, sha256(body).hexdigest()))
        signature = hmac.digest(self.secret.encode(), text.encode(), sha256).hex()
        return {"X-API-Key": self.id, "X-Timestamp": timestamp, "X-Nonce": nonce, "X-Signature": signature}
