import asyncio
import contextlib
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from redis.exceptions import ConnectionError as RedisConnectionError

from cryptovault.infra import embedded
from cryptovault.infra.embedded import Launch, with_embedded
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    """A home with a password for Redis."""
    settings = Settings(cryptovault_home=tmp_path / "h", redis_password='a b/c@d"\\' * 6)
    settings.run_dir.mkdir(parents=True)
    return with_embedded(settings)


@contextlib.asynccontextmanager
async def running(launch: Launch) -> AsyncIterator[None]:
    """The server as a child of this test."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*launch.argv, stdin=asyncio.subprocess.PIPE, stdout=quiet)
    assert process.stdin is not None
    process.stdin.write(launch.stdin)
    process.stdin.close()
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)


async def test_mongod_becomes_a_durable_replica_set(settings: Settings) -> None:
    """The embedded mongod is a writable replica set of one, reachable by its owner's socket only, without zlib."""
    binary = embedded.find_mongod()
    assert binary is not None
    launch = embedded.launch_mongod(binary, settings)
    assert "snappy,zstd" in launch.argv
    async with running(launch), AsyncMongoClient(settings.mongo_url) as client:
        await asyncio.wait_for(embedded.mongo_ready(settings), 30)
        hello = await client.admin.command("hello")
        assert hello["setName"] == embedded.REPLICA_SET
        await client["x"]["y"].with_options(write_concern=client.write_concern).insert_one({"_id": 1})
        socket = settings.run_dir / "mongod.sock"
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        options = await client.admin.command("getCmdLineOpts")
        assert options["parsed"]["net"]["bindIp"] == str(socket)


async def test_mongod_ready_is_idempotent(settings: Settings) -> None:
    """A replica set that is there already is left as it is."""
    binary = embedded.find_mongod()
    assert binary is not None
    for _ in range(2):
        async with running(embedded.launch_mongod(binary, settings)), AsyncMongoClient(settings.mongo_url) as client:
            await asyncio.wait_for(embedded.mongo_ready(settings), 30)
            config = (await client.admin.command("replSetGetConfig"))["config"]
            assert config["version"] == 1
            with pytest.raises(OperationFailure):
                await client.admin.command("replSetInitiate")


async def test_redis_is_bounded_and_closed_to_strangers(settings: Settings) -> None:
    """The embedded Redis has a memory limit, forgets instead of failing, saves nothing, and asks for its password."""
    binary = embedded.find_redis()
    assert binary is not None
    launch = embedded.launch_redis(binary, settings)
    assert settings.redis_password.get_secret_value() not in " ".join(launch.argv)
    async with running(launch):
        await asyncio.wait_for(embedded.redis_ready(settings), 10)
        client = connect_redis(settings)
        wanted = {"maxmemory": "268435456", "maxmemory-policy": "allkeys-lru", "save": "", "port": "0"}
        assert {name: (await client.config_get(name))[name] for name in wanted} == wanted
        await client.aclose()
        stranger = connect_redis(settings.model_copy(update={"redis_url": f"unix://{settings.run_dir}/redis.sock"}))
        with pytest.raises(RedisConnectionError, match="Authentication required"):
            await stranger.ping()
        await stranger.aclose()


def test_configured_addresses_win() -> None:
    """MONGO_URL and REDIS_URL, where set, are used as they are."""
    settings = with_embedded(Settings(mongo_url="mongodb://elsewhere", redis_url="redis://elsewhere"))
    assert settings.mongo_url == "mongodb://elsewhere"
    assert settings.redis_url == "redis://elsewhere"
