"""Putting a portfolio together: balances, prices, the statement and candles."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.features.portfolio import policy, repository
from cryptovault.features.portfolio.policy import DAY, EXACT, Gain, Point, Position
from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.catalogue import Catalogue
from cryptovault.kit.dollars import PAR, Dollars, UsdPrice
from cryptovault.kit.schemas import iso_ms

RANGES = {"1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "1y": 365 * DAY}
CACHE_MS = 15_000
LINES_AT_ONCE = 2_000
MAX_LINES = 20_000
"""Lines of the statement that one request works through; a longer backlog is finished by the next ones."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every part of a portfolio is worked out from."""

    user_id: str
    seq: int
    now: int
    first: int
    amounts: Mapping[str, Decimal]
    balances: Mapping[str, Mapping[str, str]]
    prices: Mapping[str, UsdPrice]
    markets: Mapping[str, str]


class Portfolios:
    """Works portfolios out, and keeps them in Redis for 15 s or until the wallet has changed."""

    def __init__(self, db: Database, redis: Redis, catalogue: Catalogue, dollars: Dollars, clock: Clock) -> None:
        self._db = db
        self._redis = redis
        self._catalogue = catalogue
        self._dollars = dollars
        self._clock = clock

    async def of(self, user_id: str, span: str) -> bytes:
        """The portfolio of a user as JSON, with a history over a span of RANGES."""
        wallet = await repository.wallet(self._db, user_id) or {"seq": 0, "balances": {}}
        key, seq = f"cv:portfolio:{user_id}:{span}", b"%d" % wallet["seq"]
        with contextlib.suppress(RedisError, OSError):
            cached = await self._redis.get(key)
            if isinstance(cached, bytes) and cached.startswith(seq + b"\n"):
                return cached[len(seq) + 1 :]
        portfolio = msgspec.json.encode(await self._work_out(user_id, span, wallet, self._clock.now_ms()))
        with contextlib.suppress(RedisError, OSError):
            await self._redis.set(key, seq + b"\n" + portfolio, px=CACHE_MS)
        return portfolio

    async def _work_out(self, user_id: str, span: str, wallet: Document, now: int) -> dict[str, Any]:
        scene = await self._scene(user_id, wallet, now)
        day, gain = await self._curve(scene, DAY)
        history = day if span == "1d" else (await self._curve(scene, RANGES[span]))[0]
        holdings = await self._holdings(scene)
        priced = scene.amounts.keys() & scene.prices.keys()
        values = {asset: EXACT.multiply(scene.amounts[asset], scene.prices[asset].price) for asset in priced}
        return {
            "total_value_usd": policy.money(policy.total(values.values())),
            "change_24h_usd": policy.money(gain.usd),
            "change_24h_percent": policy.money(gain.percent),
            "allocation": [
                {"asset": asset, "value_usd": policy.money(value), "percent": policy.money(percent)}
                for asset, value, percent in policy.allocation(values)
            ],
            "holdings": holdings,
            "history": [{"at": iso_ms(point.at), "value_usd": policy.money(point.value)} for point in history],
            "at": iso_ms(now),
        }

    async def _scene(self, user_id: str, wallet: Document, now: int) -> _Scene:
        balances = wallet["balances"]
        amounts = {asset: EXACT.add(Decimal(row["available"]), Decimal(row["held"])) for asset, row in balances.items()}
        first = await repository.first_movement(self._db, user_id)
        terms = (await self._catalogue.markets()).values()
        # Markets against USDT last, so that they win over those against USD.
        markets = {
            row.base: row.market for row in sorted(terms, key=lambda row: row.quote == "USDT") if row.quote in PAR
        }
        prices = await self._dollars.prices(amounts.keys() | markets.keys() | PAR)
        return _Scene(user_id, wallet["seq"], now, now if first is None else first, amounts, balances, prices, markets)

    async def _curve(self, scene: _Scene, span: int) -> tuple[list[Point], Gain]:
        """The value over a span, or since the account's first movement where that is shorter."""
        times = policy.grid(max(scene.now - span, min(scene.first, scene.now - 1)), scene.now)
        step = policy.step_for(times[-1] - times[0])
        moves = await repository.moves(self._db, scene.user_id, times, step, scene.seq)
        assets = set(scene.amounts) | {move.asset for move in moves}
        prices = await self._prices_at(scene, assets, times, step)
        points = policy.curve(times, scene.amounts, moves, prices)
        return points, policy.gain(points, moves, prices)

    async def _prices_at(
        self, scene: _Scene, assets: set[str], times: list[int], step: int
    ) -> list[dict[str, Decimal]]:
        markets = [scene.markets[asset] for asset in assets if asset in scene.markets]
        series = await repository.closes(self._db, markets, step, times[0], times[-1])
        table: list[dict[str, Decimal]] = [{} for _ in times]
        for asset in assets:
            current = scene.prices[asset].price if asset in scene.prices else None
            closes = series.get(scene.markets.get(asset, ""), []) if asset not in PAR else []
            for row, at in zip(table, times, strict=True):
                live = at == times[-1] and current is not None
                price = current if live else policy.price_at(closes, at, current)
                if price is not None:
                    row[asset] = price
        return table

    async def _holdings(self, scene: _Scene) -> list[dict[str, Any]]:
        names = await self._catalogue.assets()
        positions = await self._positions(scene)
        held = [asset for asset, amount in scene.amounts.items() if amount]
        rows = [
            _holding(asset, names[asset].name if asset in names else asset, scene, positions.get(asset))
            for asset in held
        ]
        return sorted(rows, key=lambda row: (-Decimal(row["value_usd"] or 0), row["asset"]))

    async def _positions(self, scene: _Scene) -> dict[str, Position]:
        """Average costs, from where the last request left off; none while a long backlog is not worked through."""
        upto, positions = await repository.costs(self._db, scene.user_id)
        for _ in range(MAX_LINES // LINES_AT_ONCE):
            lines = await repository.lines_after(self._db, scene.user_id, upto, scene.seq, LINES_AT_ONCE)
            for line in lines:
                await self._account_for(line, scene, positions)
            if lines:
                upto = {name: lines[-1][name] for name in ("created_at", "seq", "index")}
                await repository.save_costs(self._db, scene.user_id, upto, positions)
            if len(lines) < LINES_AT_ONCE:
                return positions
        return {}

    async def _account_for(self, line: Document, scene: _Scene, positions: dict[str, Position]) -> None:
        """Take both legs of a line into the positions; a coin that came in cost what it was worth, or what was paid."""
        legs = [(line["asset"], Decimal(line["amount"]))]
        if line.get("quote_asset"):
            legs.append((line["quote_asset"], Decimal(line["quote_amount"])))
        for index, (asset, amount) in enumerate(legs):
            if asset in PAR or not amount:
                continue
            position = positions.get(asset, Position())
            if amount < 0:
                positions[asset] = position.dispose(-amount)
                continue
            given = legs[1 - index] if len(legs) > 1 else (asset, amount)
            positions[asset] = position.acquire(amount, await self._worth_at(*given, line, scene))

    async def _worth_at(self, asset: str, amount: Decimal, line: Document, scene: _Scene) -> Decimal | None:
        if asset in PAR:
            return abs(amount)
        if asset not in scene.markets:
            return None
        at = int(line["created_at"].timestamp() * 1000)
        price = await repository.close_at(self._db, scene.markets[asset], at)
        return None if price is None else EXACT.multiply(abs(amount), price)


def _holding(asset: str, name: str, scene: _Scene, position: Position | None) -> dict[str, Any]:
    price = scene.prices.get(asset)
    amount = scene.amounts[asset]
    value = None if price is None else EXACT.multiply(amount, price.price)
    average = position.average_cost if position is not None else None
    pnl = None if average is None or value is None else value - EXACT.multiply(average, amount)
    return {
        "asset": asset,
        "name": name,
        "amount": policy.plain(amount, digits=60),
        "available": scene.balances[asset]["available"],
        "held": scene.balances[asset]["held"],
        "price_usd": None if price is None else policy.plain(price.price),
        "value_usd": None if value is None else policy.money(value),
        "change_24h": None if price is None else price.change_24h,
        "average_cost": None if average is None else policy.plain(average),
        "unrealized_pnl": None if pnl is None else policy.money(pnl),
    }
