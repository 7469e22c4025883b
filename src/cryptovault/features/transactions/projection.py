"""The statement: one document per account and movement, added and never changed."""

from datetime import UTC, datetime
from typing import Any

from cryptovault.engine.events import Event, Posted, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import format_units
from cryptovault.engine.types import HOUSE_PREFIX, EntryKind, Side
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.projection import Writes

COLLECTION = "transactions"
PAPER = "paper_transactions"
"""Where the same is told of play money, so that no sum of real money ever meets it."""

# Holds and releases move an amount between available and held of one account: nothing for a statement.
# Trades are told by their Trade event, which knows price and fee.
TYPES = {
    EntryKind.DEPOSIT: ("deposit", "deposit"),
    EntryKind.WITHDRAWAL_SETTLE: ("withdrawal", "withdrawal"),
    EntryKind.TRANSFER: ("transfer_in", "transfer_out"),
    EntryKind.ADJUSTMENT: ("adjustment", "adjustment"),
    EntryKind.PAPER: ("adjustment", "adjustment"),
}


class TransactionsProjection:
    """Writes `transactions` and `paper_transactions`.

    Ids count within a command, so that a replay makes the same documents again.
    """

    name = "transactions"
    collections = (COLLECTION, PAPER)

    def __init__(self) -> None:
        self._seq = 0
        self._index = 0

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:
        """Add what a user's statement should say about this event."""
        if isinstance(event, Trade):
            for fields in _trade_sides(event, exchange):
                self._insert(seq, at, fields, exchange, writes)
        elif isinstance(event, Posted) and event.kind in TYPES:
            for fields in _movements(event, exchange):
                self._insert(seq, at, fields, exchange, writes)

    def _insert(self, seq: int, at: int, fields: dict[str, Any], exchange: Exchange, writes: Writes) -> None:
        self._index = self._index + 1 if seq == self._seq else 0
        self._seq = seq
        if fields["user_id"].startswith(HOUSE_PREFIX):
            return
        created = datetime.fromtimestamp(at / 1000, UTC)
        identity = {"_id": f"{seq}:{self._index}:{fields['user_id']}", "index": self._index}
        collection = PAPER if exchange.assets[fields["asset"]].mirrors else COLLECTION
        writes.insert(collection, identity | fields | {"created_at": created, "seq": seq})


def _trade_sides(trade: Trade, exchange: Exchange) -> list[dict[str, Any]]:
    terms = Terms.of(exchange.markets[trade.market])
    maker_side = Side(1 - trade.taker_side)
    return [
        {"user_id": trade.maker_account, "order_id": str(trade.maker_order_id), "role": "maker"}
        | _trade(trade, terms, maker_side, trade.maker_fee),
        {"user_id": trade.taker_account, "order_id": str(trade.taker_order_id), "role": "taker"}
        | _trade(trade, terms, trade.taker_side, trade.taker_fee),
    ]


def _trade(trade: Trade, terms: Terms, side: Side, fee: int) -> dict[str, Any]:
    """Both amounts are what the balances changed by: the fee is already taken from what was received."""
    buys = side is Side.BUY
    return {
        "type": "trade_buy" if buys else "trade_sell",
        "asset": terms.base,
        "amount": terms.qty(trade.qty - fee if buys else -trade.qty),
        "market": trade.market,
        "price": terms.price(trade.price),
        "quote_asset": terms.quote,
        "quote_amount": terms.amount(-trade.notional if buys else trade.notional - fee),
        "fee": terms.qty(fee) if buys else terms.amount(fee),
        "fee_asset": terms.base if buys else terms.quote,
        "ref": f"{trade.market}/{trade.trade_id}",
    }


def _movements(entry: Posted, exchange: Exchange) -> list[dict[str, Any]]:
    net: dict[tuple[str, str], int] = {}
    for account, asset, _, amount in entry.postings:
        net[account, asset] = net.get((account, asset), 0) + amount
    return [
        {
            "user_id": account,
            "type": TYPES[entry.kind][0 if amount > 0 else 1],
            "asset": asset,
            "amount": format_units(amount, exchange.assets[asset].scale),
            "ref": entry.ref,
        }
        for (account, asset), amount in net.items()
        if amount
    ]
