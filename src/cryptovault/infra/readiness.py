"""Readiness marks: how a process tells its supervisor that it now serves."""

import os
from pathlib import Path

from cryptovault.settings import Settings


def ready_path(settings: Settings, name: str) -> Path:
    """The file whose content is the pid of the process that is ready under this name."""
    return settings.run_dir / f"{name}.ready"


def mark_ready(settings: Settings, name: str) -> None:
    """Say that this process serves; written whole or not at all."""
    path = ready_path(settings, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(str(os.getpid()))
    draft.replace(path)
