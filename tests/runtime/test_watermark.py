"""J9: the local mark of what was acknowledged."""

from pathlib import Path

from cryptovault.runtime.records import Head
from cryptovault.runtime.watermark import Watermark


def _head(seq: int) -> Head:
    return Head(seq, bytes([seq]) * 32, 1)


def test_j9_the_highest_head_is_found_again(tmp_path: Path) -> None:
    """The last head stored is the one a new process finds."""
    mark = Watermark(tmp_path / "mark")
    for seq in range(1, 8):
        mark.store(_head(seq))
    mark.close()
    assert Watermark(tmp_path / "mark").head == _head(7)


def test_j9_a_lower_head_is_ignored(tmp_path: Path) -> None:
    """The mark never goes back."""
    mark = Watermark(tmp_path / "mark")
    mark.store(_head(5))
    mark.store(_head(4))
    assert mark.head == _head(5)


def test_j9_a_torn_write_leaves_the_one_before(tmp_path: Path) -> None:
    """Where the newer slot is damaged, the older one counts."""
    path = tmp_path / "mark"
    mark = Watermark(path)
    mark.store(_head(1))
    mark.store(_head(2))
    mark.close()
    data = bytearray(path.read_bytes())
    data[20] ^= 0xFF  # turn 2 is in slot 0
    path.write_bytes(bytes(data))
    assert Watermark(path).head == _head(1)


def test_j9_an_empty_mark_is_the_beginning(tmp_path: Path) -> None:
    """Without a file nothing is known to be acknowledged."""
    assert Watermark(tmp_path / "mark").head == Head()
