"""What people call a browser and a place."""

import ipaddress

from cryptovault.features.auth.lockout import network_of

# The first that is found counts: most browsers also claim to be those further down.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_MAX_NAME = 40


def device_name(user_agent: str) -> str:
    """A short name, for example "Firefox on Windows"; for programs their own first word."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    own = user_agent.partition("/")[0].strip()[:_MAX_NAME]
    return browser or system or own or "Unknown device"


def place_of(address: str) -> str:
    """Where a network address is, as far as the address itself tells: there is no map of the Internet in here."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "Unknown network"
    if parsed.is_loopback:
        return "This computer"
    if parsed.is_private:
        return "Local network"
    return f"Network {network_of(address)}"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
