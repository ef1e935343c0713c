"""One target under atheris, in the process at hand."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import atheris
import duckdb

if TYPE_CHECKING:
    from fuzz.target import Target

_CORPUS = Path(__file__).parents[1] / "corpus"
# What is imported from these is instrumented, ours and the decoders that are written in Python.
_GUIDED = ["imbweights", "PIL", "nibabel", "scipy.io", "zipfile", "defusedxml"]


def instrumented_targets() -> dict[str, Target]:
    """Import the targets with coverage."""
    with _guided():
        from fuzz.targets import TARGETS
    return TARGETS


@contextmanager
def _guided() -> Iterator[None]:
    """Instrument what is imported, without the line that atheris writes of each module."""
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=_GUIDED):
        yield


def fuzz(name: str, found: Path, options: Sequence[str]) -> NoReturn:
    """Fuzz until the time is over; ends the process.

    A defect does not: the input is kept in ``found`` under the name of the place where it broke,
    and fuzzing goes on. Only what kills the process (a hang, memory, a crash in C) ends it early;
    libFuzzer keeps that input itself.
    """
    warnings.simplefilter("ignore")
    target = instrumented_targets()[name]
    memory = Path("/dev/shm")  # noqa: S108 - files need not reach a disk; the name in it is random
    folder = Path(tempfile.mkdtemp(prefix="imbweights-", dir=memory if memory.is_dir() else None))
    seen: set[str] = set()
    _share_database()

    def one_input(data: bytes) -> None:
        try:
            target.once(data, folder)
        except Exception as error:  # noqa: BLE001 - whatever is not for the user is a defect
            keep(data, error)

    def keep(data: bytes, error: Exception) -> None:
        place = place_of(error)
        if place in seen:
            return
        seen.add(place)
        (found / place).write_bytes(data)
        (found / f"{place}.trace").write_text("".join(traceback.format_exception(error)), "utf-8")

    def mutated(data: bytes, longest: int, seed: int) -> bytes:
        del seed
        if target.mutate is None:
            return bytes(atheris.Mutate(data, longest))
        changed = target.mutate(data, lambda part: atheris.Mutate(part, max(len(part) + 64, 64)))
        return changed if len(changed) <= longest else bytes(atheris.Mutate(data, longest))

    with _guided():
        for path in sorted((_CORPUS / name).iterdir()):  # what is imported late is guided, too
            one_input(path.read_bytes())
    custom = {} if target.mutate is None else {"custom_mutator": mutated}
    atheris.Setup([sys.argv[0], *options], one_input, **custom)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit()


def _share_database() -> None:
    """Starting DuckDB takes ten times as long as reading a small file with it: start it once."""
    with _guided():
        from imbweights.sources.tables import duck
    database = duckdb.connect(":memory:", config=duck._CONFIG)  # noqa: SLF001 - just as readers do
    duckdb.connect = lambda *_, **__: database.cursor()


def place_of(error: Exception) -> str:
    """The kind of error and the last line of ours that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "/imbweights/" in f.filename]
    last = (own or frames)[-1]
    text = f"{type(error).__name__}-{Path(last.filename).stem}-{last.name}-{last.lineno}"
    return text.replace("<", "").replace(">", "")
