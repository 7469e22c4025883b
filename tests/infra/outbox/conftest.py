from datetime import timedelta
from typing import Any

import pytest

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.outbox.errors import DeliveryError
from cryptovault.infra.outbox.runner import Runner
from cryptovault.infra.outbox.store import Claim, Message, Outbox, index_outbox
from cryptovault.settings import Settings
from fixtures.fake_clock import FakeClock


class Provider:
    """A channel that fails as it is told: each entry of `trouble` meets one delivery, then all go well."""

    name = "mail"
    spacing = 0.0

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.trouble: list[DeliveryError | Exception | None] = []
        self.attempts = 0

    async def deliver(self, message: Claim, _body: Document) -> str:
        """Deliver, or fail."""
        self.attempts += 1
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is not None:
            raise trouble
        self.sent.append(message.id)
        return f"provider-{len(self.sent)}"


class Post:
    """An outbox with a runner, and a clock that stands."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self.settings = settings
        self.clock = FakeClock(SystemClock().now_ms() - 60_000)
        self.db = db
        self.outbox = Outbox(settings, db, self.clock, "one")
        self.provider = Provider()
        self.outcomes: list[str] = []
        self.runner = Runner(self.outbox, self.provider, self.clock, lambda _channel, what: self.outcomes.append(what))

    def runners(self, number: int) -> list[Runner]:
        """Runners in real time, as in so many processes."""
        outbox = Outbox(self.settings, self.db, SystemClock(), "other")
        return [Runner(outbox, self.provider, SystemClock()) for _ in range(number)]

    async def put(self, to: str = "ada@example.com", **fields: Any) -> str:
        """Accept a message; each is a millisecond younger than the one before."""
        self.clock.move(milliseconds=1)
        fields = {"useful": timedelta(days=3), "security": True} | fields
        return await self.outbox.put(Message("mail", to, "notice", {"text": "secret words"}, **fields))

    async def document(self, message_id: str) -> dict[str, Any]:
        """A message as it is stored."""
        found = await self.db["outbox"].find_one({"_id": message_id})
        assert found is not None
        return found

    async def settle(self, rounds: int, **move: float) -> None:
        """Run so many rounds, moving the clock before each."""
        for _ in range(rounds):
            self.clock.move(**move)
            await self.runner.step()


@pytest.fixture(name="post")
async def _post(settings: Settings, db: Database) -> Post:
    await index_outbox(db)
    return Post(settings, db)
