"""Every file of the corpus, the seeds and what fuzzing found: read right, or refused with a message."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from fuzz.targets import TARGETS

from imbweights.sources import SOURCES

CORPUS = Path(__file__).parents[1] / "corpus"
FILES = sorted(p for p in CORPUS.glob("*/*") if p.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_read_right_or_refused(path: Path, tmp_path: Path) -> None:
    """With every set of options that a fuzzer uses."""
    target = TARGETS[path.parent.name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of decoders, about damaged files
        for options in target.variants:
            target.tried(path.read_bytes(), tmp_path, options)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_sound(name: str, tmp_path: Path) -> None:
    """Each target accepts some of its files, or fuzzing would stay at the front door."""
    target = TARGETS[name]
    assert any(
        target.tried(path.read_bytes(), tmp_path, options)
        for path in FILES
        if path.parent.name == name
        for options in target.variants
    )


def test_every_reader_is_fuzzed() -> None:
    """A new kind of source needs a target; and the corpus stays small."""
    assert set(SOURCES) <= set(TARGETS)
    assert {path.parent.name for path in FILES} == set(TARGETS)
    assert sum(path.stat().st_size for path in FILES) < 1_000_000
