"""Giving play money, and valuing it at the prices of what it is paper of."""

from decimal import Context, Decimal
from typing import Any

from cryptovault.engine.commands import ResetPaper
from cryptovault.engine.money import format_units, parse_units
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import PAPER_PREFIX
from cryptovault.features.paper import repository
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.catalogue import AssetTerms
from cryptovault.kit.errors import BadInput, NotFound, Refused
from cryptovault.kit.schemas import iso_ms

START_ASSET = f"{PAPER_PREFIX}USDT"
START_KEY = "paper:start"
MAX_START = 1_000_000_000
"""Whole units of play money an account can begin with: enough for anybody, and far from what the ledger can count."""

_EXACT = Context(prec=60)
_CENT = Decimal("0.01")


async def standing(call: Call, user_id: str) -> dict[str, Any]:
    """The object `Paper` of a user."""
    services = call.services
    terms = await _terms(call)
    begun = await repository.first_and_last(services.db, user_id)
    wallet = await repository.wallet(services.db, user_id)
    rows = await _valued(call, wallet)
    total = sum((value or Decimal(0) for value, _ in rows), Decimal(0))
    amount = _usual(call, terms) if begun is None else begun[1]["amount"]
    profit = total - Decimal(amount) if begun is not None else Decimal(0)
    return {
        "started_at": begun[0]["at"] if begun is not None else None,
        "reset_at": begun[1]["at"] if begun is not None and begun[0] != begun[1] else None,
        "start_asset": terms.symbol,
        "start_amount": amount,
        "items": [row for _, row in rows],
        "total_value_usd": _dollars(total),
        "profit_usd": _dollars(profit),
        "seq": wallet["seq"],
        "at": iso_ms(services.clock.now_ms()),
    }


async def start(call: Call, user_id: str, amount: str | None) -> dict[str, Any]:
    """Begin, once: whoever has begun already keeps what they have."""
    terms = await _terms(call)
    units = _units(amount or _usual(call, terms), terms)
    await call.after_own_writes()
    if await repository.first_and_last(call.services.db, user_id) is None:
        try:
            await call.submit(ResetPaper(user_id, START_KEY, terms.symbol, units))
        except Refused as refused:  # the same person has just begun elsewhere, with another amount
            if refused.reject is not Reject.KEY_REUSED:
                raise
        await call.after_own_writes()
    return await standing(call, user_id)


async def reset(call: Call, user_id: str, key: str, amount: str | None) -> dict[str, Any]:
    """Cancel all paper orders and begin anew, with the amount of the last time where none is given."""
    terms = await _terms(call)
    await call.after_own_writes()
    begun = await repository.first_and_last(call.services.db, user_id)
    before = _usual(call, terms) if begun is None else begun[1]["amount"]
    await call.submit(ResetPaper(user_id, f"paper:{key}", terms.symbol, _units(amount or before, terms)))
    await call.after_own_writes()
    return await standing(call, user_id)


async def _terms(call: Call) -> AssetTerms:
    terms = await call.services.catalogue.asset(START_ASSET)
    if terms is None or not terms.mirrors or not call.services.settings.paper_start_balance:
        raise NotFound("There is no paper trading here.")
    return terms


def _usual(call: Call, terms: AssetTerms) -> str:
    return format_units(call.services.settings.paper_start_balance * 10**terms.scale, terms.scale)


def _units(amount: str, terms: AssetTerms) -> int:
    try:
        units = parse_units(amount, terms.scale)
    except ValueError as error:
        raise _bad_amount(str(error)) from error
    if units > MAX_START * 10**terms.scale:
        raise _bad_amount(f"at most {MAX_START}")
    return units


def _bad_amount(message: str) -> BadInput:
    return BadInput(f"amount: {message}", details=[{"field": "amount", "message": message}])


async def _valued(call: Call, wallet: Document) -> list[tuple[Decimal | None, dict[str, Any]]]:
    """Each kind of play money with its value, the most valuable first; nothing of which there is nothing."""
    assets = await call.services.catalogue.assets()
    held = [assets[asset] for asset in wallet["balances"] if asset in assets]
    prices = await call.services.dollars.prices({terms.mirrors for terms in held})
    rows = []
    for terms in held:
        balance = wallet["balances"][terms.symbol]
        total = _EXACT.add(Decimal(balance["available"]), Decimal(balance["held"]))
        if not total:
            continue
        price = prices.get(terms.mirrors)
        value = None if price is None else _EXACT.multiply(total, price.price)
        row = {
            "asset": terms.symbol,
            "mirrors": terms.mirrors,
            "name": terms.name,
            **balance,
            "total": _plain(total),
            "price_usd": None if price is None else _plain(price.price),
            "value_usd": None if value is None else _dollars(value),
        }
        rows.append((value, row))
    return sorted(rows, key=lambda row: (-(row[0] or Decimal(0)), row[1]["asset"]))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dollars(value: Decimal) -> str:
    return f"{value.quantize(_CENT, context=_EXACT):f}"
