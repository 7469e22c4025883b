import asyncio
from collections import Counter
from collections.abc import Callable

import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount

from cryptovault.entrypoints.api import Api
from cryptovault.features.auth.wallet.message import MessageRefused, checksummed, parse, signer
from fixtures.api import ORIGIN, SignIn, client_of
from fixtures.confirming import confirming
from fixtures.second_factors import enable_totp, prove, stop_clock

AUTH = "/api/v1/auth"
Edit = Callable[[str], str]

STANDARD = """example.com wants you to sign in with your Ethereum account:
0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

I accept the ExampleOrg Terms of Service: https://example.com/tos

URI: https://example.com/login
Version: 1
Chain ID: 1
Nonce: 32891756
Issued At: 2021-09-30T16:25:24Z
Resources:
- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
- https://example.com/my-web2-claim.json"""


@pytest.fixture(name="wallet")
def _wallet() -> LocalAccount:
    """Somebody's wallet."""
    return Account.create()


def sign(wallet: LocalAccount, text: str) -> str:
    """personal_sign."""
    return "0x" + bytes(wallet.sign_message(encode_defunct(text=text)).signature).hex()


async def ask(client: httpx.AsyncClient, wallet: LocalAccount, chain_id: int = 1) -> str:
    """The message to sign."""
    answer = await client.post(f"{AUTH}/wallet/nonce", json={"address": wallet.address.lower(), "chain_id": chain_id})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["message"])


async def link(client: httpx.AsyncClient, wallet: LocalAccount) -> httpx.Response:
    """Link the wallet to whoever is signed in."""
    text = await ask(client, wallet)
    body = {"message": text, "signature": sign(wallet, text)}
    return await client.post(f"{AUTH}/identities/wallet", json=body, auth=confirming(client))


async def verify(client: httpx.AsyncClient, text: str, signature: str) -> httpx.Response:
    """Sign in with a signed message."""
    return await client.post(f"{AUTH}/wallet/verify", json={"message": text, "signature": signature})


async def test_link_and_sign_in(sign_in: SignIn, client: httpx.AsyncClient, wallet: LocalAccount) -> None:
    """A wallet is linked once, signs in from then on, and no longer when it is unlinked."""
    ada = await sign_in("ada")
    linked = await link(ada, wallet)
    assert linked.status_code == 201, linked.text
    assert linked.json()["id"] == f"wallet:{wallet.address.lower()}"
    text = await ask(client, wallet)
    answer = await verify(client, text, sign(wallet, text))
    assert answer.status_code == 200, answer.text
    assert answer.json()["user"]["email"] == "ada@example.com"
    assert (await ada.delete(f"{AUTH}/identities/{linked.json()['id']}", auth=confirming(ada))).status_code == 204
    client.cookies.clear()
    text = await ask(client, wallet)
    answer = await verify(client, text, sign(wallet, text))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "WALLET_UNKNOWN")


async def test_one_wallet_opens_one_account(sign_in: SignIn, wallet: LocalAccount) -> None:
    """A wallet that is linked to one account cannot be linked to another."""
    assert (await link(await sign_in("ada"), wallet)).status_code == 201
    assert (await link(await sign_in("bob"), wallet)).status_code == 409


async def test_t16_a_second_factor_is_asked_for_all_the_same(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, wallet: LocalAccount
) -> None:
    """T16: signing in with a wallet does not get past the authenticator."""
    ada = await sign_in("ada")
    await link(ada, wallet)
    app, _, _ = await enable_totp(api, ada)
    text = await ask(client, wallet)
    asked = (await verify(client, text, sign(wallet, text))).json()
    assert asked["second_factor_required"] is True
    assert (await client.get(f"{AUTH}/me")).status_code == 401
    assert (await prove(client, asked["challenge"], method="totp", code=app.code())).status_code == 200


async def test_t17_a_nonce_works_once(api: Api, sign_in: SignIn, wallet: LocalAccount) -> None:
    """T17: the same signed message a hundred times at once, from the same browser, gets one session."""
    await link(await sign_in("ada"), wallet)
    rates = api.services.rates
    for name in ("login_network", "default"):
        setattr(rates, name, getattr(rates, name)._replace(limit=10_000, lazy=True, closed=False))
    async with client_of(api) as client:
        text = await ask(client, wallet)
        cookie = {"Cookie": f"wallet_browser={client.cookies['wallet_browser']}"}
    body = {"message": text, "signature": sign(wallet, text)}

    async def use() -> int:
        async with client_of(api) as other:
            return (await other.post(f"{AUTH}/wallet/verify", json=body, headers=cookie)).status_code

    assert Counter(await asyncio.gather(*(use() for _ in range(100)))) == {200: 1, 400: 99}


CHANGES: dict[str, Edit] = {
    "domain": lambda text: text.replace("localhost:8001 wants", "evil.example wants"),
    "domain with another port": lambda text: text.replace("localhost:8001 wants", "localhost:9001 wants"),
    "scheme": lambda text: "https://" + text,
    "uri": lambda text: text.replace("URI: http://localhost:8001", "URI: https://evil.example"),
    "uri with a user": lambda text: text.replace(
        "URI: http://localhost:8001", "URI: http://localhost:8001@evil.example"
    ),
    "version": lambda text: text.replace("Version: 1", "Version: 2"),
    "chain": lambda text: text.replace("Chain ID: 1", "Chain ID: 5"),
    "nonce": lambda text: text.replace("Nonce: ", "Nonce: 0"),
    "old": lambda text: text.replace("Issued At: 20", "Issued At: 19"),
    "future": lambda text: text.replace("Issued At: 20", "Issued At: 21"),
    "expired": lambda text: text.replace("Expiration Time: 20", "Expiration Time: 19"),
    "not yet": lambda text: text + "\nNot Before: 2190-01-01T00:00:00Z",
    "line end": lambda text: text.replace("\n", "\r\n"),
    "trailing line": lambda text: text + "\n",
    "second nonce": lambda text: text + "\nNonce: 12345678",
    "order": lambda text: text.replace("Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1"),
    "small letters": lambda text: text.replace("0x", "0x").replace(text.split("\n")[1], text.split("\n")[1].lower()),
    "no message": lambda _: "hello",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_t33_every_field_is_checked(
    sign_in: SignIn, client: httpx.AsyncClient, wallet: LocalAccount, change: str
) -> None:
    """T33: a message that is well signed, but for another place, time, chain, nonce or form, opens nothing."""
    await link(await sign_in("ada"), wallet)
    text = await ask(client, wallet)
    changed = CHANGES[change](text)
    assert changed != text
    answer = await verify(client, changed, sign(wallet, changed))
    assert answer.status_code == 400, answer.text


async def test_t33_no_page_but_ours(sign_in: SignIn, api: Api, wallet: LocalAccount) -> None:
    """T33: who sends us any host, and a page of that name, gets a message for our page, and no wallet in by theirs."""
    await link(await sign_in("ada"), wallet)
    async with client_of(api) as relay:
        relay.headers.update({"Host": "evil.example", "Origin": "https://evil.example"})
        text = await ask(relay, wallet)
        assert text.startswith("localhost:8001 wants")
        theirs = text.replace("http://localhost:8001", "https://evil.example").replace("localhost:8001", "evil.example")
        cookie = {"Cookie": f"wallet_browser={relay.cookies['wallet_browser']}"}
        body = {"message": theirs, "signature": sign(wallet, theirs)}
        answer = await relay.post(f"{AUTH}/wallet/verify", json=body, headers=cookie)
    assert answer.status_code == 400, answer.text


async def test_without_expiry_five_minutes_are_all(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, wallet: LocalAccount
) -> None:
    """A message without an expiration time is good for five minutes, not for ever; the nonce's life ends with it."""
    await link(await sign_in("ada"), wallet)
    clock = stop_clock(api)
    for minutes, status in ((4, 200), (6, 400)):
        client.cookies.clear()
        text = (await ask(client, wallet)).partition("\nExpiration")[0]
        clock.move(minutes=minutes)
        assert (await verify(client, text, sign(wallet, text))).status_code == status


async def test_another_key_is_refused(sign_in: SignIn, client: httpx.AsyncClient, wallet: LocalAccount) -> None:
    """A message for one address signed by another key, or with a bent signature, is refused."""
    await link(await sign_in("ada"), wallet)
    text = await ask(client, wallet)
    assert (await verify(client, text, sign(Account.create(), text))).status_code == 400
    for bent in ("0x" + "00" * 65, "0x" + "ff" * 65, "twin", "recovery"):
        text = await ask(client, wallet)
        right = sign(wallet, text)
        signature = {"twin": twin(right), "recovery": right[:-2] + "1d"}.get(bent, bent)
        assert (await verify(client, text, signature)).status_code == 400


def twin(signature: str) -> str:
    """The other signature that the same key could have made: s mirrored, the recovery bit turned."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    r, s, v = signature[2:66], int(signature[66:130], 16), int(signature[130:], 16)
    return f"0x{r}{order - s:064x}{55 - v:02x}"


async def test_t23_the_nonce_is_bound_to_browser_and_address(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, wallet: LocalAccount
) -> None:
    """T23: a signed message does not work in another browser, nor a nonce for another wallet."""
    await link(await sign_in("ada"), wallet)
    text = await ask(client, wallet)
    async with client_of(api) as victim:
        assert (await verify(victim, text, sign(wallet, text))).status_code == 400
    other = Account.create()
    foreign = (await ask(client, other)).replace(other.address, wallet.address)
    assert (await verify(client, foreign, sign(wallet, foreign))).status_code == 400


async def test_the_page_that_asks_is_named(client: httpx.AsyncClient, wallet: LocalAccount) -> None:
    """The message names the page's own origin, and a chain that we do not know gets none."""
    text = await ask(client, wallet)
    assert text.startswith("localhost:8001 wants you to sign in")
    assert f"\nURI: {ORIGIN}\n" in text
    assert wallet.address in text
    body = {"address": wallet.address, "chain_id": 31337}
    assert (await client.post(f"{AUTH}/wallet/nonce", json=body)).status_code == 400
    headers = {"Origin": "https://evil.example"}
    refused = await client.post(f"{AUTH}/wallet/nonce", json={"address": wallet.address}, headers=headers)
    assert refused.status_code == 403


def test_the_standards_own_example() -> None:
    """The example of EIP-4361 is understood, with and without its statement."""
    message = parse(STANDARD)
    assert (message.domain, message.chain_id, message.nonce) == ("example.com", 1, "32891756")
    assert message.statement.startswith("I accept")
    without = parse(STANDARD.replace("I accept the ExampleOrg Terms of Service: https://example.com/tos\n", ""))
    assert without.statement == ""


@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
def test_t33_checksums_are_those_of_eip_55(address: str) -> None:
    """T33: an address in mixed case is right to the letter: the standard's own test addresses."""
    assert checksummed(address.lower()) == address


@pytest.mark.parametrize("signature", ["", "0x", "0xzz", "0x" + "11" * 64, "0x" + "11" * 66])
def test_nonsense_signatures(signature: str) -> None:
    """What is no signature of a single key is refused."""
    with pytest.raises(MessageRefused):
        signer("hello", signature)
