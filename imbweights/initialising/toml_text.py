"""Values as TOML, and anything as a TOML comment."""

from __future__ import annotations

from collections.abc import Sequence

from imbweights.core.escaping import visible

_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_WIDTH = 88


def text(value: str) -> str:
    r"""A basic string: quotes, backslashes and all that cannot be seen are escaped.

    Raises ``ValueError`` for half of a surrogate pair, which TOML has no way to write.

    >>> print(text('a "b"\n'))
    "a \"b\"\n"
    """
    value.encode("utf-8")  # UnicodeEncodeError is a ValueError
    return '"' + "".join(_escaped(char) for char in value) + '"'


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def texts(values: Sequence[str]) -> str:
    """One text, or a list of them; over several lines when it is long.

    >>> texts(["a.csv"]), texts(["a", "b"])
    ('"a.csv"', '["a", "b"]')
    """
    return text(values[0]) if len(values) == 1 else array(values)


def array(values: Sequence[str]) -> str:
    """A list of texts."""
    written = [text(value) for value in values]
    line = f"[{', '.join(written)}]"
    if len(line) <= _WIDTH:
        return line
    return "[\n" + "".join(f"    {each},\n" for each in written) + "]"


def comment(words: str) -> str:
    r"""Each line behind a ``#``, with what TOML forbids there spelled out.

    >>> print(comment("two\nlines"))
    # two
    # lines
    """
    lines = (visible(line) for line in words.split("\n"))
    return "\n".join(f"# {line}".rstrip() for line in lines)
