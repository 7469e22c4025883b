"""The same noun four times: URL, feature folder, test folder, web folder. Whoever knows one finds the others."""

import ast
from pathlib import PurePath

import pytest

from tidy.tree import files, text, tracked, tree

FEATURES = "src/cryptovault/features/"
FILES = {"__init__", "endpoints", "schemas", "service", "repository", "projection", "policy", "publisher"}
ENDPOINTS = [name for name in files(".py", under=FEATURES) if name.endswith("/endpoints.py")]

# Features whose routes are not one noun, with what their module has instead.
OTHER_ROOTS = {"system": "", "stream": "no router"}  # health, ready, metrics, config ...; /socket.io and /ws
# Nouns of the API that the web app shows under another one.
SHOWN_ELSEWHERE = {
    "admin": "a page of its own",
    "api_keys": "settings",  # pragma: allowlist secret
    "audit_logs": "settings",
    "auth": "routes of their own",
    "crypto": "markets",
    "fees": "orders",
    "notifications": "settings",
    "system": "status",
    "stream": "web/src/stream",
}


def noun(name: str) -> str:
    """The feature a file belongs to."""
    return PurePath(name).parts[3]


def prefix(name: str) -> str:
    """The prefix of the module's router, read without importing it."""
    for node in tree(name).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.targets[0]) == "router"
        ):
            keywords = {
                keyword.arg: ast.literal_eval(keyword.value)
                for keyword in node.value.keywords
                if keyword.arg == "prefix"
            }
            return str(keywords.get("prefix", ""))
    return "no router"


@pytest.mark.parametrize("name", ENDPOINTS)
def test_the_folder_is_the_url(name: str) -> None:
    """features/<noun>/endpoints.py serves /<noun>."""
    assert prefix(name) == OTHER_ROOTS.get(noun(name), f"/{noun(name).replace('_', '-')}")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_noun_has_tests(name: str) -> None:
    """features/<noun> is tested in tests/features/<noun>."""
    tests = [path for path in tracked() if path.startswith(f"tests/features/{noun(name)}/test_")]
    assert tests != []


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_noun_is_in_the_web_app(name: str) -> None:
    """features/<noun> is shown by web/src/features/<noun>, or the exception is written down."""
    shown = any(path.startswith(f"web/src/features/{noun(name)}/") for path in tracked())
    assert shown or noun(name) in SHOWN_ELSEWHERE


def test_no_empty_feature() -> None:
    """A feature folder holds more than its __init__."""
    nouns = {noun(name) for name in files(".py", under=FEATURES) if len(PurePath(name).parts) > 4}
    empty = {one for one in nouns if len(files(".py", under=f"{FEATURES}{one}/")) < 2}
    assert empty == set()


def test_routes_are_registered() -> None:
    """Every endpoints module is wired by an entrypoint."""
    wiring = "\n".join(text(name) for name in files(".py", under="src/cryptovault/entrypoints/"))
    assert [
        name for name in ENDPOINTS if f"from cryptovault.features.{noun(name)}.endpoints import" not in wiring
    ] == []
