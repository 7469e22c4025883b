"""The API fuzzed from its own OpenAPI document, as nobody, with a token, as a browser and as a program.

A few hundred cases by default; `make nightly` sets FUZZ_CASES to 20,000.
"""

import asyncio
import json
import os
import re
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from cryptovault.entrypoints.api import Api, server_config
from security.cast import Cast
from security.standing_in import IDENTITIES, StandIn

CASES = int(os.environ.get("FUZZ_CASES", "0"))
SEED = os.environ.get("FUZZ_SEED", "1")
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
CHECKS = "content_type_conformance,response_schema_conformance"
KNOWS_ITS_CREDENTIALS = {"nobody", "token"}
"""The fuzzer can leave away or spoil what it sends itself; for the others the stand-in adds the credentials."""
MAX_ROUNDS = 20


@pytest.fixture(name="stand_in")
async def _stand_in(cast: Cast, app: Api) -> StandIn:
    """The four callers."""
    return StandIn(app, cast)


@pytest.fixture(name="url")
async def _url(stand_in: StandIn) -> AsyncIterator[str]:
    """The API on a real port."""
    config = server_config(stand_in, lifespan="off")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await task


@pytest.mark.timeout(7200)
async def test_no_input_breaks_the_api(app: Api, stand_in: StandIn, url: str, tmp_path: Path) -> None:
    """No 5xx and no route whose declared authentication is ignored, for any caller and any input tried."""
    documents = {who: tmp_path / f"{who}.json" for who in IDENTITIES}
    for who, path in documents.items():
        path.write_text(json.dumps(document_for(who, app.framework.openapi())))
    tried = 0
    for number in range(MAX_ROUNDS):
        for who, headers in IDENTITIES.items():
            made = await fuzz(documents[who], url, headers, who, f"{int(SEED) + number}")
            print(f"as {who}: {made} cases, seed {int(SEED) + number}", flush=True)  # noqa: T201
            tried += made
        if tried >= CASES:
            break
    print(f"{tried} cases; answers by status: {dict(sorted(stand_in.statuses.items()))}")  # noqa: T201
    assert stand_in.failures == []
    assert tried >= (CASES or 200)
    assert stand_in.statuses[200] > 0


def document_for(who: str, document: dict[str, Any]) -> dict[str, Any]:
    """The document as its reader should take it: a token's holder sends no made-up cookie beside the token."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for operations in copy["paths"].values():
        for operation in operations.values():
            if who == "token" and operation["security"]:
                operation["security"] = [{"bearer": []}]
    return copy


async def fuzz(document: Path, url: str, headers: list[str], who: str, seed: str) -> int:
    """Run the fuzzer once as one caller; the result is how many cases it made."""
    size = (
        ["--phases=coverage,fuzzing", "--max-examples=60", "--workers=4"]
        if CASES
        else ["--phases=fuzzing", "--max-examples=1"]
    )
    given = [part for header in headers for part in ("-H", header)]
    checks = f"{CHECKS},ignored_auth" if who in KNOWS_ITS_CREDENTIALS else CHECKS
    command = [str(SCHEMATHESIS), "run", str(document), "--url", url, "--checks", checks, "--seed", seed, *size, *given]
    rest = ["--no-color", "--continue-on-failure", "--generation-database=none", "--suppress-health-check=all"]
    with tempfile.TemporaryFile() as output:
        process = await asyncio.create_subprocess_exec(
            *command, *rest, stdout=output, stderr=output, cwd=document.parent
        )
        code = await process.wait()
        output.seek(0)
        text = output.read().decode(errors="replace")
    assert code == 0, f"as {who}:\n{text[-20_000:]}"
    made = re.search(r"(\d[\d,]*) generated", text)
    assert made is not None, text[-2_000:]
    return int(made[1].replace(",", ""))
