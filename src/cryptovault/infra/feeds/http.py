"""One JSON request to a provider, with its failures told apart."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx

from cryptovault.infra.feeds.quote import FeedLimited, FeedRefused, FeedUnavailable

_LIMITED_SECONDS = 60.0
_LIMITED_SECONDS_MAX = 3 * 86_400.0  # the longest ban Binance gives


async def get_json(client: httpx.AsyncClient, path: str, params: dict[str, str | int]) -> Any:
    """GET and decode; fractions become Decimal, never float. Raises FeedError."""
    try:
        response = await client.get(path, params=params)
    except httpx.HTTPError as error:
        raise FeedUnavailable(type(error).__name__) from error
    if response.status_code != httpx.codes.OK:
        _raise_for(response)
    try:
        # NaN and Infinity are no JSON, but Python's reader takes them: they go on as Decimals, for the rules to refuse.
        return json.loads(response.content, parse_float=Decimal, parse_constant=Decimal)
    except ValueError as error:
        message = "the answer is no JSON"
        raise FeedUnavailable(message) from error


def _raise_for(response: httpx.Response) -> None:
    message = f"HTTP {response.status_code}: {response.text[:200]}"
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise FeedLimited(message, retry_after(response.headers))
    if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise FeedRefused(message)
    raise FeedUnavailable(message)


def retry_after(headers: Mapping[str, str]) -> float:
    """How many seconds a 429 or 418 asks us to wait; a minute where it does not say."""
    text = headers.get("Retry-After", "")
    return min(float(text), _LIMITED_SECONDS_MAX) if text.isdigit() else _LIMITED_SECONDS
