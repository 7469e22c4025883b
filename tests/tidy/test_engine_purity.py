"""The engine is a pure function of its commands: no clock, no chance, no input or output, no fractions."""

import ast

import pytest

from tidy.tree import files, tree

ALLOWED_IMPORTS = {
    "bisect",
    "collections",
    "collections.abc",
    "copy",
    "heapq",
    "enum",
    "functools",
    "hashlib",
    "itertools",
    "json",  # the canonical text that the digest hashes
    "operator",
    "re",
    "types",
    "typing",
}
BANNED_CALLS = {"float", "open", "print", "input", "eval", "exec", "hash", "id"}
ENGINE = files(".py", under="src/cryptovault/engine/")


def imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


@pytest.mark.parametrize("name", ENGINE)
def test_only_harmless_imports(name: str) -> None:
    """An engine module imports the engine and a short list of the standard library, nothing else."""
    modules = {module for node in ast.walk(tree(name)) for module in imported(node)}
    foreign = {module for module in modules if not module.startswith("cryptovault.engine")} - ALLOWED_IMPORTS
    assert foreign == set()


@pytest.mark.parametrize("name", ENGINE)
def test_l7_no_float(name: str) -> None:
    """No fraction is written, made or computed: no float literal, no float(), no true division."""
    faults = [f"line {node.lineno}" for node in ast.walk(tree(name)) if is_float(node)]
    assert faults == []


def is_float(node: ast.AST) -> bool:
    """Whether this expression is a float or makes one."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return isinstance(node.op, ast.Div)
    return isinstance(node, ast.Name) and node.id == "float"


@pytest.mark.parametrize("name", ENGINE)
def test_no_hidden_input_or_output(name: str) -> None:
    """Nothing is read or written, nothing is awaited, and nothing depends on addresses or on the hash seed."""
    calls = {
        node.func.id for node in ast.walk(tree(name)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert calls & BANNED_CALLS == set()
    waits = [node for node in ast.walk(tree(name)) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
    assert waits == []


@pytest.mark.parametrize("name", ENGINE)
def test_no_walk_over_a_set(name: str) -> None:
    """A set's order differs between processes: the engine never loops over a set it has just written down."""
    loops = [node.iter for node in ast.walk(tree(name)) if isinstance(node, ast.For | ast.comprehension)]
    sets = [loop.lineno for loop in loops if isinstance(loop, ast.Set | ast.SetComp) or is_set_call(loop)]
    assert sets == []


def is_set_call(node: ast.expr) -> bool:
    """Whether this is set(...) or frozenset(...)."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"set", "frozenset"}
