"""Numbers, names and lists in the languages that code is written in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from imbweights.core.escaping import visible

_WIDTH = 88
_LONGEST_NAME = 60
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)


def number(value: float) -> str:
    """A float with nine significant digits, that reads as a float in every language.

    >>> number(59.8026), number(1), number(1e-12)
    ('59.8026', '1.0', '1e-12')
    """
    text = f"{value:.9g}"
    return text if re.search(r"[.en]", text) else f"{text}.0"


def numbers(values: Iterable[float]) -> str:
    """Floats with commas between."""
    return ", ".join(map(number, values))


def remark(name: str) -> str:
    r"""A class name inside a comment: on one line, nothing hidden, not too long.

    >>> print(remark("a\nimport os"))
    a\nimport os
    """
    shown = visible(name[: _LONGEST_NAME + 1])
    return shown if len(name) <= _LONGEST_NAME else shown[:_LONGEST_NAME] + "…"


def listing(
    values: Iterable[str], names: Sequence[str], indices: Sequence[int], comment: str = "#"
) -> str:
    """One value a line, with index and name of the class as a comment.

    >>> print(listing(["0.5", "12.25"], ["cat", "dog"], [0, 1]))
        0.5,    # 0 cat
        12.25,  # 1 dog
    """
    cells = [f"{value}," for value in values]
    width = max(map(len, cells), default=0)
    return "\n".join(
        f"    {cell:<{width}}  {comment} {index} {remark(name)}"
        for cell, index, name in zip(cells, indices, names, strict=True)
    )


def commented(text: str, comment: str) -> str:
    """A paragraph as comment lines, whatever signs it holds."""
    return textwrap.fill(
        visible(text),
        _WIDTH,
        initial_indent=f"{comment} ",
        subsequent_indent=f"{comment} ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def python_keys(names: Sequence[str]) -> list[str]:
    """Labels as Python literals of the type that a data frame would hold: int, bool or str.

    >>> python_keys(["0", "1"]), python_keys(["01", "1"]), python_keys(["False", "True"])
    (['0', '1'], ["'01'", "'1'"], ['False', 'True'])
    """
    whole = all(_WHOLE.fullmatch(name) for name in names)
    if whole or set(names) == {"False", "True"}:
        return list(names)
    return [repr(name) for name in names]
