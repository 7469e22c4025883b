"""The journal in MongoDB: the commit point of the exchange. See docs/reference/journal.md."""

import logging
from collections.abc import AsyncGenerator
from typing import Protocol

from bson.codec_options import CodecOptions
from pymongo import ASCENDING, DESCENDING, ReadPreference
from pymongo.errors import CollectionInvalid, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database, Document
from cryptovault.runtime.errors import Fenced, JournalBroken
from cryptovault.runtime.records import Head, Record, read_record

COLLECTION = "journal"
MAX_RECORD_BYTES = 8 << 20
"""Of commands in one record; a document may have 16 MiB."""

MAX_IN_FLIGHT = 4
"""Records written at the same time; so many less one may be left behind a hole by a crash."""

_RETRY_SECONDS = (0.02, 0.05, 0.1, 0.25, 0.5)

logger = logging.getLogger(__name__)


class Troubles(Protocol):
    """Who is told while a record cannot be written."""

    def trouble_begins(self) -> None:
        """The database does not take a record; it is tried again until it does."""
        ...

    def trouble_ends(self) -> None:
        """The record was written after all."""
        ...


class Journal:
    """Append and read records. Every read is of majority-committed data, every write waits for it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._clock = clock
        self._database = database
        self._records = database.get_collection(
            COLLECTION,
            codec_options=CodecOptions(document_class=dict),
            write_concern=WriteConcern(w="majority", j=True),
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )

    async def prepare(self) -> None:
        """Make the collection, compressed well: it is written once and read seldom."""
        try:
            await self._database.create_collection(
                COLLECTION, storageEngine={"wiredTiger": {"configString": "block_compressor=zstd"}}
            )
        except CollectionInvalid:
            return  # it exists

    async def append(self, record: Record, troubles: Troubles) -> None:
        """Write a record; return once it is durable. Raises Fenced where another leader holds its place (J7).

        An error of the database says nothing about whether the record was written, so the same record is
        sent again until there is an answer: written, or somebody else's.
        """
        await self._append(record, troubles, behind_barrier=True)

    async def append_barrier(self, record: Record, troubles: Troubles) -> None:
        """Write the first record of an epoch. Raises Fenced where there is any other: read it, and try behind it."""
        await self._append(record, troubles, behind_barrier=False)

    async def _append(self, record: Record, troubles: Troubles, *, behind_barrier: bool) -> None:
        document = record.to_document()
        attempts = 0
        try:
            while not await self._try_append(record, document, behind_barrier=behind_barrier):
                heed_cancellation()
                attempts += 1
                if attempts == 1:
                    troubles.trouble_begins()
                await self._clock.sleep(_RETRY_SECONDS[min(attempts, len(_RETRY_SECONDS)) - 1])
        finally:
            if attempts:
                troubles.trouble_ends()

    async def _try_append(self, record: Record, document: Document, *, behind_barrier: bool) -> bool:
        try:
            await self._records.insert_one(document)
        except DuplicateKeyError:
            return await self._is_ours(record, behind_barrier=behind_barrier)
        except PyMongoError as error:
            logger.warning("record %d is not acknowledged yet and will be sent again: %s", record.first, error)
            return False
        return True

    async def _is_ours(self, record: Record, *, behind_barrier: bool) -> bool:
        """True if the record at this place is the same and durable; False to try again. Raises Fenced."""
        try:
            document = await self._records.find_one({"_id": record.first})
            if document is None:
                return False  # there, but not yet on a majority
            found = read_record(document)
            if found.hash == record.hash:
                return True
            if behind_barrier and found.epoch < record.epoch:
                await self._discard(found)
                return False
        except PyMongoError as error:
            logger.warning("record %d cannot be compared yet: %s", record.first, error)
            return False
        raise Fenced(
            f"seq {record.first} was written by the leader of epoch {found.epoch}; this engine had epoch "
            f"{record.epoch} and stops before it answers anybody"
        )

    async def _discard(self, found: Record) -> None:
        """Take away what an earlier leader wrote behind our barrier: it is outside the chain, nobody was told of it."""
        logger.warning("record %d of the fenced epoch %d is taken away", found.first, found.epoch)
        await self._records.delete_one({"_id": found.first, "epoch": found.epoch, "hash": found.hash})

    async def discard_stale(self, head: Head) -> int:
        """Take away what earlier leaders left behind `head`, the barrier of this epoch; how many there were."""
        result = await self._records.delete_many({"_id": {"$gt": head.seq}, "epoch": {"$lt": head.epoch}})
        return result.deleted_count

    async def read(self, first: int, limit: int = 0) -> AsyncGenerator[Record]:
        """Records from `_id` `first` on, in order, each with its own hash checked. Raises JournalBroken."""
        cursor = self._records.find({"_id": {"$gte": first}}, sort=[("_id", ASCENDING)], limit=limit)
        async with cursor:
            async for document in cursor:
                yield read_record(document)

    async def holds(self, head: Head) -> bool:
        """True if a record ends exactly at `head`."""
        if head.seq == 0:
            return True
        # Left-overs of fenced leaders may lie between, but never more than a few.
        cursor = self._records.find({"_id": {"$lte": head.seq}}, sort=[("_id", DESCENDING)], limit=4 * MAX_IN_FLIGHT)
        async with cursor:
            async for document in cursor:
                record = read_record(document)
                if record.head.seq == head.seq and record.hash == head.hash:
                    return True
        return False

    async def at(self, seq: int) -> int | None:
        """The journal time (ms) of the record that holds this command; None where there is none."""
        record = await self._records.find_one({"_id": {"$lte": seq}}, {"at": 1}, sort=[("_id", DESCENDING)])
        return int(record["at"]) if record is not None else None

    async def last_seq(self) -> int:
        """About where the journal ends, for progress displays."""
        last = await self._records.find_one({}, {"n": 1}, sort=[("_id", DESCENDING)])
        return int(last["_id"]) + int(last["n"]) - 1 if last else 0

    async def last_epoch(self) -> int:
        """The highest epoch among the last records, left-overs included; 0 for an empty journal."""
        cursor = self._records.find({}, {"epoch": 1}, sort=[("_id", DESCENDING)], limit=4 * MAX_IN_FLIGHT)
        async with cursor:
            return max([int(document["epoch"]) async for document in cursor], default=0)


def require_short_tail(head: Head, ahead: list[Record]) -> None:
    """Raise JournalBroken if the records behind a hole are more than a crash can leave there."""
    if len(ahead) > MAX_IN_FLIGHT - 1 + MAX_IN_FLIGHT * len({record.epoch for record in ahead} - {head.epoch}):
        raise JournalBroken(
            f"the journal has a hole after seq {head.seq}: {len(ahead)} records follow, the first at {ahead[0].first}"
        )
    if any(record.epoch > head.epoch for record in ahead):
        raise JournalBroken(f"the journal has a hole after seq {head.seq}, and a later leader wrote behind it")
