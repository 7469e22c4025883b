"""The MongoDB client, set up so that an acknowledged write is a durable one."""

from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from cryptovault.settings import Settings

Document = dict[str, Any]
Database = AsyncDatabase[Document]


def connect_mongo(settings: Settings) -> AsyncMongoClient[Document]:
    """Make a client of `settings.mongo_url`; the caller closes it. Connecting happens on first use.

    Writes wait for a journaled majority (J1). No compressor is offered: zlib is the one of CVE-2025-14847.
    """
    timeout = settings.mongo_timeout_ms
    return AsyncMongoClient(
        settings.mongo_url,
        w="majority",
        journal=True,
        tz_aware=True,
        maxPoolSize=settings.mongo_max_pool_size,
        serverSelectionTimeoutMS=timeout,
        connectTimeoutMS=timeout,
        heartbeatFrequencyMS=1_000,  # a server that came back is noticed within a second
        socketTimeoutMS=timeout,
        appname="cryptovault",
    )


def database(client: AsyncMongoClient[Document], settings: Settings) -> Database:
    """The database that holds the journal and every read model."""
    return client[settings.db_name]
