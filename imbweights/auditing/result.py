"""``Audit``: what was found out about weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from imbweights.auditing.explaining import Explanation
from imbweights.auditing.given import Given, Use
from imbweights.auditing.numbers import Written
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import Finding, Level, worst
from imbweights.core.json_values import finite
from imbweights.core.weights import FloatArray

SCHEMA = "imbweights.audit/1"


@dataclass(frozen=True, eq=False)
class Audit:
    """Weights held against counts.

    ``numbers``: the given ones in class order, one per class (``None`` where a class has none);
    ``expected`` (K,): what they should be, under the name ``expected_title``; ``explanations``:
    everything that gives these numbers, best first, of which ``claimed`` is the one that can be
    told from the others, if any; ``findings``: the worst first; ``corrected``: whether
    ``expected`` is to be used instead; ``indices``: the classes that need a number (one, for the
    ``pos_weight`` of two classes); ``split``: the sentence that says which counts were taken.
    """

    given: Given
    use: Use
    counts: ClassCounts
    numbers: tuple[Written | None, ...]
    expected: FloatArray | None
    expected_title: str
    corrected: bool
    explanations: tuple[Explanation, ...]
    claimed: Explanation | None
    findings: tuple[Finding, ...]
    indices: tuple[int, ...]
    split: str | None = None

    @property
    def worst(self) -> Level | None:
        """The worst level among the findings."""
        return worst(self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings, each once, the worst first."""
        return tuple(dict.fromkeys(found.code for found in self.findings))

    @property
    def correction(self) -> dict[str, float] | None:
        """Class name → the weight to use instead, in class order; ``None`` where nothing is wrong."""
        if not self.corrected or self.expected is None:
            return None
        return {self.counts.classes[i]: float(self.expected[i]) for i in self.indices}

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import audit_html

        return audit_html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.audit/1``."""
        correction = self.correction
        return {
            "schema": SCHEMA,
            "worst": None if self.worst is None else self.worst.value,
            "weights": {
                "file": self.given.where or None,
                "name": self.given.name or None,
                "line": self.given.line,
                "used_as": self.use.value,
                "given": [_number(n.value) for n in self.given.numbers],
                "unread": list(self.given.unread),
            },
            "computed_on": self.split,
            "classes": [
                {
                    "index": i,
                    "name": self.counts.classes[i],
                    "count": int(self.counts.counts[i]),
                    "given": _given(self.numbers[i]),
                    "expected": None if self.expected is None else _number(float(self.expected[i])),
                }
                for i in self.indices
            ],
            "explanations": [e.to_dict() for e in self.explanations],
            "claimed": None if self.claimed is None else self.claimed.words,
            "findings": [finite(found.to_dict()) for found in self.findings],
            "corrected": None if correction is None else list(correction.values()),
        }


def _given(number: Written | None) -> float | None:
    return None if number is None else _number(number.value)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
