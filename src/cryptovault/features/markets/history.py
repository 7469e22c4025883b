"""Candles in MongoDB: the ones that ticks make, and the past that fills a chart at once.

Candles are derived and can be made again, so they are written without waiting for a majority's disk.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from pymongo import ReplaceOne, WriteConcern
from pymongo.errors import BulkWriteError

from cryptovault.features.markets.tickers import on_tick, rounded
from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.candles import COLLECTION, INTERVALS_MS, Candles, Key, open_time
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.past import ReferenceHistory
from cryptovault.infra.feeds.quote import FeedError, Kline
from cryptovault.infra.mongo import Database, Document

DEPTH = 500
SIMULATED = "simulated"
SPARKLINES = "4h"
_FIRST = 3  # markets whose charts are filled before anybody else's
_KEPT_DAYS = {"1m": 7, "5m": 30, "15m": 90, "1h": 730}
_DUPLICATE = 11_000
_VOLUME = Decimal("0.00000001")


class Job(NamedTuple):
    """A piece of the past."""

    listing: Listing
    interval: str


class History:
    """Writes candles. `candles` holds the ones still open."""

    def __init__(self, db: Database, listings: Sequence[Listing], clock: Clock) -> None:
        self.candles = Candles()
        self.unfilled: list[Job] = []
        self._collection = db.get_collection(COLLECTION, write_concern=WriteConcern(w=1, j=False))
        self._clock = clock
        self._newest: dict[tuple[str, str], int] = {}
        self._listings = {listing.market: listing for listing in listings}

    async def ensure_indexes(self) -> None:
        """Candles of fine intervals leave by themselves; the coarse ones stay."""
        await self._collection.create_index("expires_at", expireAfterSeconds=0)
        keys = [("market", 1), ("interval", 1), ("open_time", 1)]
        await self._collection.create_index(keys, unique=True)

    async def survey(self) -> None:
        """Find out how far the stored candles reach. To be done before the first of today's is saved."""
        group = {"_id": {"m": "$market", "i": "$interval"}, "newest": {"$max": "$open_time"}}
        rows = await self._collection.aggregate([{"$group": group}])
        self._newest = {(row["_id"]["m"], row["_id"]["i"]): row["newest"] for row in await rows.to_list()}

    async def save(self, source: str) -> int:
        """Write what has changed since the last time; returns how many candles."""
        changed = self.candles.take_changed()
        if changed:
            await self._replace(self._documents(changed, source))
        return len(changed)

    async def forget_simulated(self) -> None:
        """Real prices have come: invented ones must not stand beside them."""
        await self._collection.delete_many({"source": SIMULATED})
        self.candles = Candles()
        await self.survey()

    async def fill(self, past: ReferenceHistory, source: str) -> int:
        """Fill every chart from where the survey found its end, the largest coins first; returns candles written.

        Works in small pieces and rests as long as each took, so that live prices are not held up. Charts the source
        had nothing for are `unfilled` and can be tried again by `fill_rest`.
        """
        self.unfilled = self._jobs()
        return await self.fill_rest(past, source)

    async def fill_rest(self, past: ReferenceHistory, source: str) -> int:
        """Fill the charts that are still unfilled."""
        written = 0
        jobs, self.unfilled = self.unfilled, []
        for job in jobs:
            heed_cancellation()
            started = self._clock.monotonic()
            try:
                written += await self._fill(job, past, source)
            except FeedError:
                self.unfilled.append(job)
            await self._clock.sleep(min(0.2, self._clock.monotonic() - started))
        return written

    async def correct(self, past: ReferenceHistory, source: str, intervals: Iterable[str]) -> None:
        """Replace the newest candles by what the source says of them, volume included."""
        for interval in intervals:
            span = INTERVALS_MS[interval]
            for market in self._listings:
                heed_cancellation()
                since = open_time(self._clock.now_ms(), span) - 2 * span
                try:
                    klines = await past.history(market, interval, since, 3)
                except FeedError:
                    continue
                closed = [kline for kline in klines if kline.open_time + span <= self._clock.now_ms()]
                keyed = {Key(market, interval, kline.open_time): kline for kline in closed}
                await self._replace(self._documents(keyed, source))

    def _jobs(self) -> list[Job]:
        listings = list(self._listings.values())
        jobs = [Job(listing, interval) for listing in listings[:_FIRST] for interval in INTERVALS_MS]
        jobs += [Job(listing, SPARKLINES) for listing in listings]
        jobs += [Job(listing, interval) for listing in listings for interval in INTERVALS_MS]
        return list(dict.fromkeys(jobs))

    async def _fill(self, job: Job, past: ReferenceHistory, source: str) -> int:
        listing, span = job.listing, INTERVALS_MS[job.interval]
        now_open = open_time(self._clock.now_ms(), span)
        newest = self._newest.get((listing.market, job.interval), 0)
        start = max(newest, now_open - (DEPTH - 1) * span)
        klines = await past.history(listing.market, job.interval, start, DEPTH + 1)
        closed = [kline for kline in klines if newest < kline.open_time < now_open]
        written = await self._insert(listing, job.interval, closed, source)
        # The newest stored one was perhaps still open when it was written.
        cut = {Key(listing.market, job.interval, kline.open_time): kline for kline in klines[:-1]}
        await self._replace(self._documents({key: cut[key] for key in cut if key.open_time == newest}, source))
        if klines and klines[-1].open_time == now_open:
            self.candles.resume(listing.market, job.interval, klines[-1])
        return written

    async def _insert(self, listing: Listing, interval: str, klines: list[Kline], source: str) -> int:
        if not klines:
            return 0
        documents = [_document(listing, interval, kline, source) for kline in klines]
        try:
            await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(fault["code"] != _DUPLICATE for fault in error.details["writeErrors"]):
                raise
        return len(documents)

    async def _replace(self, documents: list[Document]) -> None:
        if documents:
            writes = [ReplaceOne({name: row[name] for name in Key._fields}, row, upsert=True) for row in documents]
            await self._collection.bulk_write(writes, ordered=False)

    def _documents(self, candles: Mapping[Key, Kline], source: str) -> list[Document]:
        return [
            _document(self._listings[key.market], key.interval, kline, source)
            for key, kline in candles.items()
            if key.market in self._listings
        ]


def candle_fields(listing: Listing, interval: str, kline: Kline) -> Document:
    """A candle of the reference price as the market would write it."""
    return {
        "market": listing.market,
        "interval": interval,
        "open_time": kline.open_time,
        "open": on_tick(listing, kline.open),
        "high": on_tick(listing, kline.high),
        "low": on_tick(listing, kline.low),
        "close": on_tick(listing, kline.close),
        "volume": rounded(kline.volume, _VOLUME),
    }


def _document(listing: Listing, interval: str, kline: Kline, source: str) -> Document:
    document = candle_fields(listing, interval, kline) | {"source": source}
    if (days := _KEPT_DAYS.get(interval)) is not None:
        opened = datetime.fromtimestamp(kline.open_time / 1_000, UTC)
        document["expires_at"] = opened + timedelta(days=days)
    return document
