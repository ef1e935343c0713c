"""Which kind of source a file or folder is: by its content, never by a guess."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.options import LabelOptions
from imbweights.sources import SOURCES, Kind, Told
from imbweights.sources.base import InputFile
from imbweights.sources.files import IMAGE_SUFFIXES, FileSet

_LFS = b"version https://git-lfs.github.com/spec/"
_FOREIGN = {
    b"\xff\xd8\xff": "a JPEG image (JPEG changes values, so masks are never saved as it)",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel or Office file",
    b"SQLite format 3": "an SQLite database",
    b"\x89HDF": "an HDF5 file",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x7fELF": "a program",
}
_PAGES = (b"<!doctype html", b"<html")
# Readers that take nearly any text, when the user insists.
_TOLERANT = ("csv", "lines", "conll")
_PLAIN = ("csv", "lines")
_SHOWN = 8


def kind_of(file: InputFile, options: LabelOptions) -> Kind:
    """The one kind that knows this file; ``options.kind`` overrides.

    Kinds that are told by their bytes are asked first, then those with unmistakable text, then
    all others together. Raises ``AmbiguousSourceError`` when several of those claim the file,
    and ``SourceError`` when none does.
    """
    _refuse_foreign(file)
    if options.kind is not None:
        return named_kind(options.kind)
    for told in Told:
        found = [
            kind
            for kind in SOURCES.values()
            if kind.told is told and not kind.explicit and _knows(kind, file, options)
        ]
        # One label a line is what any text is that nothing else knows.
        known = [kind for kind in found if kind.name != "lines"] or found
        if len(known) > 1:
            raise _ambiguous(file.name, known)
        if known:
            return known[0]
    if file.head.startswith(b"PK\x03\x04"):
        raise SourceError(
            f"{file.name}: is a ZIP archive (an Excel file?), not a label file",
            hint="save the sheet as CSV, or unpack the archive",
        )
    raise SourceError(
        f"{file.name}: is a file of an unknown kind, not a label file",
        hint=f"read are: {', '.join(SOURCES)} (--as KIND to insist)",
    )


def named_kind(name: str) -> Kind:
    """The kind called ``name``. Raises ``UsageError`` that suggests the one that was meant."""
    if name not in SOURCES:
        close = get_close_matches(name, SOURCES, n=1)
        raise UsageError(
            f"unknown kind {name!r}",
            hint=f"did you mean {close[0]!r}?" if close else f"one of: {', '.join(SOURCES)}",
        )
    return SOURCES[name]


def likeness(file: InputFile, options: LabelOptions) -> str | None:
    """What a text file looks like to the readers of special formats: for files that the user
    insists on reading as a table or as lines.
    """
    if options.kind not in _TOLERANT:
        return None
    asked = replace(options, kind=None, delimiter=None)
    order = list(Told)
    known = sorted(SOURCES.values(), key=lambda kind: order.index(kind.told))
    special = (kind for kind in known if kind.name not in _PLAIN and not kind.explicit)
    return next((kind.name for kind in special if _knows(kind, file, asked)), None)


def _knows(kind: Kind, file: InputFile, options: LabelOptions) -> bool:
    asked = options.encoding is not None or kind.may_be(file)
    return asked and kind.load().recognises(file, options)


def kind_of_folder(files: FileSet, options: LabelOptions) -> Kind:
    """The one kind that knows this folder; ``options.kind`` overrides."""
    if options.kind is not None:
        kind = named_kind(options.kind)
        if not kind.folders:
            raise UsageError(
                f"{files.name}: is a folder, and --as {kind.name} reads files",
                hint=f"name the files, for example {_pattern(files)}",
            )
        return kind
    found = [k for k in SOURCES.values() if k.folders and k.load().claims(files, options)]
    if len(found) > 1:
        raise _ambiguous(files.name, found)
    if not found:
        raise _unknown_folder(files)
    return found[0]


def _ambiguous(name: str, kinds: list[Kind]) -> AmbiguousSourceError:
    listed = "\n".join(f"  --as {kind.name}: {kind.summary}" for kind in kinds)
    return AmbiguousSourceError(
        f"{name}: may be read in several ways", hint=f"choose one:\n{listed}"
    )


def _refuse_foreign(file: InputFile) -> None:
    if file.start.startswith(_LFS):
        raise SourceError(
            f"{file.name}: is a Git LFS pointer, not the data itself",
            hint="fetch it with: git lfs pull",
        )
    if file.remote is not None and file.start.lstrip().lower().startswith(_PAGES):
        raise SourceError(
            f"{file.name}: is a web page, not a label file",
            hint="the address of a folder ends with a slash; of a page that shows a file, take the address "
            "of the file itself (raw)",
        )
    for magic, what in _FOREIGN.items():
        if file.start.startswith(magic):
            raise SourceError(f"{file.name}: is {what}, not a label file")


def _pattern(files: FileSet) -> str:
    """A glob of the commonest sort of files, at the depth where they lie."""
    suffix = files.suffixes.most_common(1)[0][0]
    nested = any("/" in path for path in files.having(suffix))
    return f"'{files.name.rstrip('/')}/{'**/' * nested}*{suffix}'"


def _unknown_folder(files: FileSet) -> SourceError:
    found = ", ".join(f"{n:,} {s or 'without suffix'}" for s, n in files.suffixes.most_common(6))
    images = set(files.suffixes) <= set(IMAGE_SUFFIXES)
    others = [p for p in files.paths if not p.lower().endswith(IMAGE_SUFFIXES)]
    tables = [
        p for p in others if p.lower().endswith((".csv", ".tsv", ".json", ".parquet", ".txt"))
    ]
    if images:
        hint = (
            "photos alone hold no labels; --as folders counts them by folder, --as masks reads every "
            "value as a class"
        )
    elif tables and len(others) <= _SHOWN:
        listed = "\n".join(f"  {files.inner(path)}" for path in others)
        hint = f"name the file with the labels:\n{listed}"
    else:
        hint = (
            f"name the label files, for example {_pattern(files)}, or say what it is with --as KIND"
        )
    return SourceError(f"{files.name}: is a folder of no known layout ({found})", hint=hint)
