"""What must not be left in the tree."""

import ast
import re
from pathlib import PurePath

import pytest

from tidy.tree import LOCKS, ROOT, files, functions, prose_and_code, text, tracked, tree

THIS = "tests/tidy/test_leftovers.py"
# Written in parts, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b|(?:#|//)\s*XX" + r"X\b")
SLOW_MIDDLEWARE = "BaseHTTP" + "Middleware"
REGISTRIES = re.compile(r"(pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|deb\.debian)", re.IGNORECASE)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(home|root|Users)/[a-z]|(?<![\w.])/work/")


@pytest.mark.parametrize("banned", [UNFINISHED, REGISTRIES, MACHINE_PATHS])
def test_nothing_is_left_for_later(banned: re.Pattern[str]) -> None:
    """What is unfinished is an issue, not a mark in a file; and no file names a registry or a machine's paths."""
    names = [name for name in prose_and_code() if name != THIS]
    found = {name: matches for name in names if (matches := banned.findall(text(name)))}
    assert found == {}


def test_locks_name_no_registry() -> None:
    """Lock files pin versions and hashes, and leave it to each machine where packages come from."""
    for name in LOCKS - {".secrets.baseline"}:
        assert REGISTRIES.findall(text(name)) == []


def test_no_drawer_for_everything() -> None:
    """A module is named after what it holds."""
    names = {"utils", "util", "helpers", "common", "misc"}
    assert [name for name in files(".py", ".ts", ".tsx") if PurePath(name).stem in names] == []


def test_no_middleware_that_costs_two_thirds() -> None:
    """Starlette's middleware base class, measured at 0.30 of the throughput, appears nowhere in the code."""
    assert [name for name in files(".py") if name != THIS and SLOW_MIDDLEWARE in text(name)] == []


def test_no_pickle_and_no_eval() -> None:
    """Nothing that is read from outside can become code."""
    banned = {"pickle", "marshal", "shelve", "dill"}
    for name in files(".py", under="src/"):
        for node in ast.walk(tree(name)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert banned.isdisjoint(modules), f"{name}:{getattr(node, 'lineno', 0)}"


@pytest.mark.parametrize(
    "name", [name for name in files(".py", under="tests/") if PurePath(name).name.startswith("test_")]
)
def test_every_test_states_its_claim(name: str) -> None:
    """Every test opens with one sentence that says what holds."""
    silent = [
        function.name for function in functions(name) if function.name.startswith("test_") and not claims(function)
    ]
    assert silent == []


def claims(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the docstring begins with a sentence."""
    docstring = ast.get_docstring(function) or ""
    return bool(re.match(r"\S.*?[.?!](\s|$)", docstring, re.DOTALL))


def test_no_large_file() -> None:
    """No file is larger than half a megabyte but locks and the leaked passwords: data and builds are not kept here."""
    known = {*LOCKS, "src/cryptovault/infra/breached/passwords.bin"}  # 2 MB made of a library's 31 MB
    assert [name for name in tracked() if name not in known and (ROOT / name).stat().st_size > 500_000] == []
