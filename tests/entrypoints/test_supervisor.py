import os
import re
import signal
import socket
import stat
import time
from pathlib import Path

import psutil
from pymongo import MongoClient

from cryptovault.infra.embedded import mongo_url
from entrypoints.running import PATIENCE_SECONDS, small_exchange, wait_until


def test_serves_and_a_second_start_finds_the_data(tmp_path: Path, port: int) -> None:
    """What was written before Ctrl-C is there after the next start, and nothing is left running in between."""
    home = tmp_path / "home"
    with small_exchange(home, port, "databases", "one") as first:
        first.wait_for("CryptoVault serves")
        with MongoClient(mongo_url(first.settings)) as client:
            client["cryptovault"]["kept"].insert_one({"_id": 7})
        family = first.family()
        assert len(family) == 4  # guard, mongod, redis, one
        assert first.end(signal.SIGINT) == 0
        assert "nothing is left running" in first.output
        assert not [process for process in family if process.is_running()]
    with small_exchange(home, port, "databases", "one") as second:
        second.wait_for("CryptoVault serves")
        assert "did not end cleanly" not in second.output
        with MongoClient(mongo_url(second.settings)) as client:
            assert client["cryptovault"]["kept"].count_documents({"_id": 7}) == 1


def test_serves_within_ten_seconds(tmp_path: Path, port: int) -> None:
    """A first start, with new databases, serves within 10 s."""
    with small_exchange(tmp_path / "home", port, "databases", "one") as running:
        running.wait_for("CryptoVault serves")
        seconds = re.search(r"serves \((\d+\.\d) s\)", running.output)
        assert seconds is not None
        assert float(seconds[1]) < 10


def test_a_moved_home_still_works(tmp_path: Path, port: int) -> None:
    """The replica set of one finds itself under the new path of its socket."""
    with small_exchange(tmp_path / "old", port, "databases") as running:
        running.wait_for("CryptoVault serves")
        running.end(signal.SIGINT)
    (tmp_path / "old").rename(tmp_path / "new")
    with small_exchange(tmp_path / "new", port, "databases") as running:
        running.wait_for("CryptoVault serves")


def test_a_dead_process_is_started_again_and_said(tmp_path: Path, port: int) -> None:
    """A killed process is back under a new pid, and both events are told in a sentence."""
    with small_exchange(tmp_path / "home", port, "one", "two") as running:
        running.wait_for("CryptoVault serves")
        before = running.pids()
        os.kill(before["one"], signal.SIGKILL)
        running.wait_for("one was killed (SIGKILL); starting it again in 0.2 s.")
        running.wait_for("one is back.")
        after = running.pids()
        assert after["one"] != before["one"]
        assert after["two"] == before["two"]


def test_back_off_grows(tmp_path: Path, port: int) -> None:
    """Each death that follows soon after the last one doubles the pause."""
    with small_exchange(tmp_path / "home", port, "one") as running:
        running.wait_for("CryptoVault serves")
        for pause in ("0.2", "0.4", "0.8"):
            pid = running.pids()["one"]
            os.kill(pid, signal.SIGKILL)
            running.wait_for(f"starting it again in {pause} s.")
            wait_until(lambda pid=pid: running.pids()["one"] != pid, lambda: running.output)


def test_a_killed_supervisor_leaves_nothing_running(tmp_path: Path, port: int) -> None:
    """After SIGKILL of the supervisor the guard ends every process, and the next start works."""
    home = tmp_path / "home"
    with small_exchange(home, port, "databases", "one") as running:
        running.wait_for("CryptoVault serves")
        family = running.family()
        running.end(signal.SIGKILL)
        _, alive = psutil.wait_procs(family, PATIENCE_SECONDS)
        assert alive == []
    with small_exchange(home, port, "databases", "one") as again:
        again.wait_for("did not end cleanly; databases and engine recover by themselves.")
        again.wait_for("CryptoVault serves")


def test_a_killed_guard_is_replaced(tmp_path: Path, port: int) -> None:
    """Once a lost guard is noticed, a new one protects the processes that were there before it."""
    with small_exchange(tmp_path / "home", port, "one") as running:
        running.wait_for("CryptoVault serves")
        guard = next(process for process in running.family() if "cryptovault.entrypoints.guard" in process.cmdline())
        guard.kill()
        os.kill(running.pids()["one"], signal.SIGKILL)
        running.wait_for("one is back.")
        family = running.family()
        assert os.getpgid(running.pids()["one"]) in {process.pid for process in family}
        running.end(signal.SIGKILL)
        _, alive = psutil.wait_procs(family, PATIENCE_SECONDS)
        assert alive == []


def test_ctrl_c_while_starting_leaves_nothing_running(tmp_path: Path, port: int) -> None:
    """Whoever changes his mind early gets the same clean stop."""
    with small_exchange(tmp_path / "home", port, "databases", "one") as running:
        running.wait_for("redis ready")
        family = running.family()
        assert running.end(signal.SIGINT) == 0
        assert "nothing is left running" in running.output
        assert psutil.wait_procs(family, 1)[1] == []


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path, port: int) -> None:
    """A process that ignores the request to stop has ten seconds, unless one asks twice."""
    with small_exchange(tmp_path / "home", port, "stubborn") as running:
        running.wait_for("CryptoVault serves")
        family = running.family()
        running.process.send_signal(signal.SIGINT)
        running.wait_for("Stopping")
        started = time.monotonic()
        assert running.end(signal.SIGINT) == 0
        assert time.monotonic() - started < 8
        assert psutil.wait_procs(family, 1)[1] == []


def test_a_process_that_cannot_start_ends_the_run_with_its_last_words(tmp_path: Path, port: int) -> None:
    """Three failures before it was ever ready are told with the reason, and everything else is stopped."""
    with small_exchange(tmp_path / "home", port, "one", "broken") as running:
        assert running.process.wait(PATIENCE_SECONDS) == 1
        assert "✗ broken ended by itself (exit code 1) while starting." in running.output
        assert "no such thing as a free lunch" in running.output
        assert "Traceback" not in running.output


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    """The port, who has it and what to do about it, and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with small_exchange(tmp_path / "home", port, "one") as running:
            assert running.process.wait(PATIENCE_SECONDS) == 1
            assert f"Port {port} is in use" in running.output
            assert f"(pid {os.getpid()})" in running.output
            assert "PORT=" in running.output
            assert "Traceback" not in running.output


def test_a_second_instance_is_refused(tmp_path: Path, port: int) -> None:
    """Two instances on one home: the second says who has it, and the first goes on."""
    with small_exchange(tmp_path / "home", port, "one") as first:
        first.wait_for("CryptoVault serves")
        with small_exchange(tmp_path / "home", port, "two") as second:
            assert second.process.wait(PATIENCE_SECONDS) == 1
            assert f"already runs on {tmp_path / 'home'} (pid {first.process.pid})" in second.output
        assert first.process.poll() is None


def test_secrets_are_made_once_and_private(tmp_path: Path, port: int) -> None:
    """The first start writes secrets that only their owner can read; the second one keeps them."""
    home = tmp_path / "home"
    kept = []
    for _ in range(2):
        with small_exchange(home, port, "one") as running:
            running.wait_for("CryptoVault serves")
        kept.append({path.name: path.read_text() for path in (home / "secrets").iterdir()})
    assert kept[0] == kept[1]
    assert set(kept[0]) == {"jwt_secret", "csrf_secret", "encryption_key", "redis_password"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (home / "secrets").iterdir())
    assert all(value not in running.output for value in kept[0].values())


def test_logs_stay_bounded(tmp_path: Path, port: int) -> None:
    """A log beyond its limit is cut, one old part is kept, and the process goes on writing."""
    home = tmp_path / "home"
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "one.log").write_bytes(b"x" * 10_000_001)
    with small_exchange(home, port, "one") as running:
        running.wait_for("CryptoVault serves")
        wait_until((home / "logs" / "one.log.1").exists, lambda: running.output)
        # The old part is a copy, so that the process keeps its file: it is there a moment before the cut.
        wait_until(lambda: (home / "logs" / "one.log").stat().st_size == 0, lambda: running.output)
