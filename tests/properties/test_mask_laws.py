"""Laws of masks: the form of the file does not matter, and parts add up to the whole."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from imbweights import analyze
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.profiling import profile_of
from imbweights.sources.images.histogram import histogram

shapes = st.tuples(st.integers(1, 24), st.integers(1, 24))
masks = hnp.arrays(np.uint8, shapes, elements=st.integers(0, 20))


def _counted(mask: npt.NDArray[np.uint8]) -> dict[str, int]:
    """By plain Python."""
    found = Counter(map(int, mask.reshape(-1)))
    return {str(value): found[value] for value in sorted(found)}


@settings(deadline=None, max_examples=50)
@given(masks)
def test_the_form_of_the_file_does_not_matter(mask: npt.NDArray[np.uint8]) -> None:
    """L, P, 16-bit, TIFF, BMP and npy give the same counts."""
    height, width = mask.shape
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        Image.fromarray(mask).save(here / "l.png")
        Image.fromarray(mask).save(here / "l.tif")
        Image.fromarray(mask).save(here / "l.bmp")
        indexed = Image.frombytes("P", (width, height), mask.tobytes())
        indexed.putpalette([0, 0, 0] * 256)
        indexed.save(here / "p.png")
        wide = mask.astype(np.uint16)
        Image.frombytes("I;16", (width, height), wide.tobytes()).save(here / "wide.png")
        np.save(here / "a.npy", mask)
        for path in sorted(here.iterdir()):
            assert analyze(path, kind="masks").counts.as_dict() == _counted(mask), path.name


@settings(deadline=None, max_examples=50)
@given(hnp.arrays(np.bool_, shapes))
def test_one_bit_is_zero_and_one(mask: npt.NDArray[np.bool_]) -> None:
    """As PNG and TIFF."""
    expected = _counted(mask.astype(np.uint8))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.png", "a.tif"):
            Image.fromarray(mask).save(Path(folder) / name)
            assert analyze(Path(folder) / name).counts.as_dict() == expected


@settings(deadline=None, max_examples=50)
@given(st.lists(masks, min_size=1, max_size=5), st.data())
def test_parts_add_up(found: list[npt.NDArray[np.uint8]], data: st.DataObject) -> None:
    """Counting a folder is adding what any two halves of it give."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, mask in enumerate(found):
            path = Path(folder) / f"{number}.png"
            Image.fromarray(mask).save(path)
            paths.append(path)
        cut = data.draw(st.integers(0, len(paths)))
        parts = [analyze(half, kind="masks").counts for half in (paths[:cut], paths[cut:]) if half]
        whole = analyze(paths, kind="masks").counts
        assert (parts[0] + parts[1] if len(parts) == 2 else parts[0]) == whole


@given(
    hnp.arrays(
        st.sampled_from([np.uint8, np.uint16, np.int16, np.int64, np.uint32]),
        hnp.array_shapes(max_dims=3, max_side=30),
        elements=st.integers(0, 300).map(lambda v: v % 256),
    )
)
def test_histogram_is_unique(values: npt.NDArray[np.int64]) -> None:
    """As NumPy counts, for flat and for busy arrays."""
    for array in (values, np.sort(values, axis=None)):
        known, counts = np.unique(array, return_counts=True)
        assert histogram(array) == dict(zip(known.tolist(), counts.tolist(), strict=True))


@settings(deadline=None, max_examples=50)
@given(st.lists(masks, min_size=1, max_size=5), st.sets(st.integers(0, 20).map(str)))
def test_files_add_up_to_the_split(found: list[npt.NDArray[np.uint8]], ignored: set[str]) -> None:
    """What the masks hold one by one is what they hold together; void is what was ignored."""
    options = LabelOptions(kind="masks", ignore_labels=tuple(ignored), keep_files=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, mask in enumerate(found):
            Image.fromarray(mask).save(Path(folder) / f"{number}.png")
        if {str(v) for mask in found for v in np.unique(mask).tolist()} <= ignored:
            return
        profile = profile_of(SourceSpec(paths=(folder,), options=options))
    together: Counter[str] = Counter()
    for file in profile.files[""]:
        together.update(file.labels)
    counts = profile.total
    assert together == counts.as_dict()
    assert sum(file.ignored for file in profile.files[""]) == counts.ignored
    assert [file.size for file in profile.files[""]] == [mask.shape[::-1] for mask in found]
    assert (
        sum(bool(file.labels.get(counts.classes[0])) for file in profile.files[""])
        == (counts.present[0])
    )
