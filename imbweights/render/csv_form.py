"""Results as CSV, for spreadsheets and scripts; full precision."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from imbweights.analysis import Analysis
from imbweights.auditing import Audit
from imbweights.core.weights import ClassWeights
from imbweights.render.escaping import csv_text
from imbweights.suggestions import Suggestion


def analysis_csv(analysis: Analysis) -> str:
    """index, class, count, share, and the count in each split."""
    counts, splits = analysis.counts, analysis.profile.splits
    rows = [
        [i, csv_text(name), n, "" if math.isnan(share) else repr(share)]
        + [int(c.counts[i]) for c in splits.values()]
        for i, (name, n, share) in enumerate(
            zip(counts.classes, counts.counts.tolist(), counts.shares.tolist(), strict=True)
        )
    ]
    return _table(
        ["index", "class", "count", "share", *(csv_text(f"count_{s}") for s in splits)], rows
    )


def weights_csv(weights: ClassWeights) -> str:
    """index, class, count, and the number under the name of its role."""
    rows = [
        [i, csv_text(name), n, repr(w)]
        for i, name, n, w in zip(
            weights.indices, weights.classes, weights.counts, weights.values.tolist(), strict=True
        )
    ]
    return _table(["index", "class", "count", weights.role.key], rows)


def suggestion_csv(suggestion: Suggestion) -> str:
    """index, class, count, and one column per scheme; empty where a scheme has no value."""
    counts = suggestion.counts
    found = {name: w.as_dict() for name, w in suggestion.weights.items()}
    rows = [
        [i, csv_text(c), n, *("" if c not in w else repr(w[c]) for w in found.values())]
        for i, (c, n) in enumerate(counts.as_dict().items())
    ]
    return _table(["index", "class", "count", *found], rows)


def audit_csv(audit: Audit) -> str:
    """index, class, count, the given weight and the expected one; empty where there is none."""
    rows = [
        [
            i,
            csv_text(audit.counts.classes[i]),
            int(audit.counts.counts[i]),
            "" if (number := audit.numbers[i]) is None else repr(number.value),
            "" if audit.expected is None else _known(float(audit.expected[i])),
        ]
        for i in audit.indices
    ]
    return _table(["index", "class", "count", "given", "expected"], rows)


def _known(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()
