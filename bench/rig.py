"""What the benches of the durable core stand on: real databases, engine and projector in a fresh directory."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the servers are started as the tests start them

from cryptovault.settings import Environment, Settings
from fixtures.order_flow import SETUP, deposit, limit_order
from fixtures.processes import Program
from fixtures.services import Mongod, RedisServer

__all__ = ["SETUP", "deposit", "limit_order", "USERS", "exchange", "line", "user"]

USERS = 2_000


@contextlib.contextmanager
def exchange(*names: str) -> Iterator[tuple[Settings, list[Program]]]:
    """Databases and the named processes of the exchange, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cv-bench-"))
    mongod, redis = Mongod(folder / "mongod"), RedisServer(folder / "redis")
    programs: list[Program] = []
    try:
        mongod.start()
        redis.start()
        settings = Settings(
            _env_file=None,
            environment=Environment.TEST,
            cryptovault_home=folder / "home",
            engine_socket=f"unix://{folder / 'engine.sock'}",
            mongo_url=mongod.url,
            redis_url=redis.url,
            db_name="bench",
            jwt_secret="bench-only-" + "7f3a9c" * 8,
            csrf_secret="bench-only-" + "b81d5e" * 8,
            encryption_key="bench-only-" + "4d0c7a" * 8,
        )
        for name in names:
            programs.append(Program(name, settings))
            programs[-1].start()
        yield settings, programs
    finally:
        for server in (*reversed(programs), redis, mongod):
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def user(number: int) -> str:
    """The id of one of the bench's users."""
    return f"{number % USERS:024x}"


def line(name: str, figure: str, note: str = "") -> None:
    """Print one figure."""
    print(f"{name:<58} {figure:>16}  {note}".rstrip())
