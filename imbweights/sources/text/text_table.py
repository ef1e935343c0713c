"""A text file with everything that DuckDB must be told to read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imbweights.sources.base import InputFile
from imbweights.sources.tables.duck import text_literal
from imbweights.sources.tables.table import Column
from imbweights.sources.text.dialect import DELIMITER_NAMES, Layout, Quoting
from imbweights.sources.text.encoding import encoding_title

if TYPE_CHECKING:
    from imbweights.sources.remote.file import RemoteFile

HUGE_LINE = 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """``path`` is what is read: the file itself or a clean copy of it.

    ``encoding``: the codec of the file. ``names``: of all columns. ``line_size``: room for
    longer lines than usual, in bytes. ``mended``: whether its line ends were made alike.
    """

    file: InputFile
    path: Path | RemoteFile
    compression: str | None
    encoding: str
    layout: Layout
    header: bool
    names: tuple[str, ...]
    line_size: int | None = None
    mended: bool = False

    @property
    def is_original(self) -> bool:
        """Whether the file itself is read, not a copy."""
        return self.path == self.file.place

    @property
    def has_bare_cells(self) -> bool:
        """Whether cells are what stands between delimiters, with nothing to take away."""
        return not _space_follows(self.layout)

    def columns(self) -> tuple[Column, ...]:
        """The columns; blanks that follow every delimiter are no part of the values."""
        cell = "ltrim(c{}, ' ')" if _space_follows(self.layout) else "c{}"
        return tuple(Column(name, cell.format(i)) for i, name in enumerate(self.names))

    def relation(self, *, rejects: bool, number: str = "") -> str:
        """The FROM clause, with the path as bound value; ``rejects`` collects broken rows, those
        of several tables on one connection under a ``number`` each.
        """
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.names)))
        options = {
            "columns": f"{{{columns}}}",
            "auto_detect": "false",
            "header": "true" if self.header else "false",
            "delim": text_literal(self.layout.delimiter),
            "quote": text_literal(self.layout.quoting.quote),
            "escape": text_literal(self.layout.quoting.escape),
            "nullstr": "''",
            "strict_mode": "true",
            "skip": str(self.lines_above),
            "compression": text_literal(self.compression or "none"),
        }
        if self.line_size:
            options |= {"max_line_size": str(self.line_size)}
            options |= {"buffer_size": str(4 * self.line_size)}
        if rejects:
            options |= {"store_rejects": "true", "rejects_limit": "0"}
            options |= {
                "rejects_table": f"'bad_rows{number}'",
                "rejects_scan": f"'bad_scans{number}'",
            }
        return "read_csv(?, " + ", ".join(f"{k}={v}" for k, v in options.items()) + ")"

    @property
    def lines_above(self) -> int:
        """Lines before the table; without a header, a blank line may be a missing label."""
        return self.layout.comments + (self.layout.blanks if self._skips_blanks() else 0)

    def _skips_blanks(self) -> bool:
        return self.header or self.layout.width > 1 or self.layout.comments > 0

    def details(self) -> tuple[str, ...]:
        """What was recognised and is worth saying."""
        layout, sign = self.layout, self.layout.delimiter
        usual = {",": "CSV", "\t": "TSV"}
        separated = usual.get(sign) or f"{DELIMITER_NAMES.get(sign, repr(sign))}-separated"
        details = [separated] if layout.width > 1 else []
        details.append(encoding_title(self.encoding))
        details += [] if self.header else ["no header"]
        details += ["quotes are text"] if layout.quoting is Quoting.NONE else []
        if layout.comments:
            details.append(f"{layout.comments} comment line{'s' * (layout.comments > 1)} above")
        return tuple(details)


def _space_follows(layout: Layout) -> bool:
    """Whether every delimiter is followed by a blank, as in ``0.1, 0.2, cat``."""
    cells = [cell for row in layout.rows for cell in row[1:]]
    return layout.delimiter != " " and bool(cells) and all(c.startswith(" ") for c in cells)
