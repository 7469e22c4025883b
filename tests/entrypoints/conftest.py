import pytest

from fixtures.ports import free_port


@pytest.fixture(name="port")
def _port() -> int:
    """A loopback port that nobody listens on."""
    return free_port()
