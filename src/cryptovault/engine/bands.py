"""Bands: a market halts by itself when its reference price, or its trades, move too far too fast."""

from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Event, MarketChanged, Trade
from cryptovault.engine.market import Market
from cryptovault.engine.moves import Moves
from cryptovault.engine.state import State
from cryptovault.engine.types import PPM, MarketStatus

CALL_MS = 60_000
"""The last part of an automatic halt, at most half of it, in which orders can be placed for the opening auction."""

_TRADING = (MarketStatus.OPEN, MarketStatus.POST_ONLY)


def watch_trades(state: State, market: Market, trades: list[Trade], events: list[Event]) -> None:
    """Take note of what was paid; the market halts once the orders that traded are settled."""
    price = 0
    for trade in trades:
        if trade.price != price:
            price = trade.price
            watch_price(state, market, market.trade_moves, price, events)


def watch_price(state: State, market: Market, moves: Moves, price: int, events: list[Event]) -> None:
    """Take note of a price, and halt a market that trades where it lies beyond the band."""
    low, high = moves.note(state.at, price, market.band_window)
    beyond = price * PPM > low * (PPM + market.band) or price * PPM < high * (PPM - market.band)
    if beyond and market.status in _TRADING:
        _halt(state, market, events)


def _halt(state: State, market: Market, events: list[Event]) -> None:
    if market.halt_for:
        market.reopens_at = state.at + market.halt_for
        state.due.add(market.reopens_at, DueKind.REOPEN, market.symbol)
        state.due.add(calls_at(market), DueKind.REOPEN, market.symbol)
    change_status(market, MarketStatus.HALTED, events)


def change_status(market: Market, status: MarketStatus, events: list[Event]) -> None:
    """Give a market, and the paper market that mirrors it, another status."""
    for each in (market, market.paper):
        if each is not None:
            each.status = status
            events.append(MarketChanged(each.symbol, status))


def calls_at(market: Market) -> int:
    """When the last part of an automatic halt begins."""
    return market.reopens_at - min(CALL_MS, market.halt_for // 2)
