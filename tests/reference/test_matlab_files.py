"""Our reader of ``.mat`` files against scipy's, on files that scipy writes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.io import loadmat, savemat

from imbweights import analyze
from imbweights.core.errors import SourceError
from imbweights.sources.arrays.matlab import MatError, variables

SHAPES = hnp.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=5)
KINDS = st.sampled_from(["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"])
NUMBERS = hnp.arrays(KINDS, SHAPES)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)


def both(value: Any, **options: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """What we read and what scipy reads of one variable."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mat"
        savemat(path, {"before": np.arange(3), "y": value, "z": "end"}, **options)
        found = variables(path)
        assert list(found) == ["before", "y", "z"]
        return np.array(found["y"].read()), loadmat(path)["y"]


@settings(deadline=None)
@given(NUMBERS, st.booleans())
def test_numbers(array: npt.NDArray[Any], compressed: bool) -> None:
    """Of every type and shape, compressed or not."""
    mine, theirs = both(array, do_compression=compressed)
    np.testing.assert_array_equal(mine, theirs)
    assert mine.dtype == theirs.dtype


@settings(deadline=None)
@given(hnp.arrays(st.sampled_from(["f8", "f4", "i4", "i2", "u2", "u1"]), (3, 2)))
def test_level_4(array: npt.NDArray[Any]) -> None:
    """The old form."""
    mine, theirs = both(array, format="4")
    np.testing.assert_array_equal(mine, theirs)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4), st.booleans())
def test_cells_of_text(words: list[str], compressed: bool) -> None:
    """As ``cellstr`` makes them."""
    cells = np.empty((len(words), 1), dtype=object)
    cells[:, 0] = words
    mine, theirs = both(cells, do_compression=compressed)
    assert [str(c[0]) for c in mine.ravel()] == [str(c[0]) for c in theirs.ravel()]


@settings(deadline=None)
@given(st.lists(st.text("abc é", min_size=4, max_size=4), min_size=1, max_size=4))
def test_matrices_of_letters(words: list[str]) -> None:
    """A row is a text."""
    mine, theirs = both(np.array(words))
    np.testing.assert_array_equal(mine, theirs)


def test_what_is_no_array_is_said_so(tmp_path: Path) -> None:
    """Beside others it is no trouble."""
    savemat(tmp_path / "a.mat", {"s": {"a": 1}, "y": np.array([1, 2, 2])})
    assert analyze(tmp_path / "a.mat").counts.as_dict() == {"1": 1, "2": 2}
    with pytest.raises(SourceError, match="is a struct"):
        analyze(tmp_path / "a.mat", label="s")


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_damage_is_an_error_of_ours(data: st.DataObject) -> None:
    """Any byte may be any other, anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mat"
        cells = np.array(["cat", "dog"], dtype=object)
        savemat(path, {"y": np.arange(6).reshape(2, 3), "names": cells, "t": "text"})
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(124, len(content) - 1))
            content[at] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.integers(20, len(content)))])
        try:
            for variable in variables(path).values():
                variable.read()
        except MatError:
            pass
