"""What weights will do to training, told before it starts.

Each number has its formula in ``docs/forecast.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from imbweights.core.counts import ClassCounts
from imbweights.core.weights import ClassWeights
from imbweights.forecasting.batches import Batches, batches
from imbweights.forecasting.effective_size import effective_size
from imbweights.forecasting.first_loss import WIDEST, FirstLoss, at_shares, at_spread
from imbweights.forecasting.groups import Group, groups
from imbweights.forecasting.shift import Shift, shift

SCHEMA = "imbweights.forecast/1"
BATCH_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect of weighted training.

    ``effective``: Kish's effective sample size (multi-label: of the label where its share is
    smallest, ``effective_of``), ``effective_share`` of all samples. ``ratio``: largest : smallest
    weight. ``mean_weight``: m = Σ n w / N, by which the mean loss and gradient grow where the scale
    matters. ``rms_weight``: √(Σ n w² / N), by which the gradient of a single sample grows on
    root mean square. ``first_loss``: at zero logits, at logits of spread 1, at the class shares.
    """

    effective: float
    effective_share: float
    effective_of: str | None
    ratio: float | None
    mean_weight: float
    rms_weight: float
    zero_logits: FirstLoss
    spread_logits: FirstLoss
    class_shares: FirstLoss
    batches: Batches
    shift: Shift | None
    sigmoid: bool

    @property
    def learning_rate(self) -> float:
        """1/m: by this factor the learning rate of SGD keeps its step, where the scale matters."""
        return 1.0 / self.mean_weight

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.forecast/1``."""
        return {
            "schema": SCHEMA,
            "effective_sample_size": self.effective,
            "effective_share": self.effective_share,
            "effective_sample_size_of": self.effective_of,
            "largest_to_smallest": self.ratio,
            "mean_weight": self.mean_weight,
            "rms_weight": self.rms_weight,
            "sgd_learning_rate_factor": self.learning_rate,
            "first_loss": {
                "zero_logits": self.zero_logits.to_dict(),
                "logits_of_spread_1": self.spread_logits.to_dict(),
                "class_shares": self.class_shares.to_dict(),
            },
            "batches": self.batches.to_dict(),
            "probability_shift": None if self.shift is None else self.shift.to_dict(),
        }


def forecast(counts: ClassCounts, weights: ClassWeights, batch_size: int = BATCH_SIZE) -> Forecast:
    """What ``weights``, computed on ``counts``, will do to training in batches of ``batch_size``.

    Raises ``UsageError`` for numbers that are not weights and for a batch size below 1.

    >>> import imbweights
    >>> counts = ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})
    >>> told = forecast(counts, imbweights.suggest(counts.as_dict(), "balanced"))
    >>> round(told.effective, 2), round(told.mean_weight, 6)
    (1287.31, 1.0)
    """
    questions = groups(counts, weights)
    shares = [effective_size(g) / float(g.sizes.sum()) for g in questions]
    worst = int(np.argmin(shares))
    positive = weights.values[weights.values > 0]
    total = sum(float(g.sizes.sum()) for g in questions)
    squares = sum(float(g.sizes @ g.weights**2) for g in questions)
    return Forecast(
        effective=effective_size(questions[worst]),
        effective_share=shares[worst],
        effective_of=questions[worst].names[1] if len(questions) > 1 else None,
        ratio=_ratio(questions) if positive.size else None,
        mean_weight=sum(g.mean_weight for g in questions) / len(questions),
        rms_weight=float(np.sqrt(squares / total)),
        zero_logits=at_spread(questions, 0.0),
        spread_logits=at_spread(questions, WIDEST),
        class_shares=at_shares(questions),
        batches=batches(counts, weights, batch_size),
        shift=shift(questions),
        sigmoid=questions[0].sigmoid,
    )


def _ratio(questions: tuple[Group, ...]) -> float:
    """Largest to smallest weight of any one question."""
    spreads = [g.weights[g.weights > 0] for g in questions]
    return max(float(w.max() / w.min()) for w in spreads if w.size)
