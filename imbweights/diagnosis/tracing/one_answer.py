"""Always the majority, or no for every label."""

from __future__ import annotations

from imbweights.core.codes.losses import ONE_ANSWER
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding
from imbweights.diagnosis.tracing.base import Case

_NEARLY = 0.99
_FEWEST = 20


def find(case: Case) -> Finding | None:
    """Where the data has other answers, and the predictions have none or hardly any."""
    base, counts = case.baseline, case.tally.counts
    if counts.sum() < _FEWEST or (counts > 0).sum() < 2:
        return None
    if base.same < _NEARLY or base.share > base.same:
        return None
    if base.same < 1 and base.share > 1 - 2 * (1 - base.same):
        return None  # as rare as the predictions answer otherwise, so the data is
    how = "always" if base.same == 1 else f"in {100 * base.same:.1f} % of all cases"
    loss = case.losses[0].plain
    gap = f" Its loss is {loss:.4g}; knowing only the shares gives {base.loss:.4g}."
    return case.report(
        ONE_ANSWER,
        f"the predictions say {visible(base.answer[:40])} {how}, which is right in "
        f"{100 * base.share:.1f} %.{gap}",
        same=base.same,
        share=base.share,
        loss_at_shares=base.loss,
    )
