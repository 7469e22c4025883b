"""Whatever is done on paper, real trading and everybody else's paper trading are as they would be without it."""

import pytest

from cryptovault.engine import snapshot
from cryptovault.engine.commands import Tick
from cryptovault.engine.exchange import Exchange
from engine.paper_fools import PAPERS, begin, real_and_paper, real_part, told


@pytest.mark.parametrize("seed", range(2))
def test_real_trading_is_untouched_by_paper_trading(seed: int) -> None:
    """Beside an exchange without paper, one where the same people trade paper too does the same with real money."""
    alone, both = begin(Exchange(), paper=False), begin(Exchange())
    for at, command, paper in real_and_paper(seed):
        both.apply(both.seq + 1, at, paper or Tick())
        alone.apply(alone.seq + 1, at, Tick())  # what is due at this time is done in both
        expected, events = alone.apply(alone.seq + 1, at, command), both.apply(both.seq + 1, at, command)
        assert told(events) == told(expected), command
        assert real_part(both) == real_part(alone), command
        if not at % 100:
            both.check()
            both = snapshot.load(snapshot.dump(both))
    assert sum(both.markets[pair].last_trade_id for pair in PAPERS.values()) > 50


@pytest.mark.parametrize("seed", range(2, 4))
def test_everybody_trades_on_paper_alone(seed: int) -> None:
    """What an account's play money has become is the same whether others trade on paper beside it or not."""
    alone, among = begin(Exchange()), begin(Exchange())
    for at, command, paper in real_and_paper(seed):
        mine = paper is not None and getattr(paper, "account", "") == "ann"
        among.apply(among.seq + 1, at, paper or Tick())
        alone.apply(alone.seq + 1, at, paper if paper is not None and mine else Tick())
        for exchange in (among, alone):
            exchange.apply(exchange.seq + 1, at, command)
        assert among.balances("ann") == alone.balances("ann"), (paper, command)
    among.check()
    assert sum(any(balance) for asset, balance in among.balances("ann").items() if asset.startswith("PAPER")) > 1
