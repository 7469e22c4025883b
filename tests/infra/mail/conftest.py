from datetime import UTC, datetime, timedelta

import pytest

from cryptovault.infra.outbox.store import Claim


@pytest.fixture(name="claim")
def _claim() -> Claim:
    """A claimed mail."""
    now = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
    until = now + timedelta(days=1)
    return Claim("outbox-17", 1, "ada@example.com", "notice", {}, 1, now, until, security=True)
