"""Valuing balances and giving play money."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cryptovault.engine.commands import CreditDeposit
from cryptovault.engine.money import format_units, parse_units
from cryptovault.engine.rejects import Reject
from cryptovault.features.wallet import policy, repository
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.catalogue import AssetTerms
from cryptovault.kit.errors import BadInput, Conflict, RateLimited, Refused
from cryptovault.kit.schemas import iso_ms

RAIL = "faucet"


async def balances(call: Call, user_id: str) -> dict[str, Any]:
    """Every balance of a user with its value."""
    services = call.services
    wallet = await repository.wallet(services.db, user_id)
    names = await services.catalogue.assets()
    prices = await services.dollars.prices(wallet["balances"])
    rows = []
    total = Decimal(0)
    for asset, row in wallet["balances"].items():
        amount = policy.EXACT.add(Decimal(row["available"]), Decimal(row["held"]))
        price = prices.get(asset)
        value = None if price is None else policy.EXACT.multiply(amount, price.price)
        total = policy.EXACT.add(total, value or 0)
        rows.append(
            (
                value or Decimal(0),
                {
                    "asset": asset,
                    "name": names[asset].name if asset in names else asset,
                    "available": row["available"],
                    "held": row["held"],
                    "total": policy.plain(amount),
                    "price_usd": None if price is None else policy.plain(price.price),
                    "value_usd": None if value is None else policy.dollars(value),
                },
            )
        )
    rows.sort(key=lambda row: (-row[0], row[1]["asset"]))
    return {
        "items": [row for _, row in rows],
        "total_value_usd": policy.dollars(total),
        "seq": wallet["seq"],
        "at": iso_ms(services.clock.now_ms()),
    }


async def claim(call: Call, user_id: str, request_key: str, asset: str, amount: str | None) -> dict[str, Any]:
    """Credit play money once per request key, a few times a day.

    The claim is recorded durably before the engine credits it under the claim's own id. So a crash in between
    is finished by the same request sent again, and no repetition credits twice.
    """
    terms = await call.services.catalogue.asset(asset)
    if terms is None:
        raise Refused(Reject.ASSET_UNKNOWN)
    if terms.mirrors:
        raise Refused(Reject.ASSET_CLOSED, "paper trading begins with its own money")
    found = await repository.claim_of(call.services.db, user_id, request_key)
    if found is None:
        found = await _new_claim(call, user_id, request_key, terms, amount)
    elif (found["asset"], found["asked"]) != (asset, amount):
        raise Conflict("This idempotency key was used with another claim.")
    units = parse_units(found["amount"], terms.scale)
    await call.submit(CreditDeposit(user_id, found["_id"], asset, units, RAIL))
    return {"asset": asset, "amount": found["amount"], "seq": call.seq}


async def _new_claim(call: Call, user_id: str, request_key: str, terms: AssetTerms, amount: str | None) -> Document:
    units = await _units(call, terms, amount)
    now = call.services.clock.now_ms()
    day = iso_ms(now)[:10]
    for slot in range(policy.CLAIMS_A_DAY):
        document = {
            "_id": f"{RAIL}/{user_id}/{terms.symbol}/{day}/{slot}",
            "user_id": user_id,
            "request_key": request_key,
            "asset": terms.symbol,
            "asked": amount,
            "amount": format_units(units, terms.scale),
            "created_at": datetime.fromtimestamp(now / 1000, UTC),
        }
        if await repository.take_slot(call.services.db, document):
            return document
        # The slot is taken; or this very request runs twice, and the other one has just recorded it.
        if (found := await repository.claim_of(call.services.db, user_id, request_key)) is not None:
            return found
    message = f"The faucet gives {terms.symbol} {policy.CLAIMS_A_DAY} times a day. Please come back tomorrow."
    raise RateLimited(message, retry_after=policy.seconds_to_midnight(now))


async def _units(call: Call, terms: AssetTerms, amount: str | None) -> int:
    price = (await call.services.dollars.prices([terms.symbol])).get(terms.symbol)
    if price is None:
        raise Refused(Reject.PRICE_STALE, "the faucet needs a price to know how much that is")
    most = parse_units(policy.most_per_claim(terms.symbol, price.price, terms.scale), terms.scale)
    if amount is None:
        return most
    try:
        units = parse_units(amount, terms.scale)
    except ValueError as error:
        raise _bad_amount(str(error)) from error
    if units > most:
        raise _bad_amount(f"one claim gives at most {format_units(most, terms.scale)} {terms.symbol}")
    return units


def _bad_amount(message: str) -> BadInput:
    return BadInput(f"amount: {message}", details=[{"field": "amount", "message": message}])
