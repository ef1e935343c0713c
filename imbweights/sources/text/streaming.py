"""Text files line by line, decompressed and decoded, for formats that are no tables."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile
from imbweights.sources.text.encoding import encoding_of, encoding_title, find_encoding, raw_stream
from imbweights.sources.text.ending import lines_of
from imbweights.sources.text.sample import text_sample

_LOOKED_AT = 200


@contextmanager
def text_lines(
    file: InputFile, options: LabelOptions, *, copying: bool = False
) -> Iterator[Iterator[tuple[int, str]]]:
    """(line number from 1, line without its end) of the whole file; ``copying``: they are written to
    disk, so that there must be an end to them.

    Raises ``SourceError`` when bytes do not decode.
    """
    codec = encoding_of(file, options.encoding)
    with (
        tempfile.TemporaryDirectory(prefix="imbweights-") as folder,
        raw_stream(file, Path(folder), to_copy=copying) as raw,
    ):
        text = io.TextIOWrapper(raw, encoding="utf-8-sig" if codec == "utf-8" else codec)
        try:
            lines = lines_of(text, file.name)
            yield ((number, line.rstrip("\r\n")) for number, line in enumerate(lines, 1))
        except UnicodeError as error:
            raise SourceError(
                f"{file.name}: does not read as {encoding_title(codec)} ({error})",
                hint="name the right one with --encoding",
            ) from error


def first_lines(file: InputFile, options: LabelOptions) -> list[str]:
    """Whole lines of the first part of a text file; none when it is no text."""
    if file.start.startswith((b"\x89", b"PK\x03\x04", b"PAR1", b"\x93NUMPY")):
        return []
    if options.encoding is None and find_encoding(file.head, complete=file.head_is_all) is None:
        return []
    try:
        sample = text_sample(file, options)
    except SourceError:
        return []
    lines = (sample or "").splitlines()
    if len(lines) > 1 and not file.head_is_all:
        lines.pop()
    return lines[:_LOOKED_AT]


def all_match(lines: list[str], matches: Callable[[str], object], *, least: int = 1) -> bool:
    """Whether every line that is not blank matches, and at least ``least`` do.

    The last line of several may be cut off.
    """
    filled = [line for line in lines if line.strip()]
    good = [bool(matches(line)) for line in filled]
    return len(good) >= least and all(good[:-1] if len(good) > least else good)
