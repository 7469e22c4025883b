import asyncio
from collections import Counter

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from fixtures.api import SignIn
from fixtures.confirming import confirming
from fixtures.second_factors import begin_log_in, enable_totp, open_challenges, prove, use_at_once


@pytest.mark.parametrize("write", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
async def test_a_recovery_code_works_once_however_it_is_typed(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, write: type[str]
) -> None:
    """Small letters, blanks and missing dashes do not matter; a second use does."""
    _, codes, _ = await enable_totp(api, await sign_in("ada"))
    for status in (200, 401):
        challenge = (await begin_log_in(client, "ada"))["challenge"]
        proven = await prove(client, challenge, method="recovery_code", code=write(codes[0]))
        assert proven.status_code == status
        client.cookies.clear()


async def test_t17_of_a_hundred_uses_of_a_recovery_code_one_is_accepted(api: Api, sign_in: SignIn) -> None:
    """T17: the same recovery code a hundred times at once lets in once."""
    _, codes, _ = await enable_totp(api, await sign_in("ada"))
    challenges = await open_challenges(api, "ada", 100)

    uses = (use_at_once(api, challenge, method="recovery_code", code=codes[3]) for challenge in challenges)
    statuses = Counter(await asyncio.gather(*uses))
    assert statuses == {200: 1, 401: 99}


async def test_new_codes_replace_the_old_ones(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """After a regeneration the old codes are refused and a new one works."""
    ada = await sign_in("ada")
    _, old, _ = await enable_totp(api, ada)
    answer = await ada.post("/api/v1/auth/2fa/backup-codes", auth=confirming(ada))
    assert answer.status_code == 200, answer.text
    new = answer.json()["recovery_codes"]
    assert set(new).isdisjoint(old)
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    assert (await prove(client, challenge, method="recovery_code", code=old[0])).status_code == 401
    assert (await prove(client, challenge, method="recovery_code", code=new[0])).status_code == 200


async def test_no_codes_without_a_factor(sign_in: SignIn) -> None:
    """Recovery codes stand in for a second factor; without one there is nothing to recover."""
    ada = await sign_in("ada")
    assert (await ada.post("/api/v1/auth/2fa/backup-codes", auth=confirming(ada))).status_code == 409


async def test_another_users_code_is_refused(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A recovery code is its owner's alone."""
    await enable_totp(api, await sign_in("ada"))
    _, bobs, _ = await enable_totp(api, await sign_in("bob"))
    challenge = (await begin_log_in(client, "ada"))["challenge"]
    assert (await prove(client, challenge, method="recovery_code", code=bobs[0])).status_code == 401
