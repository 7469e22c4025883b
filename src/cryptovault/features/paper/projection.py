"""Who trades on paper since when: one document for each time an account was given play money."""

from datetime import UTC, datetime

from cryptovault.engine.events import Event, Posted
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import format_units
from cryptovault.engine.types import HOUSE_PREFIX, EntryKind
from cryptovault.kit.projection import Writes

COLLECTION = "paper_resets"


class PaperProjection:
    """Writes `paper_resets`. The last posting of an entry of play money is what was issued."""

    name = "paper"
    collections = (COLLECTION,)

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:
        """Take note of what was issued to whom."""
        if not isinstance(event, Posted) or event.kind is not EntryKind.PAPER:
            return
        account, asset, _, amount = event.postings[-1]
        assert not account.startswith(HOUSE_PREFIX)  # noqa: S101 - the engine's contract
        document = {
            "_id": seq,
            "user_id": account,
            "asset": asset,
            "amount": format_units(amount, exchange.assets[asset].scale),
            "at": datetime.fromtimestamp(at / 1000, UTC),
        }
        writes.insert(COLLECTION, document)
