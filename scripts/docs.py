"""Write the pages of docs/reference that come from the code: `python scripts/docs.py [--check]`.

With --check nothing is written, and stale pages are named with exit code 1.
"""

import json
import sys
from pathlib import Path
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from cryptovault.entrypoints.api import create_app
from cryptovault.entrypoints.cli import app
from cryptovault.settings import Settings

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def main() -> None:
    """Write, or check."""
    pages = {REFERENCE / "openapi.json": openapi(), REFERENCE / "commands.md": commands()}
    stale = [path for path, content in pages.items() if not path.exists() or path.read_text() != content]
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(path.name for path in stale)}; write them with: make docs" if stale else 0)
    for path in stale:
        path.write_text(pages[path])
        print(f"wrote docs/reference/{path.name}")


def openapi() -> str:
    """The HTTP API's document, as `cryptovault openapi` prints it."""
    document = create_app(Settings(_env_file=None)).framework.openapi()
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def commands() -> str:
    """Each command with what it does and its options."""
    root = get_command(app)
    lines = ["# Commands", "", "Written by `make docs` from the command line itself.", ""]
    for name, command in sorted(flat(root).items()):
        lines += [f"## `cryptovault {name}`", "", (command.help or "").strip(), ""]
        options = [option for option in command.params if option.name != "help"]
        lines += [f"- `{' '.join(option.opts)}` {getattr(option, 'help', '') or ''}".rstrip() for option in options]
        lines += [""] if options else []
    return "\n".join(lines)


def flat(group: Any, prefix: str = "") -> dict[str, Any]:
    """Name to command, groups resolved: `secrets init`. The command line's own classes have no public type."""
    if not isinstance(group, TyperGroup):
        return {prefix.strip(): group}
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found |= flat(command, f"{prefix} {name}")
    return found


if __name__ == "__main__":
    main()
