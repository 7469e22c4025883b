"""Passwords, checked against the rules and hashed, with the errors an answer can show."""

from cryptovault.features.auth import policy
from cryptovault.infra.passwords import HashersBusy
from cryptovault.kit.errors import BadInput, Overloaded
from cryptovault.kit.services import Services


async def hash_password(services: Services, password: str, email: str, field: str = "password") -> str:
    """The hash to store; BadInput, naming the field, where the password is not good enough."""
    fault = policy.password_fault(password, email)
    if fault:
        raise BadInput(fault, details=[{"field": field, "message": fault, "type": "password"}])
    try:
        return await services.passwords.hash(password)
    except HashersBusy as error:
        raise Overloaded from error


async def verify_password(services: Services, stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored one the answer is no, in the same time."""
    try:
        return await services.passwords.verify(stored, password)
    except HashersBusy as error:
        raise Overloaded from error
