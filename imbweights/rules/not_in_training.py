"""IMB022: a class that only other splits hold, not the one that trains."""

from __future__ import annotations

from collections.abc import Iterator

from imbweights.core.findings import Code, Finding, Level, finding
from imbweights.rules.base import Facts, Limits, Rule, listed, no_splits, quoted, samples_word

CODE = Code(
    code="IMB022",
    title="class not in training",
    level=Level.ERROR,
    why="A class that is never trained is never predicted: all its samples are counted as mistakes, and "
    "if indices are given by what training holds, every later class is shifted.",
    remedy="Split again, stratified by class, or take the class out of the other splits.",
)


def check(facts: Facts, limits: Limits) -> Iterator[Finding]:
    """Classes with samples somewhere, but none where training takes place."""
    trained = facts.training.as_dict()
    for name, n in zip(facts.counts.classes, facts.counts.present.tolist(), strict=True):
        if n and not trained.get(name):
            places = [split for split, part in facts.splits.items() if part.as_dict().get(name)]
            yield finding(
                CODE,
                f"class {quoted(name)} is only in split {listed(places)} "
                f"({samples_word(facts.counts, n)}), not in {quoted(facts.training_name or '')}",
                where=facts.where(name, split=places[0] if places else None),
                splits=places,
                samples=n,
            )


def _no_training(facts: Facts) -> str | None:
    return None if facts.training_name is not None else "no split is called train"


RULE = Rule(code=CODE, family="splits", check=check, lacks=(no_splits, _no_training))
