"""Fuzz every reader, guided by coverage: ``python tests/fuzz/run.py --seconds 90 [--only csv]``.

The time is shared out among the targets, one process after the other. What libFuzzer finds worth
keeping stays in ``--work`` for the next run. Each defect is kept there under ``found/``, by the place
where it broke; the run then ends with status 1. ``--figures FILE`` adds executions, CPU time and
coverage to a JSON file.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuzz.figures import Outcome

_TESTS = Path(__file__).parents[1]
_SLOWEST = 25  # seconds for one input: many times what the slowest seed takes on a busy machine
_MEMORY = 3000  # MB
_LONGEST = 4096
_LEAST = 2

sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]


def main() -> int:
    """Run the targets, one after the other; 1 when anything was found."""
    asked = _arguments()
    if find_spec("atheris") is None:
        print("fuzzing needs atheris: pip install -e '.[fuzz]'")
        return int(os.environ.get("IMBWEIGHTS_REQUIRE_FUZZ") == "1")
    # Only after the check: this imports the readers, instrumented.
    from fuzz.figures import add, shown
    from fuzz.one import instrumented_targets

    targets = instrumented_targets()
    unknown = sorted(set(asked.only) - set(targets))
    if unknown:
        print(f"no such target: {', '.join(unknown)}; known are {', '.join(targets)}")
        return 2
    names = [name for name in targets if name in (asked.only or targets) and name not in asked.but]
    end = time.monotonic() + asked.seconds
    outcomes: list[Outcome] = []
    for left, name in zip(range(len(names), 0, -1), names, strict=True):
        seconds = max(_LEAST, int((end - time.monotonic()) / left))
        outcomes.append(_fuzzed(name, asked.work, seconds))
        print(shown(outcomes[-1]), flush=True)
        if asked.figures:
            add(asked.figures, outcomes[-1:], python=platform.python_version())
    total = sum(o.executions for o in outcomes)
    hours = sum(o.cpu_seconds for o in outcomes) / 3600
    print(f"{total:,} executions in {hours:.2f} CPU hours; see {asked.work}")
    return int(any(o.found for o in outcomes))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=90, help="of all targets together")
    parser.add_argument("--only", nargs="*", default=[], metavar="TARGET")
    parser.add_argument("--but", nargs="*", default=[], metavar="TARGET")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "imbweights-fuzzing"
    )
    parser.add_argument("--figures", type=Path, help="a JSON file to which figures are added")
    return parser.parse_args()


def _fuzzed(name: str, work: Path, seconds: int) -> Outcome:
    """One target in a process of its own."""
    from fuzz.figures import outcome
    from fuzz.one import fuzz

    grown, found = work / "corpus" / name, work / "found" / name
    for folder in (grown, found):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    log = work / f"{name}.log"
    options = _options(name, found, seconds)
    child = os.fork()
    if child == 0:
        _redirected(log)
        fuzz(name, found, [*options, str(grown), str(_TESTS / "corpus" / name)])
    _, status, used = os.wait4(child, 0)
    return outcome(
        name=name,
        log=log.read_text("utf-8", "replace"),
        cpu_seconds=used.ru_utime + used.ru_stime,
        found=tuple(sorted(p.name for p in set(found.iterdir()) - before if p.suffix != ".trace")),
        died=os.waitstatus_to_exitcode(status) != 0,
    )


def _options(name: str, found: Path, seconds: int) -> Sequence[str]:
    from fuzz.targets import TARGETS

    words = found.parent / f"{name}.dict"
    known = TARGETS[name].words
    words.write_text(
        "".join(f'"{re.sub(r"[^ !#-Z^-~]", _escaped, word.decode("latin-1"))}"\n' for word in known)
    )
    return [
        f"-max_total_time={seconds}",
        f"-timeout={_SLOWEST}",
        f"-rss_limit_mb={_MEMORY}",
        f"-max_len={_LONGEST}",
        f"-artifact_prefix={found}/",
        *([f"-dict={words}"] if known else []),
        f"-report_slow_units={_SLOWEST}",
        "-print_final_stats=1",
        "-reload=0",
    ]


def _escaped(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"


def _redirected(log: Path) -> None:
    """What the child prints goes into its log."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, 1)
    os.dup2(target, 2)


if __name__ == "__main__":
    sys.exit(main())
