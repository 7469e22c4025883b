"""Measure each figure of docs/performance.md, one script after another: `python scripts/bench.py [NAME ...]`.

Each script of bench/ is also a command of its own, with options: `python bench/startup.py --help`.
"""

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / "bench"


def main() -> None:
    """Run those named, or all."""
    names = [path.stem for path in sorted(BENCH.glob("*.py")) if '__name__ == "__main__"' in path.read_text()]
    chosen = sys.argv[1:] or names
    if unknown := set(chosen) - set(names):
        sys.exit(f"✗ There is no bench {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    failed = [name for name in chosen if not run(name)]
    sys.exit(f"✗ failed: {', '.join(failed)}" if failed else 0)


def run(name: str) -> bool:
    """Run one and show what it prints."""
    print(f"── {name}", flush=True)
    return subprocess.run([sys.executable, BENCH / f"{name}.py"], check=False).returncode == 0


if __name__ == "__main__":
    main()
