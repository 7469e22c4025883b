"""T20: two hundred forged access tokens and more, over HTTP as header and as cookie."""

import base64
import hmac
import json
from collections.abc import Iterator
from hashlib import sha256, sha384, sha512
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cryptovault.settings import Settings
from security.cast import Cast

URLS = ("https://evil.net/keys.json", "file:///dev/null", "http://127.0.0.1/keys", "../../dev/null", "' OR 1=1 --")


def part(value: Any) -> str:
    """One part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def read(text: str) -> dict[str, Any]:
    """The content of a part."""
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=="))
    return content


def signed(header: dict[str, Any], claims: dict[str, Any], key: bytes, digest: Any = sha256) -> str:
    """A token with an HMAC of any key."""
    text = f"{part(header)}.{part(claims)}"
    mac = base64.urlsafe_b64encode(hmac.digest(key, text.encode(), digest)).rstrip(b"=").decode()
    return f"{text}.{mac}"


class Forger:
    """Makes tokens that are nearly right from a good one: its key is not known, or the token is for something else."""

    def __init__(self, good: str, settings: Settings) -> None:
        self.good = good
        self.head, self.body, self.mac = good.split(".")
        self.header, self.claims = read(self.head), read(self.body)
        self.secret = settings.jwt_secret.get_secret_value().encode()

    def tokens(self) -> Iterator[str]:
        """All of them."""
        for kind in (self.algorithms, self.headers, self.purposes, self.contents, self.damage):
            yield from kind()

    def algorithms(self) -> Iterator[str]:
        """None in every spelling, other algorithms, and public keys taken for secrets."""
        for name in (
            "none",
            "None",
            "NONE",
            "nOnE",
            "",
            "HS256 ",
            "hs256",
            "HS384",
            "HS512",
            "RS256",
            "ES256",
            "EdDSA",
        ):
            yield from (f"{part(self.header | {'alg': name})}.{self.body}.{end}" for end in ("", self.mac, "AA"))
        for key in public_keys():
            yield from (signed(self.header | {"alg": name}, self.claims, key) for name in ("HS256", "RS256", "ES256"))
        for digest, name in ((sha384, "HS384"), (sha512, "HS512")):
            yield signed(self.header | {"alg": name}, self.claims, self.secret, digest)

    def headers(self) -> Iterator[str]:
        """Headers that name a key or demand something."""
        for name in ("jku", "x5u", "kid", "x5c", "jwk"):
            for value in URLS:
                yield signed(self.header | {name: value}, self.claims, b"")
                yield signed(self.header | {name: [value]}, self.claims, value.encode())
        for name, demand in (("crit", ["exp"]), ("crit", ["b64"]), ("b64", False), ("zip", "DEF"), ("cty", "JWT")):
            yield signed(self.header | {name: demand}, self.claims, b"guess")

    def purposes(self) -> Iterator[str]:
        """Rightly signed, but of another type, or with claims left out or wrong."""
        for kind in ("JWT", "rt+jwt", "id+jwt", "", "AT+JWT ", None, 7):
            yield signed(self.header | {"typ": kind}, self.claims, self.secret)
        for name in ("iss", "aud", "sub", "sid", "role", "jti", "iat", "exp"):
            rest = {key: value for key, value in self.claims.items() if key != name}
            yield signed(self.header, rest, self.secret)
        for change in (
            {"aud": "cryptovault"},
            {"aud": []},
            {"iss": "https://evil.net"},
            {"exp": 0},
            {"exp": "9999999999"},
        ):
            yield signed(self.header, self.claims | change, self.secret)

    def contents(self) -> Iterator[str]:
        """Somebody else's claims under the old MAC or a guessed key."""
        for change in ({"role": "admin"}, {"sub": "f" * 24}, {"exp": self.claims["exp"] + 10**6}, {"sid": "x"}):
            for key in (b"", b"secret", b"cryptovault", self.secret[::-1], self.secret[:-1]):
                yield signed(self.header, self.claims | change, key)
            yield f"{self.head}.{part(self.claims | change)}.{self.mac}"

    def damage(self) -> Iterator[str]:
        """Single characters changed, parts left out, doubled and swapped."""
        good, head, body, mac = self.good, self.head, self.body, self.mac
        for place in range(0, len(good), 3):
            if good[place] != ".":
                yield good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        yield from (head, f"{head}.{body}", f"{good}.{mac}", f".{body}.{mac}", f"{good}{good}", f"{body}.{head}.{mac}")


def public_keys() -> Iterator[bytes]:
    """Public keys in the forms that a confused verifier takes for an HMAC secret."""
    for key in (
        rsa.generate_private_key(65_537, 2048).public_key(),
        ec.generate_private_key(ec.SECP256R1()).public_key(),
    ):
        yield key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        yield key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


async def test_t20_forged_tokens(cast: Cast, settings: Settings) -> None:
    """T20: none of the forgeries opens anything, as Bearer or as cookie; the token they were made from does."""
    ada = await cast.person()
    tried = list(dict.fromkeys(Forger(ada.token, settings).tokens()))
    assert len(tried) >= 200
    for token in tried:
        if token[:-1] == ada.token[:-1]:
            continue  # the last character of a MAC holds bits that no decoder reads
        for headers in ({"authorization": f"Bearer {token}"}, {"cookie": f"access_token={token}"}):
            answer = await cast.http.get("/api/v1/auth/me", headers=headers)
            assert answer.status_code == 401, token
    assert (await ada("GET", "/api/v1/auth/me")).status_code == 200
