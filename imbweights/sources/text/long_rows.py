"""How long the longest row of a text table may be, by a look at every byte.

DuckDB leaves out a row that is longer than it has room for, and sometimes the next one too, without a
word, where such a row lies across two of its buffers. So a table that is larger than one buffer is
looked at beside, and read again with more room where that is needed.
"""

from __future__ import annotations

# A table smaller than this lies in one buffer, where DuckDB names rows that are too long.
ONE_BUFFER = 1 << 24
# In UTF-8 a row may become three times as long; DuckDB has room for 2 MB.
USUAL_ROW = 1 << 19
_PIECE = 1 << 18


class RowLengths:
    """Fed with a file piece by piece, knows an upper bound of its longest row.

    ``lines``: the longest line; ``rows``: the longest row when quotes enclose line ends. Both are
    bounds to the size of a piece, since hardly more than one line end a piece is looked for.
    """

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self.lines = 0
        self.rows = 0
        self._line = 0
        self._row = 0
        self._inside = False

    def feed(self, chunk: bytes) -> None:
        """The next bytes."""
        for start in range(0, len(chunk), _PIECE):
            self._look(chunk[start : start + _PIECE])

    def _look(self, piece: bytes) -> None:
        self._line += len(piece)
        self._row += len(piece)
        self.lines = max(self.lines, self._line)
        self.rows = max(self.rows, self._row)
        if b"\n" in piece or b"\r" in piece:
            self._line = 0
            if self._ends_a_row(piece):
                self._row = 0
        self._inside ^= bool(piece.count(b'"') & 1)

    def _ends_a_row(self, piece: bytes) -> bool:
        """Whether a line ends outside of quotes."""
        inside = self._inside
        start = 0
        while True:
            quote = piece.find(b'"', start)
            end = len(piece) if quote < 0 else quote
            if not inside and (
                piece.find(b"\n", start, end) >= 0 or piece.find(b"\r", start, end) >= 0
            ):
                return True
            if quote < 0:
                return False
            inside, start = not inside, quote + 1
