"""What the service tells about itself."""

from typing import Literal

from pydantic import ConfigDict

from cryptovault.kit.schemas import AnswerModel

Status = Literal["ok", "degraded", "down"]


class Check(AnswerModel):
    """One dependency. `detail` is a plain sentence or figure."""

    status: Status
    detail: str = ""
    milliseconds: float | None = None


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


class Ready(AnswerModel):
    """Whether this worker can take requests."""

    ready: bool


class CsrfToken(AnswerModel):
    """Send it back as X-CSRF-Token with every request that changes something."""

    csrf_token: str


class PriceSource(AnswerModel):
    """Where prices come from at this moment."""

    name: str
    kind: str
    label: str
    age_ms: int


class Config(AnswerModel):
    """What the web app needs to know before it shows anything."""

    app_name: str
    environment: str
    version: str
    faucet_enabled: bool
    dev_mail_enabled: bool
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
