"""A second exchange, written to be obviously right instead of fast: fractions of whole coins, one list of orders,
everything recomputed whenever it is asked for. It is what the engine is compared with, and shares nothing with it but
the vocabulary.
"""

from fractions import Fraction
from math import ceil
from types import SimpleNamespace

from cryptovault.engine import commands as c
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import (
    AssetStatus,
    CloseReason,
    MarketStatus,
    OrderStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
)

LIVE = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)


class Refused(Exception):
    """Carries the reason."""


class NaiveExchange:
    """Applies commands one by one; `apply` returns (answer, trades)."""

    def __init__(self):
        self.at = 0
        self.assets = {}
        self.markets = {}
        self.money = {}
        self.orders = []
        self.last_id = 0
        self.answers = {}
        self.deposits = {}
        self.withdrawals = {}

    def apply(self, at, command):
        """The answer, as a tuple to be compared, and the trades."""
        self.at = max(self.at, at)
        self.trades = []
        try:
            answer = getattr(self, "do_" + type(command).__name__)(command)
        except Refused as refused:
            answer = ("rejected", refused.args[0])
        return answer, self.trades

    # What can be asked

    def held(self, account, asset):
        """Everything open orders and withdrawals need, added up anew."""
        total = sum((w.amount + w.fee for w in self.withdrawals.values() if w.status == "held" and w.account == account and w.asset == asset), Fraction(0))
        for order in self.orders:
            if order.status in LIVE and order.account == account:
                market = self.markets[order.market]
                if order.side == Side.BUY and market.quote == asset:
                    total += order.left * self.coins_per_coin(market, order.price)
                if order.side == Side.SELL and market.base == asset:
                    total += order.left
        return total

    def available(self, account, asset):
        """What is not held."""
        return self.money.get((account, asset), Fraction(0)) - self.held(account, asset)

    def queue(self, symbol, side):
        """The live orders of one side, first to trade first."""
        live = [o for o in self.orders if o.status in LIVE and o.market == symbol and o.side == side]
        return sorted(live, key=lambda o: (-o.price if side == Side.BUY else o.price, o.id))

    def coins_per_coin(self, market, price):
        """A price in ticks as quote coins for one base coin."""
        return Fraction(price * market.rules.tick, 10 ** self.assets[market.quote].scale)

    def units(self, asset, coins):
        """Coins as ledger units, which must be whole."""
        units = coins * 10 ** self.assets[asset].scale
        assert units.denominator == 1
        return int(units)

    def coins(self, asset, units):
        """Ledger units as coins."""
        return Fraction(units, 10 ** self.assets[asset].scale)

    # Definitions

    def do_DefineAsset(self, command):
        if command.asset in self.assets:
            raise Refused(Reject.ASSET_EXISTS)
        self.assets[command.asset] = SimpleNamespace(scale=command.scale, status=AssetStatus.ACTIVE)
        return ("done", command.asset)

    def do_SetAssetStatus(self, command):
        if command.asset not in self.assets:
            raise Refused(Reject.ASSET_UNKNOWN)
        self.assets[command.asset].status = command.status
        return ("done", command.asset)

    def do_DefineMarket(self, command):
        self.markets.setdefault(
            command.market,
            SimpleNamespace(base=command.base, quote=command.quote, status=MarketStatus.OPEN, mark=0, mark_at=0, trades=0),
        ).rules = command
        return ("done", command.market)

    def do_SetMarketStatus(self, command):
        if command.market not in self.markets:
            raise Refused(Reject.MARKET_UNKNOWN)
        self.markets[command.market].status = command.status
        return ("done", command.market)

    def do_SetReferencePrices(self, command):
        for symbol, price in command.prices:
            self.markets[symbol].mark, self.markets[symbol].mark_at = price, self.at
        return ("done", "")

    # Money

    def move(self, asset, coins, source, target):
        self.money[source, asset] = self.money.get((source, asset), Fraction(0)) - coins
        self.money[target, asset] = self.money.get((target, asset), Fraction(0)) + coins

    def once(self, command, do):
        """Remember the answer under (account, key)."""
        name = (command.account, command.key)
        if name in self.answers:
            first, answer = self.answers[name]
            if first != command:
                raise Refused(Reject.KEY_REUSED)
            return answer
        try:
            answer = do(command)
        except Refused as refused:
            answer = ("rejected", refused.args[0])
        self.answers[name] = (command, answer)
        return answer

    def refuse_first(self, *reasons):
        """Of all reasons that apply, the one that comes first in the list of refusals."""
        applying = [reason for reason, applies in reasons if applies]
        if applying:
            raise Refused(min(applying))

    def do_CreditDeposit(self, command):
        known = self.deposits.get(command.key)
        if known is not None:
            self.refuse_first((Reject.DEPOSIT_DUPLICATE, known != command))
            return ("done", command.key)
        asset = self.assets.get(command.asset)
        self.refuse_first(
            (Reject.ASSET_UNKNOWN, asset is None),
            (Reject.ASSET_CLOSED, asset and asset.status in (AssetStatus.NO_DEPOSIT, AssetStatus.FROZEN)),
            (Reject.AMOUNT_INVALID, command.amount <= 0),
        )
        self.deposits[command.key] = command
        self.move(command.asset, self.coins(command.asset, command.amount), "@clearing:" + command.rail, command.account)
        return ("done", command.key)

    def do_HoldWithdrawal(self, command):
        return self.once(command, self.hold_withdrawal)

    def hold_withdrawal(self, command):
        asset = self.assets.get(command.asset)
        self.refuse_first((Reject.ASSET_UNKNOWN, asset is None))
        amount, fee = self.coins(command.asset, command.amount), self.coins(command.asset, command.fee)
        self.refuse_first(
            (Reject.ASSET_CLOSED, asset.status in (AssetStatus.NO_WITHDRAWAL, AssetStatus.FROZEN)),
            (Reject.AMOUNT_INVALID, amount <= 0 or fee < 0),
            (Reject.INSUFFICIENT_FUNDS, amount + fee > self.available(command.account, command.asset)),
        )
        self.withdrawals[command.account, command.key] = SimpleNamespace(
            account=command.account, asset=command.asset, amount=amount, fee=fee, rail=command.rail, status="held"
        )
        return ("done", command.key)

    def do_SettleWithdrawal(self, command):
        return self.close_withdrawal(command, "settled")

    def do_ReleaseWithdrawal(self, command):
        return self.close_withdrawal(command, "released")

    def close_withdrawal(self, command, status):
        w = self.withdrawals.get((command.account, command.key))
        self.refuse_first((Reject.WITHDRAWAL_UNKNOWN, w is None))
        self.refuse_first((Reject.WITHDRAWAL_CLOSED, w.status not in ("held", status)))
        if w.status == "held" and status == "settled":
            self.move(w.asset, w.amount, w.account, "@clearing:" + w.rail)
            self.move(w.asset, w.fee, w.account, "@fees")
        w.status = status
        return ("done", command.key)

    def do_Transfer(self, command):
        return self.once(command, self.transfer)

    def transfer(self, command):
        asset = self.assets.get(command.asset)
        self.refuse_first((Reject.ACCOUNT_INVALID, command.account == command.to), (Reject.ASSET_UNKNOWN, asset is None))
        amount = self.coins(command.asset, command.amount)
        self.refuse_first(
            (Reject.ASSET_CLOSED, asset.status == AssetStatus.FROZEN),
            (Reject.AMOUNT_INVALID, amount <= 0),
            (Reject.INSUFFICIENT_FUNDS, amount > self.available(command.account, command.asset)),
        )
        self.move(command.asset, amount, command.account, command.to)
        return ("done", command.key)

    def do_Adjust(self, command):
        return self.once(command, self.adjust)

    def adjust(self, command):
        self.refuse_first((Reject.ASSET_UNKNOWN, command.asset not in self.assets))
        amount = self.coins(command.asset, command.amount)
        self.refuse_first(
            (Reject.AMOUNT_INVALID, amount == 0),
            (Reject.INSUFFICIENT_FUNDS, amount < 0 and -amount > self.available(command.account, command.asset)),
        )
        self.move(command.asset, amount, "@treasury", command.account)
        return ("done", command.key)

    # Orders

    def do_PlaceOrder(self, command):
        return self.once(command, self.place)

    def place(self, command):
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        self.refuse_order(market, command)
        order = self.new_order(command.account, command.market, command.side, command.price, command)
        self.run(market, order, self.worst(market, command), command)
        return self.told(order)

    def worst(self, market, command):
        """The last price an order may trade at, in ticks."""
        if command.type == OrderType.LIMIT:
            return command.price
        collar = Fraction(market.rules.collar, 1_000_000)
        if command.side == Side.BUY:
            return int(market.mark * (1 + collar))
        return max(1, ceil(market.mark * (1 - collar)))

    def refuse_order(self, market, command):
        rules, limit = market.rules, command.type == OrderType.LIMIT
        live = [o for o in self.orders if o.status in LIVE and o.account == command.account and o.market == command.market]
        stale = not limit and (market.mark == 0 or self.at - market.mark_at > rules.reference_max_age)
        price = command.price if limit else market.mark
        worth = self.coins_per_coin(market, price) * self.coins(market.base, command.qty)
        if command.budget:
            worth = self.coins(market.quote, command.budget)
            most = self.coins_per_coin(market, self.worst(market, command)) * self.coins(market.base, rules.max_qty)
        others = self.queue(command.market, Side.SELL if command.side == Side.BUY else Side.BUY)
        wrong_limit = command.budget or (command.post_only and command.tif != TimeInForce.GTC)
        wrong_market = (
            command.price
            or command.post_only
            or (command.qty and command.budget)
            or (command.budget and (command.side == Side.SELL or command.tif == TimeInForce.FOK))
        )
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY),
            (Reject.MARKET_POST_ONLY, market.status == MarketStatus.POST_ONLY and not command.post_only),
            (Reject.ORDER_INVALID, wrong_limit if limit else wrong_market),
            (Reject.PRICE_INVALID, limit and command.price <= 0),
            (Reject.QTY_INVALID, not command.budget and not 0 < command.qty <= rules.max_qty),
            (Reject.LOT_SIZE, command.qty % rules.lot != 0),
            (Reject.AMOUNT_INVALID, command.budget < 0 or (command.budget and not stale and worth > most)),
            (Reject.PRICE_STALE, stale),
            (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, rules.min_notional)),
            (
                Reject.TOO_MANY_ORDERS,
                limit
                and command.tif == TimeInForce.GTC
                and len([o for o in live if not o.quote]) >= rules.max_open_orders,
            ),
            (Reject.NO_LIQUIDITY, not limit and not others),
        )
        found, cost = self.sweep(market, command)
        need = {True: worth, False: self.coins(market.base, command.qty)}[command.side == Side.BUY]
        if not limit and command.side == Side.BUY and not command.budget:
            need = cost
        asset = market.quote if command.side == Side.BUY else market.base
        self.refuse_first(
            (Reject.INSUFFICIENT_FUNDS, need > self.available(command.account, asset)),
            (Reject.POST_ONLY_WOULD_TAKE, command.post_only and any(self.reaches(o, command.price) for o in others)),
            (Reject.FOK_NOT_FILLABLE, command.tif == TimeInForce.FOK and found < self.coins(market.base, command.qty)),
        )

    def reaches(self, maker, price):
        """Whether an order of the other side with this limit could trade with the maker."""
        return maker.price <= price if maker.side == Side.SELL else maker.price >= price

    def sweep(self, market, command):
        """What an order would trade now, in coins: (base, quote)."""
        left, found, cost = self.coins(market.base, command.qty), Fraction(0), Fraction(0)
        for maker in self.queue(command.market, Side.SELL if command.side == Side.BUY else Side.BUY):
            if not self.reaches(maker, self.worst(market, command)):
                break
            take = min(left, maker.left)
            if maker.account != command.account:
                found += take
                cost += take * self.coins_per_coin(market, maker.price)
            elif command.self_trade in (SelfTrade.CANCEL_NEWEST, SelfTrade.CANCEL_BOTH):
                break
            elif command.self_trade == SelfTrade.CANCEL_OLDEST:
                continue
            left -= take
        return found, cost

    def new_order(self, account, symbol, side, price, command):
        market = self.markets[symbol]
        self.last_id += 1
        order = SimpleNamespace(
            id=self.last_id, account=account, market=symbol, side=side, price=price, command=command,
            left=self.coins(market.base, command.qty), qty=self.coins(market.base, command.qty),
            budget=self.coins(market.quote, command.budget), filled=Fraction(0), spent=Fraction(0), fee=Fraction(0),
            status=None, reason=CloseReason.NONE, quote=False, version=1,
        )  # fmt: skip
        self.orders.append(order)
        return order

    def run(self, market, taker, worst, command):
        """Match, then rest or close."""
        why = self.match(market, taker, worst, command)
        if why is not None:
            taker.reason = why
            taker.status = OrderStatus.CANCELLED if why == CloseReason.SELF_TRADE else OrderStatus.EXPIRED
            if why == CloseReason.BUDGET and taker.filled:
                taker.status = OrderStatus.FILLED
        elif command.budget and taker.spent == taker.budget:
            taker.status, taker.reason = OrderStatus.FILLED, CloseReason.BUDGET
        elif taker.left == 0 and not command.budget:
            taker.status = OrderStatus.FILLED
        elif command.type == OrderType.LIMIT and command.tif == TimeInForce.GTC:
            taker.status = OrderStatus.PARTIALLY_FILLED if taker.filled else OrderStatus.OPEN
        else:
            others = self.queue(taker.market, Side.SELL if taker.side == Side.BUY else Side.BUY)
            stopped = command.type == OrderType.MARKET and others
            taker.status, taker.reason = OrderStatus.EXPIRED, CloseReason.COLLAR if stopped else CloseReason.IMMEDIATE

    def match(self, market, taker, worst, command):
        """Trade with one maker after the other; the reason to stop for good, if there is one."""
        lot = self.coins(market.base, market.rules.lot)
        for maker in self.queue(taker.market, Side.SELL if taker.side == Side.BUY else Side.BUY):
            if not self.reaches(maker, worst):
                return None
            price = self.coins_per_coin(market, maker.price)
            if command.budget:
                taker.left = (taker.budget - taker.spent) // (price * lot) * lot
                if taker.left == 0:
                    return CloseReason.BUDGET
            if taker.left == 0:
                return None
            take = min(taker.left, maker.left)
            if maker.account != taker.account:
                self.trade(market, maker, taker, take)
                if command.budget and maker.left:
                    return CloseReason.BUDGET
                continue
            if command.self_trade == SelfTrade.DECREMENT:
                for order in (maker, taker):
                    order.left -= take
                    if order is taker and command.budget:
                        order.budget -= take * price
                    else:
                        order.qty -= take
                if maker.left == 0:
                    self.close(maker, CloseReason.SELF_TRADE)
                if taker.left == 0:
                    return CloseReason.SELF_TRADE
                continue
            if command.self_trade != SelfTrade.CANCEL_NEWEST:
                self.close(maker, CloseReason.SELF_TRADE)
            if command.self_trade != SelfTrade.CANCEL_OLDEST:
                return CloseReason.SELF_TRADE
        return None

    def trade(self, market, maker, taker, qty):
        """Base goes to the buyer, quote to the seller, each less a fee that is rounded up."""
        market.trades += 1
        worth = qty * self.coins_per_coin(market, maker.price)
        buyer, seller = (maker, taker) if maker.side == Side.BUY else (taker, maker)
        fees = {}
        for order, received, asset in ((buyer, qty, market.base), (seller, worth, market.quote)):
            rate = Fraction(market.rules.maker_fee if order is maker else market.rules.taker_fee, 1_000_000)
            fee = self.coins(asset, ceil(received * rate * 10 ** self.assets[asset].scale))
            order.fee += fee
            fees[order.id] = self.units(asset, fee)
            self.move(asset, fee, order.account, "@fees")
        self.move(market.base, qty, seller.account, buyer.account)
        self.move(market.quote, worth, buyer.account, seller.account)
        for order in (maker, taker):
            order.left -= qty
            order.filled += qty
            order.spent += worth
        maker.status = OrderStatus.PARTIALLY_FILLED if maker.left else OrderStatus.FILLED
        self.trades.append(
            (taker.market, market.trades, maker.price, self.units(market.base, qty), maker.id, taker.id, fees[maker.id], fees[taker.id])
        )

    def close(self, order, reason):
        order.status, order.reason, order.left = OrderStatus.CANCELLED, reason, Fraction(0)

    def told(self, order):
        """What the owner is told about an order."""
        market = self.markets[order.market]
        received = market.base if order.side == Side.BUY else market.quote
        return (
            "order", order.id, self.units(market.base, order.qty), self.units(market.quote, order.budget),
            self.units(market.base, order.filled), self.units(market.quote, order.spent),
            self.units(received, order.fee), order.status, order.reason,
        )  # fmt: skip

    def do_CancelOrder(self, command):
        if command.order_id:
            mine = [o for o in self.orders if o.id == command.order_id and o.account == command.account and not o.quote]
        else:
            mine = [
                o for o in self.orders
                if o.account == command.account and not o.quote and o.command.key == command.client_order_id
            ]  # fmt: skip
        self.refuse_first((Reject.ORDER_UNKNOWN, not mine))
        order = mine[0]
        if order.status in LIVE:
            self.refuse_first((Reject.MARKET_HALTED, self.markets[order.market].status == MarketStatus.HALTED))
            self.close(order, CloseReason.USER)
        return self.told(order)

    def do_CancelAll(self, command):
        if command.market:
            self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
            self.refuse_first((Reject.MARKET_HALTED, self.markets[command.market].status == MarketStatus.HALTED))
        cancelled = []
        for symbol, market in self.markets.items():
            if command.market in ("", symbol) and market.status != MarketStatus.HALTED:
                for order in self.orders:
                    if order.market == symbol and order.account == command.account and order.status in LIVE:
                        self.close(order, CloseReason.USER)
                        if not order.quote:
                            cancelled.append(order.id)
        return ("cancelled", tuple(cancelled))

    def do_ReplaceQuotes(self, command):
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        self.refuse_quotes(market, command)
        wanted = [(Side.BUY, *level) for level in command.bids] + [(Side.SELL, *level) for level in command.asks]
        for quote in self.my_quotes(command):
            level = (quote.side, quote.price, self.units(market.base, quote.left))
            if level in wanted:
                wanted.remove(level)
            else:
                self.close(quote, CloseReason.USER)
        for side, price, qty in wanted:
            self.place_quote(market, command, side, price, qty)
        sides = [quote.side for quote in self.my_quotes(command)]
        return ("quotes", sides.count(Side.BUY), sides.count(Side.SELL))

    def my_quotes(self, command):
        return [
            o for o in self.orders
            if o.quote and o.status in LIVE and o.account == command.account and o.market == command.market
        ]  # fmt: skip

    def refuse_quotes(self, market, command):
        bids, asks = [p for p, _ in command.bids], [p for p, _ in command.asks]
        levels = [*command.bids, *command.asks]
        disorder = any(a <= b for a, b in zip(bids, bids[1:], strict=False)) or any(
            a >= b for a, b in zip(asks, asks[1:], strict=False)
        )
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY and levels),
            (Reject.ORDER_INVALID, disorder or (bids and asks and bids[0] >= asks[0])),
        )
        for price, qty in levels:
            worth = self.coins_per_coin(market, price) * self.coins(market.base, qty)
            self.refuse_first(
                (Reject.PRICE_INVALID, price <= 0),
                (Reject.QTY_INVALID, not 0 < qty <= market.rules.max_qty),
                (Reject.LOT_SIZE, qty % market.rules.lot),
                (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, market.rules.min_notional)),
            )

    def place_quote(self, market, command, side, price, qty):
        coins = self.coins(market.base, qty)
        need = coins * self.coins_per_coin(market, price) if side == Side.BUY else coins
        others = self.queue(command.market, Side.SELL if side == Side.BUY else Side.BUY)
        crossing = any(self.reaches(maker, price) for maker in others)
        if need > self.available(command.account, market.quote if side == Side.BUY else market.base):
            return
        if crossing and market.status == MarketStatus.POST_ONLY:
            return
        order = c.PlaceOrder(command.account, "", command.market, side, OrderType.LIMIT, TimeInForce.GTC, price, qty)
        quote = self.new_order(command.account, command.market, side, price, order)
        quote.quote = True
        self.run(market, quote, price, order)
