import asyncio
from typing import Any

import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.kit.audit import AuditLog, Entry
from fixtures.api import SignIn

URL = "/api/v1/audit-logs"


async def kinds(client: Any, **query: Any) -> list[str]:
    """The kinds of events on the first page."""
    return [item["kind"] for item in (await client.get(URL, params=query)).json()["items"]]


async def test_everybody_sees_their_own(sign_in: SignIn, api: Api) -> None:
    """A user sees the own events, the newest first, page by page; nobody else's."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    for number in range(5):
        await api.services.audit.append(Entry("renamed", ada.user_id, facts={"number": number}))  # type: ignore[attr-defined]
    assert await kinds(bob) == ["signed_in"]
    seen, cursor = [], ""
    while cursor is not None:
        page = (await ada.get(URL, params={"limit": 2, "cursor": cursor})).json()
        seen += [(item["kind"], item["facts"].get("number")) for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [("renamed", number) for number in range(4, -1, -1)] + [("signed_in", None)]
    assert await kinds(ada, kind="signed_in") == ["signed_in"]


@pytest.mark.parametrize("query", [{"all": "true"}, {"user_id": "0" * 24}])
async def test_t12_only_administrators_see_others(sign_in: SignIn, query: dict[str, str]) -> None:
    """T12: asking for others' events is 403 for a user."""
    ada = await sign_in("ada")
    assert (await ada.get(URL, params=query)).status_code == 403


async def test_administrators_see_all(sign_in: SignIn, api: Api) -> None:
    """An administrator reads everybody's events, or one account's."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    token = api.services.tokens.issue(ada.user_id, "0" * 32, "admin")  # type: ignore[attr-defined]
    bearer = {"Authorization": f"Bearer {token}"}
    everybody = (await ada.get(URL, params={"all": "true"}, headers=bearer)).json()["items"]
    assert {item["user_id"] for item in everybody} == {ada.user_id, bob.user_id}  # type: ignore[attr-defined]
    his = (await ada.get(URL, params={"user_id": bob.user_id}, headers=bearer)).json()["items"]  # type: ignore[attr-defined]
    assert {item["user_id"] for item in his} == {bob.user_id}  # type: ignore[attr-defined]


async def test_a4_workers_append_to_one_chain(api: Api) -> None:
    """A4: many workers write at once, and every record has its place in one unbroken chain."""
    services = api.services
    logs = [AuditLog(services.settings, services.db, services.clock) for _ in range(4)]
    await asyncio.gather(*(log.append(Entry("tested", facts={"n": n})) for n in range(15) for log in logs))
    report = await logs[0].verify()
    assert (report.records, report.problems) == (60, [])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"$set": {"facts.n": 7}}, "security record 3 was changed"),
        ({"$set": {"user_id": "0" * 24}}, "security record 3 was changed"),
        ({"$set": {"hash": "0" * 64}}, "security record 3 was changed"),
        (None, "security record 3 is missing"),
    ],
)
async def test_a4_tampering_is_found(api: Api, change: dict[str, Any] | None, problem: str) -> None:
    """A4: a record that was changed or taken out of the database is named by `verify`."""
    for number in range(5):
        await api.services.audit.append(Entry("tested", facts={"n": number, "right": True, "text": "x"}))
    records = api.services.db["audit_log"]
    if change is None:
        await records.delete_one({"_id": 3})
    else:
        await records.update_one({"_id": 3}, change)
    assert problem in (await api.services.audit.verify()).problems
