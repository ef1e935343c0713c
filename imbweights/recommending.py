"""Which scheme to try first: stated rules, in order; the first that holds decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.measures.imbalance_ratio import imbalance_ratio

NEARLY_EQUAL = 1.5
WIDE = 10.0
FEW_SAMPLES = 20
# What docs/studies/pos_weight.md advises; a test holds the two together.
LABEL_GAMMA = 0.5
STUDY = "docs/studies/pos_weight.md"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The scheme to try first (``None``: do not weight), the rule that says so, why, and the
    evidence to get next, since a rule of thumb proves nothing.

    ``parameters``: name → number, of those that the rule sets otherwise than the scheme does.
    """

    scheme: str | None
    rule: str
    reason: str
    evidence: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def options(self) -> str:
        """How the command line asks for it; nothing when the advice is not to weight.

        >>> Recommendation("power", "", "", "", {"gamma": 0.5}).options
        '--scheme power --gamma 0.5'
        """
        if self.scheme is None:
            return ""
        settings = [f"--{name} {value:g}" for name, value in self.parameters.items()]
        return " ".join([f"--scheme {self.scheme}", *settings])

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "scheme": self.scheme,
            "parameters": dict(self.parameters),
            "rule": self.rule,
            "reason": self.reason,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """When a scheme is recommended, in words and as a condition on the counts and their ratio.

    ``parameters``: as in ``Recommendation``.
    """

    name: str
    scheme: str | None
    holds: Callable[[ClassCounts, float], bool]
    reason: Callable[[ClassCounts, float], str]
    parameters: Mapping[str, float] = field(default_factory=dict)


def _smallest(counts: ClassCounts) -> int:
    """Samples of the rarest class that has any."""
    return int(counts.present[counts.present > 0].min())


def _rounded(ratio: float) -> str:
    """Three digits, and never a power of ten to decipher.

    >>> _rounded(42.123), _rounded(2000.4)
    ('42.1', '2,000')
    """
    return f"{ratio:,.0f}" if ratio >= 1000 else f"{ratio:.3g}"


def _some_images_lack_a_class(counts: ClassCounts) -> bool:
    """Else median frequency is plain inverse frequency."""
    return bool((counts.present[counts.present > 0] < counts.samples).any())


def _samples(counts: ClassCounts) -> str:
    """What the number of samples counts."""
    per_image = counts.task in {Task.SEGMENTATION, Task.DETECTION}
    return "images" if per_image or counts.unit is Unit.IMAGES else "samples"


RULES = (
    Rule(
        "multi-label",
        "pos-weight",
        lambda counts, ratio: counts.task is Task.MULTILABEL,
        lambda counts, ratio: (
            "each label is a yes/no question of its own; of all powers of negatives / positives the "
            f"root fell least short in F1 at worst, .18 against .32 of the full ratio ({STUDY})"
        ),
        {"gamma": LABEL_GAMMA},
    ),
    Rule(
        "nearly equal",
        None,
        lambda counts, ratio: ratio <= NEARLY_EQUAL,
        lambda counts, ratio: (
            f"the classes are nearly equal (ratio {ratio:.2g}); weights would only add noise"
        ),
    ),
    Rule(
        "pixels",
        "median-frequency",
        lambda counts, ratio: (
            counts.task is Task.SEGMENTATION and _some_images_lack_a_class(counts)
        ),
        lambda counts, ratio: "pixel counts: median frequency allows for images that lack a class",
    ),
    Rule(
        "few samples",
        "sqrt-inverse",
        lambda counts, ratio: counts.unit is not Unit.PARTS and _smallest(counts) < FEW_SAMPLES,
        lambda counts, ratio: (
            f"the rarest class is in fewer than {FEW_SAMPLES} {_samples(counts)} ({_smallest(counts)}); "
            "with full weights a few of them would decide too much"
        ),
    ),
    Rule(
        "wide",
        "sqrt-inverse",
        lambda counts, ratio: ratio > WIDE,
        lambda counts, ratio: (
            f"at {_rounded(ratio)} : 1 full inverse weights usually cost more precision than they gain recall"
        ),
    ),
    Rule(
        "moderate",
        "balanced",
        lambda counts, ratio: True,
        lambda counts, ratio: (
            f"at {ratio:.2g} : 1 with enough samples everywhere, equal say for every class is safe"
        ),
    ),
)


def recommend(counts: ClassCounts) -> Recommendation:
    """The first rule that holds. Where to start, not proof: evidence comes from trying.

    >>> recommend(ClassCounts.multiclass({"a": 500, "b": 450})).scheme is None
    True
    >>> recommend(ClassCounts.multiclass({"a": 600, "b": 200})).rule
    'moderate'
    >>> recommend(ClassCounts.multilabel(("a", "b"), {(0,): 3, (0, 1): 1})).options
    '--scheme pos-weight --gamma 0.5'
    """
    ratio = imbalance_ratio(counts) or 1.0
    rule = next(r for r in RULES if r.holds(counts, ratio))
    return Recommendation(
        rule.scheme,
        rule.name,
        rule.reason(counts, ratio),
        _evidence(rule, counts),
        rule.parameters,
    )


def _evidence(rule: Rule, counts: ClassCounts) -> str:
    """What to compare before believing the rule."""
    if rule.scheme is None:
        return "if one class matters more to you than the others, imbweights sweep compares weights"
    if counts.task is Task.MULTILABEL:
        return (
            "compare with the plain model and one decision threshold tuned for all labels, on held-out "
            "data; imbweights sweep compares with one per label, where there are features"
        )
    return (
        "compare with the plain model and a decision threshold tuned per class, on held-out data; "
        "imbweights sweep does, where there are features"
    )
