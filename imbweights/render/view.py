"""How the reader looks at a result: width, colour, signs, how much of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The reader's screen and wishes.

    ``width`` in columns; ``color`` and ``unicode`` say what it can show; ``show_all`` asks for
    every class, ``per_class`` for scores of each; ``tried``: a sweep stands below, which knows more than
    counts do; ``again`` is the source as it was typed, for the command to try next.
    """

    width: int = 80
    color: bool = False
    unicode: bool = True
    show_all: bool = False
    per_class: bool = False
    tried: bool = False
    again: str = ""
