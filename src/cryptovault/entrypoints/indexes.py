"""The indexes of every collection, made at start-up by the process that writes it."""

from cryptovault.features.api_keys import repository as api_keys
from cryptovault.features.auth import factor_store, links, lockout
from cryptovault.features.auth import repository as auth
from cryptovault.features.auth.account import email_change
from cryptovault.features.auth.devices import service as devices
from cryptovault.features.auth.identities import repository as identities
from cryptovault.features.auth.lost_factor import service as lost_factor
from cryptovault.features.markets import repository as markets
from cryptovault.features.notifications import repository as notifications
from cryptovault.features.orders import repository as orders
from cryptovault.features.paper import repository as paper
from cryptovault.features.transactions import repository as transactions
from cryptovault.features.wallet import repository as wallet
from cryptovault.infra.mail.console import index_mailbox
from cryptovault.infra.mongo import Database
from cryptovault.infra.outbox.store import index_outbox
from cryptovault.kit import audit, step_up


async def index_read_models(db: Database) -> None:
    """What the projector writes, and the candles beside it."""
    for feature in (markets, orders, paper, transactions):
        await feature.ensure_indexes(db)


async def index_api(db: Database) -> None:
    """What the api workers write themselves: accounts, sessions, faucet claims, notices, mail."""
    for feature in (api_keys, auth, factor_store, identities, notifications, wallet):
        await feature.ensure_indexes(db)
    for part in (audit, devices, email_change, links, lockout, lost_factor, step_up):
        await part.ensure_indexes(db)
    await index_mailbox(db)
    await index_outbox(db)
