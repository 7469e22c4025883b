import asyncio
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import AsyncIterator
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from cryptovault.entrypoints.api import Api
from cryptovault.settings import Settings
from fixtures.api import ORIGIN, SignIn, client_of
from fixtures.confirming import confirming
from fixtures.forged_id_tokens import FORGERIES
from fixtures.second_factors import enable_totp, prove
from fixtures.sign_in_providers import JSON, Providers

AUTH = "/api/v1/auth"


@pytest.fixture(name="settings")
def _settings(settings: Settings, providers: Providers) -> Settings:
    """The test's settings, with all three providers set up."""
    facts = {
        name: SecretStr(value) if name.endswith(("secret", "private_key")) else value
        for name, value in providers.settings().items()
    }
    return settings.model_copy(update=facts)


@pytest.fixture(name="browser")
async def _browser(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on https, as Apple wants it: only there are Secure cookies kept and sent."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="https://localhost:8001") as client:
        yield client


async def depart(client: httpx.AsyncClient, provider: str, purpose: str = "login") -> tuple[str, str]:
    """Begin: the provider's address and the verifier that the page keeps."""
    verifier = token_urlsafe(32)
    binding = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {"binding": binding, "purpose": purpose}
    answer = await client.get(f"{AUTH}/oauth/{provider}/start", params=query)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"], verifier


async def at_the_provider(url: str) -> httpx.Response:
    """The person agrees there; the answer leads back."""
    async with httpx.AsyncClient() as client:
        return await client.get(url)


async def travel(client: httpx.AsyncClient, provider: str, purpose: str = "login") -> JSON:
    """There and back; the result is what our page finds in its fragment, and the verifier."""
    url, verifier = await depart(client, provider, purpose)
    back = await at_the_provider(url)
    if back.status_code == 200:
        form = back.json()
        headers = {"Origin": "https://appleid.apple.com", "Sec-Fetch-Site": "cross-site"}
        answer = await client.post(urlsplit(form["action"]).path, data=form["form"], headers=headers)
        assert answer.status_code == 303, answer.text
    else:
        target = urlsplit(back.headers["location"])
        answer = await client.get(f"{target.path}?{target.query}")
        assert answer.status_code == 302, answer.text
    page = urlsplit(answer.headers["location"])
    assert f"{page.scheme}://{page.netloc}{page.path}" == f"{ORIGIN}/auth/callback"
    return {name: values[0] for name, values in parse_qs(page.fragment).items()} | {"verifier": verifier}


async def finish(client: httpx.AsyncClient, page: JSON) -> httpx.Response:
    """What our page does next."""
    body = {"code": page["code"], "verifier": page["verifier"]}
    return await client.post(f"{AUTH}/oauth/finish", json=body)


@pytest.mark.parametrize("provider", ["google", "github", "apple"])
async def test_signing_up_and_in(api: Api, browser: httpx.AsyncClient, providers: Providers, provider: str) -> None:
    """The first time makes an account with the provider's confirmed address; the second time opens the same one."""
    first = await finish(browser, await travel(browser, provider))
    assert first.status_code == 200, first.text
    user = first.json()["user"]
    assert user["email"] == ("ada@example.com" if provider == "github" else "ada@gmail.com")
    assert user["email_verified"] is True
    assert user["name"] == {"google": "Ada", "github": "Ada", "apple": "Ada Lovelace"}[provider]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=browser.base_url) as other:
        providers.first_consent = False
        providers.person["email"] = "moved@gmail.com"
        second = await finish(other, await travel(other, provider))
        assert second.json()["user"]["id"] == user["id"]
        ways = (await other.get(f"{AUTH}/identities")).json()
    assert [one["provider"] for one in ways["items"]] == [provider]
    assert ways["has_password"] is False


async def test_the_providers_that_are_set_up_are_listed(client: httpx.AsyncClient) -> None:
    """The page learns which buttons to show; an unknown provider is not there."""
    assert (await client.get(f"{AUTH}/oauth")).json() == {"items": ["google", "github", "apple"]}
    assert (await client.get(f"{AUTH}/oauth/myspace/start", params={"binding": "x" * 43})).status_code == 400


async def test_t16_a_second_factor_is_asked_for_all_the_same(api: Api, browser: httpx.AsyncClient) -> None:
    """T16: signing in with Google does not get past the authenticator."""
    await finish(browser, await travel(browser, "google"))
    browser.headers["X-CSRF-Token"] = browser.cookies["csrf_token"]
    app, _, _ = await enable_totp(api, browser)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=browser.base_url) as other:
        asked = (await finish(other, await travel(other, "google"))).json()
        assert asked["second_factor_required"] is True
        assert (await other.get(f"{AUTH}/me")).status_code == 401
        assert (await prove(other, asked["challenge"], method="totp", code=app.code())).status_code == 200


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_t20_forged_id_tokens(api: Api, client: httpx.AsyncClient, providers: Providers, forgery: str) -> None:
    """T20: an ID token that the provider did not make, for us and for this attempt, opens nothing."""
    providers.forge = FORGERIES[forgery]
    page = await travel(client, "google")
    assert providers.forged is not None
    assert (page.get("error"), "code" in page) == ("provider", False)
    assert await api.services.db["users"].count_documents({}) == 0


async def test_t23_the_state_is_bound_to_the_browser(api: Api, client: httpx.AsyncClient) -> None:
    """T23: what one browser began another cannot end: a sign-in cannot be slipped to somebody else."""
    url, _ = await depart(client, "google")
    target = urlsplit((await at_the_provider(url)).headers["location"])
    async with client_of(api) as victim:
        answer = await victim.get(f"{target.path}?{target.query}")
    assert "error=state" in answer.headers["location"]
    again = await client.get(f"{target.path}?{target.query}")
    assert "error=state" in again.headers["location"]


async def test_t17_state_and_code_work_once(api: Api, client: httpx.AsyncClient) -> None:
    """T17: the callback counts once, and of a hundred uses of its code one gets a session."""
    rates = api.services.rates
    for name in ("login_network", "default"):
        setattr(rates, name, getattr(rates, name)._replace(limit=10_000, lazy=True, closed=False))
    page = await travel(client, "google")

    async def use() -> int:
        async with client_of(api) as other:
            return (await finish(other, page)).status_code

    assert Counter(await asyncio.gather(*(use() for _ in range(100)))) == {200: 1, 400: 99}


@pytest.mark.parametrize("change", [{"verifier": "x" * 43}, {"code": "nonsense"}])
async def test_the_page_that_began_ends(client: httpx.AsyncClient, change: JSON) -> None:
    """T23: without the verifier that the page kept, the code is worth nothing, and is used up."""
    page = await travel(client, "google")
    assert (await finish(client, page | change)).status_code == 400
    assert (await finish(client, page)).status_code == (400 if "verifier" in change else 200)


@pytest.mark.parametrize(
    ("provider", "person", "emails"),
    [
        ("google", {"email_verified": False}, []),
        ("google", {"email": None}, []),
        ("apple", {"email_verified": "false"}, []),
        ("github", {}, [{"email": "ada@example.com", "primary": True, "verified": False}]),
        ("github", {}, [{"email": "ada@example.com", "primary": False, "verified": True}]),
        ("github", {}, [{"email": "nic\N{KELVIN SIGN}@example.com", "primary": True, "verified": True}]),
        ("github", {}, []),
    ],
)
async def test_no_account_without_a_confirmed_address(
    browser: httpx.AsyncClient, providers: Providers, provider: str, person: JSON, emails: list[JSON]
) -> None:
    """An address that the provider does not vouch for makes no account and opens none."""
    providers.person |= person
    providers.emails = emails
    answer = await finish(browser, await travel(browser, provider))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "PROVIDER_EMAIL_UNVERIFIED")


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"email": "ada@example.com", "email_verified": False}, 403),
        ({"email": "ada@example.com"}, 409),
        ({"email": "ada@example.com", "hd": "elsewhere.example"}, 409),
        ({"email": "ada@example.com", "hd": "example.com"}, 200),
    ],
)
async def test_an_existing_account_is_opened_by_who_runs_the_mailbox(
    client: httpx.AsyncClient, sign_in: SignIn, providers: Providers, person: JSON, status: int
) -> None:
    """An account is never opened by an address alone, unless the provider is the one that runs that mailbox."""
    ada = await sign_in("ada")
    providers.person |= person
    answer = await finish(client, await travel(client, "google"))
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["user"]["id"] == ada.user_id  # type: ignore[attr-defined]


async def test_an_old_confirmation_opens_no_account(
    client: httpx.AsyncClient, sign_in: SignIn, providers: Providers
) -> None:
    """GitHub confirmed an address once: whoever had the mailbox then does not get the account of who has it now."""
    await sign_in("ada")
    providers.emails = [{"email": "ada@example.com", "primary": True, "verified": True}]
    answer = await finish(client, await travel(client, "github"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "ACCOUNT_EXISTS")


async def test_linking_and_unlinking(api: Api, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A signed-in user links Google, signs in with it under another address, and unlinks it again."""
    ada = await sign_in("ada")
    page = await travel(ada, "google", "link")
    body = {"code": page["code"], "verifier": page["verifier"]}
    linked = await ada.post(f"{AUTH}/identities/oauth", json=body, auth=confirming(ada))
    assert linked.status_code == 201, linked.text
    assert (linked.json()["provider"], linked.json()["label"]) == ("google", "ada@gmail.com")
    answer = await finish(client, await travel(client, "google"))
    assert answer.json()["user"]["email"] == "ada@example.com"
    assert (await ada.delete(f"{AUTH}/identities/google:1001", auth=confirming(ada))).status_code == 204
    assert (await ada.delete(f"{AUTH}/identities/google:1001", auth=confirming(ada))).status_code == 404
    assert (await ada.get(f"{AUTH}/identities")).json()["items"] == []
    mails = await api.services.db["mails"].find({"to": "ada@example.com"}).to_list()
    assert [mail["subject"] for mail in mails].count("Your ways to sign in have changed") == 2


async def test_what_was_begun_for_one_purpose_serves_no_other(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A code of a link is no log-in, and the other way round."""
    ada = await sign_in("ada")
    assert (await finish(client, await travel(client, "google", "link"))).status_code == 400
    page = await travel(ada, "google", "login")
    body = {"code": page["code"], "verifier": page["verifier"]}
    assert (await ada.post(f"{AUTH}/identities/oauth", json=body, auth=confirming(ada))).status_code == 400


async def test_an_identity_opens_one_account(sign_in: SignIn) -> None:
    """What is linked to one account can neither be linked to another nor unlinked by a stranger."""
    statuses = []
    for name in ("ada", "bob"):
        person = await sign_in(name)
        page = await travel(person, "google", "link")
        body = {"code": page["code"], "verifier": page["verifier"]}
        statuses.append((await person.post(f"{AUTH}/identities/oauth", json=body, auth=confirming(person))).status_code)
        stranger = person
    assert statuses == [201, 409]
    assert (await stranger.delete(f"{AUTH}/identities/google:1001", auth=confirming(stranger))).status_code == 404


async def test_never_the_last_identity(api: Api, browser: httpx.AsyncClient) -> None:
    """An account that Google alone opens keeps Google; its owner proves it by a code that is mailed."""
    await finish(browser, await travel(browser, "google"))
    browser.headers["X-CSRF-Token"] = browser.cookies["csrf_token"]
    refused = await browser.delete(f"{AUTH}/identities/google:1001", auth=confirming(browser, api))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "LAST_WAY_IN")


@pytest.mark.parametrize("part", ["/token", "/jwks", "openid-configuration"])
async def test_a_provider_that_fails(client: httpx.AsyncClient, providers: Providers, part: str) -> None:
    """A provider that answers nonsense leads to an error on our page, or to 503 before anybody is sent away."""
    providers.broken = part
    if part == "openid-configuration":
        answer = await client.get(f"{AUTH}/oauth/google/start", params={"binding": "x" * 43})
        assert answer.status_code == 503
    else:
        assert (await travel(client, "google"))["error"] == "provider"


async def test_somebody_who_declines(client: httpx.AsyncClient) -> None:
    """Who says no at the provider comes back to our page with that, and may try again."""
    url, _ = await depart(client, "github")
    state = parse_qs(urlsplit(url).query)["state"][0]
    query = {"error": "access_denied", "state": state}
    answer = await client.get(f"{AUTH}/oauth/github/callback", params=query)
    assert "error=denied" in answer.headers["location"]


async def test_cookies_of_the_way(browser: httpx.AsyncClient) -> None:
    """The state's cookie returns with Apple's posted form (None, Secure) and with a plain link for the others (Lax)."""
    for provider, attributes in (("google", "SameSite=Lax"), ("apple", "SameSite=None; Secure")):
        answer = await browser.get(f"{AUTH}/oauth/{provider}/start", params={"binding": "x" * 43})
        cookie = answer.headers["set-cookie"]
        assert attributes in cookie
        assert "HttpOnly" in cookie
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        assert query["redirect_uri"] == [f"{ORIGIN}/api/v1/auth/oauth/{provider}/callback"]
        assert query.get("response_mode", [""]) == (["form_post"] if provider == "apple" else [""])


async def test_t22_only_apples_form_may_come_from_elsewhere(client: httpx.AsyncClient) -> None:
    """T22: a foreign page's form reaches the one route that expects it; there a state that is not ours is nothing."""
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    form = {"state": "made up", "code": "made up"}
    posted = await client.post(f"{AUTH}/oauth/apple/callback", data=form, headers=headers)
    assert "error=state" in posted.headers["location"]
    assert (await client.post(f"{AUTH}/oauth/google/callback", data=form, headers=headers)).status_code == 403


async def test_redirects_lead_to_the_provider_or_home(client: httpx.AsyncClient, providers: Providers) -> None:
    """Whatever a request says of hosts and return addresses, the browser goes to the set-up provider or to our page."""
    elsewhere = {"redirect_uri": "https://evil.example", "next": "//evil.example", "return_to": "https://evil.example"}
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Referer": "https://evil.example/"}
    for provider in ("google", "github", "apple"):
        query = {"binding": "x" * 43, **elsewhere}
        start = await client.get(f"{AUTH}/oauth/{provider}/start", params=query, headers=headers)
        away = urlsplit(start.headers["location"])
        assert f"{away.scheme}://{away.netloc}" == providers.url
        assert parse_qs(away.query)["redirect_uri"] == [f"{ORIGIN}/api/v1/auth/oauth/{provider}/callback"]
        back = await client.get(f"{AUTH}/oauth/{provider}/callback", params=elsewhere, headers=headers)
        assert back.headers["location"].startswith(f"{ORIGIN}/auth/callback#")
