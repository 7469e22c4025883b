"""The MongoDB client, set up so that an acknowledged write is a durable one."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from cryptovault.settings import Settings

Document = dict[str, Any]
Database = AsyncDatabase[Document]
Within = AsyncClientSession
"""The transaction that an operation is part of."""

Result = TypeVar("Result")

_TRANSACTION_SECONDS = 5.0
_PAUSE_SECONDS = 0.005
_PAUSE_SECONDS_MAX = 0.1


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


async def in_one(client: AsyncMongoClient[Document], work: Callable[[Within], Awaitable[Result]]) -> Result:
    """Do everything that `work` does within its transaction, or nothing of it; the result is that of `work`.

    Where others change the same documents it is done again, for five seconds. What `work` raises undoes it.
    """
    until, pause = monotonic() + _TRANSACTION_SECONDS, _PAUSE_SECONDS
    async with client.start_session() as within:
        while True:
            try:
                async with await within.start_transaction():
                    return await work(within)
            except PyMongoError as error:
                if not error.has_error_label("TransientTransactionError") or monotonic() > until:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, _PAUSE_SECONDS_MAX)
