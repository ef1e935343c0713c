"""Class names are hostile text: what must be spelled out wherever text is shown."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    r"""Text for a terminal or a comment: what would move the cursor, change colours or direction is
    spelled out.

    Control, format (bidirectional marks, zero-width signs), private and unpaired surrogate
    characters become escapes. The joiner inside emoji and Indic text stays.

    >>> print(visible("a\x1b[31mb\n"))
    a\x1b[31mb\n
    """
    return "".join(_spelled(c) for c in text)


def csv_text(text: str) -> str:
    """Text for a CSV cell that spreadsheets do not take for a formula; numbers stay numbers.

    >>> csv_text("=cmd()"), csv_text("-1"), csv_text("cat")
    ("'=cmd()", '-1', 'cat')
    """
    risky = text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky else text


def _spelled(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    category = unicodedata.category(char)
    code = ord(char)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    if (category in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} and char != "\u200d") or noncharacter:
        return (
            f"\\x{code:02x}"
            if code < 0x100
            else f"\\u{code:04x}"
            if code < 0x10000
            else f"\\U{code:08x}"
        )
    return char
