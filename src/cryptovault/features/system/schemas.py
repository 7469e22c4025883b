"""What the service tells about itself."""

from typing import Literal

from pydantic import ConfigDict, Field

from cryptovault.infra.feeds.tick import SourceStatus
from cryptovault.kit.schemas import AnswerModel

Status = Literal["ok", "degraded", "down"]


class Check(AnswerModel):
    """One dependency. `detail` is a plain sentence or figure."""

    status: Status
    detail: str = ""
    milliseconds: float | None = None


class SourceState(AnswerModel):
    """How one source takes part in the prices now."""

    name: str = Field(examples=["Kraken"])
    status: SourceStatus = Field(
        description=(
            "used: among the median. witness: agrees, but is asked too rarely to give the price. "
            "outlier: too far from the median. unconfirmed: answers, but too few others do or agree. "
            "standby: asked rarely while others suffice. stale: no news. "
            "starting: not heard yet. down, limited, refused: does not answer, asks for patience, refuses the key."
        ),
        examples=["used"],
    )
    age_ms: int | None = Field(description="Since its last news; null if there never was any.", examples=[840])
    markets: int = Field(default=0, description="In how many reference prices it takes part.", examples=[58])


class PriceSource(AnswerModel):
    """Where prices come from at this moment; `name` are the sources of the median."""

    name: str = Field(examples=["Binance, Kraken, Coinbase"])
    kind: str = Field(examples=["live"])
    label: str = Field(examples=["live: Binance, Kraken, Coinbase"])
    age_ms: int = Field(examples=[420])
    sources: list[SourceState]


class Health(AnswerModel):
    """The worst of the checks that trading depends on, and each check."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "ok",
                "version": "0.1.0",
                "checks": {"database": {"status": "ok", "detail": "12.4 MB", "milliseconds": 0.8}},
            }
        }
    )
    status: Status
    version: str
    checks: dict[str, Check]
    price_sources: list[SourceState]


class Ready(AnswerModel):
    """Whether this worker can take requests."""

    ready: bool


class CsrfToken(AnswerModel):
    """Send it back as X-CSRF-Token with every request that changes something."""

    csrf_token: str


class Config(AnswerModel):
    """What the web app needs to know before it shows anything."""

    app_name: str
    environment: str
    version: str
    faucet_enabled: bool
    dev_mail_enabled: bool
    second_factor_required: bool = Field(description="Whether a first order or API key needs a second factor.")
    paper_start_balance: str | None = Field(
        description="What paper trading begins with, in play money; null where there is none.", examples=["100000"]
    )
    price_source: PriceSource
    quote_assets: list[str]
    stream_path: str


class SentMail(AnswerModel):
    """A mail of the development outbox."""

    id: str
    to: str
    subject: str
    text: str
    code: str | None
    at: str


class Outbox(AnswerModel):
    """Mails, newest first."""

    items: list[SentMail]
