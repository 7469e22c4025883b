"""A withdrawal: an amount set aside until its rail has paid it or given up."""

from enum import IntEnum


class WithdrawalStatus(IntEnum):
    """Held until paid or given back."""

    HELD = 0
    SETTLED = 1
    RELEASED = 2


class Withdrawal:
    """One withdrawal. `amount` goes to the rail, `fee` to the house."""

    __slots__ = ("amount", "asset", "fee", "rail", "status")

    def __init__(
        self, asset: str, amount: int, fee: int, rail: str, status: WithdrawalStatus = WithdrawalStatus.HELD
    ) -> None:
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.rail = rail
        self.status = status

    @property
    def is_open(self) -> bool:
        """Whether its amount and fee are still held."""
        return self.status is WithdrawalStatus.HELD

    @property
    def held(self) -> int:
        """Units set aside now."""
        return self.amount + self.fee if self.is_open else 0
