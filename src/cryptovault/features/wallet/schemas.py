"""Balances and faucet claims as people read them."""

from pydantic import ConfigDict, Field

from cryptovault.kit.schemas import AnswerModel, PositiveAmount, RequestModel, SymbolText


class Balance(AnswerModel):
    """One asset. `held` is set aside for open orders and withdrawals; `total` is both together."""

    asset: str = Field(examples=["USDT"])
    name: str = Field(examples=["Tether"])
    available: str = Field(examples=["9500"])
    held: str = Field(examples=["500"])
    total: str = Field(examples=["10000"])
    price_usd: str | None = Field(examples=["1"])
    value_usd: str | None = Field(examples=["10000.00"])


class Balances(AnswerModel):
    """Every asset the account ever held, most valuable first; true as of journal position `seq`."""

    items: list[Balance]
    total_value_usd: str = Field(examples=["10000.00"])
    seq: int
    at: str


class FaucetClaim(RequestModel):
    """Play money, outside production. Without `amount` it is the most that one claim gives."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"asset": "USDT"}, {"asset": "BTC", "amount": "0.01"}]})

    asset: SymbolText
    amount: PositiveAmount | None = None


class FaucetCredit(AnswerModel):
    """What was credited."""

    asset: str = Field(examples=["USDT"])
    amount: str = Field(examples=["10000"])
    seq: int
