"""What an owner changes, on the wire."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from cryptovault.features.auth import policy
from cryptovault.features.auth.links import LinkToken
from cryptovault.features.auth.schemas import Email, Password
from cryptovault.kit.schemas import AnswerModel, RequestModel, Timestamp

Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=50, pattern=r"^[^\x00-\x1f\x7f<>\u2028-\u202e/]*$")
]


class ChangePassword(RequestModel):
    """The password in force, empty where the account has none yet, and the new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"current_password": "four plain words here", "new_password": "four other words now"}
        }
    )
    current_password: Annotated[str, StringConstraints(max_length=1024)] = ""
    new_password: Password


class ChangeEmail(RequestModel):
    """The address to have from now on."""

    new_email: Email


class ConfirmEmailChange(RequestModel):
    """The token of a link from one of the two mails."""

    token: LinkToken


class EmailChange(AnswerModel):
    """`waiting`: the other address has yet to confirm. `changed`: both have."""

    status: Literal["waiting", "changed"]


class AntiPhishing(RequestModel):
    """A phrase that every mail of ours will show; empty for none."""

    phrase: Phrase


class SettingsLock(RequestModel):
    """For how long the security settings cannot be changed. It cannot be made shorter, by nobody."""

    days: Annotated[int, Field(ge=1, le=policy.SETTINGS_LOCK_DAYS)]


class Security(AnswerModel):
    """The locks of an account; each is null where there is none."""

    has_password: bool
    password_min: int
    """Characters that a new password needs: fewer beside a second factor."""
    password_changed_at: Timestamp | None
    anti_phishing_phrase: str
    settings_locked_until: Timestamp | None
    withdrawals_locked_until: Timestamp | None
    withdrawals_locked_by: str


class PasswordToRate(RequestModel):
    """A password while it is chosen; it is not kept."""

    password: Annotated[str, StringConstraints(max_length=1024)]
    email: Annotated[str, StringConstraints(max_length=254)] = ""
    beside_factor: bool = False
    """Whether it is for an account with a second factor."""


class PasswordStrength(AnswerModel):
    """0 (guessed at once) to 4 (very hard to guess), a hint in words, and whether the password would be taken."""

    score: Annotated[int, Field(ge=0, le=4)]
    hint: str
    acceptable: bool
