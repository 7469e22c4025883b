"""`cryptovault run`, whole: every process, the real databases, the demo accounts."""

import json
import os
import signal
import stat
from pathlib import Path

import httpx
import psutil
import pytest

from entrypoints.running import PATIENCE_SECONDS, Running, cryptovault, wait_until

RUN = ["-m", "cryptovault.entrypoints.cli", "run"]
PROCESSES = {"supervisor", "mongod", "redis", "engine", "projector", "worker", "api"}


@pytest.fixture(autouse=True)
def _simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prices that need no network."""
    monkeypatch.setenv("USE_MOCK_PRICES", "true")


def balances(port: int, home: Path) -> dict[str, str]:
    """What Alice of the demo accounts has available, asked through the API."""
    email, password = next(iter(json.loads((home / "demo-accounts.json").read_text()).items()))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1") as client:
        token = client.post("/auth/login", json={"email": email, "password": password}).json()["access_token"]
        answer = client.get("/wallet/balance", headers={"Authorization": f"Bearer {token}"})
        return {item["asset"]: item["available"] for item in answer.json()["items"]}


def test_a_whole_exchange_keeps_what_it_has(tmp_path: Path, port: int) -> None:
    """It serves, shows its panel, funds the demo accounts, stops cleanly, and has it all after a restart."""
    home = tmp_path / "home"
    wealth = []
    for _ in range(2):
        running = Running(home, port, RUN)
        try:
            running.wait_for("Stop:")
            assert set(running.pids()) == PROCESSES
            assert "simulated" in running.output
            assert httpx.get(f"http://127.0.0.1:{port}/ready").status_code == 200
            wealth.append(balances(port, home))
            family = running.family()
            assert running.end(signal.SIGINT) == 0
        finally:
            running.close()
        assert psutil.wait_procs(family, 1)[1] == []
    assert wealth[0] == wealth[1] == {"USDT": "50000", "BTC": "1", "ETH": "10"}
    proof = cryptovault("verify", home=home)
    assert proof.returncode == 0, proof.stdout
    assert "2 wallets and 0 open orders are what the journal says" in proof.stdout
    assert cryptovault("rebuild", home=home).returncode == 0
    assert stat.S_IMODE((home / "demo-accounts.json").stat().st_mode) == 0o600


def test_every_process_comes_back(tmp_path: Path, port: int) -> None:
    """Whatever single process is killed, it is started again and the exchange is ready again."""
    running = Running(tmp_path / "home", port, RUN)
    try:
        running.wait_for("Stop:")
        for name in ("redis", "mongod", "engine", "projector", "worker", "api"):
            before = running.pids()[name]
            os.kill(before, signal.SIGKILL)
            running.wait_for(f"{name} was killed (SIGKILL)")
            running.wait_for(f"{name} is back.")
            assert running.pids()[name] != before
        wait_until(lambda: is_ready(port), lambda: running.output)
    finally:
        running.close()


def is_ready(port: int) -> bool:
    """Whether the API says that it serves."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ready", timeout=PATIENCE_SECONDS).status_code == 200
    except httpx.HTTPError:
        return False


def test_two_workers_share_the_port(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With WORKERS=2 both answer on one port, and when one is killed callers do not notice."""
    monkeypatch.setenv("WORKERS", "2")
    running = Running(tmp_path / "home", port, RUN)
    try:
        running.wait_for("Stop:")
        assert {"api-1", "api-2"} <= set(running.pids())
        os.kill(running.pids()["api-1"], signal.SIGKILL)
        with httpx.Client() as client:
            answers = [client.get(f"http://127.0.0.1:{port}/api/config", timeout=PATIENCE_SECONDS) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}
        running.wait_for("api-1 is back.")
    finally:
        running.close()
