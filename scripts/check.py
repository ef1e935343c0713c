"""All that CI checks, in the environment of this Python: the one command for contributors.

``python scripts/check.py`` runs every step and names those that failed;
``python scripts/check.py lint types`` runs only those.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
# MkDocs' theme announces its successor at every build otherwise.
ENVIRONMENT = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
STEPS = {
    "tests": [sys.executable, "-m", "pytest"],
    "lint": [sys.executable, "-m", "ruff", "check", "."],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
    "docs": [sys.executable, "scripts/make_docs.py", "--check"],
    "site": [sys.executable, "-m", "mkdocs", "build", "--strict"],
    "pictures": [sys.executable, "scripts/make_screens.py", "--check"],
}


def main() -> None:
    """Run the wanted steps, all of them even if one fails."""
    wanted = sys.argv[1:] or list(STEPS)
    unknown = [name for name in wanted if name not in STEPS]
    if unknown:
        sys.exit(f"unknown step {unknown[0]}; steps: {', '.join(STEPS)}")
    failed = []
    for name in wanted:
        print(f"== {name}", flush=True)
        if subprocess.run(STEPS[name], cwd=TOP, env=ENVIRONMENT, check=False).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
    print(f"fine: {', '.join(wanted)}")


if __name__ == "__main__":
    main()
