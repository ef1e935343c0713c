"""Plain text with one label a line."""

from __future__ import annotations

import re
from dataclasses import replace

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.delimited import SUFFIXES, looks_like_table
from imbweights.sources.json_records import looks_like_json
from imbweights.sources.text.counting import count_text_table
from imbweights.sources.text.dialect import Layout, Quoting
from imbweights.sources.text.encoding import encoding_of
from imbweights.sources.text.header import has_header
from imbweights.sources.text.sample import text_sample
from imbweights.sources.text.text_table import TextTable

# The unit separator: no label holds it, so every line is one field, as written.
_NO_DELIMITER = "\x1f"
_LOOKED_AT = 100


# Formats that are text but not one label a line; counting their lines would be wrong silently.
_FOREIGN = {
    "XML or HTML": re.compile(r"\s*<"),
    "sort | uniq -c": re.compile(r"\s*\d+\s+\D"),
    "YAML or TOML": re.compile(r"\s*(- |[\w-]+\s*[:=]\s)"),
    "DOTA boxes": re.compile(r"(-?\d+(\.\d+)?\s+){8}\S+(\s+\d+)?$"),
    "fastText in quotes": re.compile(r'"?__label__'),
    "CoNLL tags (--as conll reads them)": re.compile(r"\S+(\s+\S+)*\s+(O|[BIES]-\S+)\s*$"),
    "a table of numbers (--as csv --delimiter space reads it)": re.compile(
        r"(-?\d+(\.\d+)?\s+){2,}\S+\s*$"
    ),
    "a VOC image set (image and 1 or -1)": re.compile(r"\S+\s+(-1|0|1)\s*$"),
}
_IMAGE_AND_MORE = re.compile(r"\S+\.(jpe?g|png|bmp|tiff?)\s+\S", re.IGNORECASE)
_SOURCE_CODE = (".py", ".m", ".md", ".yaml", ".yml", ".toml", ".xml", ".html", ".ini", ".log")


def looks_like_lines(file: InputFile, options: LabelOptions) -> bool:
    """A text file that is no table and no JSON."""
    if file.suffix in (*SUFFIXES, *_SOURCE_CODE) or looks_like_json(file, options):
        return False
    return text_sample(file, options) is not None and not looks_like_table(file, options)


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count the lines of one file; a blank line is a missing label."""
    table = text_table(file, options)
    # A line is one label, whatever signs it holds, unless the user says otherwise.
    whole = "" if options.separator is None else options.separator
    reading = count_text_table(table, replace(options, separator=whole))
    return replace(
        reading,
        label=reading.label if table.header else None,
        details=("one label a line", *(d for d in reading.details if d != "quotes are text")),
    )


def text_table(file: InputFile, options: LabelOptions) -> TextTable:
    """Lines as a table of one column."""
    codec = encoding_of(file, options.encoding)
    sample = text_sample(file, replace(options, encoding=codec)) or ""
    rows = tuple((line,) for line in sample.splitlines())
    if options.kind is None:
        _refuse_foreign(file, [line for (line,) in rows[:_LOOKED_AT] if line.strip()])
    header = (
        has_header(rows, file.name, one_label_a_line=True)
        if options.header is None
        else options.header
    )
    return TextTable(
        file=file,
        path=file.place,
        compression=file.compression,
        line_size=file.room,
        encoding=codec,
        layout=Layout(_NO_DELIMITER, Quoting.NONE, rows, 1, 1.0),
        header=header,
        names=(rows[0][0].strip() if header and rows else "column 1",),
    )


def _refuse_foreign(file: InputFile, lines: list[str]) -> None:
    listed = sum(_IMAGE_AND_MORE.match(line) is not None for line in lines)
    if listed >= max(1, len(lines) / 2):
        raise SourceError(
            f"{file.name}: lists images with something behind each, not one label a line",
            hint="image paths followed by class ids are read; for other lists save a CSV with a "
            "header; to count the lines all the same: --as lines",
        )
    for what, pattern in _FOREIGN.items():
        if lines and all(pattern.match(line) for line in lines):
            raise SourceError(
                f"{file.name}: looks like {what}, not like one label a line",
                hint="that is not read yet; to count its lines all the same: --as lines",
            )


SOURCE = Source(recognises=looks_like_lines, read=read, alone=())
