"""svmlight and LibSVM files: labels, then index:value pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from imbweights.core.choices import BadRows
from imbweights.core.errors import SourceError
from imbweights.core.options import LabelOptions
from imbweights.sources.base import InputFile, Reading, Source, bad_rows_note
from imbweights.sources.label_lists import LabelSets
from imbweights.sources.text.streaming import all_match, first_lines, text_lines

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_ROW = re.compile(rf"(?P<labels>{_NUMBER}(?:,{_NUMBER})*)?(?P<pairs>(?:\s+(?:qid|\d+):\S+)*)\s*$")
_HEADER = re.compile(r"\d+ \d+ \d+\s*$")
_FEW_ROWS = 20


def row_of(line: str) -> re.Match[str] | None:
    """The parts of a row without its comment."""
    return _ROW.match(line.split("#", 1)[0].rstrip())


def is_header(line: str) -> bool:
    """Whether the first line only says how many rows, features and labels there are."""
    return _HEADER.match(line) is not None


def recognises(file: InputFile, options: LabelOptions) -> bool:
    """Every line has the form, and most have at least one index:value pair."""
    if options.delimiter is not None:
        return False
    lines = [ln for ln in first_lines(file, options) if ln.split("#", 1)[0].strip()]
    if lines and is_header(lines[0]):
        lines = lines[1:]
    if not all_match(lines, row_of):
        return False
    pairs = sum(bool((m := row_of(line)) and m["pairs"]) for line in lines)
    return pairs > len(lines) / 2


def read(file: InputFile, options: LabelOptions) -> Reading:
    """Count the labels before the first pair; a row that begins with a blank has none.

    A first line of three whole numbers (rows, features, labels) is the header of the Extreme
    Classification repository and is passed over. Comments begin with ``#``. Raises
    ``SourceError`` for lines of another form unless they are to be skipped.

    Source: https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/
    """
    sets = LabelSets(options)
    bad: list[int] = []
    spelled = _Spellings()
    rows = 0
    with text_lines(file, options) as lines:
        for number, line in lines:
            text = line.split("#", 1)[0]
            if not text.strip() or (number == 1 and is_header(text)):
                continue
            match = row_of(line)
            if match is None:
                _refuse(file, number, line, options)
                bad.append(number)
                continue
            rows += 1
            sets.add(spelled.one(label) for label in (match["labels"] or "").split(","))
    counts = sets.to_counts()
    counts = counts.renamed(spelled.plain(counts.classes))
    if rows >= _FEW_ROWS and len(counts.classes) > rows / 2:
        raise SourceError(
            f"{file.name}: has {len(counts.classes):,} distinct values in {rows:,} rows; that is a "
            "target of a regression, not a class"
        )
    return Reading(
        splits={"": counts},
        details=("svmlight",),
        notes=bad_rows_note(file.name, bad),
        maybe_single=True,
    )


class _Spellings:
    """Labels are numbers here: ``1``, ``+1`` and ``1.0`` are one class.

    The first spelling of a number stands for it; where there were several, it gets the plain one.
    """

    def __init__(self) -> None:
        """Start with no number."""
        self._first: dict[float, str] = {}
        self._several: set[str] = set()

    def one(self, label: str) -> str:
        """The spelling that stands for this label."""
        if not label:
            return label
        first = self._first.setdefault(float(label), label)
        if first != label:
            self._several.add(first)
        return first

    def plain(self, classes: Sequence[str]) -> dict[str, str]:
        """Plain names for the classes that were spelled in several ways."""
        return {c: f"{float(c):.15g}" for c in classes if c in self._several}


def _refuse(file: InputFile, number: int, line: str, options: LabelOptions) -> None:
    if options.on_bad_rows is BadRows.ERROR:
        raise SourceError(
            f"{file.name}, line {number}: {line[:60]!r} is no svmlight row (label index:value …)",
            hint="mend it, or leave such rows out with --on-bad-rows skip",
        )


SOURCE = Source(recognises=recognises, read=read, alone=())
