"""What outlives the market maker: its switch, the limits it has reached, and its trades as the journal has them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from pymongo import ASCENDING, DESCENDING

from cryptovault.engine.types import MAKER
from cryptovault.features.markets.gains import Fill, fills_of
from cryptovault.features.markets.projection import TRADES
from cryptovault.infra.mongo import Database, Document

COLLECTION = "maker"
DAY_MS = 86_400_000
_ID = "maker"


class Standing(NamedTuple):
    """Whether the maker may quote. `limited` are the limits it reached on `day`: by market, or "" for all of it.

    Losses are counted from `counted_from_ms`, if that is later than the day's beginning.
    """

    stopped: bool = False
    reason: str = ""
    at_ms: int = 0
    day: int = 0
    limited: Mapping[str, str] = {}
    counted_from_ms: int = 0


class MakerStore:
    """The maker's collection, and its trades."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def standing(self) -> Standing:
        """How it stands now."""
        document = await self._db[COLLECTION].find_one({"_id": _ID})
        if document is None:
            return Standing()
        limited = {row["market"]: row["reason"] for row in document.get("limited", [])}
        known = {name: document[name] for name in Standing._fields if name in document and name != "limited"}
        return Standing(**known, limited=limited)

    async def stop(self, reason: str, now_ms: int) -> None:
        """The kill switch: no quotes until somebody says start."""
        await self._set({"stopped": True, "reason": reason, "at_ms": now_ms})

    async def start(self, now_ms: int) -> None:
        """Quotes again; limits that were reached are forgiven, and losses are counted anew from now."""
        again = {"stopped": False, "reason": "", "at_ms": now_ms, "limited": [], "counted_from_ms": now_ms}
        await self._set(again)

    async def limit(self, day: int, limited: Mapping[str, str]) -> None:
        """Limits that were reached on a day (whole days since 1970)."""
        rows = [{"market": market, "reason": reason} for market, reason in limited.items()]
        await self._set({"day": day, "limited": rows})

    async def _set(self, fields: Document) -> None:
        await self._db[COLLECTION].update_one({"_id": _ID}, {"$set": fields}, upsert=True)

    async def head(self) -> int:
        """Up to which journal position the read models show everything."""
        watermark = await self._db["watermarks"].find_one({"_id": "read_models"})
        return int(watermark["seq"]) if watermark is not None else 0

    async def seq_before(self, at_ms: int) -> int:
        """The journal position of the last trade before a moment, 0 where there is none."""
        moment = datetime.fromtimestamp(at_ms / 1_000, UTC)
        newest = self._db[TRADES].find({}, {"seq": 1, "at": 1}).sort("seq", DESCENDING)
        async for row in newest:
            if row["at"].replace(tzinfo=UTC) < moment:
                return int(row["seq"])
        return 0

    async def fills(self, after_seq: int, head: int, since_ms: int = 0) -> list[Fill]:
        """The maker's side of the trades after one journal position up to another, none before a moment; in order."""
        mine = [{"maker_user_id": MAKER}, {"taker_user_id": MAKER}]
        times = {"$gte": datetime.fromtimestamp(since_ms / 1_000, UTC)}
        rows = self._db[TRADES].find({"seq": {"$gt": after_seq, "$lte": head}, "at": times, "$or": mine})
        ordered = rows.sort([("seq", ASCENDING), ("trade_id", ASCENDING)])
        return [fill async for row in ordered for fill in fills_of(row, MAKER)]
