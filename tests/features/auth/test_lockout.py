import asyncio
from typing import Any

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.features.auth import policy
from cryptovault.features.auth.lockout import AccountLocked, Lockout, network_of
from fixtures.accounts import log_in, mails_to
from fixtures.api import SignIn

ADA = "ada@example.com"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
MINUTE_MS = 60_000


@pytest.fixture(name="lockout")
def _lockout(api: Api) -> Lockout:
    return Lockout(api.services)


async def tries(lockout: Lockout, address: str, times: int, device: str = "") -> int:
    """How many of so many tries were let through."""
    let_through = 0
    for _ in range(times):
        try:
            await lockout.count(ADA, address, device)
        except AccountLocked:
            continue
        let_through += 1
    return let_through


async def test_t29_five_failures_lock_one_network(api: Api, lockout: Lockout) -> None:
    """T29: after five failures a network waits 15 minutes; another network, and a known browser, are not locked."""
    assert await tries(lockout, HERE, 20) == 5
    assert await tries(lockout, "203.0.113.200", 1) == 0  # the same network
    assert await tries(lockout, ELSEWHERE, 20) == 5
    assert await tries(lockout, HERE, 1, device="her laptop") == 1
    now = api.services.clock.now_ms()
    api.services.clock.now_ms = lambda: now + 15 * MINUTE_MS + 1  # type: ignore[method-assign]
    assert await tries(lockout, HERE, 20) == 5


async def test_t29_guesses_at_the_same_moment_are_counted(lockout: Lockout) -> None:
    """T29: of a hundred guesses at once five are looked at."""
    answers = await asyncio.gather(*(lockout.count(ADA, HERE, "") for _ in range(100)), return_exceptions=True)
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 5
    assert all(isinstance(answer, (bool, AccountLocked)) for answer in answers)


async def test_t29_hard_cap_over_all_networks(lockout: Lockout) -> None:
    """T29: a botnet gets 100 guesses in a row at one account; its owner's browser still gets in, and opens it again."""
    guesses = [await tries(lockout, f"10.{network}.1.1", 5) for network in range(40)]
    assert sum(guesses) == policy.LOCK_CAP
    assert await tries(lockout, "10.99.1.1", 1) == 0
    assert await tries(lockout, "10.99.1.1", 1, device="her laptop") == 1
    await lockout.forgive(ADA, "10.99.1.1", "her laptop")
    assert await tries(lockout, "10.98.1.1", 1) == 1


async def test_t29_a_reset_lifts_every_lock(lockout: Lockout) -> None:
    """After a password reset every network may try again, and no other account's lock is lifted with it."""
    await tries(lockout, HERE, 9)
    for _ in range(5):
        await lockout.count("bob@example.com", HERE, "")
    await lockout.lift(ADA)
    assert await tries(lockout, HERE, 1) == 1
    with pytest.raises(AccountLocked):
        await lockout.count("bob@example.com", HERE, "")


async def test_t29_the_owner_is_not_locked_out(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T29: a stranger's failures do not keep the owner's known browser out; the owner is told once."""
    ada = await sign_in("ada")
    unlimited(api)
    statuses = [(await log_in(client, "ada", "the wrong password")).status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    locked = await log_in(client, "ada")
    assert (locked.status_code, locked.json()["error"]["code"]) == (429, "ACCOUNT_LOCKED")
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60 + 1
    assert (await log_in(ada, "ada")).status_code == 200
    assert len(await mails_to(api, ADA, "account_locked")) == 1


async def test_t19_unknown_accounts_lock_alike(api: Api, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T19: a lock does not tell an account from an address that has none."""
    await sign_in("ada")
    unlimited(api)
    answers: dict[str, list[Any]] = {}
    for name in ("ada", "nobody"):
        client.cookies.clear()
        found = [await log_in(client, name, "the wrong password") for _ in range(7)]
        answers[name] = [(answer.status_code, answer.json()["error"]["code"]) for answer in found]
    assert answers["ada"] == answers["nobody"]
    assert await mails_to(api, "nobody@example.com") == []


def unlimited(api: Api) -> None:
    """Let the rate class of log-ins not be what refuses."""
    rates = api.services.rates
    rates.login, rates.login_network = rates.login._replace(limit=10_000), rates.login_network._replace(limit=10_000)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_networks(address: str, network: str) -> None:
    """Addresses that one customer of a provider can change between are one network."""
    assert network_of(address) == network
