"""Passwords, checked against the rules and hashed, with the errors an answer can show."""

from typing import NamedTuple

from cryptovault.features.auth import policy
from cryptovault.features.auth.factor_store import FactorStore
from cryptovault.infra.mongo import Document
from cryptovault.infra.passwords import HashersBusy
from cryptovault.kit.errors import BadInput, Overloaded
from cryptovault.kit.services import Services


class Owner(NamedTuple):
    """Whose password it is: it must not be made of these, and may be shorter beside a second factor."""

    email: str
    name: str = ""
    has_factor: bool = False

    @property
    def shortest(self) -> int:
        """How many characters the password needs."""
        return policy.PASSWORD_MIN_BESIDE if self.has_factor else policy.PASSWORD_MIN


async def owner_of_password(services: Services, user: Document) -> Owner:
    """Whose password it will be, as the account is now."""
    return Owner(user["email"], user["name"], await FactorStore(services.db).has_any(user["_id"]))


async def hash_password(services: Services, password: str, owner: Owner, field: str = "password") -> str:
    """The hash to store; BadInput, naming the field, where the password is not good enough."""
    refuse_bad_password(password, owner, field)
    try:
        return await services.passwords.hash(password)
    except HashersBusy as error:
        raise Overloaded from error


def refuse_bad_password(password: str, owner: Owner, field: str = "password") -> None:
    """BadInput, naming the field, where the password is not good enough; costs nothing."""
    fault = policy.password_fault(password, owner.email, owner.name, beside_factor=owner.has_factor)
    if fault:
        raise BadInput(fault, details=[{"field": field, "message": fault, "type": "password"}])


def is_short(password: str) -> bool:
    """Whether a password is good enough beside a second factor only; kept as `short_password` of the account."""
    return len(password) < policy.PASSWORD_MIN


async def verify_password(services: Services, stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored one the answer is no, in the same time."""
    try:
        return await services.passwords.verify(stored, password)
    except HashersBusy as error:
        raise Overloaded from error
