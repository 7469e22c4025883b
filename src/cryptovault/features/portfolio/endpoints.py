"""Reading one's portfolio."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from cryptovault.features.portfolio.schemas import Portfolio
from cryptovault.features.portfolio.service import Portfolios
from cryptovault.kit.access import AfterOwnWrites, Reader, ServicesDep
from cryptovault.kit.errors import NotAuthenticated, RateLimited, ReadsBehind, declare

Span = Annotated[Literal["1d", "7d", "30d", "1y"], Query(alias="range", description="How far the history goes back.")]

router = APIRouter(prefix="/portfolio", tags=["portfolio"])


@router.get(
    "",
    response_model=Portfolio,
    responses=declare(NotAuthenticated, RateLimited, ReadsBehind),
    dependencies=[AfterOwnWrites],
)
async def get_portfolio(
    user: Reader,
    services: ServicesDep,
    span: Span = "30d",
) -> Response:
    """What you hold, what it is worth, and how it came to that.

    At most 15 seconds old, and never older than your last trade.
    """
    portfolios = Portfolios(services.db, services.redis, services.catalogue, services.dollars, services.clock)
    return Response(await portfolios.of(user.id, span), media_type="application/json")
