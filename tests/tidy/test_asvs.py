"""docs/security/asvs.md is complete and points at tests that exist."""

import re
from collections import Counter

from tidy.tree import ROOT, text

PAGE = "docs/security/asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (?:`(.+?)`)? \| (.*?) \|$", re.MULTILINE)
ROWS = ROW.findall(text(PAGE))


def test_no_line_is_missing() -> None:
    """The standard has 70 requirements of level 1 and 183 more of level 2; each is there once."""
    assert Counter(level for _, level, *_ in ROWS) == {"1": 70, "2": 183}
    assert [line for line, count in Counter(row[0] for row in ROWS).items() if count > 1] == []
    assert len(ROWS) == sum(line.startswith("| ") and line[2].isdigit() for line in text(PAGE).splitlines())


def test_each_line_has_a_test_or_a_reason() -> None:
    """Nothing is claimed without a test or a reason."""
    assert [line for line, _, _, shown, reason in ROWS if not shown and not reason] == []


def test_the_named_tests_exist() -> None:
    """Every test that a line names is a function of the file it names."""
    missing = []
    for line, _, _, shown, _ in ROWS:
        file, _, function = shown.partition("::")
        if shown and not (ROOT / file).is_file():
            missing.append((line, file))
        elif function and f"def {function}(" not in (ROOT / file).read_text(encoding="utf-8"):
            missing.append((line, shown))
    assert missing == []
