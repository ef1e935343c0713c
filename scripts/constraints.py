"""Write the two files that say which releases the tests are run with: the oldest and the newest.

    python scripts/constraints.py oldest   # constraints/oldest.txt from the bounds in pyproject.toml
    python scripts/constraints.py newest   # constraints/newest.txt from what is installed here

``newest`` asks nobody: it writes down what pip has installed in the environment it runs in, so
begin with a fresh one (``python3 -m venv …; pip install -e ".[test]"``) and run the tests in it.
"""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "constraints"
OWN_NAME = "imbweights"
TESTED = "test"
"""The extra that brings everything the core tests need, with what users may add."""

COMPANIONS = {"pyparsing": "3.1"}
"""Releases of what is not declared, for the oldest: matplotlib 3.9 warns with newer ones."""


def project() -> dict[str, Any]:
    """The table ``[project]`` of pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(found["project"])


def declared(extra: str = TESTED) -> list[Requirement]:
    """What an installation with an extra asks for, the extras inside it followed."""
    table = project()
    extras = table["optional-dependencies"]
    found = {r.name: r for r in map(Requirement, table["dependencies"])}
    open_extras = [extra]
    while open_extras:
        for requirement in map(Requirement, extras[open_extras.pop()]):
            if canonicalize_name(requirement.name) == OWN_NAME:
                open_extras += sorted(requirement.extras)
            else:
                found[requirement.name] = requirement
    return sorted(found.values(), key=lambda r: canonicalize_name(r.name))


def lower_bound(requirement: Requirement) -> str:
    """The oldest release that a requirement allows."""
    bounds = [s.version for s in requirement.specifier if s.operator in {">=", "==", "~="}]
    if len(bounds) != 1:
        raise SystemExit(f"{requirement}: one lower bound is needed")
    return bounds[0]


def oldest() -> str:
    """constraints/oldest.txt: every lower bound as the one release to take."""
    head = "# The lower bounds of pyproject.toml: python scripts/constraints.py oldest\n"
    pins = {r.name: lower_bound(r) for r in declared()} | COMPANIONS
    return head + "".join(f"{name}=={release}\n" for name, release in pins.items())


def newest() -> str:
    """constraints/newest.txt: what is installed of all that is declared."""
    lines = []
    for requirement in declared():
        try:
            lines.append(f"{requirement.name}=={version(requirement.name)}\n")
        except PackageNotFoundError:
            raise SystemExit(
                f"{requirement.name} is not installed: pip install -e '.[{TESTED}]'"
            ) from None
    python = ".".join(map(str, sys.version_info[:2]))
    head = f"# What the core tests were last run with, on Python {python}: python scripts/constraints.py newest\n"
    return head + "".join(lines)


def main() -> None:
    """Write the file that is asked for."""
    makers = {"oldest": oldest, "newest": newest}
    if len(sys.argv) != 2 or sys.argv[1] not in makers:
        raise SystemExit(__doc__)
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{sys.argv[1]}.txt"
    path.write_text(makers[sys.argv[1]](), encoding="utf-8", newline="\n")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
