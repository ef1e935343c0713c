"""Kinds of plots, one per file.

To add one, write a file with a ``KIND`` and add it to ``KINDS``; command line, completion and the
general tests follow.
"""

from __future__ import annotations

from difflib import get_close_matches

from imbweights.core.errors import UsageError
from imbweights.render.plots.kinds import bar, cooccurrence, splits, weights
from imbweights.render.plots.kinds.base import Kind, Subject

__all__ = ["KINDS", "Kind", "Subject", "find_kind"]

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND for module in (bar, splits, weights, cooccurrence)
}


def find_kind(name: str) -> Kind:
    """The kind of that name. Raises ``UsageError`` with the nearest.

    >>> find_kind("Bar").name
    'bar'
    """
    wanted = name.strip().lower().replace("-", "").replace("_", "")
    if wanted in KINDS:
        return KINDS[wanted]
    close = get_close_matches(wanted, KINDS, n=1, cutoff=0.5)
    raise UsageError(
        f"--kind {name}: there is no such plot",
        hint=(f"did you mean {close[0]}? " if close else "") + f"known: {', '.join(KINDS)}",
    )
