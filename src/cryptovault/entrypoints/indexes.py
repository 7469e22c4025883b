"""The indexes of every collection, made at start-up by the process that writes it."""

from cryptovault.features.auth import repository as auth
from cryptovault.features.markets import repository as markets
from cryptovault.features.orders import repository as orders
from cryptovault.features.transactions import repository as transactions
from cryptovault.features.wallet import repository as wallet
from cryptovault.infra.mongo import Database


async def index_read_models(db: Database) -> None:
    """What the projector writes, and the candles beside it."""
    for feature in (markets, orders, transactions):
        await feature.ensure_indexes(db)


async def index_api(db: Database) -> None:
    """What the api workers write themselves: accounts, sessions, faucet claims."""
    for feature in (auth, wallet):
        await feature.ensure_indexes(db)
