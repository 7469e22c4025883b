"""Random commands that are sensible often enough to trade and foolish often enough to be refused."""

import random

from cryptovault.engine.commands import (
    Adjust,
    AmendOrder,
    CancelAll,
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    HoldWithdrawal,
    Leg,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    ReleaseWithdrawal,
    ReplaceQuotes,
    ScheduleMarketStatus,
    SetAssetStatus,
    SetCancelTimer,
    SetFeeTiers,
    SetMarketStatus,
    SetReferencePrices,
    SettleWithdrawal,
    Terms,
    Tick,
    Transfer,
)
from cryptovault.engine.types import AssetStatus, MarketStatus, OrderType, SelfTrade, Side, TimeInForce, TriggerSource

ACCOUNTS = ("ann", "bob", "carol", "@maker")
PAIRS = ("BTC-USD", "ETH-BTC")
ASSETS = ("USD", "BTC", "ETH")

# Odd scales and fees, so that every rounding happens: one lot of BTC-USD at one tick is 5 cents.
OPENING: tuple[Command, ...] = (
    DefineAsset("USD", 2),
    DefineAsset("BTC", 4),
    DefineAsset("ETH", 3),
    DefineMarket("BTC-USD", "BTC", "USD", 50, 1_000, 20, 1_000, 1_700, 100_000, 50_000, 6, 50, True, 55_000, 90, 40),
    DefineMarket("ETH-BTC", "ETH", "BTC", 10, 100, 5, 0, 333, 100_000, 20_000, 6, 50),
    SetReferencePrices((("BTC-USD", 100), ("ETH-BTC", 100))),
    *(
        CreditDeposit(account, f"first {account} {asset}", asset, amount, "rail")
        for account in ACCOUNTS
        for asset, amount in (("USD", 15_000), ("BTC", 20_000), ("ETH", 4_000))
    ),
)


class Fools:
    """A source of commands; the same seed gives the same commands."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.keys = 0
        self.orders = 0
        self.now = 0
        self.past: list[Command] = []

    def command(self) -> Command:
        """The next command; now and then an earlier one again."""
        if self.past and self.rng.random() < 0.03:
            return self.rng.choice(self.past[-50:])
        kinds = (
            (55, self.place), (10, self.wait), (6, self.group), (12, self.cancel), (10, self.quotes),
            (2, self.cancel_all), (4, self.marks), (2, self.deposit), (2, self.withdraw), (2, self.end_withdrawal),
            (1, self.transfer), (1, self.adjust), (3, self.status), (1, self.asset_status), (12, self.amend),
            (1, self.timer), (1, Tick), (1, self.tiers),
        )  # fmt: skip
        make = self.rng.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        command = make()
        self.past.append(command)
        return command

    def key(self) -> str:
        self.keys += 1
        return f"key {self.rng.randint(max(1, self.keys - 10), self.keys) if self.rng.random() < 0.02 else self.keys}"

    def account(self) -> str:
        return self.rng.choice(ACCOUNTS)

    def place(self) -> PlaceOrder:
        rng, pair = self.rng, self.rng.choice(PAIRS)
        self.orders += 1
        kind = rng.choices((OrderType.LIMIT, OrderType.MARKET), (5, 1))[0]
        tif = rng.choices(tuple(TimeInForce), (6, 2, 1, 1))[0]
        lot = 1_000 if pair == "BTC-USD" else 100
        qty, budget = lot * rng.randint(1, 12), 0
        price = rng.randint(92, 108) if kind == OrderType.LIMIT else 0
        side = rng.choice(tuple(Side))
        if kind == OrderType.MARKET and side == Side.BUY and rng.random() < 0.5:
            qty, budget = 0, rng.randint(1, 900)
        if rng.random() < 0.05:
            price, qty, budget = rng.choice(
                ((price, qty + 1, 0), (-price, qty, 0), (price, qty, 7), (price, 0, 0), (price, lot * 10**4, 0))
            )
        return PlaceOrder(
            self.account(), self.key(), pair if rng.random() < 0.99 else "NO-PE", side, kind, tif, price, qty, budget,
            rng.random() < 0.1, rng.choice(tuple(SelfTrade)), self.terms(tif, lot),
        )  # fmt: skip

    def terms(self, tif: TimeInForce, lot: int) -> Terms | None:
        rng = self.rng
        if tif is not TimeInForce.GTD and rng.random() < 0.7:
            return None
        visible = lot * rng.randint(0, 3) if rng.random() < 0.5 else 0
        expires_at = self.now + rng.randint(-5, 500) if tif is TimeInForce.GTD or rng.random() < 0.02 else 0
        return Terms(visible_qty=visible, expires_at=expires_at, reduce_to_available=rng.random() < 0.3)

    def amend(self) -> AmendOrder:
        rng = self.rng
        placed = [command for command in self.past[-60:] if isinstance(command, PlaceOrder | PlaceOco | PlaceBracket)]
        if not placed:
            return AmendOrder(self.account(), 1, qty=1)
        order = rng.choice(placed)
        lot = 1_000 if order.market == "BTC-USD" else 100
        waits = not isinstance(order, PlaceOrder) or order.type > OrderType.LIMIT
        trigger = rng.choice((0, 0, rng.randint(92, 108)) if waits else (0,) * 30 + (5,))
        price = rng.choice((0, 0, getattr(order, "price", 0), rng.randint(92, 108)))
        qty = rng.choice((0, 0, order.qty, max(lot, order.qty - lot), order.qty + lot, lot, rng.randint(0, 9)))
        return AmendOrder(order.account, 0, order.key, price, qty, trigger)

    def tiers(self) -> SetFeeTiers:
        rng = self.rng
        steps = sorted({0, *(rng.randint(1, 3_000) for _ in range(rng.randint(0, 4)))})
        tiers = tuple((start, max(0, 900 - 200 * step), 1_600 - 250 * step) for step, start in enumerate(steps))
        return SetFeeTiers(("USD",) if rng.random() < 0.9 else ("XXX",), tiers if rng.random() < 0.9 else ())

    def timer(self) -> SetCancelTimer:
        return SetCancelTimer(self.account(), self.rng.choice((0, -1, 20, 100, 300, 10**9)))

    def wait(self) -> PlaceOrder:
        """An order that waits for a price near the present one."""
        rng, plain = self.rng, self.place()
        kind = rng.choice(tuple(OrderType)[2:])
        source = rng.choice(tuple(TriggerSource))
        limit = rng.randint(92, 108) if kind in {OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT} else 0
        terms = Terms(rng.randint(92, 108), source)
        if kind == OrderType.TRAILING_STOP:
            trail = rng.choice(((rng.randint(1, 5), 0), (0, rng.randint(1_000, 50_000))))
            terms = Terms(0, source, *trail, rng.choice((0, 0, rng.randint(95, 105))))
        if rng.random() < 0.05:
            terms = rng.choice(
                (Terms(), Terms(-1), Terms(100, source, 5), Terms(0, source, 0, 0, 100), Terms(0, source, 200))
            )
        more = plain.terms or Terms()
        visible = more.visible_qty if limit or rng.random() < 0.1 else 0
        terms = terms._replace(expires_at=more.expires_at, reduce_to_available=rng.random() < 0.2, visible_qty=visible)
        return plain._replace(
            type=kind,
            price=limit,
            qty=plain.qty or 2_000,
            budget=0 if rng.random() < 0.99 else 5,
            tif=plain.tif if limit or plain.tif is TimeInForce.GTD else TimeInForce.GTC,
            post_only=plain.post_only and plain.tif == TimeInForce.GTC and limit > 0,
            terms=terms,
        )

    def group(self) -> PlaceOco | PlaceBracket:
        """An OCO or a bracket around the present price, foolish now and then."""
        rng, plain = self.rng, self.place()
        source, up = rng.choice(tuple(TriggerSource)), rng.randint(1, 6)
        is_oco = rng.random() < 0.5
        sells = (plain.side is Side.SELL) == is_oco  # the exits
        sign = 1 if sells else -1
        middle = rng.randint(98, 102)
        better, worse = middle + sign * up, middle - sign * rng.randint(-1 if rng.random() < 0.05 else 1, 6)
        profit = rng.choice(
            (
                Leg(OrderType.LIMIT, better),
                Leg(OrderType.LIMIT, better),
                Leg(OrderType.TAKE_PROFIT, 0, Terms(better, source)),
                Leg(OrderType.TAKE_PROFIT_LIMIT, better - sign, Terms(better, source)),
            )
        )
        loss = rng.choice(
            (
                Leg(OrderType.STOP, 0, Terms(worse, source)),
                Leg(OrderType.STOP_LIMIT, worse - sign, Terms(worse, source)),
                Leg(OrderType.TRAILING_STOP, 0, Terms(0, source, rng.randint(1, 5))),
                Leg(OrderType.TRAILING_STOP, 0, Terms(0, source, 0, 30_000, rng.choice((0, middle)))),
            )
        )
        shared = (plain.account, plain.key, plain.market, plain.side, plain.qty or 3_000)
        if is_oco:
            expires_at = self.now + rng.randint(1, 500) if rng.random() < 0.1 else 0
            return PlaceOco(*shared, profit, loss, expires_at, plain.self_trade)
        visible = rng.choice((0, 0, 1_000 if plain.market == "BTC-USD" else 100))
        if rng.random() < 0.03:
            profit = profit._replace(terms=(profit.terms or Terms())._replace(visible_qty=visible))
        entry = rng.choice(
            (
                Leg(OrderType.LIMIT, middle),
                Leg(OrderType.LIMIT, middle),
                Leg(OrderType.MARKET),
                Leg(OrderType.STOP, 0, Terms(middle, source)),
                Leg(OrderType.STOP_LIMIT, middle, Terms(middle - rng.randint(-1, 1), source, visible_qty=visible)),
                Leg(OrderType.TAKE_PROFIT_LIMIT, middle + rng.randint(-2, 2), Terms(middle, source)),
                Leg(OrderType.TRAILING_STOP, 0, Terms(0, source, rng.randint(1, 3), reduce_to_available=True)),
            )
        )
        tif = plain.tif if plain.tif is not TimeInForce.GTD else TimeInForce.GTC
        post_only = rng.random() < 0.1 and entry.type is OrderType.LIMIT
        return PlaceBracket(*shared, entry, profit, loss, tif, post_only, plain.self_trade)

    def cancel(self) -> CancelOrder:
        placed = [command for command in self.past[-60:] if isinstance(command, PlaceOrder | PlaceOco | PlaceBracket)]
        if placed and self.rng.random() < 0.7:
            command = self.rng.choice(placed)
            return CancelOrder(command.account, 0, command.key)
        return CancelOrder(self.account(), self.rng.randint(max(1, self.orders - 40), self.orders + 5))

    def cancel_all(self) -> CancelAll:
        return CancelAll(self.account(), self.rng.choice(("", *PAIRS, "NO-PE")))

    def quotes(self) -> ReplaceQuotes:
        rng, pair = self.rng, self.rng.choice(PAIRS)
        lot = 1_000 if pair == "BTC-USD" else 100
        middle = rng.randint(97, 103)
        bids = tuple((middle - step, lot * rng.randint(1, 3)) for step in range(1, rng.randint(1, 5)))
        asks = tuple((middle + step, lot * rng.randint(1, 3)) for step in range(1, rng.randint(1, 5)))
        if rng.random() < 0.05:
            bids = asks
        return ReplaceQuotes(rng.choice(("@maker", "@maker", "ann")), pair, bids, asks)

    def marks(self) -> SetReferencePrices:
        return SetReferencePrices(
            tuple((pair, self.rng.choice((0, 95, 97, 99, 100, 100, 101, 103, 105))) for pair in PAIRS)
        )

    def deposit(self) -> CreditDeposit:
        return CreditDeposit(
            self.account(),
            f"pay {self.rng.randint(1, 400)}",
            self.rng.choice((*ASSETS, "XXX")),
            self.rng.randint(-50, 1_000),
            "rail",
        )

    def withdraw(self) -> HoldWithdrawal:
        return HoldWithdrawal(
            self.account(),
            self.key(),
            self.rng.choice((*ASSETS, "XXX")),
            self.rng.randint(-5, 6_000),
            self.rng.randint(-1, 9),
            "rail",
        )

    def end_withdrawal(self) -> SettleWithdrawal | ReleaseWithdrawal:
        kind = self.rng.choice((SettleWithdrawal, ReleaseWithdrawal))
        held = [command for command in self.past if isinstance(command, HoldWithdrawal)]
        if held and self.rng.random() < 0.8:
            command = self.rng.choice(held[-6:])
            return kind(command.account, command.key)
        return kind(self.account(), f"key {self.rng.randint(1, self.keys + 1)}")

    def transfer(self) -> Transfer:
        return Transfer(
            self.account(), self.key(), self.account(), self.rng.choice((*ASSETS, "XXX")), self.rng.randint(-5, 10_000)
        )

    def adjust(self) -> Adjust:
        return Adjust(
            self.account(), self.key(), self.rng.choice((*ASSETS, "XXX")), self.rng.randint(-4_000, 4_000), "why"
        )

    def status(self) -> SetMarketStatus | ScheduleMarketStatus:
        status = self.rng.choices(tuple(MarketStatus), (20, 1, 1, 1, 4))[0]
        if self.rng.random() < 0.3:
            return ScheduleMarketStatus(self.rng.choice(PAIRS), status, self.rng.choice((0, 5, self.now + 40)))
        return SetMarketStatus(self.rng.choice(PAIRS), status)

    def asset_status(self) -> SetAssetStatus:
        status = self.rng.choices(tuple(AssetStatus), (8, 1, 1, 1))[0]
        return SetAssetStatus(self.rng.choice((*ASSETS, "XXX")), status)
