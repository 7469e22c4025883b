"""Commands of the house: leadership, assets, markets, reference prices."""

from cryptovault.engine import limits
from cryptovault.engine.account import is_name
from cryptovault.engine.bands import watch_price
from cryptovault.engine.commands import (
    DefineAsset,
    DefineMarket,
    EpochBarrier,
    SetAssetStatus,
    SetReferencePrices,
)
from cryptovault.engine.events import (
    AssetChanged,
    Done,
    Event,
    MarketChanged,
    ReferencePriceSet,
    Rejected,
    Verdict,
)
from cryptovault.engine.market import Asset, Market
from cryptovault.engine.paper import paper_rules
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import FEES, PPM, AssetStatus

Refusal = tuple[Reject, str]
HOUSE = ""
"""The account named in verdicts of commands that belong to nobody."""


def epoch_barrier(state: State, command: EpochBarrier, _events: list[Event]) -> Verdict:
    """Note a new leader's epoch."""
    if not _is_count(command.epoch) or len(command.node) > limits.MAX_TEXT or command.epoch <= state.epoch:
        return Rejected(HOUSE, Reject.COMMAND_INVALID, f"the epoch must be above {state.epoch}")
    state.epoch = command.epoch
    return Done(HOUSE, str(command.epoch))


def define_asset(state: State, command: DefineAsset, events: list[Event]) -> Verdict:
    """Add an asset."""
    if not is_name(command.asset) or len(command.name) > limits.MAX_TEXT:
        return Rejected(HOUSE, Reject.COMMAND_INVALID, "not a name for an asset")
    if type(command.scale) is not int or not 0 <= command.scale <= limits.MAX_SCALE:
        return Rejected(HOUSE, Reject.COMMAND_INVALID, f"the scale must be between 0 and {limits.MAX_SCALE}")
    if command.asset in state.assets:
        return Rejected(HOUSE, Reject.ASSET_EXISTS, "the asset exists")
    if len(state.assets) >= limits.MAX_ASSETS:
        return Rejected(HOUSE, Reject.LIMIT_REACHED, "no more assets")
    state.assets[command.asset] = Asset(command.asset, command.scale, command.name)
    events.append(AssetChanged(command.asset))
    return Done(HOUSE, command.asset)


def set_asset_status(state: State, command: SetAssetStatus, events: list[Event]) -> Verdict:
    """Open or close deposits and withdrawals of an asset."""
    if type(command.status) is not AssetStatus:
        return Rejected(HOUSE, Reject.COMMAND_INVALID, "unknown status")
    asset = state.assets.get(command.asset)
    if asset is None:
        return Rejected(HOUSE, Reject.ASSET_UNKNOWN, "no such asset")
    asset.status = command.status
    events.append(AssetChanged(command.asset))
    return Done(HOUSE, command.asset)


def define_market(state: State, command: DefineMarket, events: list[Event]) -> Verdict:
    """Add a market or change its rules."""
    market = state.markets.get(command.market)
    refusal = _refuse_market(state, market, command)
    if refusal is not None:
        return Rejected(HOUSE, *refusal)
    # From here on it must succeed.
    if market is None:
        fees = state.ledger.open(FEES)
        base, quote = state.assets[command.base], state.assets[command.quote]
        market = Market(command, base, quote, fees.cell(command.base), fees.cell(command.quote))
        state.markets[command.market] = market
    else:
        market.change_rules(command)
    events.append(MarketChanged(market.symbol, market.status))
    if market.paper is not None:
        market.paper.change_rules(paper_rules(market))
        events.append(MarketChanged(market.paper.symbol, market.paper.status))
    state.stirred = True
    return Done(HOUSE, market.symbol)


def _refuse_market(state: State, market: Market | None, command: DefineMarket) -> Refusal | None:
    if not is_name(command.market):
        return Reject.COMMAND_INVALID, "not a name for a market"
    base = state.assets.get(command.base)
    if base is None or command.quote not in state.assets:
        return Reject.ASSET_UNKNOWN, "base or quote is not an asset"
    if base.mirrors or state.assets[command.quote].mirrors:
        return Reject.MARKET_INVALID, "play money is traded in paper markets only, and these mirror real ones"
    if (refusal := _refuse_rules(command)) is not None:
        return refusal
    if command.base == command.quote or command.lot * command.tick % 10**base.scale:
        return Reject.MARKET_INVALID, "lot * tick must be a whole number of quote units, and base is not quote"
    if market is None:
        return (Reject.LIMIT_REACHED, "no more markets") if len(state.markets) >= limits.MAX_MARKETS else None
    if (market.base, market.quote, market.tick, market.lot) != (command.base, command.quote, command.tick, command.lot):
        return Reject.MARKET_INVALID, "base, quote, tick and lot of a market never change"
    return None


def _refuse_rules(command: DefineMarket) -> Refusal | None:
    if not all(map(_is_positive, (command.tick, command.lot, command.max_qty, command.max_open_orders))):
        return Reject.MARKET_INVALID, "tick, lot and maxima must be positive"
    if not all(map(_is_count, (command.min_notional, command.reference_max_age))):
        return Reject.MARKET_INVALID, "minimum notional and age of the reference price must not be negative"
    if not all(_is_count(rate) and rate <= limits.MAX_FEE for rate in (command.maker_fee, command.taker_fee)):
        return Reject.MARKET_INVALID, f"fees must be between 0 and {limits.MAX_FEE} ppm"
    if not _is_count(command.collar) or command.collar >= PPM:
        return Reject.MARKET_INVALID, f"the collar must be below {PPM} ppm"
    if not (_is_count(command.band) and command.band < PPM and _is_positive(command.band_window)):
        return Reject.MARKET_INVALID, f"the band must be below {PPM} ppm, its window positive"
    if (
        not all(map(_is_count, (command.halt_for, command.order_types)))
        or command.order_types >= limits.MAX_ORDER_TYPES
    ):
        return Reject.MARKET_INVALID, "a halt takes time, and order types are a mask of bits"
    if not _is_flag(command.quotes_expire):
        return Reject.MARKET_INVALID, "whether quotes expire is a flag"
    return None


def set_reference_prices(state: State, command: SetReferencePrices, events: list[Event]) -> Verdict:
    """Take note of reference prices, all or none."""
    if len(command.prices) > limits.MAX_MARKETS or not all(_is_count(price) for _, price in command.prices):
        return Rejected(HOUSE, Reject.COMMAND_INVALID, "prices must not be negative")
    if any(symbol not in state.markets for symbol, _ in command.prices):
        return Rejected(HOUSE, Reject.MARKET_UNKNOWN, "no such market")
    if any(state.markets[symbol].mirrors is not None for symbol, _ in command.prices):
        return Rejected(HOUSE, Reject.MARKET_INVALID, "the reference price of a paper market is that of its real one")
    for symbol, price in command.prices:
        market = state.markets[symbol]
        market.reference_price = price
        market.reference_at = state.at
        events.append(ReferencePriceSet(symbol, price))
        if (paper := market.paper) is not None:
            paper.reference_price, paper.reference_at = price, state.at
            events.append(ReferencePriceSet(paper.symbol, price))
        state.stirred = True
        if not price:  # whoever tells it next may be another source: a difference between sources is no move
            market.reference_moves.forget()
        elif market.band:
            watch_price(state, market, market.reference_moves, price, events)
    return Done(HOUSE)


def _is_count(value: int) -> bool:
    return type(value) is int and 0 <= value <= limits.MAX_AMOUNT


def _is_flag(value: object) -> bool:
    return type(value) is bool


def _is_positive(value: int) -> bool:
    return _is_count(value) and value > 0
