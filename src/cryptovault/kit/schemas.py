"""What requests and answers are made of: strict base models, amounts as decimal strings, times in UTC."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

NAME_PATTERN = r"^[^\x00-\x1f\x7f-\x9f<>\u2028-\u202e\u2066-\u2069]*$"
"""What people call something: one line, nothing that a mail or a page could take for markup or turn around."""
DECIMAL_PATTERN = r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$"


class RequestModel(BaseModel):
    """The body of a request: unknown fields are refused, never dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


class AnswerModel(BaseModel):
    """The body of an answer."""

    model_config = ConfigDict(frozen=True)


def _text_only(value: Any) -> Any:
    """Amounts are strings: a JSON number has already been through a float somewhere."""
    if not isinstance(value, str):
        raise ValueError('must be a decimal string, for example "0.05"')  # noqa: TRY004 - pydantic reports ValueError
    return value


def _positive(value: str) -> str:
    if not value.strip("0."):
        raise ValueError("must be greater than zero")
    return value


Amount = Annotated[
    str,
    BeforeValidator(_text_only, json_schema_input_type=str),
    StringConstraints(pattern=DECIMAL_PATTERN, max_length=40),
]
"""A non-negative decimal string: ASCII digits, no sign, no exponent, at most 18 decimals."""

PositiveAmount = Annotated[Amount, AfterValidator(_positive)]
"""An Amount that is not zero."""

SymbolText = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,16}$")]
"""An asset, for example BTC."""

MarketText = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,16}-[A-Z0-9]{1,16}$")]
"""A market, for example BTC-USDT."""

MomentText = Annotated[str, StringConstraints(max_length=40), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment in a request: ISO 8601 with its offset from UTC, for example 2026-11-21T18:00:00Z."""


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_ms(milliseconds: int) -> str:
    """The same, from milliseconds since 1970 UTC. Many stamps share a second, so the second is worked out once."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


Timestamp = Annotated[datetime, PlainSerializer(iso, return_type=str, when_used="json")]
"""A moment; on the wire ISO 8601 with a Z."""
