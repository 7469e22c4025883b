"""What the three exchanges share: requests of ccxt within a budget, failures told apart, candles read.

Only ccxt's request methods are used, never its parsed tickers and candles: those are floats, while the exchanges' own
answers carry every price as text.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import ccxt

from cryptovault.infra.feeds.budget import Budget
from cryptovault.infra.feeds.http import retry_after
from cryptovault.infra.feeds.quote import (
    FeedLimited,
    FeedRefused,
    FeedUnavailable,
    Kline,
    decimal_or_none,
    price_of,
)
from cryptovault.infra.feeds.rules import plausible

Request = Callable[[dict[str, Any]], Awaitable[Any]]

# The runner and the budget pace the requests: ccxt's own throttle would only add delay. Nor need it wait on closing.
CLIENT = {"enableRateLimit": False, "timeout_on_exit": 0}


class Exchange:
    """One exchange's public data through a ccxt client."""

    def __init__(self, client: Any, budget: Budget) -> None:
        self._client = client
        self._budget = budget

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(self, request: Request, params: dict[str, Any], *, cost: float = 1.0) -> Any:
        """One request, when the budget has room for it; ccxt's errors translated."""
        await self._budget.take(cost)
        try:
            return await request(params)
        except (ccxt.DDoSProtection, ccxt.RateLimitExceeded) as error:
            patience = retry_after(self._client.last_response_headers or {})
            self._budget.close(patience)
            raise FeedLimited(str(error)[:200], patience) from error
        except (ccxt.AuthenticationError, ccxt.PermissionDenied) as error:
            raise FeedRefused(str(error)[:200]) from error
        except (ccxt.BaseError, LookupError, TypeError, ValueError) as error:
            raise FeedUnavailable(f"{type(error).__name__}: {str(error)[:200]}") from error


def believable(klines: Iterable[Kline]) -> list[Kline]:
    """The candles, the oldest first; refused as a whole where one of them has an impossible price.

    Raises FeedUnavailable, also for rows that make no sense.
    """
    try:
        ordered = sorted(klines, key=lambda kline: kline.open_time)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise FeedUnavailable("the candles make no sense") from error
    if not all(plausible(price) for kline in ordered for price in kline[1:5]):
        raise FeedUnavailable("the candles hold impossible prices")
    return ordered


def kline(open_time_ms: int, prices: Sequence[object], volume: object) -> Kline:
    """A candle of open, high, low and close as the exchange wrote them."""
    opened, high, low, close = (price_of(text) for text in prices)
    return Kline(open_time_ms, opened, high, low, close, decimal_or_none(volume) or Decimal(0))


def rows_of(answer: Any, *path: str) -> list[dict[str, Any]]:
    """The list of objects at a path of an answer; raises FeedUnavailable where there is none."""
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise FeedUnavailable("the list of prices is no list")
    return answer


def between(bid: Decimal, last: Decimal, ask: Decimal) -> Decimal:
    """The last trade where it lies between bid and ask, else the nearer of the two: a trade of an hour ago is no price.

    A side that is missing, zero or no number leaves the last trade as it is.
    """
    if not (plausible(bid) and plausible(last) and plausible(ask)) or bid > ask:
        return last
    return max(bid, min(last, ask))
