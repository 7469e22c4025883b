"""Accounts on the wire."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, EmailStr, StringConstraints

from cryptovault.kit.schemas import NAME_PATTERN, AnswerModel, RequestModel, Timestamp

_EMAIL_EXAMPLE = "ada@example.com"
_LOGIN_EXAMPLE = "four plain words here"


def _lower(email: str) -> str:
    """Addresses differ by more than case in theory only; one person must not be two accounts."""
    return email.lower()


Email = Annotated[EmailStr, StringConstraints(max_length=254), AfterValidator(_lower)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80, pattern=NAME_PATTERN)]


class SignUp(RequestModel):
    """A new account."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"email": _EMAIL_EXAMPLE, "password": _LOGIN_EXAMPLE, "name": "Ada"}}
    )
    email: Email
    password: Password
    name: Name = ""


class SignedUp(AnswerModel):
    """What a sign-up answers, whether or not the address is known already."""

    user_id: str
    email: str
    verification_required: Literal[True] = True


SignUpId = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{24})?$")]
"""The `user_id` that a sign-up answered: it tells several apart that were made with the same address."""


class VerifyEmail(RequestModel):
    """The code from the mail, and the `user_id` of one's own sign-up, needed where several wait for the address."""

    model_config = ConfigDict(json_schema_extra={"example": {"email": _EMAIL_EXAMPLE, "code": "428913"}})
    email: Email
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    user_id: SignUpId = ""


class ResendVerification(RequestModel):
    """Ask for another code; of the newest sign-up with this address unless `user_id` names one."""

    email: Email
    user_id: SignUpId = ""


class LogIn(RequestModel):
    """E-mail and password."""

    model_config = ConfigDict(json_schema_extra={"example": {"email": _EMAIL_EXAMPLE, "password": _LOGIN_EXAMPLE}})
    email: Email
    password: Password


class ProfileUpdate(RequestModel):
    """What a user may change about the account."""

    name: Name


class User(AnswerModel):
    """An account as its owner sees it."""

    id: str
    email: str
    name: str
    email_verified: bool
    created_at: Timestamp
    role: str

    @classmethod
    def of(cls, document: dict[str, Any]) -> "User":
        """From the stored document."""
        return cls(
            id=document["_id"],
            email=document["email"],
            name=document["name"],
            email_verified=document["email_verified"],
            created_at=document["created_at"],
            role=document["role"],
        )


class AuthResult(AnswerModel):
    """Signed in: the same tokens are also set as cookies."""

    user: User
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme
    expires_in: int


class SessionState(AnswerModel):
    """How long the caller's session lasts: `idle_seconds` after its last request, and until `ends_at` at most."""

    role: str
    """The rights of the session; an administrator may have fewer in it than the account has."""
    idle_seconds: int
    ends_at: Timestamp | None
