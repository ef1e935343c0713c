"""Files that change under the reader."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import run

from imbweights.core.errors import SourceError
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.profiling import profile_of
from imbweights.sources import delimited
from imbweights.sources.images import counting
from imbweights.sources.images.decoding import Pixels, decoded
from imbweights.sources.steady import ChangedError, Steady


def appended(path: Path) -> None:
    """More is written to it."""
    with path.open("ab") as stream:
        stream.write(b"b\n")


def cut(path: Path) -> None:
    """It is cut off."""
    os.truncate(path, 2)


def replaced(path: Path) -> None:
    """Another file of the same size takes its place."""
    other = path.with_name("other.tmp")
    other.write_bytes(path.read_bytes())
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


CHANGES = pytest.mark.parametrize("change", [appended, cut, replaced, Path.unlink])


@CHANGES
def test_a_change_is_noticed(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """Also one of which size and time do not tell."""
    path = tmp_path / "a.csv"
    path.write_text("label\n" + "a\n" * 9)
    with (
        pytest.raises(ChangedError, match="a table: was changed while it was read"),
        Steady(path, "a table"),
    ):
        change(path)


def read_with(path: Path, error: BaseException | None, change: Callable[[Path], object]) -> None:
    """Read a file that changes, and fail."""
    with Steady(path, "a.csv"):
        change(path)
        if error is not None:
            raise error


def test_what_fails_because_of_it_is_told_so(tmp_path: Path) -> None:
    """And nothing else is."""
    path = tmp_path / "a.csv"
    path.write_text("label\n" + "a\n" * 9)
    with pytest.raises(ChangedError):
        read_with(path, ValueError("a row is cut off"), cut)
    with pytest.raises(ValueError, match="for itself"):
        read_with(path, ValueError("for itself"), Path.exists)
    with pytest.raises(KeyboardInterrupt):
        read_with(path, KeyboardInterrupt(), appended)
    read_with(tmp_path / "none", None, Path.exists)


def test_it_travels_between_processes() -> None:
    """As it was raised."""
    error = ChangedError("a.csv: was changed", hint="again")
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    assert (back.message, back.hint) == (error.message, error.hint)


@CHANGES
def test_a_table_that_changes_gives_no_counts(
    tmp_path: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command ends with status 2 and says why."""
    path = tmp_path / "a.csv"
    path.write_text("label\n" + "a\n" * 9 + "b\n" * 5)
    read = delimited.SOURCE.read
    assert read is not None

    def disturbed(file: object, options: LabelOptions) -> object:
        found = read(file, options)  # type: ignore[arg-type]
        change(path)
        return found

    monkeypatch.setattr(delimited, "SOURCE", _with(disturbed))
    result = run("analyze", str(path), "--no-cache")
    assert result.code == 2
    assert "was changed while it was read" in result.err
    assert result.out == ""


def _with(read: object) -> object:
    from dataclasses import replace

    return replace(delimited.SOURCE, read=read)  # type: ignore[arg-type]


def masks(folder: Path) -> Path:
    """Three masks."""
    folder.mkdir()
    for i in range(3):
        Image.fromarray(np.full((4, 4), i, dtype=np.uint8)).save(folder / f"{i}.png")
    return folder


def disturbing(name: str) -> Callable[[Path, Limits], Pixels]:
    """A decoder while which another program writes to one of the files."""

    def decode(path: Path, limits: Limits) -> Pixels:
        found = decoded(path, limits)
        if path.name == name:
            appended(path)
        return found

    return decode


def test_a_mask_that_changes_is_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, or left out where such files are to be left out."""
    folder = masks(tmp_path / "masks")
    monkeypatch.setattr("imbweights.sources.masks.count_masks", _counting(disturbing("1.png")))
    spec = SourceSpec(paths=(str(folder),), options=LabelOptions(kind="masks"), jobs=1)
    with pytest.raises(SourceError, match=r"1\.png: was changed while it was read"):
        profile_of(spec)
    result = run(
        "analyze",
        str(folder),
        "--as",
        "masks",
        "--no-cache",
        "--jobs",
        "1",
        "--on-bad-files",
        "skip",
        "--format",
        "csv",
    )
    assert result.code == 0
    assert [row.split(",")[1] for row in result.out.splitlines()[1:]] == ["0", "2"]


def _counting(decode: Callable[[Path, Limits], Pixels]) -> Callable[..., counting.Masks]:
    def count(files: object, how: counting.How, **_: object) -> counting.Masks:
        return counting.count_masks(files, how, decode=decode)  # type: ignore[arg-type]

    return count
