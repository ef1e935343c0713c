"""What a hostile case is: files, a command, and how it must end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

# Writes one file of a case.
Make = Callable[[Path], object]


class Kind(StrEnum):
    """What sort of attack or damage it is; the value is how the docs call it."""

    BOMB = "small files that grow when they are decompressed"
    CLAIM = "headers that claim more than there is, or more than fits"
    DAMAGE = "files that are cut off, damaged or of another kind"
    DEPTH = "nesting without an end"
    ENTITY = "XML entities, YAML aliases and tags"
    CODE = "code where data should be"
    NUMBER = "numbers that no integer or float holds"
    LENGTH = "lines, names and lists of endless length"
    PLACE = "places that are no files"
    NAME = "names and labels that do things"
    LIE = "saved results that lie"
    SETTING = "configurations, class lists and palettes that make no sense"
    MANY = "more files than anyone expects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One bad input.

    ``name``: its own; ``reader``: the format or command that meets it; ``what``: what is wrong with
    it. ``files``: name → content, or what makes it; ``command``: the words behind ``imbweights``.
    ``status``: how it must end; ``says``: what the message must hold, besides no traceback.
    ``counts``: where the status is 0 and counting is right, class → count (the command is then
    ``analyze``, and asked for JSON). ``before``: run in the folder first. ``megabytes``: of memory
    at most; ``seconds``: of one core at most.
    """

    name: str
    kind: Kind
    reader: str
    what: str
    command: tuple[str, ...]
    files: Mapping[str, bytes | Make] = field(default_factory=dict)
    status: int = 2
    says: tuple[str, ...] = ()
    counts: Mapping[str, int] | None = None
    stdin: bytes | Path = b""
    megabytes: int = 700
    seconds: int = 30
