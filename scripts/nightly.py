"""What is too long for every change: `python scripts/nightly.py [CASES]`, 20,000 fuzzing cases unless said otherwise.

First whether time tells known addresses from unknown ones, with 2,000 samples of each; then the fuzzer; then a million
random orders against the naive exchange, a million against nautilus_trader, a million amounts and a million trades in
circles. The fuzzer's seed is the
day's, and printed, so that a run can be repeated: FUZZ_SEED=20261121 python scripts/nightly.py
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = "20000"
SAMPLES = "2000"
MILLION = "1000000"
ENGINE = [
    f"tests/engine/{name}.py" for name in ("test_differential", "test_nautilus", "test_t7_amounts", "test_t8_loops")
]


def main() -> None:
    """Measure, fuzz, compare, and exit as the tests do."""
    cases = sys.argv[1] if len(sys.argv) > 1 else CASES
    seed = os.environ.get("FUZZ_SEED") or f"{datetime.now(UTC):%Y%m%d}"
    print(f"Timing with {SAMPLES} samples, then fuzzing with {cases} cases or more, seed {seed}.", flush=True)
    timing = pytest("-s", "tests/features/auth/test_enumeration.py", "-k", "time_does_not_tell", TIMING_SAMPLES=SAMPLES)
    fuzzing = pytest("-s", "tests/security/test_fuzz.py", FUZZ_CASES=cases, FUZZ_SEED=seed)
    print("A million orders each against the naive exchange and nautilus_trader, then amounts and circles.", flush=True)
    long = dict.fromkeys(("CRYPTOVAULT_DIFFERENTIAL", "CRYPTOVAULT_AMOUNTS", "CRYPTOVAULT_LOOPS"), MILLION)
    comparing = pytest("-rs", "-n", "auto", "--dist", "worksteal", *ENGINE, **long)
    sys.exit(timing or fuzzing or comparing)


def pytest(*what: str, **settings: str) -> int:
    """Run tests with settings of their own; the exit code."""
    command = [str(Path(sys.executable).parent / "pytest"), "-q", *what]
    environment = os.environ | settings | {"LOG_LEVEL": "ERROR"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    main()
