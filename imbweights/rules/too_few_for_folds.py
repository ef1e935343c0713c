"""IMB005: a class with fewer samples than there are folds."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import (
    Facts,
    Limits,
    Rule,
    Threshold,
    classes_with_samples,
    limit,
    no_counts,
    quoted,
    samples_word,
)

CODE = Code(
    code="IMB005",
    title="too few for the folds",
    level=Level.ERROR,
    why="Stratified folds cannot give every fold a sample of a class that has fewer samples than there "
    "are folds: scikit-learn warns or stops, and the fold without it scores 0/0.",
    remedy="Fewer folds, more samples of the class, or leave the class out.",
)
FOLDS = Threshold(
    name="folds",
    summary="Folds of the cross-validation that every class must fill; without it they are not looked at.",
    default=None,
    whole=True,
    low=2,
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes that have samples, but not one for each fold."""
    folds = int(limit(limits, FOLDS.name))
    for name, n in classes_with_samples(facts.training):
        if n < folds and facts.judges(name):
            yield finding(
                CODE,
                f"class {quoted(name)} has {samples_word(facts.training, n)}{facts.in_training}, "
                f"too few for {folds} folds",
                where=facts.where(name, split=facts.training_name),
                samples=n,
                folds=folds,
            )


RULE = Rule(code=CODE, family="counts", check=check, thresholds=(FOLDS,), lacks=(no_counts,))
