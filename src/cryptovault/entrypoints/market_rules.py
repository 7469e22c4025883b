"""`cryptovault market show` and `market change`: the rules of a market, in the ledger, from now on."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rich.console import Console

from cryptovault.engine.commands import DefineMarket
from cryptovault.engine.questions import Rules, RulesOf
from cryptovault.entrypoints import typed_values as typed
from cryptovault.entrypoints.operating import Operator, operate
from cryptovault.entrypoints.typed_values import Fault
from cryptovault.kit.catalogue import Terms
from cryptovault.settings import Settings


class Rule(NamedTuple):
    """One rule: its name as an option, its field in the definition, and how its values are read and printed."""

    name: str
    field: str
    read: Callable[[str, Terms], int]
    show: Callable[[int, Terms], str]


def _rule(name: str, field: str, read: Callable[[str], int], show: Callable[[int], str]) -> Rule:
    return Rule(name, field, lambda text, _terms: read(text), lambda value, _terms: show(value))


RULES = (
    _rule("maker-fee", "maker_fee", typed.share, typed.share_text),
    _rule("taker-fee", "taker_fee", typed.share, typed.share_text),
    _rule("order-types", "order_types", typed.kinds, typed.kinds_text),
    Rule(
        "min-notional", "min_notional", lambda text, terms: typed.plain(text, terms.parse_amount),
        lambda units, terms: f"{terms.amount(units)} {terms.quote}",
    ),
    Rule(
        "max-qty", "max_qty", lambda text, terms: typed.plain(text, terms.parse_qty),
        lambda units, terms: f"{terms.qty(units)} {terms.base}",
    ),
    _rule("max-orders", "max_open_orders", typed.count, str),
    _rule("collar", "collar", typed.share, typed.share_text),
    _rule("band", "band", typed.share, lambda ppm: typed.share_text(ppm) if ppm else "none"),
    _rule("band-window", "band_window", typed.span, typed.span_text),
    _rule("halt-for", "halt_for", typed.span, lambda ms: typed.span_text(ms) if ms else "until somebody opens it"),
    _rule("stale-after", "reference_max_age", typed.span, typed.span_text),
    _rule("quotes-expire", "quotes_expire", typed.flag, lambda value: "yes" if value else "no"),
)  # fmt: skip


class Show:
    """`cryptovault market show`."""

    def __init__(self, market: str) -> None:
        self._market = market.upper()

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Print each rule under the name of the option that changes it."""

        async def work(operator: Operator) -> None:
            rules, terms = await _present(operator, self._market)
            console.print(
                f"{terms.market}: tick {terms.price(1)} {terms.quote}, lot {terms.qty(rules.lot)} {terms.base}"
            )
            for rule in RULES:
                console.print(f"  {rule.name:<14}{_shown(rule, rules, terms)}", markup=False)

        return await operate(settings, console, work)


class Change:
    """`cryptovault market change`. `wanted` has the text given for each option, empty for those that are not."""

    def __init__(self, market: str, wanted: Mapping[str, str]) -> None:
        self._market = market.upper()
        self._wanted = {name: text for name, text in wanted.items() if text}

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Have the engine journal the new rules, and print what has changed."""

        async def work(operator: Operator) -> None:
            before, terms = await _present(operator, self._market)
            after = before._replace(**self._read(terms))
            changed = {
                rule.name: f"{_shown(rule, before, terms)} -> {_shown(rule, after, terms)}"
                for rule in RULES
                if getattr(before, rule.field) != getattr(after, rule.field)
            }
            if not changed:
                console.print(f"✓ {self._market} is so already.", markup=False)
                return
            facts = {name.replace("-", "_"): text for name, text in changed.items()}
            seq = await operator.decide(after, "market_changed", market=self._market, **facts)
            for name, text in changed.items():
                console.print(f"  {name:<14}{text}", markup=False)
            console.print(f"✓ These rules of {self._market} hold now. Journal position {seq}.", markup=False)

        return await operate(settings, console, work)

    def _read(self, terms: Terms) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for rule in RULES:
            if text := self._wanted.get(rule.name):
                try:
                    values[rule.field] = rule.read(text, terms)
                except Fault as fault:
                    raise Fault(f"--{rule.name} {text}: {fault}.") from None
        return values


async def _present(operator: Operator, market: str) -> tuple[DefineMarket, Terms]:
    """The rules as they are. Raises Fault."""
    found = await operator.ask(RulesOf(market))
    if not isinstance(found, Rules):
        raise Fault(f"There is no market {market}; cryptovault market list has them all.")
    rules = found.definition
    return rules, Terms(market, rules.base, rules.quote, found.base_scale, found.quote_scale, rules.tick)


def _shown(rule: Rule, rules: DefineMarket, terms: Terms) -> str:
    return rule.show(getattr(rules, rule.field), terms)
