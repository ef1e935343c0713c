"""What a user may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """A question with the nearest of the known names, empty when none is near.

    >>> did_you_mean("trian", ["train", "val"]), did_you_mean("x", ["train"])
    ("did you mean 'train'? ", '')
    """
    names = {name.lower(): name for name in known}
    close = get_close_matches(typed.strip().lower(), names, n=1, cutoff=0.5)
    return f"did you mean {names[close[0]]!r}? " if close else ""
