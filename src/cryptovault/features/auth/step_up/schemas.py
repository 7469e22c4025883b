"""Step-up on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints

from cryptovault.kit.schemas import AnswerModel, RequestModel
from cryptovault.kit.step_up import Act

Way = Literal["passkey", "totp", "recovery_code", "password", "mailed_code"]


class StepUpOptions(AnswerModel):
    """How the caller can prove it, the best way first; a passkey needs its question."""

    methods: list[Way]
    passkey: dict[str, Any] | None = None


class StepUp(RequestModel):
    """A proof for one act: the password, `credential` of a passkey, or `code` for the other methods."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"act": "change_email", "method": "password", "password": "four plain words here"}
        }
    )
    act: Act
    method: Way
    code: Annotated[str, StringConstraints(max_length=64)] = ""
    credential: dict[str, Any] | None = None
    password: Annotated[str, StringConstraints(max_length=1024)] = ""


class StepUpCode(RequestModel):
    """The act that a code is wanted for."""

    act: Act


class StepUpToken(AnswerModel):
    """Send it as the header X-Step-Up with the request of the act: once, within `expires_in` seconds."""

    token: str
    expires_in: int
