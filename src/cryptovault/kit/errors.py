"""How the API says no: one envelope, one tree of errors, one table of the engine's refusals.

ApiError
├── BadInput          400  VALIDATION_ERROR
├── NotAuthenticated  401  AUTHENTICATION_ERROR
├── NotAllowed        403  AUTHORIZATION_ERROR
│   ├── CsrfFailed    403  CSRF_FAILED
│   ├── AdministratorsOnly 403 AUTHORIZATION_ERROR
│   └── EmailNotVerified   403  EMAIL_NOT_VERIFIED
├── NotFound          404  NOT_FOUND
├── Conflict          409  CONFLICT
├── TooLarge          413  VALIDATION_ERROR
├── RateLimited       429  RATE_LIMIT_EXCEEDED   + Retry-After
├── Unavailable       503  SERVICE_UNAVAILABLE   + Retry-After
│   ├── Overloaded    503  OVERLOADED            refused before anything was written
│   ├── OutcomeUnknown 503 OUTCOME_UNKNOWN       send the same request with the same key again
│   └── ReadsBehind   503  READS_BEHIND          the read models have not yet seen the caller's own writes
└── Refused           the engine's verdict; code = name of the Reject, status by REFUSALS
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from cryptovault.engine.events import Rejected, Verdict
from cryptovault.engine.rejects import Reject

Details = Mapping[str, Any] | list[Any] | None


class ApiError(Exception):
    """An answer that is not the one hoped for; the message is shown to people, the code to programs."""

    status: int = 500
    code: str = "INTERNAL_ERROR"
    message: str = "Something went wrong on our side."
    retry_after: int | None = None

    def __init__(self, message: str = "", *, details: Details = None, retry_after: int | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.details = details
        if retry_after is not None:
            self.retry_after = retry_after

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Headers that belong to this error alone."""
        headers = []
        if self.retry_after is not None:
            headers.append((b"retry-after", str(self.retry_after).encode()))
        if self.status == 401:  # noqa: PLR2004 - HTTP wants the scheme named with every 401
            headers.append((b"www-authenticate", b"Bearer"))
        return headers


class BadInput(ApiError):
    """The request cannot be understood; `details` lists the fields at fault."""

    status, code, message = 400, "VALIDATION_ERROR", "The request is not valid."


class NotAuthenticated(ApiError):
    """Nobody we know is asking."""

    status, code, message = 401, "AUTHENTICATION_ERROR", "Please sign in."


class NotAllowed(ApiError):
    """Somebody we know asks for what is not theirs."""

    status, code, message = 403, "AUTHORIZATION_ERROR", "You may not do that."


class CsrfFailed(NotAllowed):
    """A cookie came without proof that our own page sent it."""

    code, message = "CSRF_FAILED", "The X-CSRF-Token header is missing or does not belong to this session."


class AdministratorsOnly(NotAllowed):
    """The caller has no administrator's rights in this session."""

    message = "This is for administrators, who have signed in with a passkey where ADMIN_PASSKEY_REQUIRED is set."


class EmailNotVerified(NotAllowed):
    """The password is that of a sign-up whose address is not confirmed yet; `details.user_id` names it."""

    code, message = "EMAIL_NOT_VERIFIED", "Confirm your e-mail address first."


class NotFound(ApiError):
    """There is no such thing, or it is not the caller's."""

    status, code, message = 404, "NOT_FOUND", "There is nothing here."


class Conflict(ApiError):
    """It cannot be done in the present state."""

    status, code, message = 409, "CONFLICT", "That contradicts the present state."


class TooLarge(ApiError):
    """The body is larger than any request of this API can be."""

    status, code, message = 413, "VALIDATION_ERROR", "The request body is too large."


class RateLimited(ApiError):
    """Too many requests of one class; `retry_after` seconds from now there is room again."""

    status, code, message, retry_after = 429, "RATE_LIMIT_EXCEEDED", "Too many requests. Please slow down.", 1


class Unavailable(ApiError):
    """Something the answer needs cannot be reached; asking again later may help."""

    status, code, message, retry_after = 503, "SERVICE_UNAVAILABLE", "The service is not available right now.", 1


class Overloaded(Unavailable):
    """The engine's queue is full; the request was refused before anything was written."""

    code, message = "OVERLOADED", "The exchange is busy. Nothing was done; please try again."


class OutcomeUnknown(Unavailable):
    """The engine did not answer in time: the same request with the same key tells what became of it."""

    code, message = "OUTCOME_UNKNOWN", "The outcome is not known yet. Send the same request with the same key again."


class ReadsBehind(Unavailable):
    """The read models have not caught up with the caller's own writes within the time a reader waits."""

    code, message = "READS_BEHIND", "Your last change is not visible yet. Please try again."


REFUSALS: dict[Reject, tuple[int, str]] = {
    Reject.COMMAND_INVALID: (422, "A value is empty, too long, out of bounds or unknown."),
    Reject.KEY_REUSED: (409, "This idempotency key was used with another request."),
    Reject.ACCOUNT_INVALID: (422, "There is no such account."),
    Reject.ASSET_UNKNOWN: (404, "There is no such asset."),
    Reject.ASSET_EXISTS: (409, "The asset exists already."),
    Reject.ASSET_CLOSED: (409, "The asset is closed for this."),
    Reject.MARKET_UNKNOWN: (404, "There is no such market."),
    Reject.MARKET_INVALID: (422, "The market's definition contradicts itself or the existing one."),
    Reject.MARKET_HALTED: (409, "The market is halted."),
    Reject.MARKET_CANCEL_ONLY: (409, "The market takes cancellations only."),
    Reject.MARKET_POST_ONLY: (409, "The market takes post-only orders only."),
    Reject.ORDER_INVALID: (422, "This combination of type, price, quantity and flags makes no order."),
    Reject.PRICE_INVALID: (422, "The price is not a multiple of the tick size, or out of range."),
    Reject.QTY_INVALID: (422, "The quantity is not positive, or above the market's maximum."),
    Reject.LOT_SIZE: (422, "The quantity is not a multiple of the lot size."),
    Reject.AMOUNT_INVALID: (422, "The amount is not valid."),
    Reject.PRICE_STALE: (503, "There is no fresh reference price; market orders wait for one."),
    Reject.MIN_NOTIONAL: (422, "The order is worth less than the market's minimum."),
    Reject.TOO_MANY_ORDERS: (409, "You have as many open orders in this market as allowed."),
    Reject.INSUFFICIENT_FUNDS: (422, "Your available balance does not cover this."),
    Reject.POST_ONLY_WOULD_TAKE: (409, "A post-only order may not match at once."),
    Reject.FOK_NOT_FILLABLE: (409, "The book cannot fill all of it at once."),
    Reject.NO_LIQUIDITY: (409, "There is nobody to trade with at an allowed price."),
    Reject.ORDER_UNKNOWN: (404, "You have no such order."),
    Reject.WITHDRAWAL_UNKNOWN: (404, "You have no such withdrawal."),
    Reject.WITHDRAWAL_CLOSED: (409, "The withdrawal is already settled or released."),
    Reject.DEPOSIT_DUPLICATE: (409, "This payment was credited before."),
    Reject.ORDER_TYPE_CLOSED: (409, "The market does not take this kind of order."),
    Reject.TRIGGER_INVALID: (422, "The trigger is missing, contradicts the order, or its trail makes no sense."),
    Reject.WOULD_TRIGGER: (409, "The price has reached this trigger already."),
    Reject.EXPIRY_INVALID: (422, "The date lies in the past, or too far ahead."),
    Reject.VISIBLE_QTY_INVALID: (422, "The visible quantity does not fit the order."),
    Reject.GROUP_INVALID: (422, "These orders do not belong together."),
    Reject.MARKET_PRE_OPEN: (409, "The market has not opened yet; it takes only orders that can wait in the book."),
    Reject.ORDER_CLOSED: (409, "The order is closed already."),
    Reject.LIMIT_REACHED: (503, "A limit of the exchange itself is reached."),
}
"""The one table of refusals: HTTP status and what people are told."""


class Refused(ApiError):
    """The engine's refusal of a command; nothing has changed."""

    def __init__(self, reject: Reject, detail: str = "") -> None:
        status, message = REFUSALS[reject]
        super().__init__(message, details={"reason": detail} if detail else None)
        self.reject = reject
        self.reason = detail
        self.status = status
        self.code = reject.name
        self.retry_after = 1 if status == Unavailable.status else None


def accepted(verdict: Verdict) -> Verdict:
    """The verdict itself, unless it is a refusal: that is raised as `Refused`."""
    if isinstance(verdict, Rejected):
        raise Refused(verdict.reason, verdict.detail)
    return verdict


_CODES = {
    400: "VALIDATION_ERROR",
    401: "AUTHENTICATION_ERROR",
    403: "AUTHORIZATION_ERROR",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "VALIDATION_ERROR",
    415: "VALIDATION_ERROR",
    422: "VALIDATION_ERROR",
    429: "RATE_LIMIT_EXCEEDED",
    503: "SERVICE_UNAVAILABLE",
}
"""Codes of statuses that the framework answers by itself."""


def code_of(status: int) -> str:
    """The envelope's code for a bare HTTP status."""
    return _CODES.get(status, "INTERNAL_ERROR" if status >= 500 else "VALIDATION_ERROR")  # noqa: PLR2004


def envelope(code: str, message: str, request_id: str, details: Details = None) -> bytes:
    """The body of every error answer, as JSON bytes."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    error = {"code": code, "message": message, "request_id": request_id, "timestamp": now, "details": details}
    return msgspec.json.encode({"error": error})


def error_body(error: ApiError, request_id: str) -> bytes:
    """The envelope of one error."""
    return envelope(error.code, error.message, request_id, error.details)


ENVELOPE_SCHEMA = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "request_id", "timestamp", "details"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "request_id": {"type": "string"},
                "timestamp": {"type": "string", "format": "date-time"},
                "details": {},
            },
        }
    },
}

Declared = Reject | type[ApiError]


def declare(*errors: Declared) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: each error it can answer, grouped by status, with an example of each code."""
    responses: dict[int | str, dict[str, Any]] = {}
    for status, code, message in map(_facts, _with_bad_input(errors)):
        response = responses.setdefault(
            status,
            {"description": code, "content": {"application/json": {"schema": ENVELOPE_SCHEMA, "examples": {}}}},
        )
        examples = response["content"]["application/json"]["examples"]
        examples[code] = {"value": _example(code, message)}
        response["description"] = ", ".join(examples)
    return responses


def _with_bad_input(errors: Iterable[Declared]) -> list[Declared]:
    """Any route can be asked badly; saying so also replaces the framework's own 422."""
    return list(dict.fromkeys([BadInput, *errors]))


def _facts(error: Declared) -> tuple[int, str, str]:
    if isinstance(error, Reject):
        return (*REFUSALS[error][:1], error.name, REFUSALS[error][1])
    return error.status, error.code, error.message


def _example(code: str, message: str) -> dict[str, Any]:
    return {
        "error": {
            "code": code,
            "message": message,
            "request_id": "9f1c2a7be04d4f6f",
            "timestamp": "2026-01-31T12:00:00.000Z",
            "details": None,
        }
    }
