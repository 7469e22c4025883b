"""What a password must be, how it is kept, and for how long wrong ones lock: the policies, and what is a setting."""

import httpx
import pytest
from pydantic import SecretStr

from cryptovault.entrypoints.api import Api
from cryptovault.features.auth.lockout import AccountLocked, Lockout
from cryptovault.features.auth.policy import password_fault
from cryptovault.infra.passwords import Passwords
from cryptovault.settings import Settings
from fixtures.accounts import NEW_PASSWORD, log_in, reset_token
from fixtures.api import PASSWORD, SignIn
from fixtures.confirming import confirming
from fixtures.fake_clock import FakeClock
from fixtures.second_factors import SecurityKey, add_passkey, enable_totp, stop_clock

AUTH = "/api/v1/auth"
SHORT = "heron!lake"
ADA = "ada@example.com"


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("augusta lovelace 1", True),
        ("cryptovault-bitcoin", True),
        ("ada.king@example.com", True),
        ("augusta says heron lake", False),
    ],
)
def test_context_words(password: str, refused: bool) -> None:
    """A password made of the product's name, the owner's name or the owner's address is refused."""
    fault = password_fault(password, "ada.king@example.com", "Augusta Lovelace")
    assert bool(fault) is refused
    assert not refused or "mostly a common word" in fault


async def change(client: httpx.AsyncClient, new: str) -> httpx.Response:
    """Change the password, proving whatever is asked for."""
    body = {"current_password": PASSWORD, "new_password": new}
    return await client.post(f"{AUTH}/change-password", json=body, auth=confirming(client))


async def test_fifteen_characters_alone_eight_beside_a_second_factor(api: Api, sign_in: SignIn) -> None:
    """A password of 8 to 14 characters is taken only where there is a second factor, which then cannot be removed."""
    ada = await sign_in("ada")
    assert (await change(ada, SHORT)).status_code == 400
    assert (await ada.get(f"{AUTH}/security")).json()["password_min"] == 15
    _, _, clock = await enable_totp(api, ada)
    assert (await ada.get(f"{AUTH}/security")).json()["password_min"] == 8
    assert (await change(ada, "heron!7")).status_code == 400
    assert (await change(ada, SHORT)).status_code == 204
    refused = await ada.post(f"{AUTH}/2fa/disable", auth=confirming(ada))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "PASSWORD_TOO_SHORT")
    key = SecurityKey()
    added = await add_passkey(ada, key)
    assert added.status_code == 201, added.text
    assert (await ada.post(f"{AUTH}/2fa/disable", auth=confirming(ada))).status_code == 204
    passkey = added.json()["passkey"]["id"]
    refused = await ada.delete(f"{AUTH}/passkeys/{passkey}", auth=confirming(ada))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "PASSWORD_TOO_SHORT")
    assert clock is api.services.clock


async def test_a_reset_asks_for_as_much(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A new password by mail needs 15 characters, or 8 beside a second factor; the link says which."""
    await sign_in("bob")
    ada = await sign_in("ada")
    await enable_totp(api, ada)
    for email, shortest, status in (("bob@example.com", 15, 400), (ADA, 8, 204)):
        token = await reset_token(api, client, email)
        told = (await client.get(f"{AUTH}/validate-reset-token/{token}")).json()
        assert told == {"valid": True, "password_min": shortest}
        body = {"token": token, "password": SHORT}
        assert (await client.post(f"{AUTH}/reset-password", json=body)).status_code == status


def with_keys(settings: Settings, key: str, *old: str) -> Passwords:
    """Passwords under other keys."""
    changed = {"encryption_key": SecretStr(key), "encryption_keys_old": SecretStr(",".join(old))}
    return Passwords(settings.model_copy(update=changed))


async def test_passwords_are_peppered(settings: Settings) -> None:
    """A stored hash is worth nothing without the key; after a change of the key it is good, and due for renewal."""
    first, other = with_keys(settings, "a" * 40), with_keys(settings, "b" * 40)
    stored = await first.hash(PASSWORD)
    assert await first.verify(stored, PASSWORD)
    assert not first.outdated(stored)
    assert not await other.verify(stored, PASSWORD)
    plain = "$argon2" + stored.partition("$argon2")[2]
    assert not await first.verify(plain, PASSWORD)
    rotated = with_keys(settings, "b" * 40, "a" * 40)
    assert await rotated.verify(stored, PASSWORD)
    assert not await rotated.verify(stored, NEW_PASSWORD)
    assert rotated.outdated(stored)
    for passwords in (first, other, rotated):
        passwords.close()


async def test_hashes_without_a_pepper_are_renewed(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A hash from before there was a pepper lets its owner in, and is replaced by that."""
    users = api.services.db["users"]
    await sign_in("ada")
    plain = api.services.passwords._hasher.hash(PASSWORD)
    await users.update_one({"email": ADA}, {"$set": {"password_hash": plain}})
    assert (await log_in(client, "ada")).status_code == 200
    user = await users.find_one({"email": ADA})
    assert user is not None
    assert not user["password_hash"].startswith("$argon2")
    assert (await log_in(client, "ada")).status_code == 200


async def locked_for(lockout: Lockout, clock: FakeClock) -> int:
    """Fail until locked; for how many minutes that is. Time has moved to its end afterwards."""
    for _ in range(6):
        try:
            await lockout.count(ADA, "203.0.113.7", "")
        except AccountLocked as locked:
            wait = locked.retry_after or 0
            clock.move(seconds=wait)
            return wait // 60
    pytest.fail("never locked")


@pytest.mark.parametrize(
    ("minutes", "doubles", "expected"),
    [(15, False, [15, 15, 15, 15]), (1, True, [1, 2, 4, 8]), (900, True, [900, 1440, 1440, 1440])],
)
async def test_t29_how_long_a_lock_lasts(api: Api, minutes: int, doubles: bool, expected: list[int]) -> None:
    """T29: 15 minutes each time, or by the settings from one minute on twice as long each time, up to a day."""
    clock, services = stop_clock(api), api.services
    changed = {"login_lock_minutes": minutes, "login_lock_doubles": doubles}
    services.settings = services.settings.model_copy(update=changed)
    lockout = Lockout(services)
    assert [await locked_for(lockout, clock) for _ in expected] == expected
    await lockout.forgive(ADA, "203.0.113.7", "")
    assert await locked_for(lockout, clock) == expected[0]
