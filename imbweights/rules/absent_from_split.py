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


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """For each split but training, the classes that training has and it has not."""
    learned = {c: n for c, n in _present(facts).items() if n}
    for split, counts in facts.splits.items():
        if split == facts.training_name:
            continue
        found = counts.as_dict()
        for name, n in learned.items():
            if not found.get(name):
                have = samples_word(facts.training, n)
                yield finding(
                    CODE,
                    f"class {quoted(name)} has no samples in split {quoted(split)}, but {have}"
                    f"{facts.in_training or ' elsewhere'}",
                    where=facts.where(name),
                    split=split,
                )


def _present(facts: Facts) -> dict[str, int]:
    return dict(zip(facts.training.classes, facts.training.present.tolist(), strict=True))


RULE = Rule(code=CODE, family="splits", check=check, lacks=(no_splits,))
