from decimal import Decimal

from cryptovault.features.markets.history import DEPTH, SIMULATED, History
from cryptovault.infra.feeds.candles import INTERVALS_MS
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.past import SimulatedHistory
from cryptovault.infra.feeds.quote import FeedUnavailable, Kline
from cryptovault.infra.feeds.simulated import SimulatedFeed
from cryptovault.infra.mongo import Database
from fixtures.fake_clock import Hasty

LISTINGS = [listing for listing in load_catalog().listings if listing.base.symbol in {"BTC", "ETH"}]
MARKETS = {"BTC-USDT", "BTC-USD", "ETH-USDT", "ETH-USD"}


CLOCK = Hasty()
PAST = SimulatedHistory(SimulatedFeed(), LISTINGS, CLOCK)


class Nobody:
    """A source that knows no candles of one coin."""

    async def history(self, market: str, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """All but ETH."""
        if market.startswith("ETH-"):
            raise FeedUnavailable("no candles")
        return await PAST.history(market, interval, since_ms, limit)


async def new_history(db: Database) -> History:
    """A history that has looked at what is stored."""
    history = History(db, LISTINGS, CLOCK)
    await history.ensure_indexes()
    await history.survey()
    return history


async def counts(db: Database) -> dict[tuple[str, str], int]:
    """Stored candles by market and interval."""
    rows = await db["candles"].aggregate([{"$group": {"_id": ["$market", "$interval"], "n": {"$sum": 1}}}])
    return {(row["_id"][0], row["_id"][1]): row["n"] for row in await rows.to_list()}


async def test_every_chart_is_full_after_the_first_start(db: Database) -> None:
    """Each market has hundreds of candles in each interval, without a hole, and goes on in the open one."""
    history = await new_history(db)
    for listing in LISTINGS:  # prices have already come while the past is being filled
        history.candles.tick(listing.market, listing.base.base_price, CLOCK.now_ms())
    await history.save(SIMULATED)
    await history.fill(PAST, SIMULATED)
    found = await counts(db)
    assert set(found) == {(market, interval) for market in MARKETS for interval in INTERVALS_MS}
    assert all(DEPTH - 1 <= count <= DEPTH + 1 for count in found.values())
    query = {"market": "BTC-USDT", "interval": "1m"}
    times = [row["open_time"] async for row in db["candles"].find(query).sort("open_time")]
    assert times == list(range(times[0], times[-1] + 1, 60_000))


async def test_a_second_start_fills_only_the_gap(db: Database) -> None:
    """What is stored is kept; only what the worker missed is added."""
    await (await new_history(db)).fill(PAST, SIMULATED)
    gap = {"market": "BTC-USDT", "interval": "1m"}
    newest = await db["candles"].find(gap).sort("open_time", -1).limit(20).to_list()
    await db["candles"].delete_many({"_id": {"$in": [row["_id"] for row in newest]}})
    before = sum((await counts(db)).values())
    written = await (await new_history(db)).fill(PAST, SIMULATED)
    assert 20 <= written <= 60
    assert sum((await counts(db)).values()) - before == written


async def test_a_coin_without_a_past_does_not_hold_up_the_others(db: Database) -> None:
    """A source that fails for one coin still fills the rest."""
    await (await new_history(db)).fill(Nobody(), "live")
    assert {market for market, _ in await counts(db)} == MARKETS - {"ETH-USDT", "ETH-USD"}


async def test_real_candles_drive_out_invented_ones(db: Database) -> None:
    """Once prices are live, no simulated candle is left."""
    history = await new_history(db)
    await history.fill(PAST, SIMULATED)
    history.candles.tick("BTC-USDT", Decimal(64_000), CLOCK.now_ms())
    await history.save("live")
    await history.forget_simulated()
    assert {row["source"] async for row in db["candles"].find()} <= {"live"}
    await history.fill(PAST, "live")
    assert len(await counts(db)) == len(MARKETS) * len(INTERVALS_MS)


async def test_saving_writes_the_whole_candle_each_time(db: Database) -> None:
    """A candle is replaced, not added to, so that saving twice changes nothing; fine ones carry an expiry."""
    history = await new_history(db)
    for price in (100, 103, 99, 101):
        history.candles.tick("BTC-USDT", Decimal(price), 1_795_219_200_000)
        await history.save("live")
    row = await db["candles"].find_one({"market": "BTC-USDT", "interval": "1m"})
    assert row is not None
    assert [row[name] for name in ("open", "high", "low", "close", "volume")] == ["100", "103", "99", "101", "0"]
    assert "expires_at" in row
    daily = await db["candles"].find_one({"interval": "1d"})
    assert daily is not None
    assert "expires_at" not in daily
    assert await history.save("live") == 0


async def test_the_source_corrects_candles_that_have_closed(db: Database) -> None:
    """Closed candles take over the source's figures, the open one stays ours."""
    history = await new_history(db)
    await history.correct(PAST, "live", ["1m"])
    rows = await db["candles"].find({"market": "BTC-USDT", "interval": "1m"}).sort("open_time").to_list()
    assert len(rows) == 2
    assert all(Decimal(row["volume"]) > 0 for row in rows)
