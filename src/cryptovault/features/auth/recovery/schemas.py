"""Recovery on the wire."""

from pydantic import ConfigDict

from cryptovault.features.auth.links import LinkToken
from cryptovault.features.auth.schemas import Email, Password
from cryptovault.kit.schemas import AnswerModel, RequestModel


class ForgotPassword(RequestModel):
    """Ask for a link to set a new password."""

    model_config = ConfigDict(json_schema_extra={"example": {"email": "ada@example.com"}})
    email: Email


class ResetToken(AnswerModel):
    """Whether a link can still be used, and for what."""

    valid: bool
    password_min: int
    """Characters that the new password needs."""


class ResetPassword(RequestModel):
    """The token of the link, and the new password."""

    token: LinkToken
    password: Password


class Freeze(RequestModel):
    """The token of a freeze link."""

    token: LinkToken
