import json
from pathlib import Path
from typing import Any

import pytest

from cryptovault_client import BookReplica, checksum

VECTORS = Path(__file__).parents[3] / "tests" / "vectors" / "book_stream.json"
CASES = json.loads(VECTORS.read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_recorded_messages(case: dict[str, Any]) -> None:
    """Each recorded message has the outcome it must have, and the book in the end is the exchange's."""
    book = BookReplica()
    for step in case["steps"]:
        take = book.take_snapshot if step["event"] == "book" else book.take_delta
        assert take(step["data"]).value == step["outcome"]
    assert book.synced is case["synced"]
    if case["book"] is None:
        assert (book.seq, book.bids, book.asks) == (-1, [], [])
    else:
        assert {
            "seq": book.seq,
            "bids": book.bids,
            "asks": book.asks,
            "checksum": checksum(book.bids, book.asks),
        } == case["book"]


def test_after_a_lost_connection_only_a_snapshot_counts() -> None:
    """No difference is applied to a book that may have missed some."""
    first, second = CASES[0]["steps"][:2]
    book = BookReplica()
    book.take_snapshot(first["data"])
    book.doubt()
    assert book.take_delta(second["data"]).value == "ignored"
    assert book.take_snapshot(first["data"]).value == "applied"
    assert book.take_delta(second["data"]).value == "applied"
