"""A small exchange whose limits are out of the way."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pymongo import AsyncMongoClient

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.infra.mongo import Document
from cryptovault.settings import Settings
from fixtures.trading import Desk, Venue
from security.cast import Cast
from security.listening import Overheard


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    often = dict.fromkeys(("rate_limit_per_minute", "rate_limit_login_per_minute"), 100_000)
    return settings.model_copy(update=often)


@pytest.fixture(name="overheard")
def _overheard() -> Overheard:
    """The commands that the API sends to MongoDB."""
    return Overheard()


@pytest.fixture(name="app")
def _app(settings: Settings, desk: Desk, overheard: Overheard) -> Api:
    """The whole API over the small exchange, not yet running."""
    mongo: AsyncMongoClient[Document] = AsyncMongoClient(
        settings.mongo_url, w="majority", journal=True, tz_aware=True, event_listeners=[overheard]
    )
    return create_app(settings, engine=desk, mongo=mongo)


@pytest.fixture(name="cast")
async def _cast(app: Api, desk: Desk) -> AsyncIterator[Cast]:
    """The API running, and people to ask it."""
    async with app.running() as services:
        desk.services = services
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8001") as http:
            yield Cast(Venue(app, desk, http, services), http)
