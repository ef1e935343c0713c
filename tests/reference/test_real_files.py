"""Real files whose counts are known from independent scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from imbweights import analyze

DATA = Path(__file__).parent.parent / "data" / "real"

MATERNAL = {"high risk": 272, "low risk": 406, "mid risk": 336}


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("csv/Maternal Health Risk Data Set.csv", {"label": "RiskLevel"}, MATERNAL),
        ("text/SMSSpamCollection_head2000.tsv", {}, {"ham": 1720, "spam": 280}),
        ("npz/29_Pima.npz", {}, {"0": 500, "1": 268}),
        ("npz/38_thyroid.npz", {}, {"0": 3679, "1": 93}),
        ("npz/23_mammography.npz", {}, {"0": 10923, "1": 260}),
    ],
)
def test_known_counts(name: str, options: dict[str, str], expected: dict[str, int]) -> None:
    """As counted by others."""
    assert analyze(DATA / name, **options).counts.as_dict() == expected  # type: ignore[arg-type]


def test_banking77_with_mixed_line_ends() -> None:
    """1,495 rows in 38 classes; line feeds inside quotes, CRLF between rows."""
    counts = analyze(DATA / "text/banking77_test_head1500.csv").counts
    assert (counts.total, counts.missing) == (1495, 0)
    assert counts.as_dict()["card_arrival"] == 40
