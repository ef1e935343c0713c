"""What YAML and TOML share: quoting and numbers that both read alike."""

from __future__ import annotations


def quoted(text: str) -> str:
    r"""Text in double quotes for YAML and TOML; what cannot be seen is escaped.

    >>> print(quoted('say "hi"\n'))
    "say \"hi\"\u000A"
    """
    return f'"{"".join(map(_spelled, text))}"'


def _spelled(char: str) -> str:
    if char in {'"', "\\"}:
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:  # half a character: neither format can hold it
        return f"\\\\u{code:04x}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def exact(value: float) -> str:
    """The float itself, with a point: without one PyYAML takes ``1e-07`` for text.

    >>> exact(0.1), exact(1e-7), exact(3.0)
    ('0.1', '1.0e-07', '3.0')
    """
    text = repr(float(value))
    return text.replace("e", ".0e") if "e" in text and "." not in text else text
