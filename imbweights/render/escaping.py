"""Class names are hostile text: each medium has its own way to show them and nothing more."""

from __future__ import annotations

import re

from imbweights.core.escaping import visible

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def quoted(text: str, limit: int = 40) -> str:
    """A class name inside a sentence: visible, shortened, in quotes when it is not a plain word.

    >>> quoted("cat"), quoted("high risk"), quoted("x" * 50, 8)
    ('cat', '"high risk"', 'xxxxxxx…')
    """
    shown = visible(text if len(text) <= limit else text[: limit - 1]) + (
        "…" if len(text) > limit else ""
    )
    return shown if re.fullmatch(r"[\w.…-]+", shown) else f'"{shown}"'


def csv_text(text: str) -> str:
    """Text for a CSV cell that spreadsheets do not take for a formula; numbers stay numbers.

    >>> csv_text("=cmd()"), csv_text("-1"), csv_text("cat")
    ("'=cmd()", '-1', 'cat')
    """
    risky = text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def markdown_text(text: str) -> str:
    r"""Text for a cell of a Markdown table.

    >>> print(markdown_text("a|b <i>*c*</i>"))
    a\|b &lt;i&gt;\*c\*&lt;/i&gt;
    """
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", shown)
