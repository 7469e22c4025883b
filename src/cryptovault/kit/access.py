"""What endpoints ask for, as annotations: who is asking, and the parts of the service they need."""

from typing import Annotated

from fastapi import Depends
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_client import Engine
from cryptovault.infra.mongo import Database
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.declarations import identifies
from cryptovault.kit.errors import AdministratorsOnly
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import ADMIN, Identity
from cryptovault.settings import Settings


def call_of(connection: HTTPConnection) -> Call:
    """The request as the gate has understood it."""
    call: Call = connection.scope[SCOPE_KEY]
    return call


CallDep = Annotated[Call, Depends(call_of)]


def _services(call: CallDep) -> Services:
    return call.services


def _settings(call: CallDep) -> Settings:
    return call.services.settings


def _engine(call: CallDep) -> Engine:
    return call.services.engine


def _db(call: CallDep) -> Database:
    return call.services.db


def _redis(call: CallDep) -> Redis:
    return call.services.redis


def _clock(call: CallDep) -> Clock:
    return call.services.clock


@identifies()
def _current_user(call: CallDep) -> Identity:
    return call.require()


@identifies(scope=Scope.READ)
def _reader(call: CallDep) -> Identity:
    return call.require(Scope.READ)


@identifies(scope=Scope.TRADE)
def _trader(call: CallDep) -> Identity:
    return call.require(Scope.TRADE)


@identifies(role=ADMIN)
def _administrator(call: CallDep) -> Identity:
    identity = call.require()
    if identity.role != ADMIN:
        raise AdministratorsOnly
    return identity


def _visitor(call: CallDep) -> Identity | None:
    return call.identity


async def _after_own_writes(call: CallDep) -> None:
    await call.after_own_writes()


ServicesDep = Annotated[Services, Depends(_services)]
SettingsDep = Annotated[Settings, Depends(_settings)]
EngineDep = Annotated[Engine, Depends(_engine)]
DbDep = Annotated[Database, Depends(_db)]
RedisDep = Annotated[Redis, Depends(_redis)]
ClockDep = Annotated[Clock, Depends(_clock)]

CurrentUser = Annotated[Identity, Depends(_current_user)]
"""The signed-in user; 401 without one, 403 for an API key."""

Reader = Annotated[Identity, Depends(_reader)]
"""The signed-in user, or the owner of an API key with the scope `read`."""

Trader = Annotated[Identity, Depends(_trader)]
"""The signed-in user, or the owner of an API key with the scope `trade`."""

Administrator = Annotated[Identity, Depends(_administrator)]
"""A signed-in administrator; 403 for everybody else, and for an administrator whose sign-in was not strong enough."""

Visitor = Annotated[Identity | None, Depends(_visitor)]
"""The signed-in user, or None."""

AfterOwnWrites = Depends(_after_own_writes)
"""For `dependencies=[...]` of a route that reads the caller's own data: waits for the caller's own writes."""
