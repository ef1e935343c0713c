"""What a comparison is: data, several ways to count it, and how good imbweights has to be."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Answer = Mapping[str, int]
DATA = "{data}"


def as_json(text: str) -> Answer:
    """What a way printed last: ``{"class": count, …}``."""
    found: dict[str, int] = json.loads(text.strip().rsplit("\n", 1)[-1])
    return found


def profile(text: str) -> Answer:
    """The counts in what ``imbweights analyze --format json`` prints."""
    return {row["name"]: row["count"] for row in json.loads(text)["classes"] if row["count"]}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to do the work.

    ``command``: a whole process; ``{data}`` stands for the path. ``reads``: from what it prints to
    the counts, ``None`` when it prints none. ``needs``: modules, or programs (``program:mlr``).
    ``asks``: our command that prints the counts, where the timed one prints a page for people.
    ``before``: what happens in the working folder before each run. ``part``: for loops that take
    minutes, the share of the data it is run on; its time is divided by that.
    """

    name: str
    command: tuple[str, ...]
    reads: Callable[[str], Answer] | None = None
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    before: Callable[[Path], None] | None = None
    part: float = 1.0

    @property
    def missing(self) -> str | None:
        """What this machine lacks for it."""
        for need in self.needs:
            kind, _, program = need.partition(":")
            there = shutil.which(program) if program else importlib.util.find_spec(kind)
            if not there:
                return program or kind
        return None


@dataclass(frozen=True, kw_only=True)
class Target:
    """What has to hold, as the table of targets has it.

    ``times_as_fast``: the other way takes at least that many times as long as ours.
    ``at_most``: ours takes at most that many times as long. ``below_mb``: peak memory of ours.
    ``share_of_memory``: ours at most that part of the other's. ``beside`` names the other way.
    """

    beside: str = ""
    times_as_fast: float | None = None
    at_most: float | None = None
    below_mb: int | None = None
    share_of_memory: float | None = None

    def __str__(self) -> str:
        """In words of the page."""
        if self.times_as_fast is not None:
            return f"≥ {self.times_as_fast:g} × as fast as {self.beside}"
        if self.at_most is not None:
            return f"≤ {self.at_most:g} × {self.beside}"
        if self.share_of_memory is not None:
            return f"≤ {self.share_of_memory:g} × the memory of {self.beside}"
        return f"peak memory < {self.below_mb:,} MB"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """``make``: (folder, quick?) → the data, made if need be. The first of ``ways`` is ours.

    ``about``: what is counted. ``explains``: where our time goes, and what would be next.
    ``rounds``: how often everything is run, unless said otherwise.
    """

    name: str
    title: str
    about: str
    make: Callable[[Path, bool], Path]
    ways: tuple[Way, ...]
    targets: tuple[Target, ...] = ()
    explains: str = ""
    rounds: int = 3


def ours(*arguments: str) -> tuple[str, ...]:
    """Our command."""
    return (sys.executable, "-m", "imbweights", *arguments)


def python(code: str, *arguments: str) -> tuple[str, ...]:
    """What a user would type into Python."""
    return (sys.executable, "-c", code.strip(), *(arguments or (DATA,)))


def counting(*options: str, name: str = "imbweights analyze") -> Way:
    """``imbweights analyze`` of the data, anew each time."""
    command = ours("analyze", DATA, *options, "--no-cache")
    return Way(name=name, command=command, reads=profile, asks=(*command, "--format", "json"))
