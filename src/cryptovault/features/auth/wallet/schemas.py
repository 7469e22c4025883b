"""Sign-in with a wallet on the wire."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from cryptovault.features.auth.wallet.message import MAX_MESSAGE
from cryptovault.kit.schemas import AnswerModel, RequestModel, Timestamp

Address = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$")]


class NonceRequest(RequestModel):
    """Which wallet will sign, on which chain it is."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "chain_id": 1}}
    )
    address: Address
    chain_id: int = 1


class Nonce(AnswerModel):
    """What the wallet shall sign by personal_sign, as it stands, within five minutes."""

    nonce: str
    message: str
    expires_at: Timestamp


class SignedMessage(RequestModel):
    """The message and the wallet's signature."""

    message: Annotated[str, StringConstraints(min_length=1, max_length=MAX_MESSAGE)]
    signature: Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{130}$")]
