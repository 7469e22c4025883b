from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from cryptovault.engine.commands import ScheduleMarketStatus
from cryptovault.engine.types import MarketStatus
from cryptovault.features.markets.publisher import BOOK_KEY, book_checksum, book_payload
from cryptovault.features.markets.schemas import ORDER_KINDS
from cryptovault.infra.mongo import Database
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.schemas import iso_ms
from fixtures.trading import ALICE, BOB, Venue

UNKNOWN = ("", "/ticker", "/orderbook", "/trades", "/candles")
MINUTE = 60_000
START = 1_795_219_200_000


async def trade(venue: Venue, times: int = 1) -> None:
    """Bob buys from Alice."""
    await venue.desk.fund(ALICE, "BTC", "10")
    await venue.desk.fund(BOB, "USDT", "1000000")
    for step in range(times):
        await venue.desk.limit(ALICE, "sell", "0.01", f"{64_000 + step}")
        await venue.desk.limit(BOB, "buy", "0.01", f"{64_000 + step}")


async def candles(db: Database, count: int, interval: str = "1m") -> None:
    """Stored candles of BTC-USDT, one a minute."""
    rows = [
        {
            "market": "BTC-USDT", "interval": interval, "open_time": START + step * MINUTE, "open": "1", "high": "3",
            "low": "0.5", "close": f"{step}", "volume": "7", "source": "live", "expires_at": datetime.now(UTC),
        }
        for step in range(count)
    ]  # fmt: skip
    await db["candles"].insert_many(rows)


async def keep_book(venue: Venue) -> dict[str, Any]:
    """Put the book of BTC-USDT where the projector keeps it."""
    exchange = venue.desk.exchange
    book = book_payload("BTC-USDT", exchange, Terms.of(exchange.markets["BTC-USDT"]), exchange.at)
    await venue.services.redis.set(f"{BOOK_KEY}BTC-USDT", msgspec.json.encode(book))
    return book


@pytest.mark.parametrize("path", UNKNOWN)
async def test_an_unknown_pair_is_not_found(venue: Venue, path: str) -> None:
    """Every route of a market answers 404 NOT_FOUND where there is no such market."""
    answer = await venue.nobody("GET", f"/markets/BTC-DOGE{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["/btc-usdt", "/BTC", "/BTC-USDT-X/ticker", "/%24ne/orderbook"])
async def test_a_malformed_pair_is_bad_input(venue: Venue, path: str) -> None:
    """What cannot be a market's name is refused before anything is looked up."""
    answer = await venue.nobody("GET", f"/markets{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "query",
    ["orderbook?limit=0", "orderbook?limit=51", "trades?limit=201", "candles?limit=1001", "candles?interval=2m"],
)
async def test_limits_are_bounded(venue: Venue, query: str) -> None:
    """No list can be asked for without bound."""
    assert (await venue.nobody("GET", f"/markets/BTC-USDT/{query}")).status_code == 400


async def test_markets_are_listed_with_rules_and_ticker(venue: Venue) -> None:
    """Anybody sees all markets, with the ledger's rules as decimal strings."""
    venue.services.board._tickers["BTC-USDT"] = {
        "market": "BTC-USDT", "last": "64000", "change_24h": "1.5", "high_24h": "1", "low_24h": "1", "volume_24h": "1",
        "quote_volume_24h": "5", "bid": "63999", "ask": "64001", "reference_price": "64000", "market_cap": "1",
        "source": "live: Binance", "at": "2026-11-21T00:00:00.000Z",
    }  # fmt: skip
    venue.services.board._tickers.pop("ETH-USDT")
    items = (await venue.nobody("GET", "/markets")).json()["items"]
    assert [item["symbol"] for item in items] == ["BTC-USDT", "ETH-USDT"]
    btc = items[0]
    ticker = btc.pop("ticker")
    assert btc == {
        "symbol": "BTC-USDT", "base": "BTC", "quote": "USDT", "status": "open", "tick_size": "0.01",
        "scheduled": None, "order_types": list(ORDER_KINDS), "band_percent": None,
        "band_seconds": None, "halt_seconds": None, "collar_percent": "5",
        "lot_size": "0.00001", "min_notional": "5", "max_qty": "10000", "maker_fee": "0.001", "taker_fee": "0.0015",
        "base_name": "Bitcoin", "price_decimals": 2, "qty_decimals": 5, "paper": False, "mirrors": None,
    }  # fmt: skip
    assert (ticker["bid"], ticker["ask"], "market_cap" in ticker) == ("63999", "64001", False)
    assert items[1]["ticker"] is None
    assert (await venue.nobody("GET", "/markets/ETH-USDT")).json()["base_name"] == "Ether"


async def test_a_market_nobody_quotes_has_an_empty_ticker(venue: Venue) -> None:
    """A ticker without any price is all nulls and says it is stale."""
    venue.services.board._tickers.clear()
    ticker = (await venue.nobody("GET", "/markets/BTC-USDT/ticker")).json()
    assert (ticker["market"], ticker["last"], ticker["reference_price"], ticker["source"]) == (
        "BTC-USDT", None, None, "stale",
    )  # fmt: skip


async def test_the_book_is_the_projectors_latest(venue: Venue) -> None:
    """The book route gives what the live room gives; a shorter one carries its own checksum."""
    await venue.desk.fund(ALICE, "BTC", "10")
    for price in ("64002", "64001", "64003"):
        await venue.desk.limit(ALICE, "sell", "0.5", price)
    kept = await keep_book(venue)
    whole = (await venue.nobody("GET", "/markets/BTC-USDT/orderbook")).json()
    assert whole == msgspec.json.decode(msgspec.json.encode(kept))
    short = (await venue.nobody("GET", "/markets/BTC-USDT/orderbook?limit=1")).json()
    assert short["asks"] == [["64001", "0.5"]]
    assert short["checksum"] == book_checksum([], [("64001", "0.5")])


async def test_trades_come_newest_first_in_pages(venue: Venue) -> None:
    """Pages of the tape join without a hole, and name no account."""
    await trade(venue, 5)
    first = (await venue.nobody("GET", "/markets/BTC-USDT/trades?limit=3")).json()
    rest = (await venue.nobody("GET", f"/markets/BTC-USDT/trades?limit=3&cursor={first['next_cursor']}")).json()
    items = first["items"] + rest["items"]
    assert [item["trade_id"] for item in items] == [5, 4, 3, 2, 1]
    assert rest["next_cursor"] is None
    assert set(items[0]) == {"trade_id", "price", "qty", "taker_side", "at"}
    assert items[0] | {"at": ""} == {"trade_id": 5, "price": "64004", "qty": "0.01", "taker_side": "buy", "at": ""}


async def test_candles_come_oldest_first_and_go_back(venue: Venue, db: Database) -> None:
    """The newest `limit` candles, or those before a time, with exactly the fields of a candle."""
    await candles(db, 10)
    newest = (await venue.nobody("GET", "/markets/BTC-USDT/candles?limit=3")).json()["items"]
    assert [row["close"] for row in newest] == ["7", "8", "9"]
    assert newest[0] == {
        "open_time": START + 7 * MINUTE, "open": "1", "high": "3", "low": "0.5", "close": "7", "volume": "7",
        "quote_volume": None, "trades": None, "source": "reference",
    }  # fmt: skip
    earlier = await venue.nobody("GET", f"/markets/BTC-USDT/candles?limit=2&before={newest[0]['open_time']}")
    assert [row["close"] for row in earlier.json()["items"]] == ["5", "6"]
    assert (await venue.nobody("GET", "/markets/BTC-USDT/candles?interval=1h")).json()["items"] == []


async def test_a_span_with_own_trades_is_told_from_these(venue: Venue, db: Database) -> None:
    """Own trades make the candle of their span, and stand beside candles of the reference price, each marked."""
    await trade(venue, 2)
    now = venue.desk.exchange.at
    start = now - now % MINUTE
    outside = {
        "market": "BTC-USDT",
        "interval": "1m",
        "open": "1",
        "high": "1",
        "low": "1",
        "close": "1",
        "volume": "1",
    }
    await db["candles"].insert_many([outside | {"open_time": start + step * MINUTE} for step in (-3, -2, -1, 0)])
    items = (await venue.nobody("GET", "/markets/BTC-USDT/candles?limit=100")).json()["items"]
    own = [item for item in items if item["source"] == "trades"]
    assert [item["open_time"] for item in items] == sorted({item["open_time"] for item in items})
    assert sum(item["trades"] for item in own) == 2
    assert items[0] == {name: outside.get(name) for name in items[0]} | {
        "open_time": start - 3 * MINUTE, "source": "reference",
    }  # fmt: skip
    assert own[-1]["open_time"] == start
    only = (await venue.nobody("GET", "/markets/BTC-USDT/candles?source=trades")).json()["items"]
    assert only == own
    day = (await venue.nobody("GET", "/markets/BTC-USDT/candles?interval=1d&source=trades")).json()["items"][-1]
    assert (day["close"], day["volume"], day["quote_volume"]) == ("64001", "0.02", "1280.01")
    rest = (await venue.nobody("GET", "/markets/BTC-USDT/candles?source=reference")).json()["items"]
    assert [item["close"] for item in rest] == ["1"] * 4


async def test_j10_the_read_models_hold_decimal_strings_and_parties(venue: Venue, db: Database) -> None:
    """The stored trade names both parties and their fees in the asset each received."""
    await trade(venue)
    row = await db["trades"].find_one({"_id": "BTC-USDT/1"})
    assert row is not None
    wanted = {
        "market": "BTC-USDT", "trade_id": 1, "price": "64000", "qty": "0.01", "notional": "640", "taker_side": "buy",
        "maker_user_id": ALICE, "taker_user_id": BOB, "maker_fee": "0.64", "taker_fee": "0.000015",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert isinstance(row["at"], datetime)


async def test_the_versioned_and_the_short_prefix_are_one_api(venue: Venue) -> None:
    """/api/markets answers as /api/v1/markets."""
    venue.services.board._tickers.clear()
    answer = await venue.nobody._http.get("/api/markets")
    assert answer.status_code == 200
    assert answer.json() == (await venue.nobody("GET", "/markets")).json()


async def test_a_market_tells_what_it_takes_and_what_is_to_come(venue: Venue) -> None:
    """Kinds of orders, band and the next change of status are shown as they are set, and gone when they are."""
    venue.services.board._tickers.clear()
    rules = venue.desk.exchange.markets["BTC-USDT"].rules()
    await venue.desk.do(rules._replace(order_types=0b11 | 1 << 17, band=100_000))
    at = venue.desk.exchange.at + 60_000
    for delay, status in ((60_000, MarketStatus.OPEN), (0, MarketStatus.PRE_OPEN)):
        await venue.desk.do(ScheduleMarketStatus("BTC-USDT", status, at + delay))
    told = (await venue.nobody("GET", "/markets/BTC-USDT")).json()
    assert (told["order_types"], told["band_percent"]) == (["market", "limit", "gtd"], "10")
    assert (told["band_seconds"], told["halt_seconds"], told["collar_percent"]) == (300, 300, "5")
    assert told["scheduled"] == {"status": "pre_open", "at": iso_ms(at)}
    await venue.desk.do(ScheduleMarketStatus("BTC-USDT", MarketStatus.OPEN, 0))
    assert (await venue.nobody("GET", "/markets/BTC-USDT")).json()["scheduled"] is None
    body = {"market": "BTC-USDT", "side": "buy", "type": "stop", "qty": "0.1", "trigger_price": "70000"}
    refused = await venue.alice("POST", "/orders", json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "ORDER_TYPE_CLOSED")


async def test_changed_rules_hold_for_the_next_order(venue: Venue) -> None:
    """Fees, least worth and largest quantity are judged, shown and foretold as they were changed a moment ago."""
    venue.services.board._tickers.clear()
    await venue.desk.fund(ALICE, "USDT", "10000")
    await venue.desk.fund(BOB, "BTC", "1")
    await venue.desk.limit(BOB, "sell", "0.1", "64000")
    rules = venue.desk.exchange.markets["BTC-USDT"].rules()
    await venue.desk.do(rules._replace(taker_fee=3_000, min_notional=100 * 10**8, max_qty=2 * 10**7))
    told = (await venue.nobody("GET", "/markets/BTC-USDT")).json()
    assert (told["taker_fee"], told["min_notional"], told["max_qty"]) == ("0.003", "100", "0.2")
    body = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "64000", "qty": "0.05"}
    assert (await venue.alice("POST", "/orders/preview", json=body)).json()["fee_rate"] == "0.003"
    assert (await venue.alice("POST", "/orders", json=body)).json()["fee"] == "0.00015"
    for qty, code in (("0.001", "MIN_NOTIONAL"), ("0.3", "QTY_INVALID")):
        answer = await venue.alice("POST", "/orders", json=body | {"qty": qty})
        assert answer.json()["error"]["code"] == code
