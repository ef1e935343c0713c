"""Class names are hostile text: each medium has its own way to show them and nothing more."""

from __future__ import annotations

import re

from imbweights.core.escaping import csv_text, visible

__all__ = ["csv_text", "markdown_text", "quoted"]


def quoted(text: str, limit: int = 40) -> str:
    """A class name inside a sentence: visible, shortened, in quotes when it is not a plain word.

    >>> quoted("cat"), quoted("high risk"), quoted("x" * 50, 8)
    ('cat', '"high risk"', 'xxxxxxx…')
    """
    shown = visible(text if len(text) <= limit else text[: limit - 1]) + (
        "…" if len(text) > limit else ""
    )
    return shown if re.fullmatch(r"[\w.…-]+", shown) else f'"{shown}"'


def markdown_text(text: str) -> str:
    r"""Text for a cell of a Markdown table.

    >>> print(markdown_text("a|b <i>*c*</i>"))
    a\|b &lt;i&gt;\*c\*&lt;/i&gt;
    """
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", shown)
