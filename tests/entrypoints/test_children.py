from pathlib import Path

import pytest

from cryptovault.entrypoints.children import Child, Program, State
from cryptovault.infra.embedded import Launch


async def nothing() -> None:
    """A readiness condition that holds at once."""


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("first\nSystemExit: engine: Fenced: another leader took over.\n", "engine: Fenced: another leader took over."),
        (
            '{"s":"E","msg":"WiredTiger error","attr":{"error":28}}\n{"s":"I","msg":"now exiting"}\n',
            "WiredTiger error 28.",
        ),
        ('{"event":"no route to feed","level":"error"}', "no route to feed."),
        ('last good line\n{"s":"E","msg":"half a li', "last good line."),
        ("", ""),
    ],
)
def test_the_last_words_of_a_log_are_for_people(tmp_path: Path, log: str, words: str) -> None:
    """Of plain text the last line, of JSON the message of the last error; never half a record."""
    program = Program("one", lambda: Launch([]), nothing)
    (tmp_path / "one.log").write_text(log)
    child = Child(program, tmp_path / "one.log", lambda: 0, lambda _child, _sentence: None)
    assert child._last_words().endswith(words)


async def test_what_cannot_be_started_is_a_sentence(tmp_path: Path) -> None:
    """A missing program is a death like others: told, tried again, and given up before it was ever ready."""
    said = []
    program = Program("ghost", lambda: Launch([str(tmp_path / "no such program")]), nothing)
    child = Child(program, tmp_path / "ghost.log", lambda: 0, lambda _child, sentence: said.append(sentence))
    with pytest.raises(Exception, match="ghost could not be started"):
        await child.start()
    await child.stop()
    assert child.state is State.STOPPED
    assert sum("starting it again" in sentence for sentence in said) == 2
