"""Coins and their prices in US dollars."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from cryptovault.features.crypto import service
from cryptovault.features.crypto.schemas import Coin, History
from cryptovault.kit.access import ServicesDep
from cryptovault.kit.errors import BadInput, NotFound, RateLimited, declare
from cryptovault.kit.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor

router = APIRouter(prefix="/crypto", tags=["crypto"])

_ONE = declare(NotFound, RateLimited)

CoinId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", description="A coin, for example bitcoin.")]


@router.get("", response_model=Page[Coin], responses=declare(RateLimited))
async def list_coins(services: ServicesDep, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Coins that can be traded here, the largest first."""
    position = decode_cursor(cursor, int)
    start = position[0] if position else 0
    if start < 0:
        raise BadInput("The cursor is not one of this list.")
    found = list((await service.coins(services)).items())
    await services.board.refresh()
    lines = await service.sparklines(services)
    page = found[start : start + limit]
    more = start + limit < len(found)
    return {
        "items": [await service.view(services, coin_id, market, lines) for coin_id, market in page],
        "next_cursor": encode_cursor(start + limit) if more else None,
    }


@router.get("/{coin_id}", response_model=Coin, responses=_ONE)
async def get_coin(coin_id: CoinId, services: ServicesDep) -> dict[str, Any]:
    """One coin."""
    market = await service.market_of(services, coin_id)
    await services.board.refresh()
    return await service.view(services, coin_id, market, await service.sparklines(services))


@router.get("/{coin_id}/history", response_model=History, responses=_ONE)
async def get_history(
    coin_id: CoinId,
    services: ServicesDep,
    days: Annotated[Literal["1", "7", "30"], Query(description="How far back.")] = "1",
) -> dict[str, Any]:
    """A coin's price over the last days."""
    market = await service.market_of(services, coin_id)
    await services.board.refresh()
    return {"items": await service.history(services, market, int(days))}
