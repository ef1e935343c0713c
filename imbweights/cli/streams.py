"""Where text goes: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

from imbweights.core.escaping import visible
from imbweights.core.urls import without_secrets
from imbweights.render.view import View

_NARROWEST = 40


def environment() -> Mapping[str, str]:
    """The environment variables."""
    return os.environ


def screen(*, show_all: bool = False, again: str = "") -> View:
    """What standard output can show. ``NO_COLOR`` and ``COLUMNS`` are obeyed."""
    return View(
        width=max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns),
        color=_wants_color(sys.stdout),
        unicode=_is_unicode(sys.stdout),
        show_all=show_all,
        again=again,
    )


def _wants_color(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def result(text: str) -> None:
    """Write a result to standard output.

    A reader that has gone (``| head``) is no error. Characters that the stream's encoding lacks
    are written as escapes.
    """
    try:
        _write(sys.stdout, text)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered must not raise again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """Say something beside the result, on standard error."""
    _say(f"note: {visible(without_secrets(text))}\n")


def remark(text: str) -> None:
    """Say something of several lines beside the result, on standard error."""
    _say(f"note: {_lines(text)}\n")


def error(message: str, hint: str | None = None) -> None:
    """Say what is wrong and what to do next, on standard error."""
    start = "\x1b[1;31merror:\x1b[0m" if _wants_color(sys.stderr) else "error:"
    lines = [f"{start} {_lines(message)}", *([_lines(hint)] if hint else [])]
    _say("\n".join(lines) + "\n")


def trace(text: str) -> None:
    """Show where an error of our own came up."""
    _write(sys.stderr, without_secrets(text))


def _lines(text: str) -> str:
    return "\n".join(visible(line) for line in without_secrets(text).split("\n"))


def _say(text: str) -> None:
    """To standard error; that nobody listens, or that it is full, changes no result."""
    with suppress(OSError):
        _write(sys.stderr, text)
        sys.stderr.flush()


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
