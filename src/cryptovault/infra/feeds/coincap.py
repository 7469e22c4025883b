"""CoinCap v3: the last resort. A key is mandatory, and each call costs credits.

The old v2 host answers HTTP 200 with `{"data": {"message": ...}}`, a notice where the list should be: that is
"unavailable", not an empty market. It speaks of dollars, see dollars.py.
"""

from collections.abc import Sequence
from typing import Any

import httpx

from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.dollars import Dollars, in_quote_currency, priced_coins
from cryptovault.infra.feeds.http import get_json
from cryptovault.infra.feeds.quote import FeedUnavailable, Quote, decimal_or_none, price_of

PUBLIC_URL = "https://rest.coincap.io/v3"


class CoinCapSource:
    """Prices of every coin with a CoinCap slug, in one request."""

    name = "CoinCap"

    def __init__(self, url: str = PUBLIC_URL, *, key: str, timeout: float = 4.0) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, headers={"Authorization": f"Bearer {key}"})

    def speaks(self, listing: Listing) -> bool:
        """Markets of coins whose name there is known."""
        return bool(listing.base.coincap_slug)

    async def poll(self, listings: Sequence[Listing]) -> list[Quote]:
        """Ask for all coins; every number comes as text, and one timestamp counts for the whole list."""
        symbols = {coin.coincap_slug: coin.symbol for coin in priced_coins(listings) if coin.coincap_slug}
        answer = await get_json(self._client, "/assets", {"ids": ",".join(symbols), "limit": len(symbols)})
        rows = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise FeedUnavailable(_notice(rows))
        stamp = answer.get("timestamp")
        at = stamp if isinstance(stamp, int) else 0
        known = [row for row in rows if isinstance(row, dict) and row.get("id") in symbols]
        return in_quote_currency({symbols[row["id"]]: _dollars(row, at) for row in known}, listings)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _notice(data: Any) -> str:
    return f"a notice instead of prices: {str(data.get('message', ''))[:200]}" if isinstance(data, dict) else "no list"


def _dollars(row: dict[str, Any], at: int) -> Dollars:
    return Dollars(
        price=price_of(row.get("priceUsd")),
        at=at,
        change_24h=decimal_or_none(row.get("changePercent24Hr")),
        volume_24h=decimal_or_none(row.get("volumeUsd24Hr")),
        market_cap=decimal_or_none(row.get("marketCapUsd")),
    )
