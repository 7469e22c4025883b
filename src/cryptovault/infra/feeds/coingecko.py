"""CoinGecko v3: prices with 24-hour statistics and market capitalisation, with or without a key.

A key of the demo plan belongs to api.coingecko.com, one of a paid plan to pro-api.coingecko.com; on the other root it
is refused (codes 10010 and 10011), so the URL decides which header is sent. It speaks of dollars: what a market against
Tether is worth comes from dollars.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx

from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.dollars import Dollars, in_quote_currency, priced_coins
from cryptovault.infra.feeds.http import get_json
from cryptovault.infra.feeds.quote import FeedUnavailable, Quote, decimal_or_none, price_of

PUBLIC_URL = "https://api.coingecko.com/api/v3"
_PRO_HOST = "pro-api."
PAGE_MAX = 250


class CoinGeckoSource:
    """Prices of every coin with a CoinGecko id, in one request."""

    name = "CoinGecko"

    def __init__(self, url: str = PUBLIC_URL, *, key: str = "", timeout: float = 4.0) -> None:
        header = "x-cg-pro-api-key" if _PRO_HOST in url else "x-cg-demo-api-key"
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, headers={header: key} if key else {})

    def speaks(self, listing: Listing) -> bool:
        """Markets of coins whose id it was told."""
        return bool(listing.base.coingecko_id)

    async def poll(self, listings: Sequence[Listing]) -> list[Quote]:
        """Ask for all coins; CoinGecko refreshes its figures about once a minute."""
        symbols = {coin.coingecko_id: coin.symbol for coin in priced_coins(listings) if coin.coingecko_id}
        ids = ",".join(list(symbols)[:PAGE_MAX])
        rows = await get_json(
            self._client,
            "/coins/markets",
            {"vs_currency": "usd", "ids": ids, "per_page": PAGE_MAX, "page": 1, "sparkline": "false"},
        )
        if not isinstance(rows, list):
            raise FeedUnavailable(_complaint(rows))
        known = [row for row in rows if isinstance(row, dict) and row.get("id") in symbols]
        return in_quote_currency({symbols[row["id"]]: _dollars(row) for row in known}, listings)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _complaint(answer: Any) -> str:
    """What CoinGecko says where it answers 200 with something else than a list."""
    status = answer.get("status", {}) if isinstance(answer, dict) else {}
    return f"no price list: {status.get('error_message', '')}" if isinstance(status, dict) else "no price list"


def _dollars(row: dict[str, Any]) -> Dollars:
    return Dollars(
        price=price_of(row.get("current_price")),
        at=_time(row.get("last_updated")),
        change_24h=decimal_or_none(row.get("price_change_percentage_24h")),
        high_24h=decimal_or_none(row.get("high_24h")),
        low_24h=decimal_or_none(row.get("low_24h")),
        volume_24h=decimal_or_none(row.get("total_volume")),
        market_cap=decimal_or_none(row.get("market_cap")),
    )


def _time(text: object) -> int:
    """Milliseconds of an ISO 8601 time, 0 where it is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return 0
    return int(moment.timestamp() * 1_000)
