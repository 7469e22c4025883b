"""What the documents say is true: commands exist, links lead somewhere, every setting is listed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.main import get_command

from cryptovault.entrypoints.cli import app
from cryptovault.settings import Settings
from tidy.tree import ROOT, files, text, tracked

DOCUMENTS = files(".md")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", text("Makefile"), re.MULTILINE))
COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]  # a group, as every application with commands
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def code_in(name: str) -> str:
    """The code spans and blocks of a document; prose may say "make sure"."""
    return "\n".join(CODE.findall(text(name)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documented_commands_exist(name: str) -> None:
    """Every `make x` and `cryptovault x` in a document can be typed."""
    code = code_in(name)
    targets = set(re.findall(r"(?:^|[`\s])make ([a-z][a-z-]*)", code))
    commands = set(re.findall(r"(?:^|[`\s/])cryptovault ([a-z][a-z-]*)", code))
    assert targets - TARGETS == set()
    assert commands - COMMANDS == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link and picture of a document exists."""
    targets = re.findall(r"\]\(([^)#\s]+)", CODE.sub("", text(name)))
    relative = [target for target in targets if not re.match(r"[a-z]+:", target)]
    folder = (ROOT / name).parent
    assert [target for target in relative if not (folder / target).exists()] == []


def test_every_decision_is_in_the_index() -> None:
    """docs/adr/README.md lists each decision under its number and name."""
    index = text("docs/adr/README.md")
    decisions = [Path(name).name for name in files(".md", under="docs/adr/") if not name.endswith("README.md")]
    assert [name for name in decisions if f"]({name})" not in index] == []
    assert len({name[:4] for name in decisions}) == len(decisions)


def test_the_example_names_every_setting() -> None:
    """.env.example has each setting once, and nothing that is not a setting."""
    names = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE)
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_holds_no_secret() -> None:
    """Secrets in .env.example are empty: whoever copies it gets generated ones, or a refusal in production."""
    for name, field in Settings.model_fields.items():
        if field.annotation is SecretStr:
            assert re.search(rf"^# {name.upper()}=$", text(".env.example"), re.MULTILINE), name


def test_the_help_lists_every_target() -> None:
    """`make help` shows each target that a person would type."""
    helped = set(re.findall(r"^([a-z-]+):.*##", text("Makefile"), re.MULTILINE))
    assert {"help", "run", "test", "check", "fmt", "bench", "web", "docs", "lock", "clean"} <= helped


def test_the_house_has_its_documents() -> None:
    """A newcomer finds what every project of this kind has."""
    wanted = {"README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE"}
    assert wanted - set(tracked()) == set()


def test_generated_pages_are_current() -> None:
    """docs/reference is what the code says now; `make docs` writes it again."""
    check = subprocess.run(
        [sys.executable, "scripts/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert check.stderr == ""
    assert check.returncode == 0
