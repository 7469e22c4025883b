"""Where the engine's leader listens: the lease document says it."""

from pymongo.errors import PyMongoError

from cryptovault.infra.engine_client import Resolver
from cryptovault.infra.mongo import Database

LEASES = "leases"
LEADER_ID = "engine"


def leader_address(database: Database, otherwise: str) -> Resolver:
    """Ask the lease document each time a connection is made; while it cannot be read, use `otherwise`."""

    async def resolve() -> str:
        try:
            lease = await database[LEASES].find_one({"_id": LEADER_ID}, {"address": 1})
        except PyMongoError:
            return otherwise
        return str(lease["address"]) if lease else otherwise

    return resolve
