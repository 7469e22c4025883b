"""What `cryptovault run` shows: progress while starting, one panel when it serves, a line for each event after that."""

import contextlib
import time
from collections.abc import Iterable
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.panel import Panel
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from cryptovault.entrypoints.children import Child, State

_MARKS = {State.WAITING: "[dim]·[/]", State.READY: "[green]✓[/]", State.DOWN: "[red]✗[/]", State.STOPPED: "[dim]-[/]"}


class Display:
    """A live table on a terminal; plain lines where there is none, so that logs and pipes read well."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self._children: list[Child] = []
        self._live: Live | None = None
        self._started = time.monotonic()
        self._said: dict[str, State] = {}

    @classmethod
    def quiet(cls) -> Self:
        """Shows nothing; for commands whose output is something else."""
        return cls(Console(quiet=True))

    def starting(self, children: list[Child]) -> None:
        """Begin to show progress."""
        self._children = children
        self._started = time.monotonic()
        if self.console.is_terminal:
            # Refreshed by the supervisor's own loop: a refresh thread would run while processes are forked.
            self._live = Live(console=self.console, auto_refresh=False, transient=True)
            self._live.start()

    def refresh(self) -> None:
        """Draw the progress once."""
        if self._live is not None:
            self._live.update(self._progress(), refresh=True)

    def changed(self, child: Child, sentence: str) -> None:
        """A process changed its state; `sentence` is for people, empty if the change is routine."""
        if sentence:
            self.say(sentence)
        elif self._live is None and child.state is State.READY and self._said.get(child.name) is not State.READY:
            self.console.print(f"{child.name} ready after {time.monotonic() - self._started:.1f} s")
        self._said[child.name] = child.state
        self.refresh()

    def say(self, sentence: str) -> None:
        """One event, with its time."""
        with contextlib.suppress(OSError):  # nobody to tell, or a log on a full disk: the exchange goes on
            self.console.print(f"{time.strftime('%H:%M:%S')} {escape(sentence)}", soft_wrap=True)

    def fail(self, sentences: Iterable[str]) -> None:
        """Why it cannot go on."""
        self.close()
        for sentence in sentences:
            self.console.print(Text.assemble(("✗ ", "bold red"), sentence), soft_wrap=True)

    def serving(self, rows: list[tuple[str, str]]) -> None:
        """The panel: what to know now that it serves, as (label, text)."""
        self.close()
        seconds = time.monotonic() - self._started
        title = f"CryptoVault serves ({seconds:.1f} s)"
        if not self.console.is_terminal:
            self.console.print(title)
            for label, text in rows:
                self.console.print(f"  {label + ':' if label else '':<15}{text}", soft_wrap=True, markup=False)
            return
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for label, text in rows:
            table.add_row(label, Text(text))
        self.console.print(Panel(table, title=f"[bold]{title}[/]", border_style="green", expand=False))

    def close(self) -> None:
        """End the live part; lines are still possible."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _progress(self) -> RenderableType:
        table = Table.grid(padding=(0, 1))
        now = time.monotonic()
        for child in self._children:
            mark = Spinner("dots") if child.state is State.STARTING else _MARKS[child.state]
            seconds = f"{now - child.since:.1f} s" if child.state is State.STARTING else ""
            table.add_row(mark, child.name, f"[dim]{child.state} {seconds}[/]")
        return Group(Text(f"Starting CryptoVault … {now - self._started:.1f} s", style="bold"), table)
