"""Measure which lines and branches of the installed package the tests run.

    pip wheel --no-deps -w dist . && python3 -m venv fresh
    fresh/bin/pip install "$(ls dist/*.whl)[test,trust,dask,remote,databases]"
    fresh/bin/python scripts/measure_coverage.py --figures tests/figures/coverage.json

Without PostgreSQL, moto and Dask the groups that need them are skipped, and their lines are missing.

The tests run in a copy of the repository without ``imbweights/``, so that nothing but the installed
package can be found. Processes that tests start count too. No line is excluded, by no comment either.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TESTS = (
    "tests/unit",
    "tests/properties",
    "tests/reference",
    "tests/cli",
    "tests/sweep",
    "tests/databases",
    "tests/cache",
    "tests/exactness",
    "tests/remote",
    "tests/cluster",
    "tests/faults",
)
SETTINGS = """\
[run]
branch = true
parallel = true
source_pkgs = imbweights
patch = subprocess, _exit
sigterm = true
data_file = {data}

[report]
# Nothing is excluded: this matches no line.
exclude_lines = (?!)
# Tests put modules of their own into the package while they run.
include = {package}/*
"""


def copy(place: Path) -> Path:
    """The repository without the package and what lies hidden."""
    leave = shutil.ignore_patterns(".*", "__pycache__", "dist", "site")
    for path in ROOT.iterdir():
        if path.name == "imbweights" or path.name.startswith("."):
            continue
        if path.is_dir():
            shutil.copytree(path, place / path.name, ignore=leave)
        else:
            shutil.copy2(path, place)
    return place


def installed() -> Path:
    """Where the package is, which must not be in the repository."""
    spec = importlib.util.find_spec("imbweights")
    if spec is None or not spec.origin or Path(spec.origin).is_relative_to(ROOT / "imbweights"):
        raise SystemExit(
            "install the wheel first, not the repository (-e): see the top of this file"
        )
    return Path(spec.origin).parent


def measured(place: Path, tests: list[str], jobs: str) -> dict[str, Any]:
    """Run the tests and the doctests; coverage's report as JSON."""
    settings = place / "coverage.ini"
    settings.write_text(SETTINGS.format(data=place / "data", package=installed()), encoding="utf-8")
    cover = [sys.executable, "-m", "coverage"]
    pytest = ["-m", "pytest", "-q", "-n", jobs, "-p", "no:cacheprovider"]
    environment = os.environ | {"COVERAGE_RCFILE": str(settings)}
    for what in [[each] for each in tests] + [["--pyargs", "imbweights"]]:
        done = subprocess.run(
            [*cover, "run", *pytest, *what], cwd=place, env=environment, check=False
        )
        if done.returncode:
            print(f"not all of {' '.join(what)} passed", flush=True)
    for command in (
        ["combine", "-q"],
        ["json", "-q", "-o", "report.json"],
        ["report", "--skip-covered"],
    ):
        subprocess.run([*cover, *command], cwd=place, env=environment, check=True)
    report: dict[str, Any] = json.loads((place / "report.json").read_text(encoding="utf-8"))
    return report


def figures(report: dict[str, Any], package: Path, tests: list[str]) -> dict[str, Any]:
    """What the documentation tells."""
    total = report["totals"]
    rooms: dict[str, list[int]] = {}
    for file, found in report["files"].items():
        parts = Path(file).resolve().relative_to(package.resolve()).parts
        room = parts[0] + "/" if len(parts) > 1 else parts[0]
        summary = found["summary"]
        both = rooms.setdefault(room, [0, 0, 0, 0])
        for i, name in enumerate(
            ("covered_lines", "num_statements", "covered_branches", "num_branches")
        ):
            both[i] += summary[name]
    return {
        "python": platform.python_version(),
        "tests": [*tests, "doctests"],
        "lines": [total["covered_lines"], total["num_statements"]],
        "branches": [total["covered_branches"], total["num_branches"]],
        "rooms": dict(sorted(rooms.items())),
    }


def main() -> None:
    """Measure, print, and write the figures where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("tests", nargs="*", default=list(TESTS))
    parser.add_argument("--jobs", default="auto", help="for pytest -n")
    parser.add_argument("--figures", type=Path, help="JSON file to write")
    parser.add_argument("--missing", type=Path, help="where coverage's whole report goes, as JSON")
    asked = parser.parse_args()
    package = installed()
    with tempfile.TemporaryDirectory() as name:
        report = measured(copy(Path(name).resolve()), asked.tests, asked.jobs)
    found = figures(report, package, asked.tests)
    for kind in ("lines", "branches"):
        run, every = found[kind]
        print(f"{kind}: {run} of {every}, {100 * run / every:.2f} %")
    if asked.missing:
        asked.missing.write_text(json.dumps(report), encoding="utf-8", newline="\n")
    if asked.figures:
        text = json.dumps(found, indent=2) + "\n"
        asked.figures.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
