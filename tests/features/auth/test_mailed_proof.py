"""Step-up of accounts with neither a second factor nor a password: a code by mail."""

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from fixtures.accounts import mails_to
from fixtures.api import SignIn

URL = "/api/v1/auth/step-up"


@pytest.fixture(name="ada")
async def _ada(api: Api, sign_in: SignIn) -> httpx.AsyncClient:
    """Somebody whose account Google alone opens."""
    ada = await sign_in("ada")
    await api.services.db["users"].update_one({"email": "ada@example.com"}, {"$set": {"password_hash": ""}})
    return ada


async def code_for(api: Api, ada: httpx.AsyncClient, act: str) -> str:
    """Ask for a code and read it from the mail."""
    answer = await ada.post(f"{URL}/code", json={"act": act})
    assert answer.status_code == 202, answer.text
    mail = (await mails_to(api, "ada@example.com", "step_up_code"))[0]
    return str(mail["text"].partition("Code: ")[2].split()[0])


async def give(ada: httpx.AsyncClient, act: str, code: str) -> httpx.Response:
    """Prove an act by a code."""
    return await ada.post(URL, json={"act": act, "method": "mailed_code", "code": code})


async def test_t16_a_mailed_code_proves_one_act_once(api: Api, ada: httpx.AsyncClient) -> None:
    """T16: the code is good for the act that the mail names, once; another act, a second use, a guess are refused."""
    assert (await ada.get(URL)).json()["methods"] == ["mailed_code"]
    code = await code_for(api, ada, "change_phrase")
    text = (await mails_to(api, "ada@example.com", "step_up_code"))[0]["text"]
    assert "change your anti-phishing phrase" in text
    assert (await give(ada, "change_email", code)).status_code == 400
    assert (await give(ada, "change_phrase", "000000" if code != "000000" else "000001")).status_code == 400
    proven = await give(ada, "change_phrase", code)
    assert proven.status_code == 200, proven.text
    headers = {"X-Step-Up": proven.json()["token"]}
    phrase = await ada.put("/api/v1/auth/anti-phishing-phrase", json={"phrase": "owl"}, headers=headers)
    assert phrase.status_code == 204
    assert (await give(ada, "change_phrase", code)).status_code == 400


async def test_t16_codes_are_not_guessed(api: Api, ada: httpx.AsyncClient) -> None:
    """T16: five tries in ten minutes; after them the right code is not looked at either."""
    code = await code_for(api, ada, "change_phrase")
    wrong = [await give(ada, "change_phrase", f"{(int(code) + off) % 10**6:06}") for off in range(1, 6)]
    assert [answer.status_code for answer in wrong] == [400] * 5
    assert (await give(ada, "change_phrase", code)).status_code == 429


async def test_t16_a_mailed_code_is_the_last_resort(api: Api, ada: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T16: e-mail is no second factor: who has a password is not offered a code, and few mails are sent."""
    bob = await sign_in("bob")
    assert (await bob.post(f"{URL}/code", json={"act": "change_phrase"})).status_code == 409
    for status in (202, 202, 202, 202, 202, 429):
        assert (await ada.post(f"{URL}/code", json={"act": "change_phrase"})).status_code == status
    assert len(await mails_to(api, "ada@example.com", "step_up_code")) == 5
