"""Masks added many at a time are what they are one by one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from imbweights.running.cache import Counted
from imbweights.sources.files import FileSet
from imbweights.sources.images import counting
from imbweights.sources.images.counting import How, Masks
from imbweights.sources.images.decoding import Pixels
from imbweights.sources.images.seen import seen_in
from imbweights.sources.per_image import ImageTally

Bytes = npt.NDArray[np.uint8]

_VALUES = hnp.arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6)))
_FEW = hnp.arrays(np.uint8, (3, 4), elements=st.integers(0, 3))
_PALETTES = st.one_of(
    st.none(), hnp.arrays(np.uint8, (256, 3), elements=st.sampled_from([0, 1, 128, 255]))
)


@given(
    masks=st.lists(st.tuples(st.one_of(_VALUES, _FEW), _PALETTES), min_size=1, max_size=6),
    ignore=st.frozensets(st.sampled_from(["0", "1", "2", "255"])),
    bits=st.sampled_from([8, 16]),
)
def test_many_at_a_time_is_one_by_one(
    masks: list[tuple[Bytes, Bytes | None]], ignore: frozenset[str], bits: int
) -> None:
    """Counts, images, extent, void, first files and the colours of palettes."""
    part = [
        Counted(f"{9 - i}.png", seen_in(Pixels(values, colours=colours, bits=bits)))
        for i, (values, colours) in enumerate(masks)
    ]
    files = FileSet(root=Path(), name="masks", paths=tuple(each.path for each in part))
    how = How(ignore=ignore)

    def added() -> dict[str, object]:
        found = Masks(ImageTally(ignore))
        counting.take(found, files, how, part)
        return asdict(found)

    together = added()
    with patch.object(counting, "is_plain", lambda _: False):
        assert added() == together
