"""What trades mean beyond themselves: volume for the fee tiers, and moves that may halt the market."""

from cryptovault.engine.bands import watch_trades
from cryptovault.engine.events import Event, Trade
from cryptovault.engine.fees import count_volume
from cryptovault.engine.market import Market
from cryptovault.engine.state import State


def traded(state: State, market: Market, events: list[Event], start: int) -> None:
    """Look at the trades among the events from `start` on, once the orders that made them are settled."""
    trades = [event for event in events[start:] if type(event) is Trade]
    if state.tiers.schedule:
        count_volume(state, market, trades, events)
    if market.band:
        watch_trades(state, market, trades, events)
