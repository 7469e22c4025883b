"""What a trace of a page comes down to: its frames and tasks as a small file, and a picture of them."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

KEPT_MS = 1.0
WIDTH, HEIGHT, LEFT = 1_200, 150, 60
CEILING_MS = 60.0
INK = {"frame": "#0e7490", "task": "#475569", "limit": "#be123c", "text": "#475569", "paper": "#ffffff"}


class Span(Protocol):
    """A task of the page's main thread, in ms."""

    @property
    def start(self) -> float:
        """Since the first one."""

    @property
    def wall(self) -> float:
        """By the clock."""

    @property
    def cpu(self) -> float:
        """The processor's own time in it."""


class Watched(Protocol):
    """What one page did while it was watched."""

    @property
    def page(self) -> str:
        """Its path."""

    @property
    def tasks(self) -> Sequence[Span]:
        """In order."""

    @property
    def frames(self) -> list[float]:
        """From one frame to the next, ms."""

    @property
    def books_per_second(self) -> float:
        """That arrived at it."""


def keep(directory: Path, seen: Watched) -> None:
    """Write `web-smoothness-<page>.json.gz` and `.svg`; tasks below a millisecond are only counted."""
    directory.mkdir(parents=True, exist_ok=True)
    name = "web-smoothness-" + seen.page.strip("/").partition("/")[0]
    tasks = [[round(task.start, 1), round(task.wall, 2), round(task.cpu, 2)] for task in seen.tasks]
    kept = {
        "page": seen.page,
        "book_updates_per_second": round(seen.books_per_second, 1),
        "frames_ms": [round(frame, 2) for frame in seen.frames],
        "tasks": len(tasks),
        "tasks_start_wall_cpu_ms": [task for task in tasks if task[1] >= KEPT_MS],
    }
    packed = gzip.compress(json.dumps(kept, separators=(",", ":")).encode(), mtime=0)
    (directory / f"{name}.json.gz").write_bytes(packed)
    (directory / f"{name}.svg").write_text(picture(seen))


def picture(seen: Watched) -> str:
    """Two bands over the same seconds: how long each frame stood and how long each task took; 50 ms is the red line."""
    span = sum(seen.frames)
    frames, at = [], 0.0
    for frame in seen.frames:
        frames.append((at, frame))
        at += frame
    tasks = [(task.start, task.wall) for task in seen.tasks if task.wall >= KEPT_MS]
    bands = _band(0, "frames", frames, span, "frame") + _band(HEIGHT, "tasks", tasks, span, "task")
    title = f"{seen.page}: {len(frames)} frames, longest {max(seen.frames):.1f} ms; "
    title += f"longest task {max(task.wall for task in seen.tasks):.1f} ms; {seen.books_per_second:.1f} book updates/s"
    size = f'viewBox="0 0 {WIDTH} {2 * HEIGHT + 40}" font-family="sans-serif" font-size="13" fill="{INK["text"]}"'
    paper = f'<rect width="100%" height="100%" fill="{INK["paper"]}"/><text x="{LEFT}" y="20">{title}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{paper}<g transform="translate(0 30)">{bands}</g></svg>\n'


def _band(top: int, name: str, spans: Sequence[tuple[float, float]], span: float, ink: str) -> str:
    floor, tall, wide = top + HEIGHT - 20, HEIGHT - 30, WIDTH - LEFT - 10
    bars = "".join(
        f"M{LEFT + at / span * wide:.1f} {floor}v-{min(length, CEILING_MS) / CEILING_MS * tall:.1f}"
        for at, length in spans
        if at <= span
    )
    limit = floor - 50 / CEILING_MS * tall
    return (
        f'<path d="{bars}" stroke="{INK[ink]}" fill="none"/>'
        f'<path d="M{LEFT} {limit:.1f}h{wide}" stroke="{INK["limit"]}" stroke-dasharray="4 4"/>'
        f'<text x="4" y="{floor}">{name}</text><text x="4" y="{limit + 4:.1f}">50 ms</text>'
        f'<text x="{WIDTH - 10}" y="{floor + 16}" text-anchor="end">{span / 1_000:.0f} s</text>'
    )
