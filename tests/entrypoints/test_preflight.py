import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from cryptovault.entrypoints import preflight
from cryptovault.entrypoints.instance import InstanceRunning, instance_lock, running_pid
from cryptovault.entrypoints.preflight import Level
from cryptovault.infra import embedded
from cryptovault.settings import Settings


class Usage(NamedTuple):
    """What the system tells of a disk."""

    total: int
    used: int
    free: int


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room fails before anything is started, with the amount that is needed."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100, 99, 1_000_000))
    finding = preflight.check_disk(Settings(cryptovault_home=tmp_path / "not yet"))
    assert finding.level is Level.FAIL
    assert "The disk is full: 0.0 GB free" in finding.text
    assert "at least 0.5 GB are needed" in finding.text


def test_a_missing_server_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on PATH nor in a package: the sentence says what to install or to set."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(embedded, "_WHEELS", {"mongod": "no.such.package", "redis-server": "nor_this"})
    findings = [check(Settings(cryptovault_home=tmp_path)) for check in (preflight.check_mongod, preflight.check_redis)]
    assert [finding.level for finding in findings] == [Level.FAIL, Level.FAIL]
    assert "No mongod 6 or newer was found" in findings[0].text
    assert "Install one, or set REDIS_URL." in findings[1].text


def test_configured_databases_need_no_binary(tmp_path: Path) -> None:
    """Where an address is set, no binary is looked for."""
    settings = Settings(cryptovault_home=tmp_path, mongo_url="mongodb://elsewhere", redis_url="redis://elsewhere")
    assert "MONGO_URL is set" in preflight.check_mongod(settings).text
    assert "REDIS_URL is set" in preflight.check_redis(settings).text


def test_a_foreign_socket_directory_is_refused(tmp_path: Path) -> None:
    """A link in the place of the socket directory could lead anywhere."""
    settings = Settings(cryptovault_home=tmp_path)
    settings.run_dir.symlink_to(tmp_path)
    assert preflight.check_run_dir(settings).level is Level.FAIL


def test_a_long_home_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    """A unix socket's path is short; a long home gets a private directory of its own under the temporary one."""
    settings = Settings(cryptovault_home=tmp_path / ("deep/" * 30))
    assert len(os.fsencode(settings.run_dir / "mongod.sock")) < 100
    assert settings.run_dir != Settings(cryptovault_home=tmp_path / ("deep/" * 31)).run_dir


def test_the_lock_of_a_dead_instance_is_taken_over(tmp_path: Path) -> None:
    """A pid left in the file is reported, never an obstacle."""
    settings = Settings(cryptovault_home=tmp_path)
    (tmp_path / "instance.lock").write_text("999999999")
    lock = instance_lock(settings).acquire()
    assert lock.previous == 999999999
    assert running_pid(settings) == os.getpid()
    with pytest.raises(InstanceRunning, match=f"pid {os.getpid()}"):
        instance_lock(settings).acquire()
    lock.release()
    assert running_pid(settings) == 0
    assert instance_lock(settings).left_behind() == 0
