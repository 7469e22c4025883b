"""What a person holds beside the keyboard: an authenticator app, a passkey device, a wallet of the browser."""

import base64
import hmac
import json
import struct
import time
from hashlib import sha1
from secrets import token_bytes
from typing import Any

from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey
from playwright.sync_api import Page

_STEP_SECONDS = 30
_ANNOUNCE = """
(() => {
  const info = { uuid: 'b6a8a6d2-1f5c-4f0e-9c1e-1f2d3c4b5a69', name: 'Test Wallet', rdns: 'org.example.test',
    icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" cx="9" cy="9"/></svg>' };
  const provider = { request: async (call) => window.walletRequest(JSON.stringify(call)) };
  const announce = () => window.dispatchEvent(
    new CustomEvent('eip6963:announceProvider', { detail: Object.freeze({ info, provider }) }));
  window.addEventListener('eip6963:requestProvider', announce);
  announce();
})();
"""


class AuthenticatorApp:
    """An app on a phone. Each code is given once, as the exchange takes it once.

    The phone's clock is up to half a minute fast, which the exchange forgives; so a second code need not be waited for.
    """

    def __init__(self, secret: str) -> None:
        self._secret = base64.b32decode(secret + "=" * (-len(secret) % 8))
        self._last = 0

    def code(self) -> str:
        """The present code, or the next one where this was given already; waits where that was given too."""
        while (present := int(time.time()) // _STEP_SECONDS) < self._last:
            time.sleep(0.2)
        self._last = step = max(present, self._last + 1)
        digest = hmac.digest(self._secret, struct.pack(">Q", step), sha1)
        offset = digest[-1] & 15
        number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFF_FFFF
        return f"{number % 10**6:06}"


def plug_in_passkey_device(page: Page) -> None:
    """A device of Chromium's own that unlocks itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


class TestWallet:
    """A wallet that announces itself to the page (EIP-6963) and signs with a key of its own (ERC-191)."""

    __test__ = False

    def __init__(self, page: Page) -> None:
        self._key = PrivateKey(token_bytes(32))
        self.address: str = self._key.public_key.to_checksum_address()
        self.signed: list[str] = []
        page.expose_function("walletRequest", self._answer)
        page.add_init_script(_ANNOUNCE)

    def _answer(self, call: str) -> Any:
        request: dict[str, Any] = json.loads(call)
        if request["method"] == "eth_requestAccounts":
            return [self.address]
        if request["method"] == "eth_chainId":
            return "0x1"
        assert request["method"] == "personal_sign"
        return self._sign(bytes.fromhex(request["params"][0].removeprefix("0x")))

    def _sign(self, message: bytes) -> str:
        self.signed.append(message.decode())
        digest = keccak(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)
        signature = self._key.sign_msg_hash(digest)
        return "0x" + (signature.to_bytes()[:64] + bytes([signature.v + 27])).hex()
