"""What is too long for every change: `python scripts/nightly.py [CASES]`, 20,000 fuzzing cases unless said otherwise.

The seed is the day's, and printed, so that a run can be repeated: FUZZ_SEED=20261121 python scripts/nightly.py
"""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASES = "20000"


def main() -> None:
    """Fuzz, and exit as the tests do."""
    cases = sys.argv[1] if len(sys.argv) > 1 else CASES
    seed = os.environ.get("FUZZ_SEED") or f"{datetime.now(UTC):%Y%m%d}"
    print(f"Fuzzing with {cases} cases or more, seed {seed}.", flush=True)
    command = [str(Path(sys.executable).parent / "pytest"), "-q", "-s", "tests/security/test_fuzz.py"]
    environment = os.environ | {"FUZZ_CASES": cases, "FUZZ_SEED": seed, "LOG_LEVEL": "ERROR"}
    sys.exit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
