"""Many, medium and few shot: the groups in which long-tailed results are reported."""

from __future__ import annotations

from imbweights.core.counts import ClassCounts
from imbweights.measures.base import EVERY_TASK, Measure

_MANY, _FEW = 100, 20


def shots(counts: ClassCounts) -> dict[str, float | int | None]:
    """Numbers of classes with more than 100, 20 to 100, fewer than 20 samples, and with none.

    Source: Liu et al. 2019, "Large-Scale Long-Tailed Recognition in an Open World", CVPR.

    >>> shots(ClassCounts.multiclass({"a": 101, "b": 100, "c": 20, "d": 19, "e": 0}))
    {'many': 1, 'medium': 2, 'few': 1, 'none': 1}
    """
    present = counts.present
    return {
        "many": int((present > _MANY).sum()),
        "medium": int(((present >= _FEW) & (present <= _MANY)).sum()),
        "few": int(((present > 0) & (present < _FEW)).sum()),
        "none": int((present == 0).sum()),
    }


MEASURE = Measure(
    name="shots",
    title="many, medium and few shot classes",
    formula="n > 100, 20 ≤ n ≤ 100, n < 20 (samples that contain the class)",
    reference="Liu et al. 2019, CVPR",
    compute=shots,
    tasks=EVERY_TASK,
    needs_counts=True,
)
