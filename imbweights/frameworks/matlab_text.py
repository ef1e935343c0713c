"""Names and columns of numbers in MATLAB, as MATLAB and GNU Octave both read them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from imbweights.core.escaping import visible
from imbweights.frameworks.text import number, remark


def char_vector(text: str) -> str:
    r"""Text as a MATLAB expression: quoted, and what cannot be seen by its code.

    A char vector knows no escapes but the doubled quote. What moves the cursor or turns the
    direction of the text is written as numbers, so that the value is the name and the line of code
    is what it looks like. Only unpaired surrogates, which no encoding has, become escapes.

    >>> print(char_vector("it's 50 %"), char_vector("a\nb"), char_vector(""))
    'it''s 50 %' ['a' char(10) 'b'] ''
    >>> print(char_vector("\u202eb"))
    [native2unicode(uint8([226 128 174]), 'UTF-8') 'b']
    """
    runs = [(kind, "".join(run)) for kind, run in groupby(text, key=_kind)]
    pieces = [_WRITTEN[kind](run) for kind, run in runs] or [_quoted("")]
    return pieces[0] if len(pieces) == 1 else f"[{' '.join(pieces)}]"


def names(classes: Sequence[str]) -> str:
    """A K×1 cell array of class names, one a line.

    >>> print(names(["cat", "dog"]))
    {
        'cat'
        'dog'
    }
    """
    body = "\n".join(f"    {char_vector(name)}" for name in classes)
    return f"{{\n{body}\n}}"


def column(values: Iterable[float], classes: Sequence[str]) -> str:
    """A K×1 vector, one value a line with its class as a comment.

    >>> print(column([0.5, 12.25], ["cat", "dog"]))
    [
        0.5;    % cat
        12.25;  % dog
    ]
    """
    cells = [f"{number(value)};" for value in values]
    width = max(map(len, cells), default=0)
    body = "\n".join(
        f"    {cell:<{width}}  % {remark(name)}" for cell, name in zip(cells, classes, strict=True)
    )
    return f"[\n{body}\n]"


def _kind(char: str) -> str:
    if visible(char) == char:
        return "seen"
    if unicodedata.category(char) == "Cs":
        return "surrogate"
    return "control" if char.isascii() else "hidden"


def _codes(values: Iterable[int]) -> str:
    listed = list(map(str, values))
    return listed[0] if len(listed) == 1 else f"[{' '.join(listed)}]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Octave's char() takes bytes only, hence native2unicode for what is not ASCII.
_WRITTEN: dict[str, Callable[[str], str]] = {
    "seen": _quoted,
    "surrogate": lambda text: _quoted(visible(text)),
    "control": lambda text: f"char({_codes(map(ord, text))})",
    "hidden": lambda text: f"native2unicode(uint8({_codes(text.encode())}), 'UTF-8')",
}
