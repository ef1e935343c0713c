"""CSV, TSV and their relatives, plain or compressed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source
from imbweights.sources.json_records import looks_like_json
from imbweights.sources.text.counting import count_text_table
from imbweights.sources.text.dialect import Layout, Sample, find_layout
from imbweights.sources.text.encoding import encoding_of
from imbweights.sources.text.header import has_header
from imbweights.sources.text.sample import late_quoting, text_sample
from imbweights.sources.text.text_table import TextTable

SUFFIXES = (".csv", ".tsv", ".tab", ".psv", ".dat", ".data")
# Text without a telling suffix is a table only if nearly every line has the same columns.
_MOSTLY_REGULAR = 0.98


def looks_like_table(file: InputFile, options: LabelOptions) -> bool:
    """By suffix; a text file without a telling suffix, by having several columns."""
    if file.suffix in SUFFIXES:
        return True
    if looks_like_json(file, options):
        return False
    text = text_sample(file, options)
    if text is None:
        return False
    layout = _layout(file, text, options)
    return options.delimiter is not None or (layout.width > 1 and layout.regular > _MOSTLY_REGULAR)


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count one delimited file."""
    wanted = [w for w in (*_columns_named(options), options.split, options.count_column) if w]
    return count_text_table(text_table(file, options, wanted), options)


def text_table(file: InputFile, options: LabelOptions, wanted: Collection[str]) -> TextTable:
    """How a delimited file is written; ``wanted``: names that a header would hold."""
    codec = encoding_of(file, options.encoding)
    text = text_sample(file, replace(options, encoding=codec)) or ""
    layout = _layout(file, text, options)
    if not layout.rows:
        raise SourceError(f"{file.name}: holds no rows")
    header = options.header
    if header is None:
        header = has_header(layout.rows, file.name, wanted=wanted)
    return TextTable(
        file=file,
        path=file.place,
        compression=file.compression,
        line_size=file.room,
        encoding=codec,
        layout=layout,
        header=header,
        names=_names(file, layout, text, header=header),
    )


def _layout(file: InputFile, text: str, options: LabelOptions) -> Layout:
    layout = find_layout(
        Sample(
            name=file.name,
            suffix=file.suffix,
            text=text,
            complete=file.head_is_all,
            delimiter=options.delimiter,
            quotes=options.quotes,
        )
    )
    if layout.delimiter == "\t" and options.quotes is None and '"' not in text:
        return replace(layout, quoting=late_quoting(file, layout))
    return layout


def _columns_named(options: LabelOptions) -> list[str]:
    """The columns that --label names, one by one and as a whole."""
    return [options.label, *options.label.split(",")] if options.label else []


def _names(file: InputFile, layout: Layout, text: str, *, header: bool) -> tuple[str, ...]:
    if not header:
        return tuple(f"column {i + 1}" for i in range(layout.width))
    first = tuple(cell.strip() for cell in layout.rows[0])
    # R's write.table quotes, and writes one name less than columns: row names have none.
    if len(first) == layout.width - 1 and text.lstrip().startswith('"'):
        return ("", *first)
    if len(first) != layout.width and len(layout.rows) > 1:
        raise SourceError(
            f"{file.name}: the header names {len(first)} columns, but most rows have {layout.width}",
            hint="fields that hold the delimiter must be in double quotes; "
            "or say how the file is written with --delimiter or --no-header",
        )
    return first


SOURCE = Source(recognises=looks_like_table, read=read, alone=())
