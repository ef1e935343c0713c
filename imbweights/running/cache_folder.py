"""The folder of what is kept between runs."""

from __future__ import annotations

from pathlib import Path

from imbweights.core.writing import write_atomically

FOLDER = ".imbweights_cache"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file is a cache directory tag created by imbweights.\n"
    "# For information about cache directory tags, see https://bford.info/cachedir/\n"
)
MARKS = {".gitignore": "# Made by imbweights.\n*\n", "CACHEDIR.TAG": _TAG}


def marked(cache: Path) -> Path:
    """The cache folder, made if need be, marked so that git and backups pass over it.

    Raises ``OSError`` where it cannot be made.
    """
    cache.mkdir(exist_ok=True)
    for name, text in MARKS.items():
        if not (cache / name).exists():
            write_atomically(cache / name, text)
    return cache
