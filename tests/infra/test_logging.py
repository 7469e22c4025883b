import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from cryptovault.infra.logging import AccessLine, configure_logging, get_logger, log_access, log_to_file
from cryptovault.settings import Settings


@pytest.fixture(name="out")
def _out(settings: Settings) -> Iterator[io.BytesIO]:
    stream = io.BytesIO()
    configure_logging(settings, process="test", stream=stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()


def lines(out: io.BytesIO) -> list[dict[str, object]]:
    """What was logged, one object a line."""
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_lines_are_json_and_cannot_be_forged(out: io.BytesIO) -> None:
    """T36: whatever a value holds, it stays inside its one line."""
    get_logger("auth").warning("attempt", address='1\n{"event":"forged"}')
    (line,) = lines(out)
    assert (line["event"], line["module"], line["process"]) == ("attempt", "auth", "test")
    assert line["address"] == '1\n{"event":"forged"}'


def test_secrets_are_hidden_by_type_and_by_name(out: io.BytesIO) -> None:
    """T36: a secret does not reach the log, whether it is typed as one or only named so."""
    get_logger("x").info("y", value=SecretStr("hush"), password="hush", refresh_token="hush", X_Api_Key="hush")
    assert b"hush" not in json.dumps(lines(out)).encode()


async def test_access_lines_have_the_same_form(out: io.BytesIO) -> None:
    """An access line is JSON with request id, user id and duration, written within a moment."""
    log_access(AccessLine("r1", "u1", "GET", "/api/v1/orders", 200, 1.25, "::1", "2026-01-01T00:00:00.000Z"))
    await asyncio.sleep(0.1)
    (line,) = lines(out)
    assert (line["request_id"], line["user_id"], line["milliseconds"], line["process"]) == ("r1", "u1", 1.25, "test")


@pytest.mark.usefixtures("out")
def test_commands_keep_their_log_out_of_sight(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """What a command logs, such as records of the security log, is in a file beside the logs, not in its answer."""
    log_to_file(settings, "commands")
    get_logger("audit").info("audit", seq=7)
    assert capfd.readouterr() == ("", "")
    assert '"seq":7' in (settings.log_dir / "commands.log").read_text()
