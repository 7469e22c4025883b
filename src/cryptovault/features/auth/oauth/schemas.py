"""Sign-in with others on the wire."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from cryptovault.kit.schemas import AnswerModel, RequestModel

ProviderName = Literal["google", "github", "apple"]
Purpose = Literal["login", "link"]
Binding = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""base64url(SHA-256(verifier)), unpadded."""


class Providers(AnswerModel):
    """Which providers this exchange offers."""

    items: list[ProviderName]


class Finish(RequestModel):
    """The code that the page was sent back with, and the verifier that it kept: proof that it is the same page."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    verifier: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~-]{43,128}$")]
