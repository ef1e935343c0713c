"""Change the code that counts and weighs, one small thing at a time, and see whether tests notice.

    python scripts/mutation.py --sample 40 --seed 1                # 40 mutants of each group
    python scripts/mutation.py --only schemes losses --sample 100
    python scripts/mutation.py --sample 40 --figures tests/figures/mutation.json
    python scripts/mutation.py --again --figures tests/figures/mutation.json   # its survivors

needs ``pip install -e ".[test,trust]"`` and a system that can fork. No file is changed: a mutant is
loaded in place of its module, in a process of its own, and meets only those tests of its group that run the
function it is in, the quickest first. Without ``--sample`` all mutants are tried, which takes a day.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # before NumPy: we fork

import pytest
from mutants import Mutant, candidates, function_lines, sample

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "imbweights"
HEAVY = ("numpy", "scipy.stats", "scipy.special", "pandas", "duckdb", "rich.console", "typer")
"""Loaded once, before forking; nothing of imbweights is."""
MEMORY = 6 << 30
PATIENCE = 10.0
"""A mutant may take this many times as long as the sound code, and a minute, before it is ended."""


@dataclass(frozen=True)
class Group:
    """Modules, and the tests whose business they are."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def paths(self) -> list[Path]:
        """The files of the modules."""
        return sorted(path for pattern in self.modules for path in PACKAGE.glob(pattern))


GROUPS = {
    "counts": Group(
        ("core/counts.py", "core/exact.py", "core/label_sets.py"),
        (
            "imbweights/core/counts.py",
            "tests/unit/test_counts.py",
            "tests/properties/test_counts_laws.py",
            "tests/properties/test_exact_counts.py",
            "tests/unit/test_several_labels.py",
            "tests/reference/test_measure_numbers.py",
            "tests/reference/test_scheme_numbers.py",
        ),
    ),
    "counting": Group(
        (
            "sources/text/plain/*.py",
            "sources/tables/ones.py",
            "sources/images/histogram.py",
            "sources/images/adding.py",
        ),
        (
            "tests/properties/test_plain_tables.py",
            "tests/unit/test_ones.py",
            "tests/properties/test_mask_laws.py",
            "tests/properties/test_mask_adding.py",
            "tests/unit/test_masks.py",
            "imbweights/sources/images",
            "imbweights/sources/text/plain",
        ),
    ),
    "schemes": Group(
        ("schemes/*.py",),
        (
            "imbweights/schemes",
            "tests/reference/test_scheme_numbers.py",
            "tests/properties/test_scheme_laws.py",
            "tests/unit/test_scheme_notes.py",
            "tests/cli/test_suggest.py",
            "tests/cli/test_suggest_more.py",
        ),
    ),
    "measures": Group(
        ("measures/*.py",),
        (
            "imbweights/measures",
            "tests/reference/test_measure_numbers.py",
            "tests/unit/test_several_labels.py",
            "tests/cli/test_analyze.py",
        ),
    ),
    "losses": Group(
        ("losses/*.py",),
        ("imbweights/losses", "tests/unit/test_losses.py", "tests/properties/test_loss_laws.py"),
    ),
    "rules": Group(
        ("rules/*.py",),
        (
            "imbweights/rules",
            "tests/cli/test_rule_cases.py",
            "tests/cli/test_check.py",
            "tests/cli/test_check_more.py",
            "tests/unit/test_check_api.py",
            "tests/unit/test_check_files.py",
            "tests/unit/test_rule_messages.py",
        ),
    ),
}


class MutatedModule(importlib.machinery.SourceFileLoader):
    """Finds one module, with other source in it."""

    def __init__(self, path: Path, source: str) -> None:
        """``path`` lies in the package."""
        parts = path.relative_to(ROOT).with_suffix("").parts
        super().__init__(".".join(parts[:-1] if parts[-1] == "__init__" else parts), str(path))
        self._source = source

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """Only for the one module."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - the protocol
        """Never from bytecode that the sound module has left."""
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Chosen:
    """A plugin for pytest: of all that is collected only these tests, the quickest first."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        """``seconds`` of each test by its id."""
        self._seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Called by pytest when all are found."""
        wanted = [item for item in items if item.nodeid in self._seconds]
        items[:] = sorted(wanted, key=lambda item: self._seconds[item.nodeid])


class Watcher:
    """A plugin for pytest: how long each test takes, and which lines of the group's files it runs."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Lines of these files are looked at."""
        self._paths = {str(path): path.relative_to(ROOT).as_posix() for path in paths}
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[str, list[int]]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Called by pytest around each test."""
        found: dict[str, set[int]] = {}

        def look(frame: Any, event: str, _arg: object) -> Any:
            name = self._paths.get(frame.f_code.co_filename)
            if name is None:
                return None
            if event in {"call", "line"}:
                found.setdefault(name, set()).add(frame.f_lineno)
            return look

        begun = time.perf_counter()
        sys.settrace(look)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            self.seconds[item.nodeid] = time.perf_counter() - begun
            self.lines[item.nodeid] = {name: sorted(lines) for name, lines in found.items()}


def in_child(work: Callable[[], int], limit: float, log: Path) -> int | None:
    """The exit status of some work in a forked process; ``None`` where its time was over."""
    child = os.fork()
    if child == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        status = 70
        try:
            status = work()
        except BaseException:  # noqa: BLE001 - nothing may leave a forked process but its status
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def pytest_run(tests: Sequence[str], plugin: object) -> int:
    """Stop at the first failure; the same Hypothesis examples every time."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "-n", "0", "--no-header", "--tb=line"]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def watched(group: Group, folder: Path) -> Watcher:
    """Run the group's tests on the sound code."""
    watcher = Watcher(group.paths)
    kept = folder / "watched.json"

    def work() -> int:
        status = pytest_run(group.tests, watcher)
        kept.write_text(json.dumps([watcher.seconds, watcher.lines]), encoding="utf-8")
        return status

    status = in_child(work, 3600, folder / "sound.log")
    if status != 0:
        raise SystemExit(f"the tests fail without a mutant ({status}): {folder / 'sound.log'}")
    watcher.seconds, watcher.lines = json.loads(kept.read_text(encoding="utf-8"))
    return watcher


def tests_for(mutant: Mutant, watcher: Watcher) -> dict[str, float]:
    """The tests that run the function of a mutant; all of them for what runs on loading."""
    inside = function_lines(mutant.path, mutant.line)
    if inside is None:
        return watcher.seconds
    name = mutant.path.relative_to(ROOT).as_posix()
    return {
        test: watcher.seconds[test]
        for test, lines in watcher.lines.items()
        if not set(inside).isdisjoint(lines.get(name, ()))
    }


def outcome(mutant: Mutant, watcher: Watcher, folder: Path) -> str:
    """``killed``, ``survived``, ``out of time`` or ``no test``."""
    chosen = tests_for(mutant, watcher)
    if not chosen:
        return "no test"
    files = sorted({test.split("::")[0] for test in chosen})

    def work() -> int:
        module = MutatedModule(mutant.path, mutant.source)
        sys.meta_path.insert(0, module)
        importlib.import_module(module.name)  # now: pytest's own finder comes first later
        return pytest_run(files, Chosen(chosen))

    status = in_child(work, 60 + PATIENCE * sum(chosen.values()), folder / "mutant.log")
    if status is None:
        return "out of time"
    # 1: a test failed; 2, 3, 4 and 70: it could not even be loaded; below 0: ended by a signal.
    return "survived" if status == 0 else "killed"


@dataclass(frozen=True)
class Tried:
    """A mutant and what became of it."""

    file: str
    line: int
    operator: str
    occurrence: int
    before: str
    after: str
    outcome: str

    def __str__(self) -> str:
        """The change and where it was made."""
        return f"{self.file}:{self.line} {self.before} → {self.after}"


SURVIVED = ("survived", "no test")


def try_group(name: str, size: int, seed: int, folder: Path) -> dict[str, Any]:
    """Its figures."""
    group = GROUPS[name]
    folder.mkdir(parents=True, exist_ok=True)
    mutants, every = sample(group.paths, size, seed)
    watcher = watched(group, folder)
    tried = []
    for number, mutant in enumerate(mutants, 1):
        result = outcome(mutant, watcher, folder)
        last = recorded(mutant, result)
        tried.append(last)
        print(f"{name} {number}/{len(mutants)} {result}: {last}", flush=True)
    survivors = [asdict(each) for each in tried if each.outcome in SURVIVED]
    return {
        "candidates": every,
        "tried": len(tried),
        "killed_at_first": len(tried) - len(survivors),
        "survivors": survivors,
    }


def recorded(mutant: Mutant, result: str) -> Tried:
    """What is kept of a mutant."""
    file = mutant.path.relative_to(ROOT).as_posix()
    return Tried(file, mutant.line, mutant.operator, mutant.occurrence, *mutant.change, result)


def try_again(name: str, figures: dict[str, Any], folder: Path) -> None:
    """Try the survivors once more, after tests have been added; the modules must be the same."""
    group = GROUPS[name]
    folder.mkdir(parents=True, exist_ok=True)
    watcher = watched(group, folder)
    left = []
    for each in figures["survivors"]:
        path = ROOT / each["file"]
        [mutant] = [
            m
            for m in candidates(path)
            if (m.operator, m.occurrence) == (each["operator"], each["occurrence"])
        ]
        last = recorded(mutant, outcome(mutant, watcher, folder))
        if last.after != each["after"]:
            raise SystemExit(f"{path} is not what it was: {last} for {each}")
        print(f"{name} again, {last.outcome}: {last}", flush=True)
        if last.outcome in SURVIVED:
            left.append(asdict(last))
    figures["survivors"] = left


def main() -> None:
    """Try the groups asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="mutants of each group")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--logs", type=Path, default=ROOT / ".mutation", help="folder for logs")
    parser.add_argument("--again", action="store_true", help="only the survivors in --figures")
    parser.add_argument("--figures", type=Path, help="JSON file to write or to add to")
    asked = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    for module in HEAVY:
        importlib.import_module(module)
    kept: dict[str, Any] = {}
    if asked.figures and asked.figures.exists():
        kept = json.loads(asked.figures.read_text(encoding="utf-8"))
    for name in asked.only:
        if asked.again:
            try_again(name, kept[name], asked.logs / name)
        else:
            found = try_group(name, asked.sample, asked.seed, asked.logs / name)
            kept[name] = {"seed": asked.seed, **found}
        print(f"{name}: {len(kept[name]['survivors'])} of {kept[name]['tried']} survive")
        if asked.figures:
            text = json.dumps(kept, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
            asked.figures.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
