"""Fixtures that every test may ask for."""

import structlog

pytest_plugins = [
    "fixtures.services",
    "fixtures.processes",
    "fixtures.nodes",
    "fixtures.api",
    "fixtures.trading",
    "fixtures.sign_in_providers",
]

# Left to itself, structlog draws each exception with all its local variables: seconds of work that nobody looks at.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
