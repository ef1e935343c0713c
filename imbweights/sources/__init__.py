"""Where labels come from: one file per format, all giving ``ClassCounts``.

``SOURCES`` is the register from which the choice, the help and the docs are derived. To add a
format, write a file with a ``SOURCE`` and add it here.
"""

from __future__ import annotations

from difflib import get_close_matches

from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources import delimited, json_records, lines, mat, npy, npz, parquet, saved
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.integrity import verified

SOURCES: dict[str, Source] = {
    module.SOURCE.kind: module.SOURCE
    for module in (delimited, lines, parquet, json_records, npy, npz, mat, saved)
}


def recognised(file: InputFile, options: LabelOptions) -> Source:
    """The one source that knows this file; ``options.kind`` overrides.

    Raises ``AmbiguousSourceError`` when several claim it and ``SourceError`` when none does.
    """
    if options.kind is not None:
        if options.kind not in SOURCES:
            close = get_close_matches(options.kind, SOURCES, n=1)
            raise UsageError(
                f"unknown kind {options.kind!r}",
                hint=f"did you mean {close[0]!r}?" if close else f"one of: {', '.join(SOURCES)}",
            )
        return SOURCES[options.kind]
    # Binary formats are told by their first bytes; only what is left may be text.
    binary = [s for s in SOURCES.values() if s.kind in _BY_MAGIC and s.recognises(file, options)]
    found = binary or [
        s for s in SOURCES.values() if s.kind not in _BY_MAGIC and s.recognises(file, options)
    ]
    if len(found) > 1:
        listed = "\n".join(f"  --as {s.kind}: {s.summary}" for s in found)
        raise AmbiguousSourceError(
            f"{file.name}: may be read in several ways", hint=f"choose one:\n{listed}"
        )
    if not found and file.head.startswith(b"PK\x03\x04"):
        raise SourceError(
            f"{file.name}: is a ZIP archive (an Excel file?), not a label file",
            hint="save the sheet as CSV, or unpack the archive",
        )
    if not found:
        raise SourceError(
            f"{file.name}: is a binary file of an unknown kind, not a label file",
            hint=f"read are: {', '.join(SOURCES)} (--as KIND to insist)",
        )
    return found[0]


_BY_MAGIC = frozenset({"parquet", "npy", "npz", "mat", "analysis"})


def read_file(file: InputFile, options: LabelOptions) -> tuple[Source, Reading]:
    """Recognise and count one file. Raises ``SourceError`` also when it turns out damaged."""
    source = recognised(file, options)
    with verified(file):
        return source, source.read(file, options)
