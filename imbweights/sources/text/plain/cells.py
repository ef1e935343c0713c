"""Which tables may be plain, as seen from how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from imbweights.sources.tables.table import Column as TableColumn
from imbweights.sources.text.dialect import Quoting
from imbweights.sources.text.encoding import is_utf8
from imbweights.sources.text.text_table import TextTable

# For a small file DuckDB is quick enough, and it has been started already.
LEAST = 1 << 22


def plain_cells(table: TextTable, column: TableColumn) -> Mapping[str | None, int] | None:
    """Cell → how often it occurs; ``None`` where the table is not plain."""
    sign = table.layout.delimiter
    if (
        not isinstance(table.path, Path)
        or table.compression is not None
        or not is_utf8(table.encoding)
        or not table.has_bare_cells
        or table.layout.quoting is Quoting.BACKSLASH
        or len(sign) != 1
        or not sign.isascii()
        or table.path.stat().st_size < LEAST
    ):
        return None
    # Most tables are small; these would be loaded in vain.
    from imbweights.sources.text.plain.counting import count_cells
    from imbweights.sources.text.plain.cutting import Column

    cut_at = Column(
        place=table.columns().index(column),
        width=len(table.names),
        delimiter=ord(sign),
        quotes_are_text=table.layout.quoting is Quoting.NONE,
    )
    return count_cells(table.path, cut_at, above=table.lines_above + table.header)
