"""`cryptovault doctor`: looks at everything a run depends on, and says what to do about what is not well."""

import shutil
import subprocess
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cryptovault.entrypoints import preflight
from cryptovault.entrypoints.instance import instance_lock, running_pid
from cryptovault.entrypoints.preflight import Finding, Level
from cryptovault.entrypoints.probes import data_findings
from cryptovault.infra.embedded import with_embedded
from cryptovault.infra.secret_files import SettingsError, load_settings
from cryptovault.settings import Settings

NODE_MAJOR_MIN = 20
WEB_DIST = Path("web/dist/index.html")

_MARKS = {Level.OK: ("✓ ok", "green"), Level.WARN: ("! warn", "yellow"), Level.FAIL: ("✗ fail", "bold red")}


async def doctor(console: Console | None = None) -> int:
    """Print every finding; give 0 if nothing failed, else 1."""
    findings = await examine()
    console = console or Console(highlight=False)
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark, style = _MARKS[finding.level]
        table.add_row(Text(mark, style), finding.topic, Text(finding.text, overflow="fold"))
    console.print(table)
    failed = sum(finding.level is Level.FAIL for finding in findings)
    warned = sum(finding.level is Level.WARN for finding in findings)
    console.print(f"{len(findings)} checks: {failed} failed, {warned} with a warning.")
    return 1 if failed else 0


async def examine() -> list[Finding]:
    """Everything that is known about this installation, from the machine up to the data."""
    machine = [preflight.check_platform(), check_node(), check_web()]
    try:
        settings = load_settings()
    except SettingsError as error:
        return [*machine, *(Finding("settings", Level.FAIL, fault) for fault in error.faults)]
    private = f"{settings.environment}; secrets are private files or set by the environment"
    servers = [preflight.check_mongod(settings), preflight.check_redis(settings)]
    places = [
        preflight.check_home(settings),
        preflight.check_run_dir(settings),
        preflight.check_disk(settings),
        preflight.check_maker(settings),
    ]
    found = [*machine, Finding("settings", Level.OK, private), *servers, *places, check_lock(settings)]
    if not running_pid(settings):
        found.append(preflight.check_port(settings))
    return [*found, *await data_findings(with_embedded(settings), running=bool(running_pid(settings)))]


def check_node() -> Finding:
    """Node.js builds the web app; a built one runs without it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return Finding("node", Level.WARN, f"Node.js {NODE_MAJOR_MIN}+ with npm is not on PATH; it builds the web app.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = version.lstrip("v").split(".")[0]
    recent = major.isdigit() and int(major) >= NODE_MAJOR_MIN
    return Finding("node", Level.OK if recent else Level.WARN, f"{version} at {node} (needed: {NODE_MAJOR_MIN}+)")


def check_web() -> Finding:
    """The web app has been built."""
    if WEB_DIST.exists():
        return Finding("web app", Level.OK, f"built, {WEB_DIST.parent}")
    return Finding("web app", Level.WARN, "not built here, so only the API is served; build it with: make web")


def check_lock(settings: Settings) -> Finding:
    """Whether an instance runs on this home, and whether the last one ended well."""
    if pid := running_pid(settings):
        return Finding("instance", Level.OK, f"running, pid {pid}")
    if left := instance_lock(settings).left_behind():
        text = f"not running; the last run (pid {left}) did not end cleanly, the next start recovers by itself"
        return Finding("instance", Level.WARN, text)
    return Finding("instance", Level.OK, "not running")
