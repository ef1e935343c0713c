"""IMB020: a class of the training data that another split lacks."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, no_splits, quoted, samples_word

CODE = Code(
    code="IMB020",
    title="class absent from a split",
    level=Level.WARNING,
    why="What a split does not hold it cannot judge: the score of the class there is 0/0, and averages "
    "over classes are wrong or leave it out.",
    remedy="Split again, stratified by class; move a few samples; or report scores without the class.",
)

_EXPECTED = 5.0


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """For each split but training, the classes that training has and it has not.

    A note where the share of the class in training makes fewer than five samples there: so few are
    missing by chance (below five, e⁻⁵ = 0.7 %).
    """
    learned = {c: n for c, n in _present(facts).items() if n}
    for split, counts in facts.splits.items():
        if split == facts.training_name:
            continue
        found = counts.as_dict()
        for name, n in learned.items():
            if not found.get(name):
                expected = n / max(facts.training.samples, 1) * counts.samples
                few = f"; {expected:.2g} would be its share" if expected < _EXPECTED else ""
                have = samples_word(facts.training, n)
                yield finding(
                    CODE,
                    f"class {quoted(name)} has no samples in split {quoted(split)}, but {have}"
                    f"{facts.in_training or ' elsewhere'}{few}",
                    level=Level.NOTE if few else None,
                    where=facts.where(name, split=split),
                    split=split,
                    expected=expected,
                )


def _present(facts: Facts) -> dict[str, int]:
    return dict(zip(facts.training.classes, facts.training.present.tolist(), strict=True))


RULE = Rule(code=CODE, family="splits", check=check, lacks=(no_splits,))
