import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from pymongo import AsyncMongoClient, monitoring

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.infra.local_engine import LocalEngine
from fixtures.api import PASSWORD, SignIn, client_of
from fixtures.ranks import mann_whitney

BODIES = {
    "login": {"password": "not the password at all"},
    "signup": {"password": PASSWORD},
    "forgot-password": {},
    "resend-verification": {},
}
NIGHTLY = "TIMING_SAMPLES" in os.environ
SAMPLES = int(os.environ.get("TIMING_SAMPLES", "100"))
WATCHED = {"users", "signups", "login_failures", "devices", "links", "mails", "audit_log"}


class Commands(monitoring.CommandListener):
    """What is asked of the database, as names of commands and collections."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Note a command."""
        collection = event.command.get(event.command_name)
        self.seen.append((event.command_name, "mails" if collection == "mail_decoys" else collection))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Of no interest."""


def asking(client: httpx.AsyncClient, route: str) -> Callable[[str], Awaitable[httpx.Response]]:
    """Send the route's request for an address."""

    async def ask(email: str) -> httpx.Response:
        return await client.post(f"/api/v1/auth/{route}", json={"email": email, **BODIES[route]})

    return ask


@pytest.mark.parametrize("route", BODIES)
async def test_t19_the_same_work_is_done(
    api: Api, sign_in: SignIn, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T19: known and unknown addresses cause the same commands to the database, one hash each, and the same answer."""
    await sign_in("ada")
    commands = Commands()
    mongo: AsyncMongoClient[Any] = AsyncMongoClient(api.settings.mongo_url, tz_aware=True, event_listeners=[commands])
    worker = create_app(api.settings, engine=LocalEngine(), mongo=mongo)
    async with worker.running() as services, client_of(worker) as client:
        monkeypatch.setattr(services.limiter, "check", AsyncMock())
        hashes = AsyncMock(wraps=services.passwords._off_loop)
        monkeypatch.setattr(services.passwords, "_off_loop", hashes)
        ask, found = asking(client, route), []
        await ask("warm-up@example.com")
        for email in ("ada@example.com", "nobody@example.com"):
            commands.seen.clear()
            hashes.reset_mock()
            answer = await ask(email)
            work = [seen for seen in commands.seen if seen[1] in WATCHED]
            found.append((answer.status_code, sorted(answer.json() or []), hashes.await_count, work))
    assert found[0] == found[1]
    assert found[0][3] != []


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("route", BODIES)
async def test_t19_time_does_not_tell(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T19: the medians of interleaved requests for known and unknown addresses differ by less than they scatter.

    With as many samples as the nightly run takes, by 3 ms at most, and no rank test tells the two apart.
    """
    await sign_in("ada")
    monkeypatch.setattr(api.services.limiter, "check", AsyncMock())
    known, unknown = await measured(api, asking(client, route), route)
    apart, p = abs(statistics.median(known) - statistics.median(unknown)), mann_whitney(known, unknown)
    print(f"{route}: {SAMPLES} per arm, median {statistics.median(known):.2f} ms, apart {apart:.3f} ms, p {p:.3f}")  # noqa: T201
    assert apart <= (3.0 if NIGHTLY else max(3.0, scatter(known), scatter(unknown)))
    assert p > 0.01 or not NIGHTLY


async def measured(
    api: Api, ask: Callable[[str], Awaitable[httpx.Response]], route: str
) -> tuple[list[float], list[float]]:
    """Milliseconds of requests for a known and an unknown address, in turns of random order."""
    times: dict[str, list[float]] = {"ada@example.com": [], "nobody@example.com": []}
    turns = random.Random(19)
    for _ in range(SAMPLES):
        for email in turns.sample(sorted(times), 2):
            if route == "login":
                await api.services.db["login_failures"].delete_many({})
            started = time.perf_counter()
            await ask(email)
            times[email].append((time.perf_counter() - started) * 1000)
    known, unknown = times.values()
    return known, unknown


def scatter(times: list[float]) -> float:
    """The width of the middle half."""
    low, _, high = statistics.quantiles(times, n=4)
    return high - low
