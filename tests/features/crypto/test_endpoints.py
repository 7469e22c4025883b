from datetime import UTC, datetime

import pytest

from cryptovault.features.crypto import repository
from cryptovault.infra.mongo import Database
from fixtures.trading import Venue

STEP = {"5m": 300_000, "15m": 900_000, "1h": 3_600_000, "4h": 14_400_000}


async def candles(db: Database, interval: str, count: int, now: int) -> None:
    """The last `count` candles of BTC-USDT, closing at 1, 2, 3 ..."""
    span = STEP[interval]
    newest = now - now % span
    rows = [
        {
            "market": "BTC-USDT", "interval": interval, "open_time": newest - (count - 1 - step) * span,
            "close": f"{step + 1}", "source": "live",
        }
        for step in range(count)
    ]  # fmt: skip
    await db["candles"].insert_many(rows)


async def test_coins_are_listed_the_largest_first(venue: Venue) -> None:
    """Every coin with a dollar market is there, with its public id and price."""
    for market, ticker in venue.services.board._tickers.items():
        ticker |= {
            "last": {"BTC-USDT": "64000", "ETH-USDT": "3000"}[market],
            "quote_volume_24h": "9",
            "market_cap": "8",
        }
    answer = (await venue.nobody("GET", "/crypto")).json()
    assert [item["id"] for item in answer["items"]] == ["bitcoin", "ethereum"]
    assert answer["items"][0] == {
        "id": "bitcoin", "symbol": "BTC", "name": "Bitcoin", "price_usd": "64000", "change_24h": "0",
        "volume_24h": "9", "market_cap": "8", "sparkline": ["64000"],
    }  # fmt: skip


async def test_coins_come_in_pages(venue: Venue) -> None:
    """The cursor of one page leads to the next."""
    first = (await venue.nobody("GET", "/crypto?limit=1")).json()
    second = (await venue.nobody("GET", f"/crypto?limit=1&cursor={first['next_cursor']}")).json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == ["bitcoin", "ethereum"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("path", ["/crypto/ghost", "/crypto/ghost/history", "/crypto/dogecoin"])
async def test_an_unknown_coin_is_not_found(venue: Venue, path: str) -> None:
    """A coin that is not traded here does not exist here."""
    assert (await venue.nobody("GET", path)).status_code == 404


@pytest.mark.parametrize("path", ["/crypto?limit=201", "/crypto?cursor=x", "/crypto/bitcoin/history?days=2"])
async def test_bad_questions_are_bad_input(venue: Venue, path: str) -> None:
    """Limits, cursors and spans are checked."""
    assert (await venue.nobody("GET", path)).status_code == 400


async def test_a_sparkline_is_the_last_week(venue: Venue, db: Database) -> None:
    """42 closes, four hours apart, then the price now."""
    now = venue.services.clock.now_ms()
    await candles(db, "4h", 200, now)
    venue.services.board._tickers["BTC-USDT"]["last"] = "64000"
    await venue.services.redis.delete("cv:sparklines")
    line = (await venue.nobody("GET", "/crypto/bitcoin")).json()["sparkline"]
    assert len(line) == 43
    assert line[-1] == "64000"
    closes = [int(close) for close in line[:-1]]
    assert closes == list(range(closes[0], closes[0] + len(closes)))
    assert closes[-1] >= 198


@pytest.mark.parametrize(("days", "interval"), [(1, "5m"), (7, "1h"), (30, "4h")])
async def test_history_ends_now(venue: Venue, db: Database, days: int, interval: str) -> None:
    """History covers the asked span with candles that fit it, oldest first, and ends with the price now."""
    now = venue.services.clock.now_ms()
    await candles(db, interval, 400, now)
    venue.services.board._tickers["BTC-USDT"]["last"] = "64000"
    items = (await venue.nobody("GET", f"/crypto/bitcoin/history?days={days}")).json()["items"]
    times = [datetime.fromisoformat(item["at"]) for item in items]
    assert times == sorted(times)
    assert items[-1]["price"] == "64000"
    oldest = datetime.now(UTC).timestamp() - times[0].timestamp()
    assert days * 86_400 - 2 * STEP[interval] / 1_000 < oldest <= days * 86_400
    assert len(items) == pytest.approx(days * 86_400_000 / STEP[interval], abs=2)


async def test_sparklines_of_many_markets_are_one_query(db: Database) -> None:
    """A market without candles has no line, and the candle still open is left out."""
    now = 1_795_219_200_000
    await candles(db, "4h", 10, now)
    lines = await repository.sparklines(db, now)
    assert lines == {"BTC-USDT": [str(close) for close in range(1, 10)]}
