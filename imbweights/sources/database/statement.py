"""Whether a query for a database is one select, read so strictly that no dialect reads it otherwise."""

from __future__ import annotations

import re

from imbweights.core.errors import UsageError

_ONLY = "one select (or with … select) is run, in a transaction that reads only and is rolled back"
_FIRST = frozenset(("select", "with", "values", "table", "from"))
_WITHOUT_SIGNS = r"""--[^\n]*|/\*.*?\*/|"(?:[^"]|"")*"|`[^`]*`|"""
_STANDARD = re.compile(_WITHOUT_SIGNS + r"'(?:[^']|'')*'|(\$\w*\$).*?\1", re.DOTALL)
_BACKSLASHED = re.compile(_WITHOUT_SIGNS + r"\#[^\n]*|'(?:[^'\\]|\\.|'')*'", re.DOTALL)
_WITH_BACKSLASHES = frozenset(("mysql", "mariadb"))
_NOT_CLOSED = re.compile(r"""['"`]|/\*""")


def one_select(query: str, dialect: str = "") -> str:
    """The query without the semicolon that ends it. Raises ``UsageError`` for all but one select.

    It will stand between brackets, so none may close them; and no second statement may follow, so a
    semicolon is refused wherever it stands: dialects differ on where a text ends.

    >>> one_select("select label from items;")
    'select label from items'
    """
    text = query.strip().removesuffix(";").rstrip()
    if ";" in text:
        raise UsageError(
            "--query: holds a semicolon",
            hint=f"{_ONLY}; in a text it is written chr(59) or char(59)",
        )
    if "\0" in text:
        raise UsageError("--query: holds a NUL character")
    if "/*!" in text:
        raise UsageError("--query: holds /*!, which MySQL runs", hint=_ONLY)
    pattern = _BACKSLASHED if dialect in _WITH_BACKSLASHES else _STANDARD
    code = pattern.sub(" ", text)
    if _NOT_CLOSED.search(code):
        raise UsageError("--query: a quote or comment is opened and not closed")
    _check_first_word(code)
    _check_brackets(code)
    return text


def _check_first_word(code: str) -> None:
    first = re.match(r"[\s(]*(\w*)", code)
    word = first[1].lower() if first else ""
    if word not in _FIRST:
        raise UsageError(
            f"--query: {word} is refused" if word else "--query: holds no select", hint=_ONLY
        )


def _check_brackets(code: str) -> None:
    depth = 0
    for sign in code:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    if depth:
        raise UsageError("--query: brackets are not in pairs")
