"""Counts are whole numbers from end to end: beyond 2⁵³ doubles have gaps, and nothing may round."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support import counts_of, run

from imbweights import ClassCounts, analyze, suggest
from imbweights.checking.baselines import read_baselines
from imbweights.core.errors import ImbweightsError
from imbweights.measures import measured

# Odd numbers beyond 2⁵³ are the ones that a double would change.
COUNTS = st.lists(st.integers(2**53, 2**60), min_size=2, max_size=5).map(
    lambda values: {f"c{i}": n | 1 for i, n in enumerate(values)}
)
few = settings(max_examples=10, deadline=None)


@few
@given(COUNTS)
def test_through_every_output_and_back(counts: dict[str, int]) -> None:
    """A table of counts → JSON, CSV, a saved analysis, suggestions made from it, a baseline."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = "label,n\n" + "".join(f"{c},{n}\n" for c, n in counts.items())
        (folder / "a.csv").write_text(table)
        saved, stored = folder / "saved.json", folder / "baseline.json"
        source = (folder / "a.csv", "--label", "label", "--count-column", "n")
        shown = run("analyze", *source, "--format", "json", "-o", saved)
        assert counts_of(shown) == counts
        assert counts_of(run("analyze", saved, "--format", "json")) == counts
        rows = csv.DictReader(io.StringIO(run("analyze", saved, "--format", "csv").out))
        assert {row["class"]: int(row["count"]) for row in rows} == counts
        weights = run("suggest", saved, "--scheme", "inverse", "--format", "json").json
        assert {c["name"]: c["count"] for c in weights["classes"]} == counts
        run("check", *source, "--baseline", stored, "--write-baseline")
        [baseline] = read_baselines(stored).values()
        assert baseline.counts == counts
    assert analyze(counts).to_frame()["count"].tolist() == list(counts.values())


@few
@given(st.lists(st.integers(1, 2**20), min_size=2, max_size=6, unique=True))
def test_measures_and_weights_know_no_size(values: list[int]) -> None:
    """A data set 2⁴⁰ times as large is as imbalanced: no product of counts wraps around."""
    small = {f"c{i}": n for i, n in enumerate(values)}
    large = {c: n * 2**40 for c, n in small.items()}
    one, other = measured(analyze(small).counts), measured(analyze(large).counts)
    for name in ("imbalance_ratio", "normalized_entropy", "inverse_simpson", "gini"):
        np.testing.assert_allclose(other[name], one[name], rtol=1e-9)  # type: ignore[arg-type]
    for scheme in ("balanced", "inverse", "sqrt-inverse", "log", "median-frequency"):
        a, b = (suggest(counts, scheme).values for counts in (small, large))
        np.testing.assert_allclose(b / b.sum(), a / a.sum(), rtol=1e-9)


@few
@given(
    st.dictionaries(st.sampled_from([(), (0,), (1,), (0, 1)]), st.integers(1, 2**62), min_size=1)
)
def test_rows_with_several_labels(sets: dict[tuple[int, ...], int]) -> None:
    """Exact, or refused when they exceed 64 bits; never wrapped around."""
    expected = [sum(n for s, n in sets.items() if i in s) for i in (0, 1)]
    try:
        found = ClassCounts.multilabel(["a", "b"], sets)
    except ImbweightsError:
        assert sum(n * max(1, len(s)) for s, n in sets.items()) >= 2**63
        return
    assert found.counts.tolist() == expected
    assert ClassCounts.from_dict(json.loads(json.dumps(found.to_dict()))) == found
