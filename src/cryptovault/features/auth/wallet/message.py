"""EIP-4361 messages: written by us, parsed strictly, signed by ERC-191 personal_sign.

The parser takes the grammar of the standard and nothing else: one order of fields, line feeds only, no field twice.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from eth_hash.auto import keccak
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

MAX_MESSAGE = 4_000
_SIGNATURE_BYTES = 65
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"
_MESSAGE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<domain>[^\s/?#@]+) wants you to sign in with your Ethereum account:\n"
    r"(?P<address>0x[0-9a-fA-F]{40})\n"
    r"\n(?:(?P<statement>[^\n\r]+)\n)?\n"
    r"URI: (?P<uri>[^\s]+)\n"
    r"Version: (?P<version>[0-9]+)\n"
    r"Chain ID: (?P<chain_id>[0-9]{1,18})\n"
    r"Nonce: (?P<nonce>[a-zA-Z0-9]{8,64})\n"
    rf"Issued At: (?P<issued_at>{_TIME})"
    rf"(?:\nExpiration Time: (?P<expires_at>{_TIME}))?"
    rf"(?:\nNot Before: (?P<not_before>{_TIME}))?"
    r"(?:\nRequest ID: (?P<request_id>[^\n\r]*))?"
    r"(?:\nResources:(?P<resources>(?:\n- [^\s]+){0,20}))?",
    re.ASCII,
)


class MessageRefused(Exception):
    """Not an EIP-4361 message, not made for us, or not a signature of it."""


class SignInMessage(NamedTuple):
    """What a wallet's owner agreed to, field by field."""

    scheme: str
    domain: str
    address: str
    statement: str
    uri: str
    version: str
    chain_id: int
    nonce: str
    issued_at: datetime
    expires_at: datetime | None
    not_before: datetime | None

    def text(self) -> str:
        """The message as the wallet shows it."""
        lines = [
            f"{self.domain} wants you to sign in with your Ethereum account:",
            self.address,
            "",
            *([self.statement] if self.statement else []),
            "",
            f"URI: {self.uri}",
            f"Version: {self.version}",
            f"Chain ID: {self.chain_id}",
            f"Nonce: {self.nonce}",
            f"Issued At: {_iso(self.issued_at)}",
            *([f"Expiration Time: {_iso(self.expires_at)}"] if self.expires_at else []),
        ]
        return "\n".join(lines)


def parse(text: str) -> SignInMessage:
    """Read a message; MessageRefused where it departs from the standard in any way."""
    found = _MESSAGE.fullmatch(text) if len(text) <= MAX_MESSAGE else None
    if found is None:
        raise MessageRefused("not an EIP-4361 message")
    parts = found.groupdict(default="")
    if parts["address"] != checksummed(parts["address"]):
        raise MessageRefused("the address is not in its EIP-55 form")
    return SignInMessage(
        scheme=parts["scheme"],
        domain=parts["domain"],
        address=parts["address"],
        statement=parts["statement"],
        uri=parts["uri"],
        version=parts["version"],
        chain_id=int(parts["chain_id"]),
        nonce=parts["nonce"],
        issued_at=_moment(parts["issued_at"]),
        expires_at=_moment(parts["expires_at"]) if parts["expires_at"] else None,
        not_before=_moment(parts["not_before"]) if parts["not_before"] else None,
    )


def signer(text: str, signature: str) -> str:
    """The EIP-55 address whose key signed this text by personal_sign; MessageRefused where nobody's did."""
    try:
        raw = bytes.fromhex(signature.removeprefix("0x"))
    except ValueError as error:
        raise MessageRefused("the signature is not hexadecimal") from error
    if len(raw) != _SIGNATURE_BYTES or raw[64] not in {0, 1, 27, 28}:
        raise MessageRefused("not a signature of a single key")
    if int.from_bytes(raw[32:64]) > _HALF_ORDER:
        raise MessageRefused("the signature is not in its one canonical form")
    message = text.encode()
    digest = keccak(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)
    try:
        key = Signature(raw[:64] + bytes([raw[64] % 27])).recover_public_key_from_msg_hash(digest)
    except (BadSignature, ValidationError, ValueError) as error:
        raise MessageRefused("the signature fits no key") from error
    return str(key.to_checksum_address())


def checksummed(address: str) -> str:
    """An address with the capitals of EIP-55."""
    plain = address[2:].lower()
    digest = keccak(plain.encode()).hex()
    letters = (sign.upper() if int(digest[at], 16) > 7 else sign for at, sign in enumerate(plain))  # noqa: PLR2004
    return "0x" + "".join(letters)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MessageRefused("a time that does not exist") from error


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
