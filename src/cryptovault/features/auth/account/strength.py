"""How easy a password is to guess."""

from zxcvbn import zxcvbn

from cryptovault.features.auth import policy
from cryptovault.features.auth.account.schemas import PasswordStrength

_LOOKED_AT = 48
"""Characters; the estimate's cost grows with the length, and what is longer is strong or repeats itself."""


def rate(password: str, email: str, *, beside_factor: bool = False) -> PasswordStrength:
    """Score a password; the address does not make it stronger."""
    fault = policy.password_fault(password, email, beside_factor=beside_factor)
    if not password:
        return PasswordStrength(score=0, hint=fault, acceptable=False)
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=[part for part in (email, *email.split("@")) if part])
    feedback = found["feedback"]
    hint = fault or feedback["warning"] or next(iter(feedback["suggestions"]), "")
    score = min(found["score"], 1) if fault else found["score"]
    return PasswordStrength(score=score, hint=hint, acceptable=not fault)
