"""Secrets as files that only their owner can read, and Settings read together with them."""

import os
import secrets
import stat
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cryptovault.settings import Environment, Settings

# Each is a file of this name in {cryptovault_home}/secrets; an environment variable of the name in capitals wins.
SECRET_NAMES = ("jwt_secret", "csrf_secret", "encryption_key", "redis_password")


class SettingsError(Exception):
    """The configuration is not usable; `faults` are sentences for the person who wrote it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class _Place(BaseSettings):
    """The two settings that decide where the others' secrets are found, and whether they may be made."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    environment: Environment = Environment.DEVELOPMENT
    cryptovault_home: Path = Path("var")


def load_settings() -> Settings:
    """Read the environment, `.env` and the secret files; outside production, make the secrets that do not exist yet.

    Raises SettingsError, whose sentences name every faulty setting and never a secret's value.
    """
    try:
        place = _Place()
        home = configured_home()
        if place.environment is not Environment.PRODUCTION:
            create_secrets(home)
        directory = secret_dir(home)
        check_private(directory)
        return Settings(_secrets_dir=directory if directory.is_dir() else None)
    except ValidationError as error:
        raise SettingsError(_sentences(error)) from None
    except OSError as error:
        raise SettingsError([f"{error.filename} cannot be used: {error.strerror}."]) from None


def configured_home() -> Path:
    """The state directory, without asking whether the rest of the configuration is usable."""
    return _Place().cryptovault_home.expanduser().resolve()


def secret_dir(home: Path) -> Path:
    """Where the secret files of this home are."""
    return home / "secrets"


def create_secrets(home: Path) -> list[str]:
    """Write the secrets that do not exist yet, 256 random bits each, mode 0600; give the names of the new ones."""
    directory = secret_dir(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.mkdir(mode=0o700, exist_ok=True)
    return [name for name in SECRET_NAMES if _create(directory / name, secrets.token_hex(32))]


def _create(path: Path, value: str) -> bool:
    """Write the file whole or not at all; when two processes race, the first one's value stays."""
    if path.exists():
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write(draft, value)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


class NotAFile(Exception):
    """The key in force is not the one in its file: somebody else keeps it."""


def rotate_encryption_key(home: Path, in_force: str) -> None:
    """Make a new ENCRYPTION_KEY; the one before joins ENCRYPTION_KEYS_OLD first, so that nothing becomes unreadable.

    NotAFile where the key in force is not the one of the file.
    """
    directory = secret_dir(home)
    current, old = directory / "encryption_key", directory / "encryption_keys_old"
    if not current.exists() or current.read_text().strip() != in_force:
        raise NotAFile
    before = [in_force, *(old.read_text().split(",") if old.exists() else [])]
    _replace(old, ",".join(dict.fromkeys(key.strip() for key in before if key.strip())))
    _replace(current, secrets.token_hex(32))


def _replace(path: Path, value: str) -> None:
    """Write the file whole or not at all, over the one that is there."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    _write(draft, value)
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _write(draft: Path, value: str) -> None:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def check_private(directory: Path) -> None:
    """Raise SettingsError if others than the owner can read a secret."""
    if not directory.is_dir():
        return
    for path in [directory, *sorted(directory.iterdir())]:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError([f"{path} can be read by others; close it with: chmod go= {path}"])


def _sentences(error: ValidationError) -> list[str]:
    faults: list[str] = []
    for fault in error.errors(include_input=False, include_url=False):
        text = fault["msg"].removeprefix("Value error, ")
        if fault["loc"]:
            faults.append(f"{'.'.join(map(str, fault['loc'])).upper()}: {text}.")
        else:
            faults += text.splitlines()
    return faults
