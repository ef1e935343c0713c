"""The code blocks of the documentation: finding them, and running their commands.

The tests compare what the pages show with what the commands print; ``make_docs.py --screens``
writes it there.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from imbweights.cli import main

TOP = Path(__file__).parent.parent
DOCS = TOP / "docs"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_STEP = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language and what it holds."""

    language: str
    text: str

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Of a ``console`` block: each command with the screen below it."""
        return _STEP.findall(self.text)


def pages() -> list[Path]:
    """Every page of the documentation."""
    return sorted(DOCS.rglob("*.md"))


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(*found) for found in _BLOCK.findall(page.read_text(encoding="utf-8"))]


@contextlib.contextmanager
def sample_folder() -> Iterator[Path]:
    """Work in a new folder with a copy of the sample data."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        shutil.copytree(TOP / "sample_data", Path(name) / "sample_data")
        yield Path(name)


def run_command(command: str) -> tuple[int, str, str]:
    """Exit status, standard output and error: ``imbweights`` in this process, others in a shell."""
    if not command.startswith("imbweights "):
        line = re.sub(r"^python3 ", lambda _: f"{shlex.quote(sys.executable)} ", command)
        done = subprocess.run(  # noqa: S602 - a line of our own documentation
            line, shell=True, check=False, capture_output=True, text=True, encoding="utf-8"
        )
        return done.returncode, done.stdout, done.stderr
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    code: object = 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.dict(os.environ, {"COLUMNS": "80"}),
    ):
        try:
            main(shlex.split(command)[1:])
        except SystemExit as end:
            code = end.code
    return (code if isinstance(code, int) else 0), _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def console(*commands: str) -> str:
    """A ``console`` block: the commands with what they print. Call it in a ``sample_folder``."""
    parts = []
    for command in commands:
        code, out, err = run_command(command)
        if code not in {0, 1}:
            raise ValueError(f"{command}: exit status {code}\n{err}")
        parts.append(f"$ {command}\n{out}")
    return f"```console\n{''.join(parts)}```"


def with_screens(text: str) -> str:
    """A page with all its ``console`` blocks renewed; its ``sh`` lines run in between."""
    if "```console\n" not in text:
        return text

    def renewed(found: re.Match[str]) -> str:
        block = Block(*found.groups())
        if block.language == "sh":
            console(*block.text.splitlines())
        if block.language != "console":
            return found.group()
        return console(*(command for command, _ in block.steps))

    with sample_folder():
        return _BLOCK.sub(renewed, text)
