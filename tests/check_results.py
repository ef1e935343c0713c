"""Results of ``check`` to render: without a data set behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from imbweights.checking import CheckedSet, CheckResult
from imbweights.checking.codes import ALL_CODES
from imbweights.core.findings import Finding, Level, Where, finding

# Each is a way out of some form.
HOSTILE = (
    "a\nb\r\n::error::c",
    "100%, a:b, 50%25 %0A",
    "a,title=x::y",
    "<b>&amp;</b> ]]> <!-- -->",
    "nul\x00 esc\x1b[31m bell\x07 del\x7f \ufffe\uffff",
    "👩‍🔬 🏳️‍🌈 é",
    "\u202etxt.exe\u2066\u200b\u2028\x85",
    "a|b \\| `c` _d_ *e* [f](http://example.invalid) {0} {{",
    "##[set-env name=X]y",
    "\ud800 \udcff",
    "  ",
)


def found(
    code: str,
    message: str,
    *,
    level: Level | None = None,
    place: tuple[str | None, int | None, int | None] = (None, None, None),
    cls: str | None = None,
    **details: Any,
) -> Finding:
    """A finding; ``place``: file, row, line."""
    file, row, line = place
    where = Where(file=file, row=row, line=line, cls=cls)
    return finding(ALL_CODES[code], message, level=level, where=where, **details)


def checked(
    name: str,
    *findings: Finding,
    ran: Sequence[str] = ("IMB001", "IMB003", "IMB010"),
    skipped: Mapping[str, str] | None = None,
    files: tuple[str, ...] = (),
) -> CheckedSet:
    """A data set with its findings."""
    return CheckedSet(
        name=name,
        source=" ".join(files) or "--counts A=1",
        samples=100,
        classes=2,
        findings=findings,
        ran=tuple(ran),
        skipped=skipped or {},
        files=files,
    )


FRAUD = found(
    "IMB003",
    'class "fraud" has 12 samples, at least 50 wanted',
    place=("labels.csv", None, None),
    cls="fraud",
    samples=12,
)
ODD_LINE = found("IMB011", 'class "n/a" is not declared', place=("labels.csv", 15, 17), cls="n/a")
MISSING = found(
    "IMB010",
    "3 % of the labels are missing",
    level=Level.WARNING,
    place=("labels.csv", 5, None),
)
WEIGHTS = found("IMB101", "these weights are inverted", place=("weights.json", None, None))
TYPICAL = CheckResult(
    sets=(
        checked(
            "labels",
            FRAUD,
            MISSING,
            ODD_LINE,
            WEIGHTS,
            ran=("IMB001", "IMB003", "IMB010", "IMB011"),
            skipped={"IMB020": "there is only one split"},
            files=("labels.csv",),
        ),
    )
)
FINE = CheckResult(sets=(checked("labels", files=("labels.csv",)),))
