"""J1: refuse a database that could lose what it has acknowledged."""

from pymongo.errors import OperationFailure

from cryptovault.infra.mongo import Database, Document
from cryptovault.runtime.errors import NotDurable

_NOT_A_MEMBER = "MongoDB must run as a replica set (one member is enough): start mongod with --replSet and initiate it"


async def require_durable(database: Database) -> None:
    """Raise NotDurable unless a majority-acknowledged write on this database survives crashes and failovers."""
    admin = database.client.admin
    hello = await admin.command("hello")
    if "setName" not in hello:
        raise NotDurable(f"{_NOT_A_MEMBER}; a standalone server loses acknowledged writes")
    _require_journaled_majority(await _replica_set_config(database))
    try:
        defaults = await admin.command("getDefaultRWConcern")
    except OperationFailure as error:
        raise NotDurable(f"the default write concern cannot be read: {error}") from error
    write = defaults.get("defaultWriteConcern", {}).get("w")
    if write not in ("majority", None) and not (isinstance(write, int) and write > len(hello.get("hosts", ())) // 2):
        raise NotDurable(f"the default write concern is w:{write}; it must be majority")


async def _replica_set_config(database: Database) -> Document:
    try:
        answer = await database.client.admin.command("replSetGetConfig")
    except OperationFailure as error:
        raise NotDurable(f"{_NOT_A_MEMBER}: {error}") from error
    config: Document = answer["config"]
    return config


def _require_journaled_majority(config: Document) -> None:
    if not config.get("writeConcernMajorityJournalDefault", True):
        raise NotDurable("writeConcernMajorityJournalDefault is off; a majority write must reach the disk")
    if any(member.get("arbiterOnly") for member in config["members"]):
        raise NotDurable("a replica set with an arbiter acknowledges writes that it may lose; replace the arbiter")
