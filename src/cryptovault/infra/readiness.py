"""Readiness marks: how a process tells its supervisor that it now serves."""

import os
from pathlib import Path

from cryptovault.settings import Settings

# Set by the supervisor where several processes serve the same thing, so that each has a mark of its own.
PROCESS_NAME = "CRYPTOVAULT_PROCESS"


def ready_path(settings: Settings, name: str) -> Path:
    """The file whose content is the pid of the process that is ready under this name."""
    return settings.run_dir / f"{name}.ready"


def mark_ready(settings: Settings, name: str) -> None:
    """Say that this process serves; written whole or not at all."""
    path = ready_path(settings, os.environ.get(PROCESS_NAME, name))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(str(os.getpid()))
    draft.replace(path)
