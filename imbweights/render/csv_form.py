"""Results as CSV, for spreadsheets and scripts; full precision."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

from imbweights.analysis import Analysis
from imbweights.auditing import Audit
from imbweights.core.weights import ClassWeights
from imbweights.evidence.result import SweepResult
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
    return csv_table(
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
    return csv_table(["index", "class", "count", weights.role.key], rows)


def suggestion_csv(suggestion: Suggestion) -> str:
    """index, class, count, and one column per scheme; empty where a scheme has no value."""
    counts = suggestion.counts
    found = {name: w.as_dict() for name, w in suggestion.weights.items()}
    rows = [
        [i, csv_text(c), n, *("" if c not in w else repr(w[c]) for w in found.values())]
        for i, (c, n) in enumerate(counts.as_dict().items())
    ]
    return csv_table(["index", "class", "count", *found], rows)


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
    return csv_table(["index", "class", "count", "given", "expected"], rows)


def _known(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""


def sweep_csv(result: SweepResult) -> str:
    """A row per candidate: what it is, its weight and threshold where there is one, every score."""
    keys = list(dict.fromkeys(key for c in result.candidates for key in c.pooled.values))
    rows = [
        [
            csv_text(c.name),
            c.kind.value,
            int(c is result.winner),
            _cell(c.pos_weight),
            _cell(c.gamma),
            _cell(c.thresholds[0] if c.thresholds and len(c.thresholds) == 1 else None),
            *(_cell(c.pooled[key]) for key in keys),
            _cell(c.spread.get("goal")),
        ]
        for c in result.candidates
    ]
    first = ["candidate", "kind", "advised", "pos_weight", "gamma", "threshold"]
    return csv_table([*first, *keys, "goal_error"], rows)


def sweep_classes_csv(result: SweepResult) -> str:
    """A row per candidate and class."""
    rows = [
        [
            csv_text(c.name),
            c.kind.value,
            csv_text(s.name),
            s.support,
            _cell(s.precision),
            _cell(s.recall),
            _cell(s.f1),
        ]
        for c in result.candidates
        for s in c.pooled.per_class
    ]
    return csv_table(["candidate", "kind", "class", "support", "precision", "recall", "f1"], rows)


def _cell(value: float | None) -> str:
    """A number in full; empty where it is undefined or does not apply."""
    return "" if value is None else repr(float(value))


def csv_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under a header, lines ended alike on every system."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue()
