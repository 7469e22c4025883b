"""Nonces for wallets, and every check of a signed message that the standard leaves to us."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptovault.features.auth.challenges import WALLET, Challenges
from cryptovault.features.auth.identities.service import External
from cryptovault.features.auth.wallet.message import MessageRefused, SignInMessage, checksummed, parse, signer
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput

NONCE_SECONDS = 300
_EARLY = timedelta(seconds=60)
"""How far a message may be dated in the future: our own clock wrote it, but another worker's may have."""
_STATEMENT = "Sign in to CryptoVault. This costs nothing and moves nothing."
_VERSION = "1"


class Prepared(NamedTuple):
    """A message to sign, and what the browser keeps as a cookie until then."""

    message: SignInMessage
    text: str
    browser: str


class WalletSignIn:
    """Sign-in messages of one request."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._settings = call.services.settings
        self._challenges = Challenges(call.services.redis, WALLET, NONCE_SECONDS)

    async def prepare(self, address: str, chain_id: int) -> Prepared:
        """Write the message for a wallet; its nonce is good once, for this browser and for five minutes."""
        if chain_id not in self._chains():
            raise BadInput("This chain is not supported.")
        origin, now = self._origin(), self._now()
        browser, nonce = token_urlsafe(32), token_hex(16)
        await self._challenges.ask({"browser": _hash(browser), "address": checksummed(address)}, nonce)
        message = SignInMessage(
            scheme="",
            domain=urlsplit(origin).netloc,
            address=checksummed(address),
            statement=_STATEMENT,
            uri=origin,
            version=_VERSION,
            chain_id=chain_id,
            nonce=nonce,
            issued_at=now,
            expires_at=now + timedelta(seconds=NONCE_SECONDS),
            not_before=None,
        )
        return Prepared(message, message.text(), browser)

    async def check(self, text: str, signature: str, browser: str) -> External:
        """Whose wallet signed this; BadInput where anything is wrong. The nonce is used up in any case."""
        try:
            message = parse(text)
            await self._use_nonce(message, browser)
            self._check_place(message)
            self._check_time(message)
            _check_signer(message, text, signature)
        except MessageRefused as fault:
            raise BadInput(f"The wallet's signature was not accepted: {fault}.") from fault
        short = f"{message.address[:6]}…{message.address[-4:]}"
        return External("wallet", message.address.lower(), label=short)

    async def _use_nonce(self, message: SignInMessage, browser: str) -> None:
        known = await self._challenges.take(message.nonce)
        if known is None or not hmac.compare_digest(known["browser"], _hash(browser)):
            raise MessageRefused("the nonce was not given to this browser, was used or is too old")
        if known["address"] != message.address:
            raise MessageRefused("the nonce was given for another address")

    def _check_place(self, message: SignInMessage) -> None:
        """Domain and URI are the page that asks, and that is one of ours; version and chain are ones we know."""
        origin = urlsplit(self._origin())
        if message.domain != origin.netloc or (message.scheme and message.scheme != origin.scheme):
            raise MessageRefused("made for another domain")
        uri = urlsplit(message.uri)
        if (uri.scheme, uri.netloc) != (origin.scheme, origin.netloc):
            raise MessageRefused("made for another URI")
        if message.version != _VERSION or message.chain_id not in self._chains():
            raise MessageRefused("another version or chain")

    def _check_time(self, message: SignInMessage) -> None:
        """Without an expiration time a message would be good for ever: five minutes from its issue is all there is."""
        now = self._now()
        if not now - timedelta(seconds=NONCE_SECONDS) <= message.issued_at <= now + _EARLY:
            raise MessageRefused("issued too long ago, or in the future")
        if message.expires_at is not None and message.expires_at <= now:
            raise MessageRefused("expired")
        if message.not_before is not None and message.not_before > now:
            raise MessageRefused("not yet valid")

    def _origin(self) -> str:
        """The page that asks, if it is one that the settings name; else the public address.

        Not the host that was asked: whoever lures a wallet to a page of theirs can send us any host, and its name.
        """
        given = self._call.headers.get(b"origin", b"")
        return given.decode("latin-1") if given in self._call.services.origins.known else self._settings.public_url

    def _chains(self) -> set[int]:
        return {int(chain) for chain in self._settings.siwe_chain_ids.split(",") if chain.strip().isdigit()}

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._call.services.clock.now_ms() / 1000, UTC)


def _check_signer(message: SignInMessage, text: str, signature: str) -> None:
    if signer(text, signature) != message.address:
        raise MessageRefused("signed by another key")


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
