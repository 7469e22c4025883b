"""Prepare this checkout: the Python environment from the lock file, and the built web app. Nothing is done twice.

`python scripts/setup.py run|dev [--no-web]`. Needs only the standard library of Python 3.11 or newer.
"""

import sys

if sys.version_info < (3, 11):
    this = sys.version.split()[0]
    sys.exit(f"✗ Python 3.11 or newer is needed, this is {this}. Name another one: make PYTHON=python3.11 run")

import hashlib
import json
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WEB = ROOT / "web"
NODE_MIN = 20
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
NAUTILUS = "requirements-nautilus.lock"
NOT_SOURCE = {"node_modules", "dist", "coverage", "test-results"}


class Unready(Exception):
    """Something is missing on this machine; the text says what to do."""


def main() -> None:
    """Set up for the kind of use given on the command line."""
    kind = sys.argv[1]
    try:
        python_environment(kind)
        if kind == "dev":
            nautilus()
        if "--no-web" not in sys.argv:
            web_app()
    except Unready as fault:
        sys.exit(f"✗ {fault}")


def python_environment(kind: str) -> None:
    """A virtual environment that holds exactly what the lock file names; `dev` serves for `run` as well."""
    wanted = {kind: _digest([ROOT / lock]) + _package_digest() for kind, lock in LOCKS.items()}
    stamp = VENV / ".installed"
    installed = stamp.read_text().split() if stamp.exists() else []
    if installed in ([kind, wanted[kind]], ["dev", wanted["dev"]]):
        return
    if not (VENV / "bin" / "python").exists():
        _step("Making .venv", [sys.executable, "-m", "venv", str(VENV)], _venv_remedy())
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    remedy = "Is the package index reachable? Run the command again; what is there already is kept."
    _step(f"Installing {LOCKS[kind]}", [*pip, "--require-hashes", "--no-deps", "-r", LOCKS[kind]], remedy)
    _step("Installing cryptovault", [*pip, "--no-deps", "--no-build-isolation", "-e", "."], remedy)
    stamp.write_text(f"{kind} {wanted[kind]}")


def nautilus() -> None:
    """The exchange simulation that the engine is compared with, where it has a wheel; no other test needs it."""
    stamp = VENV / ".nautilus"
    wanted = _digest([ROOT / NAUTILUS])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    try:
        _step(
            f"Installing {NAUTILUS}",
            [*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", NAUTILUS],
            "The tests that compare with it are skipped.",
        )
    except Unready as fault:
        print(fault)
        return
    stamp.write_text(wanted)


def web_app() -> None:
    """The web app, built from its sources; skipped if they have not changed since the last build."""
    if not (WEB / "package.json").exists():
        print("There is no web app in this checkout; the API runs without it.")
        return
    stamp = WEB / "dist" / ".built"
    wanted = _digest(_web_sources())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    web_packages()
    _step("Building the web app", ["npm", "run", "--silent", "build"], "The messages above say what is wrong.", WEB)
    stamp.write_text(wanted)


def web_packages() -> None:
    """The packages of the web app, exactly as its lock file names them."""
    _check_node()
    stamp = WEB / "node_modules" / ".installed"
    wanted = _digest([WEB / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    remedy = "Is the package registry reachable? Run the command again."
    command = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--no-update-notifier"]
    _step("Installing the web app's packages", command, remedy, WEB)
    stamp.write_text(wanted)


def _check_node() -> None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise Unready(
            f"Node.js {NODE_MIN} or newer with npm is needed to build the web app, and was not found on PATH."
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < NODE_MIN:
        raise Unready(f"Node.js {NODE_MIN} or newer is needed to build the web app, this is {version}.")


def _venv_remedy() -> str:
    return "Python came without its venv module. On Debian and Ubuntu: apt-get install python3-venv, then remove .venv"


def _web_sources() -> Iterable[Path]:
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and NOT_SOURCE.isdisjoint(path.relative_to(WEB).parts):
            yield path


def _digest(paths: Iterable[Path]) -> str:
    """One hash of the names and contents of these files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _package_digest() -> str:
    """A hash of what an installation depends on in pyproject.toml; the settings of linters are not part of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    relevant = [project["build-system"], project["project"], project["tool"]["setuptools"]]
    return hashlib.sha256(json.dumps(relevant).encode()).hexdigest()


def _step(title: str, command: list[str], remedy: str, folder: Path = ROOT) -> None:
    """Run one command with a line before it and its time behind it."""
    print(f"{title} …", end="", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=folder, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(f"\n{done.stdout}")
        raise Unready(f"{title} failed. {remedy}")
    print(f" {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
