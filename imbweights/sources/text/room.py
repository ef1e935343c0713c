"""How much room for a row a text table needs, and which rows are longer than any room."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from imbweights.core.errors import SourceError
from imbweights.sources.base import InputFile
from imbweights.sources.text.dialect import long_fields
from imbweights.sources.text.encoding import raw_stream
from imbweights.sources.text.long_rows import USUAL_ROW, RowLengths
from imbweights.sources.text.text_table import HUGE_LINE

# In UTF-8 a row may become three times as long as it was.
_GROWTH = 3


def room_for(file: InputFile, lengths: RowLengths) -> int | None:
    """Bytes that the longest row may take, ``None`` when that is as usual.

    Raises ``SourceError`` for a row that is longer than any room.
    """
    if max(lengths.lines, lengths.rows) <= USUAL_ROW:
        return None
    if lengths.lines > HUGE_LINE:
        raise _too_long(file)
    if lengths.rows > HUGE_LINE:
        # By its quotes. They may be just text, such as the sign of inches; then the rows are lines.
        _refuse_long_rows(file)
        return max(1 << 24, min(HUGE_LINE, _GROWTH * lengths.lines))
    return min(HUGE_LINE, _GROWTH * lengths.rows)


def _refuse_long_rows(file: InputFile) -> None:
    """Parse the rows one by one, which takes its time, to find one that is too long."""
    with (
        tempfile.TemporaryDirectory(prefix="imbweights-") as folder,
        raw_stream(file, Path(folder)) as raw,
        long_fields(),
    ):
        text = io.TextIOWrapper(raw, encoding="latin-1", newline="")
        try:
            for row in csv.reader(text):
                if sum(map(len, row)) > HUGE_LINE:
                    raise _too_long(file)
        except csv.Error as error:  # a field beyond what the module holds
            raise _too_long(file) from error


def _too_long(file: InputFile) -> SourceError:
    return SourceError(
        f"{file.name}: a line is longer than {HUGE_LINE >> 20} MiB",
        hint="if quotes are part of the text and enclose nothing: --no-quotes",
    )
