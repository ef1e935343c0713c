"""Scores of all held-out rows together, and what each fold adds to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imbweights.evidence.metrics import Sums, pooled
from imbweights.evidence.result import Scores


@dataclass(frozen=True, slots=True)
class Pooled:
    """``whole``: the scores of all rows; ``without``: those of all but one fold, fold by fold."""

    whole: Scores
    without: tuple[Scores, ...]

    def pseudo(self, name: str) -> list[float] | None:
        """The jackknife's pseudo-values of one score, J·θ − (J − 1)·θ₋ⱼ for fold j of J.

        Their mean is the pooled score but for its bias, and their variance tells its error, so that
        what is tested is the number that is shown. A mean over folds of F1 is another number, too
        low where folds hold few positives. ``None`` where the score is undefined for some fold.

        Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 11; on F1 over
        folds, Forman and Scholz 2010.
        """
        whole = self.whole[name]
        without = [scores[name] for scores in self.without]
        known = [value for value in without if value is not None]
        if whole is None or len(known) < len(without):
            return None
        j = len(known)
        return [whole] if j < 2 else [j * whole - (j - 1) * value for value in known]


def over_folds(parts: Sequence[Sums], scored: Callable[[Sums], Scores]) -> Pooled:
    """Pool all folds, and all but each one."""
    if len(parts) < 2:
        whole = scored(pooled(parts))
        return Pooled(whole, (whole,) * len(parts))
    before, after = [parts[0]], [parts[-1]]
    for part in parts[1:]:
        before.append(before[-1] + part)
    for part in parts[-2::-1]:
        after.append(part + after[-1])
    after.reverse()
    middle = [before[i - 1] + after[i + 1] for i in range(1, len(parts) - 1)]
    return Pooled(
        scored(before[-1]), tuple(scored(sums) for sums in (after[1], *middle, before[-2]))
    )
