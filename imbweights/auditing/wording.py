"""Class names inside the sentences of findings."""

from __future__ import annotations

from imbweights.core.escaping import visible

_LONGEST = 40


def short(name: str) -> str:
    r"""A class name as it may stand in a sentence: visible, and not too long.

    >>> short("cat"), len(short("x" * 100))
    ('cat', 40)
    """
    shown = visible(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…")
    return shown if shown.strip() == shown and shown else f'"{shown}"'
