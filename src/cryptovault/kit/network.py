"""Where a request comes from. A forwarded address is believed only from proxies the settings name."""

import ipaddress
from collections.abc import Sequence

from cryptovault.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MAX_HOPS = 16


class ClientAddress:
    """Finds the caller's address."""

    def __init__(self, settings: Settings) -> None:
        names = [name.strip() for name in settings.trusted_proxies.split(",") if name.strip()]
        self._trusted: Sequence[Network] = [ipaddress.ip_network(name, strict=False) for name in names]

    def of(self, peer: str, forwarded: bytes) -> str:
        """The nearest address that is not one of our proxies: X-Forwarded-For is read from the right."""
        if not self._trusted or not forwarded or not self._is_trusted(peer):
            return peer
        address = peer
        for hop in reversed(forwarded.decode("latin-1").split(",")[-_MAX_HOPS:]):
            candidate = hop.strip()
            if not _is_address(candidate):
                return address
            address = candidate
            if not self._is_trusted(address):
                return address
        return address

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def counted_as(address: str) -> str:
    """Under which name rate classes count an address: of IPv6 everybody has a whole network (/64) to choose from."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
