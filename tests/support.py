"""Running the command line inside a test, and writing small files."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from imbweights.cli import main


@dataclass(frozen=True)
class Run:
    """What a command printed and its exit status."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def column(self) -> list[str]:
        """The last word of every table row that begins with an index."""
        rows = [line.split() for line in self.out.splitlines()]
        return [words[-1] for words in rows if words and words[0].isdecimal()]


def run(*arguments: object, stdin: bytes = b"", encoding: str = "utf-8") -> Run:
    """Run ``imbweights`` in this process, as from a shell with its output piped."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding=encoding)
    code: object = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "stdin", given),
    ):
        try:
            main([str(a) for a in arguments])
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int | None)
    return Run(code or 0, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode(stream.encoding)


def write(path: Path, content: str | bytes) -> Path:
    """Write a file as it is, bytes or UTF-8 text."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(values: Iterable[object]) -> str:
    """One value a line."""
    return "".join(f"{value}\n" for value in values)


def counts_of(run_: Run) -> dict[str, int]:
    """Class → count from the JSON of ``analyze``."""
    return {c["name"]: c["count"] for c in run_.json["classes"]}
