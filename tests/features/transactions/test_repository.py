"""Lists are read along their index, however long they are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.asynchronous.cursor import AsyncCursor

from cryptovault.features.orders import repository as orders
from cryptovault.features.portfolio import repository as portfolio
from cryptovault.features.transactions import repository as transactions
from cryptovault.features.transactions.schemas import TYPES
from cryptovault.infra.mongo import Database
from fixtures.trading import ALICE

ROWS = 2_000
LIMIT = 20
USERS = (ALICE, *(f"{number:024x}" for number in range(9)))


@pytest.fixture(name="seen")
def _seen(monkeypatch: pytest.MonkeyPatch) -> list[AsyncCursor[Any]]:
    """Every cursor that is read to a list from here on."""
    cursors: list[AsyncCursor[Any]] = []
    read = AsyncCursor.to_list

    async def to_list(self: AsyncCursor[Any], length: int | None = None) -> list[Any]:
        cursors.append(self.clone())
        return await read(self, length)

    monkeypatch.setattr(AsyncCursor, "to_list", to_list)
    return cursors


async def fill(db: Database) -> None:
    """Many lines and orders of ten users."""
    await transactions.ensure_indexes(db)
    await orders.ensure_indexes(db)
    lines = [
        {
            "_id": f"{number}",
            "user_id": USERS[number % 10],
            "type": TYPES[number // 10 % len(TYPES)],
            "asset": "BTC",
            "created_at": datetime.fromtimestamp(1_700_000_000 + number // 7, UTC),
            "seq": number,
            "index": 0,
        }
        for number in range(ROWS)
    ]
    await db["transactions"].insert_many(lines)
    status = ("open", "filled", "cancelled")
    rows = [
        {"_id": number, "user_id": USERS[number % 10], "status": status[number // 10 % 3]} for number in range(ROWS)
    ]
    await db["orders"].insert_many(rows)


async def test_pages_examine_about_as_many_documents_as_they_show(db: Database, seen: list[AsyncCursor[Any]]) -> None:
    """No page sorts or scans the rest of the list, neither the first nor one in the middle."""
    await fill(db)
    middle = await db["transactions"].find_one({"_id": f"{ROWS // 2}"})
    assert middle is not None
    after = transactions.position_of(middle)
    await transactions.page(db, ALICE, kind=None, asset=None, limit=LIMIT, after=None)
    await transactions.page(db, ALICE, kind=None, asset=None, limit=LIMIT, after=after)
    await transactions.page(db, ALICE, kind="deposit", asset=None, limit=LIMIT, after=after)
    await portfolio.lines_after(db, ALICE, None, ROWS, LIMIT)
    await portfolio.lines_after(db, ALICE, middle, ROWS, LIMIT)
    for status in orders.BY_STATUS:
        await orders.page(db, ALICE, status=status, market=None, limit=LIMIT, before=ROWS // 2)
    for cursor in seen:
        stats = (await cursor.explain())["executionStats"]
        assert stats["totalDocsExamined"] <= LIMIT + 10, cursor._spec
        assert stats["totalKeysExamined"] <= 2 * LIMIT + 20, cursor._spec


async def test_a_page_goes_on_within_one_millisecond(db: Database) -> None:
    """Lines of the same moment are neither repeated nor lost at the edge of a page."""
    await fill(db)
    found: list[str] = []
    after = None
    while page := await transactions.page(db, ALICE, kind=None, asset=None, limit=LIMIT, after=after):
        found += [line["_id"] for line in page]
        after = transactions.position_of(page[-1])
    assert found == [f"{number}" for number in range(ROWS - 10, -1, -10)]
