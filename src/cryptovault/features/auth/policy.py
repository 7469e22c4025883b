"""What a password must be, how long codes and sessions live. Figures and their sources: docs/security."""

from datetime import timedelta

from cryptovault.infra.breached import is_breached

PASSWORD_MIN = 15
"""Characters, as long as the password is the only factor (NIST SP 800-63B-4)."""
PASSWORD_MIN_BESIDE = 8
"""Characters of a password beside a second factor."""
PASSWORD_MAX = 128

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
STEP_UP_CODES = 5
"""Codes by mail for sensitive acts within one code's lifetime."""
SIGNUP_LIFETIME = timedelta(hours=24)
MAX_SIGNUPS = 3
"""Sign-ups of one address that wait for their code at the same time."""

SIGNUPS_PER_HOUR = 10
"""Of one address: every one of them writes to it."""
RESEND_PER_MINUTE = 1
RESEND_PER_HOUR = 5

MAX_SESSIONS = 10
REFRESH_GRACE = timedelta(seconds=10)
"""Two tabs may refresh at the same moment; after that, a used refresh token is a stolen one."""

REVOCATION_POLL_SECONDS = 1.0
"""Ended sessions are announced on Redis; a worker that missed the message finds them in MongoDB within this time."""
OVERDUE_POLL_SECONDS = 5.0
"""Sessions that are over by themselves are looked for that often."""
REVOCATION_OVERLAP = timedelta(seconds=30)

LOCK_FAILURES = 5
LOCK_WINDOW = timedelta(minutes=15)
"""Failures further apart than that are not counted together."""
LOCK_LONGEST = timedelta(hours=24)
"""Where each lock is twice as long as the one before."""
LOCK_CAP = 100
"""Failures in a row over all networks, after which only known browsers may try (NIST SP 800-63B-4)."""

RESET_WITHDRAWAL_LOCK = timedelta(hours=24)
EMAIL_WITHDRAWAL_LOCK = timedelta(hours=72)
EMAIL_CHANGE_LIFETIME = timedelta(minutes=15)
LOST_FACTOR_WAIT = timedelta(days=7)
"""Between the second administrator's word and the removal of a lost second factor."""
FREEZE_LIFETIME = timedelta(days=14)
SETTINGS_LOCK_DAYS = 30
DEVICE_LIFETIME = timedelta(days=365)
MAX_DEVICES = 50

ADMIN_CODE_LIFETIME = timedelta(minutes=10)
ADMIN_CODE_TRIES = 5

_COMMON = ("password", "qwertyuiop", "1234567890", "letmein", "iloveyou", "cryptovault", "bitcoin", "abcdefghij")
_MIN_DIFFERENT = 5
_MIN_OWN = 10
"""Characters a password must have beside common words and the address."""


def password_fault(password: str, email: str, name: str = "", *, beside_factor: bool = False) -> str:
    """Why a password is refused, as a sentence; empty where it is good. There are no composition rules.

    `beside_factor` says that the account has a second factor.
    """
    shortest = PASSWORD_MIN_BESIDE if beside_factor else PASSWORD_MIN
    if len(password) < shortest:
        return f"The password needs at least {shortest} characters; a few words make a good one."
    if len(password) > PASSWORD_MAX:
        return f"The password may have at most {PASSWORD_MAX} characters."
    if len(set(password)) < _MIN_DIFFERENT:
        return "The password repeats too few characters."
    if is_breached(password):
        return "This password is on a list of leaked passwords, which attackers try first."
    if len(_own_part(password, email, name)) < min(_MIN_OWN, shortest - 2):
        return "The password is mostly a common word, your name or your e-mail address."
    return ""


def _own_part(password: str, email: str, name: str) -> str:
    """What is left of a password without the words anybody would try for this account."""
    rest = password.lower()
    for word in (*_COMMON, email.lower(), email.lower().partition("@")[0], name.lower(), *name.lower().split()):
        if len(word) > 3:  # noqa: PLR2004 - shorter words are in too many good passwords
            rest = rest.replace(word, "")
    return rest
