"""Read models of the public side: assets, markets, trades; and what the house's maker holds."""

from datetime import UTC, datetime

from cryptovault.engine.events import AssetChanged, Event, FeeTiersSet, MarketChanged, Posted, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.market import Market
from cryptovault.engine.money import format_price, format_units
from cryptovault.engine.order_rules import DATED, GROUPED, ICEBERG
from cryptovault.engine.types import MAKER, MarketStatus, OrderType
from cryptovault.features.markets.schemas import SIDES, STATUSES, fee_text
from cryptovault.infra.mongo import Document
from cryptovault.kit.catalogue import Terms, TermsBook
from cryptovault.kit.projection import Writes
from cryptovault.kit.schemas import iso_ms

ASSETS = "assets"
MARKETS = "markets"
TRADES = "trades"
INVENTORY = "maker_inventory"
FEE_SCHEDULE = "fee_schedule"

ORDER_BITS = {kind.name.lower(): int(kind) for kind in OrderType} | {
    "iceberg": ICEBERG,
    "gtd": DATED,
    "group": GROUPED,
}
PERCENT_SCALE = 4
"""Decimals of a share in per cent: one ten-thousandth of a per cent is one part per million."""


class MarketsProjection:
    """Writes `assets`, `markets`, `trades`, `fee_schedule` and `maker_inventory`."""

    name = "markets"
    collections = (ASSETS, MARKETS, TRADES, FEE_SCHEDULE, INVENTORY)

    def __init__(self) -> None:
        self._terms = TermsBook()
        self._maker_assets: dict[str, int] = {}

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:
        """Take note of a definition, a trade, or a movement on the maker's account."""
        match event:
            case Trade() if exchange.markets[event.market].mirrors is None:  # paper trades are nobody else's business
                writes.insert(TRADES, trade_document(event, self._terms.of(event.market, exchange), seq, at))
            case Posted():
                for account, asset, _, _ in event.postings:
                    if account == MAKER:
                        self._maker_assets[asset] = seq
            case MarketChanged():
                writes.replace(MARKETS, market_document(event.market, exchange, seq))
            case FeeTiersSet():
                writes.replace(FEE_SCHEDULE, {"_id": "house", "tiers": fee_tiers(exchange), "seq": seq})
            case AssetChanged():
                asset_row = exchange.assets[event.asset]
                writes.replace(
                    ASSETS,
                    {
                        "_id": asset_row.symbol,
                        "scale": asset_row.scale,
                        "name": asset_row.name,
                        "status": asset_row.status.name.lower(),
                        "seq": seq,
                        **({"mirrors": asset_row.mirrors} if asset_row.mirrors else {}),
                    },
                )

    def flush(self, exchange: Exchange, writes: Writes) -> None:
        """Write what the maker holds now of each asset that moved."""
        for asset, seq in self._maker_assets.items():
            available, held = exchange.balance(MAKER, asset)
            scale = exchange.assets[asset].scale
            writes.set(INVENTORY, asset, {"amount": format_units(available + held, scale), "seq": seq})
        self._maker_assets.clear()


def market_document(symbol: str, exchange: Exchange, seq: int) -> Document:
    """A market's rules, amounts as decimal strings of whole coins."""
    market = exchange.markets[symbol]
    return {
        "_id": symbol,
        "base": market.base,
        "quote": market.quote,
        "status": STATUSES[market.status],
        "tick_size": format_price(1, market.tick, market.quote_scale),
        "lot_size": format_units(market.lot, market.base_scale),
        "min_notional": format_units(market.min_notional, market.quote_scale),
        "max_qty": format_units(market.max_qty, market.base_scale),
        "maker_fee": fee_text(market.maker_fee),
        "taker_fee": fee_text(market.taker_fee),
        "order_types": order_types(market.order_types),
        "band_percent": format_units(market.band, PERCENT_SCALE) if market.band else None,
        "band_seconds": market.band_window // 1_000 if market.band else None,
        "halt_seconds": market.halt_for // 1_000 if market.band and market.halt_for else None,
        "collar_percent": format_units(market.collar, PERCENT_SCALE),
        "scheduled": _scheduled(market.mirrors or market),
        "seq": seq,
        **({"mirrors": market.mirrors.symbol} if market.mirrors is not None else {}),
    }


def fee_tiers(exchange: Exchange) -> list[dict[str, str]]:
    """The fee schedule: 30-day volume in whole dollars from which on a tier holds, and its rates as fractions."""
    return [
        {"volume": str(volume), "maker": fee_text(maker), "taker": fee_text(taker)}
        for volume, maker, taker in exchange.fee_tiers
    ]


def order_types(mask: int) -> list[str]:
    """The names of a market's bits; no bit at all takes everything."""
    return [name for name, bit in ORDER_BITS.items() if not mask or mask >> bit & 1]


def _scheduled(market: Market) -> Document | None:
    """The next change of status that is known: one that was set, or the end of an automatic halt."""
    coming = [*market.schedule[:1], *([(market.reopens_at, MarketStatus.OPEN)] if market.reopens_at else [])]
    if not coming:
        return None
    at, status = min(coming)
    return {"status": STATUSES[status], "at": iso_ms(at)}


def trade_document(trade: Trade, terms: Terms, seq: int, at: int) -> Document:
    """A trade with its parties, who are told to nobody else."""
    return {
        "_id": f"{trade.market}/{trade.trade_id}",
        "market": trade.market,
        "trade_id": trade.trade_id,
        "price": terms.price(trade.price),
        "qty": terms.qty(trade.qty),
        "notional": terms.amount(trade.notional),
        "taker_side": SIDES[trade.taker_side],
        "maker_user_id": trade.maker_account,
        "taker_user_id": trade.taker_account,
        "maker_order_id": trade.maker_order_id,
        "taker_order_id": trade.taker_order_id,
        # The buyer pays its fee in the base asset, the seller in the quote asset.
        "maker_fee": terms.amount(trade.maker_fee) if trade.taker_side == 0 else terms.qty(trade.maker_fee),
        "taker_fee": terms.qty(trade.taker_fee) if trade.taker_side == 0 else terms.amount(trade.taker_fee),
        "at": datetime.fromtimestamp(at / 1_000, UTC),
        "seq": seq,
    }
