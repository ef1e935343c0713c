"""Real files whose counts are known from independent scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from imbweights import analyze
from imbweights.core.errors import AmbiguousSourceError

DATA = Path(__file__).parent.parent / "data" / "real"
# A larger collection that lies beside the checkout of those who have it.
MORE = Path(__file__).parents[3] / "shared" / "real"

MATERNAL = {"high risk": 272, "low risk": 406, "mid risk": 336}


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("Maternal Health Risk Data Set.csv", {"label": "RiskLevel"}, MATERNAL),
        ("SMSSpamCollection_head2000.tsv", {}, {"ham": 1720, "spam": 280}),
        ("29_Pima.npz", {}, {"0": 500, "1": 268}),
        ("38_thyroid.npz", {}, {"0": 3679, "1": 93}),
        ("23_mammography.npz", {}, {"0": 10923, "1": 260}),
    ],
)
def test_known_counts(name: str, options: dict[str, str], expected: dict[str, int]) -> None:
    """As counted by others."""
    assert analyze(DATA / name, **options).counts.as_dict() == expected  # type: ignore[arg-type]


def test_banking77_with_mixed_line_ends() -> None:
    """1,495 rows in 38 classes; line feeds inside quotes, CRLF between rows."""
    counts = analyze(DATA / "banking77_test_head1500.csv").counts
    assert (counts.total, counts.missing) == (1495, 0)
    assert counts.as_dict()["card_arrival"] == 40


def _tabular() -> list[Any]:
    if not (MORE / "expected.json").is_file():
        skip = pytest.mark.skip(reason=f"the larger collection is not at {MORE}")
        return [pytest.param("", {}, marks=skip)]
    expected = json.loads((MORE / "expected.json").read_text(encoding="utf-8"))
    folders = ("csv/", "keel_noheader/", "npz/")
    texts = ("text/SMSSpamCollection_head2000.tsv", "text/banking77_test_head1500.csv")
    return [
        pytest.param(name, facts, id=name)
        for name, facts in expected.items()
        if name.startswith(folders) or name in texts
    ]


@pytest.mark.parametrize(("name", "facts"), _tabular())
def test_the_larger_collection(name: str, facts: dict[str, Any]) -> None:
    """Every tabular file; where the column is not evident it is asked for, and it is the last."""
    try:
        found = analyze(MORE / name)
    except AmbiguousSourceError:
        found = analyze(MORE / name, label=str(facts["features"] + 1))
    assert found.counts.as_dict() == facts["counts"]
    assert found.counts.samples == facts["rows"]
