"""The back office on the wire."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from cryptovault.features.auth.schemas import Email, Name, Password
from cryptovault.kit.schemas import AnswerModel, RequestModel


class Setup(RequestModel):
    """The token printed at the first start, and the administrator to be."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "token": "printed-at-first-start",
                "email": "ada@example.com",
                "password": "four plain words here",
            }
        }
    )
    token: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    email: Email
    password: Password
    name: Name = ""


class FirstAdmin(AnswerModel):
    """The administrator, who signs in like anybody else and gets a code on top."""

    user_id: str
    email: str
