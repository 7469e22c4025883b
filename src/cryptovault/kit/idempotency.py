"""The key by which a request is recognised when it comes again. The engine remembers it, per account."""

import re
from secrets import token_hex

from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput

HEADER = b"idempotency-key"
_KEY = re.compile(r"[A-Za-z0-9._:\-]{1,64}")


def request_key(call: Call, client_order_id: str | None = None) -> str:
    """The caller's key, from the body or the Idempotency-Key header; a new one where the caller gave none.

    Without a key of the caller's own, a request that is sent twice is carried out twice.
    """
    header = call.headers.get(HEADER, b"").decode("latin-1")
    if client_order_id and header and client_order_id != header:
        raise BadInput("client_order_id and the Idempotency-Key header differ.")
    key = client_order_id or header
    if not key:
        return f"auto-{token_hex(12)}"
    if not _KEY.fullmatch(key):
        raise BadInput("An idempotency key has 1 to 64 letters, digits, dots, dashes, colons or underscores.")
    return key
