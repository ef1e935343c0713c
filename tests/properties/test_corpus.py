"""Every file of the corpus, the seeds and what fuzzing found: read right, or refused with a message."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fuzz.targets import TARGETS

from imbweights.sources import SOURCES

CORPUS = Path(__file__).parents[1] / "corpus"
FOUND = json.loads((CORPUS / "found.json").read_text("utf-8"))
FILES = sorted(p for p in CORPUS.glob("*/*") if p.is_file())


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what decoders warn of in damaged files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(name: str, tmp_path: Path) -> None:
    """With every set of options that the fuzzer uses."""
    path = CORPUS / name
    target = TARGETS[path.parent.name]
    with _quiet():
        for options in target.variants:
            target.tried(path.read_bytes(), tmp_path, options)


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_sound(name: str, tmp_path: Path) -> None:
    """Each is read or refused, with the options it chooses; some are read, or fuzzing would stay at
    the front door.
    """
    target = TARGETS[name]
    seeds = [path.read_bytes() for path in FILES if path.parent.name == name]
    with _quiet():
        read = [target.once(data, tmp_path) for data in seeds]
        assert any(read) or any(
            target.tried(data, tmp_path, options) for data in seeds for options in target.variants
        )


def test_every_reader_is_fuzzed() -> None:
    """A new kind of source needs a target; and the corpus stays small."""
    assert set(SOURCES) <= set(TARGETS)
    assert {path.parent.name for path in FILES} == set(TARGETS)
    assert sum(path.stat().st_size for path in FILES) < 1_000_000
