"""What the API answers when the engine, the database or Redis does not."""

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from cryptovault.infra.engine_frames import EngineBusy, EngineError, EngineTimeout, EngineUnavailable
from cryptovault.kit.errors import ApiError, OutcomeUnknown, Overloaded, Unavailable

ANSWERS: dict[type[Exception], type[ApiError]] = {
    EngineBusy: Overloaded,
    EngineTimeout: OutcomeUnknown,
    EngineUnavailable: Unavailable,
    EngineError: Unavailable,
    PyMongoError: Unavailable,
    RedisError: Unavailable,
}
"""Failures of what we run on, and how they are told."""


def as_api_error(error: Exception) -> ApiError | None:
    """The answer to a failure of something below us, or None for a fault of our own."""
    if isinstance(error, ApiError):
        return error
    for kind, answer in ANSWERS.items():
        if isinstance(error, kind):
            return answer()
    return None
