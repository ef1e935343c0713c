"""Whether a text names something on disk: any text may be asked about, also one that is no path."""

from __future__ import annotations

import os


def is_file(path: str | os.PathLike[str]) -> bool:
    r"""Whether there is such a file. A text too long for a path, or with a NUL in it, names none.

    ``Path.is_file`` raises for those in some versions of Python: a list of a hundred class names is
    longer than a file name may be.

    >>> is_file("a" * 300), is_file("a\\0b"), is_file(__file__)
    (False, False, True)
    """
    return os.path.isfile(path)  # noqa: PTH113 - see above


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether there is such a folder."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def exists(path: str | os.PathLike[str]) -> bool:
    """Whether there is anything of that name."""
    return os.path.exists(path)  # noqa: PTH110 - see above
