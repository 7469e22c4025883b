"""What a page costs before it can be read: everything that its first paint fetches, as it goes over the line."""

import json
import re

import pytest

from e2e.conftest import DIST

FIRST_LOAD_MAX = 250_000
FILES = re.compile(r'"/(assets/[^"]+\.(?:js|css))"')
FACTS = re.compile(r'id="build">(.*?)</script>')


def first_load(page: str) -> int:
    """Gzipped bytes of index.html, of the files it names, and of those that a page adds to them in English."""
    html = (DIST / "index.html").read_text()
    found = FACTS.search(html)
    assert found
    part = json.loads(found.group(1))["pages"].get(page, {"files": [], "texts": {"en": []}})
    files = {"index.html", *FILES.findall(html.replace(found.group(), ""))}
    files |= {name.lstrip("/") for name in (*part["files"], *part["texts"]["en"])}
    if page == "trade":
        files |= {f"assets/{path.name}" for path in (DIST / "assets").glob("trade-desk-*.js")}
    return sum((DIST / f"{name}.gz").stat().st_size for name in files)


@pytest.mark.parametrize("page", ["landing", "markets", "trade"])
def test_the_first_load_keeps_to_its_budget(page: str) -> None:
    """HTML, JavaScript, CSS and texts of a page stay below 250 kB; chart, order lists and windows come later."""
    assert first_load(page) < FIRST_LOAD_MAX
