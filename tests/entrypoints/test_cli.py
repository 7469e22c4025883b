import time
from pathlib import Path

import pytest

from cryptovault import __version__
from entrypoints.running import cryptovault, small_exchange


def test_help_lists_every_command(tmp_path: Path) -> None:
    """The help names each command of the product, and comes without loading what the commands need."""
    started = time.monotonic()
    answer = cryptovault("--help", home=tmp_path)
    assert answer.returncode == 0
    for command in ("run", "api", "engine", "projector", "worker", "doctor", "verify", "rebuild", "openapi", "secrets"):
        assert command in answer.stdout
    assert time.monotonic() - started < 5


def test_version(tmp_path: Path) -> None:
    """The version is the package's."""
    assert cryptovault("version", home=tmp_path).stdout.strip() == __version__


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "99999"}, "✗ PORT: Input should be less than or equal to 65535."),
        ({"WORKERS": "many"}, "✗ WORKERS: Input should be a valid integer"),
        ({"ENVIRONMENT": "production"}, "✗ JWT_SECRET is missing; `cryptovault secrets init` makes one."),
    ],
)
def test_a_bad_setting_is_a_sentence(tmp_path: Path, environment: dict[str, str], sentence: str) -> None:
    """Each bad setting is named, the exit code is 2, and there is no traceback."""
    answer = cryptovault("run", home=tmp_path / "home", **environment)
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["run", "doctor", "engine"])
def test_an_unwritable_home_is_a_sentence(tmp_path: Path, command: str) -> None:
    """A home that cannot be made is told with its path."""
    (tmp_path / "file").write_text("")
    answer = cryptovault(command, home=tmp_path / "file" / "home")
    assert answer.returncode != 0
    assert f"{tmp_path / 'file' / 'home'} cannot be used: Not a directory" in answer.stdout + answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_readable_secret_is_refused(tmp_path: Path) -> None:
    """A secret file that others can read stops the start, with the command that mends it."""
    assert cryptovault("secrets", "init", home=tmp_path).returncode == 0
    (tmp_path / "secrets" / "jwt_secret").chmod(0o644)
    answer = cryptovault("run", home=tmp_path)
    assert answer.returncode == 2
    assert "can be read by others; close it with: chmod go=" in answer.stderr


def test_doctor_of_a_machine_that_is_well(tmp_path: Path, port: int) -> None:
    """Nothing fails on a machine where the tests run, and nothing has to be running."""
    answer = cryptovault("doctor", home=tmp_path / "home", PORT=str(port))
    assert answer.returncode == 0, answer.stdout
    for topic in ("python", "node", "mongod", "redis-server", "disk", "port", "instance", "database files"):
        assert topic in answer.stdout
    assert "0 failed" in answer.stdout


def test_doctor_of_a_running_instance(tmp_path: Path, port: int) -> None:
    """While it runs, doctor finds its processes, its replica set and its Redis."""
    with small_exchange(tmp_path / "home", port, "databases", "one") as running:
        running.wait_for("CryptoVault serves")
        answer = cryptovault("doctor", home=tmp_path / "home", PORT=str(port))
        assert answer.returncode == 0, answer.stdout
        assert f"running, pid {running.process.pid}" in answer.stdout
        assert "replica set cryptovault" in answer.stdout
        assert "MB used" in answer.stdout


def test_doctor_of_an_unreachable_database(tmp_path: Path, port: int) -> None:
    """A configured database that does not answer fails the examination, in a sentence."""
    answer = cryptovault("doctor", home=tmp_path / "home", MONGO_URL=f"mongodb://127.0.0.1:{port}", PORT=str(port))
    assert answer.returncode == 1
    assert "✗ fail" in answer.stdout
    assert "does not answer: ServerSelectionTimeoutError" in answer.stdout
