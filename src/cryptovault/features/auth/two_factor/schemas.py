"""Second factors on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, StringConstraints

from cryptovault.kit.schemas import AnswerModel, RequestModel, Timestamp

TotpCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Method = Literal["totp", "recovery_code", "passkey"]
Asked = Literal["totp", "recovery_code", "passkey", "admin_code"]
"""At sign-in administrators are also asked for the code that was just sent to them."""


class TotpSetup(AnswerModel):
    """A new secret for the authenticator app. It counts once a code of it has been entered."""

    secret: str
    otpauth_uri: str
    qr_svg: str
    """The QR code of the URI, as an SVG data URI for an <img>."""


class ConfirmSetup(RequestModel):
    """The first code that the authenticator app shows."""

    model_config = ConfigDict(json_schema_extra={"example": {"code": "428913"}})
    code: TotpCode


class RecoveryCodes(AnswerModel):
    """Codes that stand in for a lost device, each once. They are shown this one time."""

    recovery_codes: list[str]


class Proof(RequestModel):
    """A second factor: `code` for totp, recovery_code and admin_code, `credential` for a passkey."""

    model_config = ConfigDict(json_schema_extra={"example": {"method": "totp", "code": "428913"}})
    method: Asked
    code: Annotated[str, StringConstraints(max_length=64)] = ""
    credential: dict[str, Any] | None = None
    """What navigator.credentials.get() gave, as PublicKeyCredential.toJSON() writes it."""


class SecondFactorStatus(AnswerModel):
    """Which second factors the caller has."""

    enabled: bool
    totp: bool
    totp_since: Timestamp | None
    passkeys: int
    recovery_codes_left: int
