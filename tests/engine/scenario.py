"""Reads and plays scenarios: text that a trader can read, checked against the engine.

A file holds scenarios, each a line `scenario NAME: what it shows` and the lines below it. Every scenario starts with an
open market BTC-USD, no fees, tick 1 USD, lot 0.01 BTC, smallest order 10 USD, largest 100 BTC, collar 5 %, and a
reference price of 1600. A line is something that is done, with `-> answer`, or something that must be true:

    given bob has 5000 USD, 2 BTC        money arrives
    given rules maker_fee 1000           the market is redefined (ppm, or money as decimals)
    bob buy 2 @ 1700 ioc -> trades #1 2@1600, expired immediate
    bob sell 1 stop 1500 -> waits #2      also stop-limit 1500 @ 1490, take-profit, trailing 20, trailing 5%
    bob oco sell 1: limit 1700 / stop 1500 -> open #3, waits #4
    bob bracket buy 1: @ 1600 / limit 1700 / stop 1500 -> open #5, sleeps #6, sleeps #7
    reference 1500 -> trades #1 1@1499, fires #2: filled, done
    book bids 2@1599 asks 1@1600 3@1601  best first; `book empty`
    bob has USD 100 + 20 held, BTC 2     available and held

Orders are numbered #1, #2, ... in the order in which the engine took them, quotes too. Answers list what happened in
between, in order: trades with the maker's number, orders that self-trade prevention cancelled or lowered.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cryptovault.engine.commands import (
    Adjust,
    CancelAll,
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    HoldWithdrawal,
    PlaceOrder,
    ReleaseWithdrawal,
    ReplaceQuotes,
    ScheduleMarketStatus,
    SetAssetStatus,
    SetCancelTimer,
    SetMarketStatus,
    SetReferencePrices,
    SettleWithdrawal,
    Terms,
    Tick,
    Transfer,
)
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import parse_units
from cryptovault.engine.types import (
    AssetStatus,
    MarketStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
)
from engine.order_lines import PAIR, amendment, conditions, group_order, schedule
from engine.telling import SCALES, Teller, amount, units

RULES = DefineMarket(PAIR, "BTC", "USD", 100, 10, 1_000, 0, 0, 50_000, 100_000, 5, 10_000)
KINDS = [kind.name.lower() for kind in OrderType] + [""] * 9 + ["iceberg", "gtd", "group"]
MONEY_RULES = {"min_notional": 2, "max_qty": 3}


class Scenario:
    """One scenario: its name and its lines, with where they stand."""

    def __init__(self, path: Path, name: str, purpose: str) -> None:
        self.path = path
        self.name = name
        self.purpose = purpose
        self.lines: list[tuple[int, str]] = []


def read(folder: Path) -> Iterator[Scenario]:
    """All scenarios of a folder."""
    for path in sorted(folder.glob("*.txt")):
        scenario: Scenario | None = None
        for number, text in enumerate(path.read_text().splitlines(), 1):
            line = text.split("  #")[0].strip()
            if header := re.fullmatch(r"scenario ([\w-]+): (.+)", line):
                if scenario is not None:
                    yield scenario
                scenario = Scenario(path, header[1], header[2])
            elif line and not line.startswith("# "):
                assert scenario is not None, f"{path.name}:{number}: no scenario yet"
                scenario.lines.append((number, line))
        if scenario is not None:
            yield scenario


class Player:
    """Plays the lines of one scenario on a fresh exchange."""

    def __init__(self) -> None:
        self.exchange = Exchange()
        self.at = 1_000_000
        self.keys = 0
        self.rules = RULES
        for asset, scale in SCALES.items():
            self.do(DefineAsset(asset, scale))
        self.do(self.rules)
        self.do(SetReferencePrices(((PAIR, 1600),)))

    def do(self, command: Command) -> str:
        """The answer to a command, as a scenario tells it; the books are audited."""
        self.at += 1
        before = self.exchange.markets[PAIR].status if PAIR in self.exchange.markets else MarketStatus.OPEN
        status = command.status if isinstance(command, SetMarketStatus) else before
        events = self.exchange.apply(self.exchange.seq + 1, self.at, command)
        self.exchange.check()
        return Teller(status).told_all(events, self.at)

    def play(self, line: str) -> None:
        """Do or check what one line says."""
        text, arrow, expected = (part.strip() for part in line.partition("->"))
        words = text.split()
        if words[0] == "given":
            answer = self.given(words[1:])
            assert answer == "done", answer
        elif words[0] == "wait":
            self.at += int(words[1]) * 1000
        elif words[0] == "book":
            assert self.book() == text
        elif len(words) > 1 and words[1] == "has":
            self.check_balances(words[0], " ".join(words[2:]))
        else:
            assert arrow, "an action needs an answer"
            answer = self.do(self.command(words))
            assert answer == expected, f"the engine says: {answer}"

    def given(self, words: list[str]) -> str:
        """A circumstance that is simply so."""
        match words:
            case ["rules", *pairs]:
                changes = {
                    name: parse_units(value, MONEY_RULES.get(name, 0))
                    for name, value in zip(pairs[::2], pairs[1::2], strict=True)
                }
                self.rules = self.rules._replace(**changes)
                return self.do(self.rules)
            case ["quotes", "expire"]:
                self.rules = self.rules._replace(quotes_expire=True)
                return self.do(self.rules)
            case ["reference", price]:
                return self.do(SetReferencePrices(((PAIR, int(price)),)))
            case ["market", status]:
                return self.do(SetMarketStatus(PAIR, MarketStatus[status.upper()]))
            case ["tiers", *tiers]:
                return self.do(schedule(tiers))
            case ["takes", *kinds]:
                bits = sum(1 << KINDS.index(kind) for kind in kinds)
                self.rules = self.rules._replace(order_types=bits)
                return self.do(self.rules)
            case ["asset", asset, status]:
                return self.do(SetAssetStatus(asset, AssetStatus[status.upper()]))
            case [account, "has", *money]:
                for item in " ".join(money).split(","):
                    quantity, asset = item.split()
                    self.do(CreditDeposit(account, self.key([]), asset, units(asset, quantity), "bank"))
                return "done"
        raise AssertionError(f"not understood: {words}")

    def key(self, words: list[str]) -> str:
        """The key a line names, or a fresh one."""
        named = [word.removeprefix("key=") for word in words if word.startswith("key=")]
        self.keys += 1
        return named[0] if named else f"k{self.keys}"

    def command(self, words: list[str]) -> Command:
        """The command of a line."""
        match words:
            case [account, "buy" | "sell", *_]:
                return self.order(account, words)
            case [account, "oco" | "bracket", *_]:
                return group_order(account, self.key(words), " ".join(words[1:]), self.at + 1)
            case [account, "cancel", "all", *_]:
                return CancelAll(account, PAIR)
            case [account, "cancel", name]:
                if name.startswith("#"):
                    return CancelOrder(account, int(name[1:]))
                return CancelOrder(account, 0, name.removeprefix("key="))
            case [account, "amend", name, *words]:
                return amendment(account, name, words)
            case [account, "timer", seconds]:
                return SetCancelTimer(account, int(seconds) * 1000)
            case [account, "quotes", *_]:
                bids, asks = (levels(side) for side in " ".join(words[2:]).split("/"))
                return ReplaceQuotes(account, PAIR, bids, asks)
        command = self.house(words)
        return self.money(words) if command is None else command

    def house(self, words: list[str]) -> Command | None:
        """A command of the house."""
        match words:
            case ["reference", *prices]:
                return SetReferencePrices(tuple((PAIR, int(price)) for price in prices))
            case ["market", status]:
                return SetMarketStatus(PAIR, MarketStatus[status.upper()])
            case ["schedule", status, "in", seconds]:
                return ScheduleMarketStatus(PAIR, MarketStatus[status.upper()], self.at + 1 + int(seconds) * 1000)
            case ["schedule", "nothing"]:
                return ScheduleMarketStatus(PAIR, MarketStatus.OPEN, 0)
            case ["tick"]:
                return Tick()
            case ["tiers", *tiers]:
                return schedule(tiers)
        return None

    def money(self, words: list[str]) -> Command:
        """A command that moves money."""
        key = self.key(words)
        match [word for word in words if not word.startswith("key=")]:
            case [account, "deposit", quantity, asset]:
                return CreditDeposit(account, key, asset, units(asset, quantity), "bank")
            case [account, "withdraw", quantity, asset, "fee", fee]:
                return HoldWithdrawal(account, key, asset, units(asset, quantity), units(asset, fee), "bank")
            case [account, "settle", name]:
                return SettleWithdrawal(account, name)
            case [account, "release", name]:
                return ReleaseWithdrawal(account, name)
            case [account, "send", quantity, asset, "to", other]:
                return Transfer(account, key, other, asset, units(asset, quantity))
            case [account, "adjust", quantity, asset]:
                sign = -1 if quantity.startswith("-") else 1
                return Adjust(account, key, asset, sign * units(asset, quantity.lstrip("+-")), "correction")
        raise AssertionError(f"not understood: {words}")

    def order(self, account: str, words: list[str]) -> PlaceOrder:
        """`bob buy 2 @ 1700 ioc`, `bob buy 2 at market`, `bob buy for 500 USD at market`."""
        text = " ".join(words[1:])
        found = re.match(r"(buy|sell) (for )?(-?[\d.]+)(?: USD)? (?:.*?@ (-?\d+)|at market|stop|take|trail)", text)
        assert found, "not an order"
        kind, terms = conditions(text)
        tif = next((TimeInForce[name] for name in ("IOC", "FOK", "GTD") if name.lower() in words), TimeInForce.GTC)
        modes = [word.removeprefix("stp=") for word in words if word.startswith("stp=")]
        return PlaceOrder(
            account=account,
            key=self.key(words),
            market=PAIR,
            side=Side[found[1].upper()],
            type=kind or (OrderType.LIMIT if found[4] else OrderType.MARKET),
            tif=tif,
            price=int(found[4] or 0),
            qty=0 if found[2] else units("BTC", found[3]),
            budget=units("USD", found[3]) if found[2] else 0,
            post_only="post-only" in words,
            self_trade=SelfTrade[modes[0].upper().replace("-", "_")] if modes else SelfTrade.CANCEL_NEWEST,
            terms=self.terms(words, terms),
        )

    def terms(self, words: list[str], trigger: Terms | None) -> Terms | None:
        """`show=0.5` of an iceberg, `until=60` seconds from now, `reduce` to what is available; and its trigger."""
        said = dict(word.split("=") for word in words if "=" in word)
        terms = (trigger or Terms())._replace(
            visible_qty=units("BTC", said.get("show", "0")),
            expires_at=self.at + 1 + int(said["until"]) * 1000 if "until" in said else 0,
            reduce_to_available="reduce" in words,
        )
        return None if terms == Terms() else terms

    def book(self) -> str:
        """The book as a line."""
        sides = self.exchange.depth(PAIR, 100)
        told = [
            " ".join([name, *(f"{amount('BTC', qty)}@{price}" for price, qty in side)])
            for name, side in zip(("bids", "asks"), sides, strict=True)
            if side
        ]
        return " ".join(["book", *(told or ["empty"])])

    def check_balances(self, account: str, text: str) -> None:
        """`USD 100 + 20 held, BTC 2`."""
        for item in text.split(","):
            asset, *words = item.split()
            held = words[2] if len(words) > 1 else "0"
            available, set_aside = self.exchange.balance(account, asset)
            told = f"{account} has {asset} {amount(asset, available)} + {amount(asset, set_aside)} held"
            assert told == f"{account} has {asset} {words[0]} + {held} held", told


def levels(text: str) -> tuple[tuple[int, int], ...]:
    """`1 @ 1599, 2 @ 1598` as quotes."""
    pairs = (item.split("@") for item in text.split(",") if item.strip())
    return tuple((int(price), units("BTC", qty.strip())) for qty, price in pairs)
