"""The files of the project, as git tracks them: what is generated or private is not looked at."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = {
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-nautilus.lock",
    "web/package-lock.json",
    ".secrets.baseline",
}
TEXT = {
    ".py",
    ".ts",
    ".tsx",
    ".css",
    ".html",
    ".md",
    ".json",
    ".toml",
    ".yaml",
    ".yml",
    ".txt",
    ".js",
    ".cfg",
    ".sh",
    "",
}


@functools.cache
def tracked() -> tuple[str, ...]:
    """Every file of the project, relative to its root; new ones count before they are committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(name for name in set(listing.split("\0")) if name and (ROOT / name).is_file()))


def files(*suffixes: str, under: str = "") -> list[str]:
    """The tracked files with one of these suffixes."""
    return [name for name in tracked() if Path(name).suffix in suffixes and name.startswith(under)]


def prose_and_code() -> list[str]:
    """Everything people wrote: no lock files, no pictures."""
    return [name for name in tracked() if name not in LOCKS and Path(name).suffix in TEXT]


@functools.cache
def text(name: str) -> str:
    """The content of a tracked file."""
    return (ROOT / name).read_text(encoding="utf-8")


@functools.cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text(name), name)


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a Python file, methods and nested ones included."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
