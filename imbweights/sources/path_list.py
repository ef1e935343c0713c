"""Lists of image paths, each followed by the ids of its classes."""

from __future__ import annotations

import re
from pathlib import Path

from imbweights.core.choices import BadRows
from imbweights.core.errors import AmbiguousSourceError, SourceError
from imbweights.core.existing import exists
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source, bad_rows_note
from imbweights.sources.files import IMAGE_SUFFIXES
from imbweights.sources.label_lists import LabelSets
from imbweights.sources.per_image import file_facts
from imbweights.sources.text.streaming import all_match, first_lines, text_lines

_SUFFIX = "|".join(re.escape(suffix) for suffix in (*IMAGE_SUFFIXES, ".mp4", ".avi", ".npy"))
_ROW = re.compile(rf"(?P<path>\S.*?(?:{_SUFFIX}))(?P<ids>(?:[ \t]+-?\d+)+)\s*$", re.IGNORECASE)


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """Every line is a path of an image and one or more whole numbers, blanks between them."""
    return options.delimiter is None and all_match(first_lines(file, options), _ROW.match)


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count the ids after each path. Raises ``SourceError`` for a line of another form, such as a
    last line that is cut off, unless such lines are to be skipped.
    """
    sets = LabelSets(options)
    bad: list[int] = []
    rows: list[tuple[int, bool]] = []
    held: list[FileFacts] = []
    with text_lines(file, options) as lines:
        for number, line in lines:
            if not line.strip():
                continue
            match = _ROW.match(line)
            if match is not None:
                ids = match["ids"].split()
                rows.append((len(ids), len(set(ids)) < len(ids) or "-1" in ids))
                sets.add(ids)
                if options.keep_files:
                    held.append(_facts(file, match["path"], ids, options))
            elif options.on_bad_rows is BadRows.SKIP:
                bad.append(number)
            else:
                raise SourceError(
                    f"{file.name}, line {number}: {line[:60]!r} is no image path followed by class ids",
                    hint="mend it, or leave such rows out with --on-bad-rows skip",
                )
    if options.kind is None:
        _ask_about_columns(file, rows)
    return Reading(
        splits={"": sets.to_counts()},
        details=("list of image paths and class ids",),
        notes=bad_rows_note(file.name, bad),
        maybe_single=True,
        numbered=True,
        files={"": tuple(held)} if options.keep_files else {},
    )


def _facts(file: InputFile, listed: str, ids: list[str], options: LabelOptions) -> FileFacts:
    """The path as it is listed, from the folder of the list if it leads somewhere from there."""
    beside = (file.folder or Path()) / listed
    labels = dict.fromkeys((i for i in ids if i not in options.missing_values), 1)
    return file_facts(
        listed,
        beside if exists(beside) else Path(listed),
        labels,
        ignore=frozenset(options.ignore_labels),
    )


def _ask_about_columns(file: InputFile, rows: list[tuple[int, bool]]) -> None:
    """Values of which a row has the same one twice, or every row equally many, may be columns."""
    lengths = {length for length, _ in rows}
    equal = len(rows) > 1 and len(lengths) == 1 and lengths != {1}
    if equal or any(repeated for _, repeated in rows):
        raise AmbiguousSourceError(
            f"{file.name}: are the numbers behind each path the ids of its classes, or columns (0 and 1, "
            "a box, a frame count)?",
            hint="--as paths: they are ids of classes\n"
            "--as csv --delimiter space --no-header --label NUMBER: one of them is the label",
        )


SOURCE = Source(recognises=recognises, read=read, alone=())
