"""Where findings will be read: from which folder services look for files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """``root``: the folder from which GitHub and code scanning look for files, the top of the
    repository; ``None``: files stay as they were named. ``has_summary``: whether all findings go to
    the page of a step, too.
    """

    root: Path | None = None
    has_summary: bool = False

    def path(self, file: str) -> str:
        """A file as services find it: from the top of the repository, never absolute.

        What lies outside goes by its way from there, or by its name where there is no way.
        """
        if self.root is None:
            return PurePath(file).as_posix()
        whole = Path(os.path.abspath(file))  # noqa: PTH100 - pathlib's follows links
        for top, path in ((self.root, whole), (self.root.resolve(), _without_links(whole))):
            if path.is_relative_to(top):
                return path.relative_to(top).as_posix()
        try:
            return PurePath(os.path.relpath(whole, self.root)).as_posix()
        except ValueError:  # on another drive
            return whole.name


def _without_links(path: Path) -> Path:
    """The folder without links; the file itself may be one that the repository holds."""
    try:
        return path.parent.resolve() / path.name
    except (OSError, ValueError):
        return path


AS_NAMED = Surroundings()
