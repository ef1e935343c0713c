"""Where labels may lie in a folder, and what is not worth a look."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 200_000
# What tools make, what programs live in, and the data of tests.
_SKIPPED = frozenset(
    [
        "node_modules",
        "venv",
        "env",
        "virtualenv",
        "__pycache__",
        "site-packages",
        "build",
        "dist",
        "target",
        "htmlcov",
        "wandb",
        "mlruns",
        "runs",
        "lightning_logs",
        "checkpoints",
        "logs",
        "tests",
        "docs",
        "doc",
        "examples",
        "__macosx",
    ]
)
# Folders whose files are looked at one by one.
_USUAL = re.compile(
    r"(?i)(.*[_-])?(data|datasets?|labels?|annotations?|annot|masks?|targets?|gt|ground[_-]?truth|raw|"
    r"processed|interim|splits?|train|training|val|valid|validation|dev|test)([_-]?(data|sets?))?"
)
_NO_DATA = re.compile(
    r"(?i)(package(-lock)?|tsconfig.*|composer|bower|lerna|manifest|requirements.*|constraints.*|readme.*|"
    r"license.*|copying.*|changelog.*|cmakelists|robots|imbweights.*)\.(json|txt|yaml|toml|xml|csv)"
)
_PROGRAMS = frozenset((".py", ".ipynb", ".js", ".ts", ".c", ".cpp", ".rs", ".go", ".java", ".m"))
_PROJECT_FILES = frozenset(("pyproject.toml", "setup.cfg", "package.json", "dvc.yaml", "Makefile"))
_TABLES = frozenset((".csv", ".tsv", ".parquet", ".pq", ".jsonl", ".ndjson", ".arff", ".mat"))
_OTHERS = frozenset((".json", ".txt", ".yaml", ".xml", ".npy", ".npz", ".dat", ".svm", ".libsvm"))
_OTHERS_TOO = frozenset((".labels", ".label", ".lst", ".fasttext", ".svmlight", ".yml"))


def folders_in(folder: Path) -> list[Path]:
    """The folders to look at, by name; hidden ones, caches and environments are left out."""
    return [path for path in _entries(folder) if path.is_dir() and not _is_skipped(path)]


def files_in(folder: Path) -> list[Path]:
    """The files that may hold labels by their suffix, by name."""
    return [path for path in _entries(folder) if path.is_file() and _may_hold_labels(path)]


def is_usual(folder: Path) -> bool:
    """Whether data are usually kept in a folder of that name."""
    return _USUAL.fullmatch(folder.name) is not None


def holds_programs(folder: Path, *, others: bool = True) -> bool:
    """Whether more than a data set lives here, so that the folder as a whole is none: folders that
    tools make or, with ``others``, programs and what belongs to a project.
    """
    return any(
        (path.is_dir() and _is_skipped(path))
        or (others and (path.name in _PROJECT_FILES or path.suffix in _PROGRAMS))
        for path in _entries(folder)
    )


def holds_tables(folder: Path) -> bool:
    """Whether tables lie in the folder itself; they are then asked before the folder."""
    return any(suffix(path) in _TABLES for path in files_in(folder))


def is_table(path: Path) -> bool:
    """Whether the name says that this is a table."""
    return suffix(path) in _TABLES


def suffix(path: Path) -> str:
    """Lower-case suffix without the one of the compression."""
    inner = path.with_suffix("") if path.suffix.lower() in {".gz", ".zst"} else path
    return inner.suffix.lower()


def too_many(folder: Path) -> bool:
    """Whether the folder holds more files than one would look through unasked."""
    seen = 0
    for _, _, names in os.walk(folder):
        seen += len(names)
        if seen > MOST_FILES:
            return True
    return False


def _entries(folder: Path) -> Iterator[Path]:
    """What is not hidden and has a name that can be written down, by name."""
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        return
    for path in entries:
        if not path.name.startswith(".") and _is_text(path.name):
            yield path


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False  # bytes that are no UTF-8; a configuration cannot name them
    return True


def _is_skipped(path: Path) -> bool:
    name = path.name.lower()
    return name in _SKIPPED or name.endswith(".egg-info") or (path / "pyvenv.cfg").is_file()


def _may_hold_labels(path: Path) -> bool:
    known = _TABLES | _OTHERS | _OTHERS_TOO
    return suffix(path) in known and not _NO_DATA.fullmatch(path.name)
