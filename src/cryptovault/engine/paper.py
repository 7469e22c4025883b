"""OpenPaperMarket and ResetPaper: play money, and where it is traded.

It comes from one account of the house and goes back there; no other command moves it, but trades in paper markets.
"""

from cryptovault.engine import limits
from cryptovault.engine.account import is_name
from cryptovault.engine.cancel import cancel_everything
from cryptovault.engine.commands import DefineMarket, OpenPaperMarket, ResetPaper
from cryptovault.engine.events import AssetChanged, Done, Event, MarketChanged, Rejected, Verdict
from cryptovault.engine.funds import keyed
from cryptovault.engine.ledger import AVAILABLE, Posting
from cryptovault.engine.market import Asset, Market
from cryptovault.engine.mirror import join
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import FEES, PAPER_CLEARING, PAPER_PREFIX, CloseReason, EntryKind

HOUSE = ""
Refusal = tuple[Reject, str]


def paper_rules(real: Market) -> DefineMarket:
    """The rules of the paper market of a real one. Halts come from there, and so does what quotes are worth."""
    return real.rules()._replace(
        market=f"{PAPER_PREFIX}{real.base}-{PAPER_PREFIX}{real.quote}",
        base=PAPER_PREFIX + real.base,
        quote=PAPER_PREFIX + real.quote,
        quotes_expire=False,
        band=0,
    )


def open_paper_market(state: State, command: OpenPaperMarket, events: list[Event]) -> Verdict:
    """Define the paper market of a real one."""
    real = state.markets.get(command.market)
    if real is None:
        return Rejected(HOUSE, Reject.MARKET_UNKNOWN, "no such market")
    if real.paper is not None:
        return Done(HOUSE, real.paper.symbol)
    if (refusal := _refuse(state, real)) is not None:
        return Rejected(HOUSE, *refusal)
    # From here on it must succeed.
    base, quote = (_paper_of(state, symbol, events) for symbol in (real.base, real.quote))
    fees = state.ledger.open(FEES)
    market = Market(paper_rules(real), base, quote, fees.cell(base.symbol), fees.cell(quote.symbol))
    market.status = real.status
    market.reference_price, market.reference_at = real.reference_price, real.reference_at
    state.markets[market.symbol] = market
    join(state, market, real)
    events.append(MarketChanged(market.symbol, market.status))
    return Done(HOUSE, market.symbol)


def _refuse(state: State, real: Market) -> Refusal | None:
    rules = paper_rules(real)
    if real.mirrors is not None:
        return Reject.MARKET_INVALID, "this is a paper market"
    if not all(map(is_name, (rules.market, rules.base, rules.quote))):
        return Reject.COMMAND_INVALID, "the names of its paper would be too long"
    for symbol, mirrored in ((rules.base, real.base), (rules.quote, real.quote)):
        if symbol in state.assets and state.assets[symbol].mirrors != mirrored:
            return Reject.ASSET_EXISTS, f"{symbol} is the name of a real asset"
    if rules.market in state.markets:
        return Reject.ASSET_EXISTS, f"{rules.market} is the name of another market"
    if len(state.assets) + 2 > limits.MAX_ASSETS or len(state.markets) >= limits.MAX_MARKETS:
        return Reject.LIMIT_REACHED, "no more assets or markets"
    return None


def _paper_of(state: State, symbol: str, events: list[Event]) -> Asset:
    real = state.assets[symbol]
    found = state.assets.get(PAPER_PREFIX + symbol)
    if found is None:
        found = Asset(PAPER_PREFIX + symbol, real.scale, real.name, mirrors=symbol)
        state.assets[found.symbol] = found
        events.append(AssetChanged(found.symbol))
    return found


def reset_paper(state: State, command: ResetPaper, events: list[Event]) -> Verdict:
    """Let an account begin paper trading, or begin it anew."""
    return keyed(state, command, events, _reset_paper)


def _reset_paper(state: State, command: ResetPaper, events: list[Event]) -> Verdict:
    name, asset = command.account, state.assets.get(command.asset)
    if not is_name(name):
        return Rejected(name, Reject.ACCOUNT_INVALID, "only users trade play money")
    if asset is None or not asset.mirrors:
        return Rejected(name, Reject.ASSET_UNKNOWN, "no such paper asset")
    if type(command.amount) is not int or not 0 < command.amount <= limits.MAX_AMOUNT:
        return Rejected(name, Reject.AMOUNT_INVALID, "the amount must be positive")
    if command.amount > state.ledger.room(PAPER_CLEARING, command.asset):
        return Rejected(name, Reject.LIMIT_REACHED, "no more play money")
    # From here on it must succeed.
    papers = [market for market in state.markets.values() if market.mirrors is not None]
    cancel_everything(state, papers, name, CloseReason.USER, events)
    postings: list[Posting] = []
    for symbol, cell in state.ledger.open(name).cells.items():
        if state.assets[symbol].mirrors and cell[0]:
            postings += [(name, symbol, AVAILABLE, -cell[0]), (PAPER_CLEARING, symbol, AVAILABLE, cell[0])]
    postings += [
        (PAPER_CLEARING, command.asset, AVAILABLE, -command.amount),
        (name, command.asset, AVAILABLE, command.amount),
    ]
    state.ledger.post(events, EntryKind.PAPER, command.key, tuple(postings))
    return Done(name, command.key)
