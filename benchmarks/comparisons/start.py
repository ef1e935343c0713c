"""Starting, and nothing else."""

from __future__ import annotations

import sys

from comparisons.base import Comparison, Target, Way, ours

IMPORTS = 'python -c "import typer, rich"'


def _starting(option: str) -> Comparison:
    return Comparison(
        name=option.strip("-"),
        title=f"`imbweights {option}`",
        about="No data.",
        make=lambda folder, quick: folder,
        ways=(
            Way(name=f"imbweights {option}", command=ours(option)),
            Way(name=IMPORTS, command=(sys.executable, "-c", "import typer, rich")),
        ),
        targets=(Target(beside=IMPORTS, at_most=1.5),),
        rounds=11,
    )


HELP, VERSION = _starting("--help"), _starting("--version")
