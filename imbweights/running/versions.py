"""Which imbweights, and which libraries, read a file: what another one read may be something else."""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# Where files are read. Between two releases the version stays and the code does not.
_ROOMS = ("core", "running", "sources")


@cache
def version_of(package: str) -> str:
    """What changes with a package: of imbweights its version and its files, of others the date and size
    of their first file (asking for their version takes longer than to look up 1000 counts).
    """
    if package != "imbweights":
        spec = find_spec(package)
        return "" if spec is None or spec.origin is None else str(_stamp(spec.origin))
    here = Path(__file__).parent.parent
    files = (
        os.path.join(folder, name)  # noqa: PTH118
        for room in _ROOMS
        for folder, _, names in os.walk(here / room)
        for name in names
        if name.endswith(".py")
    )
    stamps = [_stamp(file) for file in files]
    newest = max((changed for changed, _ in stamps), default=0)
    version = sys.modules[package].__version__  # importing it here would turn the house's direction
    return f"{version} {newest} {sum(size for _, size in stamps)}"


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
