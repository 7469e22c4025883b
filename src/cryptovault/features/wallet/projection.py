"""Wallets: the balances of each user, written once per account and batch."""

from cryptovault.engine.events import Event, Posted
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import format_units
from cryptovault.engine.types import HOUSE_PREFIX
from cryptovault.kit.projection import Writes

COLLECTION = "wallets"
PAPER = "paper_wallets"
"""Where play money is told apart, so that no sum of real money ever meets it."""


class WalletsProjection:
    """Writes `wallets` and `paper_wallets`: absolute balances of every asset a batch touched."""

    name = "wallets"
    collections = (COLLECTION, PAPER)

    def __init__(self) -> None:
        self._touched: dict[tuple[str, str], tuple[int, set[str]]] = {}

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:  # noqa: ARG002
        """Remember whose balances moved; they are written at the end of the batch."""
        if not isinstance(event, Posted):
            return
        for account, asset, _, _ in event.postings:
            if not account.startswith(HOUSE_PREFIX):
                collection = PAPER if exchange.assets[asset].mirrors else COLLECTION
                _, assets = self._touched.get((collection, account), (0, set()))
                assets.add(asset)
                self._touched[collection, account] = (seq, assets)

    def flush(self, exchange: Exchange, writes: Writes) -> None:
        """Write each touched balance as it is now."""
        for (collection, account), (seq, assets) in self._touched.items():
            fields: dict[str, object] = {"user_id": account, "seq": seq}
            for asset in sorted(assets):
                scale = exchange.assets[asset].scale
                available, held = exchange.balance(account, asset)
                fields[f"balances.{asset}"] = {
                    "available": format_units(available, scale),
                    "held": format_units(held, scale),
                }
            writes.set(collection, account, fields)
        self._touched.clear()
