"""Structured logs: one JSON object a line, secrets removed by type and by name."""

import asyncio
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, BinaryIO

import msgspec
import structlog
from pydantic import SecretStr

from cryptovault.settings import Settings

_SECRET_NAME = re.compile(r"password|secret|token|cookie|authorization|api_key|code$", re.IGNORECASE)
_ACCESS_BATCH_SECONDS = 0.05
_HIDDEN = "[hidden]"

Event = MutableMapping[str, Any]


def configure_logging(settings: Settings, *, process: str, stream: BinaryIO | None = None) -> None:
    """Send structlog and the standard library's logs to stdout (or a stream) as JSON lines, each naming its process."""
    out = stream or sys.stdout.buffer
    level = getattr(logging, settings.log_level)
    structlog.contextvars.clear_contextvars()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _with_process(process),
            _redact,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    _access.configure(process, out if level <= logging.INFO else None)
    handler = _ToStructlog()
    logging.basicConfig(handlers=[handler], level=max(level, logging.INFO), force=True)
    for chatty in ("engineio", "socketio", "pymongo", "uvicorn.access", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def log_to_file(settings: Settings, process: str) -> None:
    """For commands that talk to somebody: what would disturb there goes to a file beside the logs of the processes."""
    settings.log_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    configure_logging(settings, process=process, stream=(settings.log_dir / f"{process}.log").open("ab", buffering=0))


def get_logger(name: str) -> Any:
    """A logger whose events carry `module=name`."""
    return structlog.get_logger(module=name)


class AccessLine(msgspec.Struct):
    """One answered request. A struct is encoded faster than a dict, and this is done for every request."""

    request_id: str
    user_id: str | None
    method: str
    path: str
    status: int
    milliseconds: float
    address: str
    timestamp: str
    process: str = ""
    event: str = "request"
    module: str = "access"
    level: str = "info"


class _AccessLog:
    """Lines of the access log, written together every few milliseconds.

    They are the same JSON as every other line, but are made without the chain of processors and written in
    batches: a line for each request must not cost more than the request.
    """

    def __init__(self) -> None:
        self._process = ""
        self._out: BinaryIO | None = None
        self._lines: list[bytes] = []

    def configure(self, process: str, out: BinaryIO | None) -> None:
        """Where lines go; None, as before any configuration, means that there are none.

        What an event loop left queued when it ended is dropped: nobody would write it, nor what came behind it.
        """
        self._process, self._out, self._lines = process, out, []

    def add(self, line: AccessLine) -> None:
        """Queue a line; the first of a batch arranges for the batch to be written."""
        if self._out is None:
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(_ACCESS_BATCH_SECONDS, self.flush)
        line.process = self._process
        self._lines.append(_encode_line(line))

    def flush(self) -> None:
        """Write what is queued."""
        lines, self._lines = self._lines, []
        if lines and self._out is not None:
            self._out.write(b"\n".join(lines) + b"\n")
            self._out.flush()


_encode_line = msgspec.json.Encoder().encode
_access = _AccessLog()


def log_access(line: AccessLine) -> None:
    """Log one answered request."""
    _access.add(line)


class _ToStructlog(logging.Handler):
    """Hands records of libraries to structlog, so that there is one format."""

    def emit(self, record: logging.LogRecord) -> None:
        logger = structlog.get_logger(module=record.name)
        logger.log(record.levelno, record.getMessage(), exc_info=record.exc_info)


def _with_process(process: str) -> Any:
    def add(_logger: Any, _method: str, event: Event) -> Event:
        event["process"] = process
        return event

    return add


def _redact(_logger: Any, _method: str, event: Event) -> Event:
    """Hide what is a secret by type or by name, one level deep: events are flat."""
    for name, value in event.items():
        if isinstance(value, SecretStr) or (value and _SECRET_NAME.search(name)):
            event[name] = _HIDDEN
    return event


def _render(_logger: Any, _method: str, event: Event) -> bytes:
    """JSON escapes line breaks, so nobody can forge a line of the log."""
    return msgspec.json.encode(event, enc_hook=str)
