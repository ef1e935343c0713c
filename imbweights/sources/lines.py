"""Plain text with one label a line."""

from __future__ import annotations

from dataclasses import replace

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


def looks_like_lines(file: InputFile, options: LabelOptions) -> bool:
    """A text file that is no table and no JSON."""
    if file.suffix in SUFFIXES or looks_like_json(file, options):
        return False
    return text_sample(file, options) is not None and not looks_like_table(file, options)


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count the lines of one file; a blank line is a missing label."""
    codec = encoding_of(file, options.encoding)
    sample = text_sample(file, replace(options, encoding=codec)) or ""
    rows = tuple((line,) for line in sample.splitlines())
    header = (
        has_header(rows, file.name, one_label_a_line=True)
        if options.header is None
        else options.header
    )
    table = TextTable(
        file=file,
        path=file.path,
        compression=file.compression,
        encoding=codec,
        layout=Layout(_NO_DELIMITER, Quoting.NONE, rows, 1, 1.0),
        header=header,
        names=(rows[0][0].strip() if header and rows else "column 1",),
    )
    reading = count_text_table(table, options)
    return replace(
        reading,
        label=reading.label if header else None,
        details=("one label a line", *(d for d in reading.details if d != "quotes are text")),
    )


SOURCE = Source(
    kind="lines",
    summary="plain text with one label a line",
    suffixes=(".txt", ".labels", ".label", ".lst"),
    recognises=looks_like_lines,
    read=read,
)
