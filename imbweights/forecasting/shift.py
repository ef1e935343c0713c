"""What weights do to the probabilities of a network, and how to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from imbweights.forecasting.groups import Group


@dataclass(frozen=True, slots=True)
class Shift:
    """How far predicted probabilities move between two classes.

    ``favoured`` and ``other``: the classes with the largest and the smallest weight (the label
    and its absence); ``odds``: by how much the odds between them grow; ``half_becomes``: what a
    calibrated probability of 0.5 is shown as; ``half_means``: the true probability where 0.5 is
    shown, which is the threshold that the weights amount to.
    """

    favoured: str
    other: str
    odds: float

    @property
    def half_becomes(self) -> float:
        """w / (1 + w): p = 0.5 shown as q. As a threshold on q it undoes the weights.

        >>> Shift("yes", "no", 3.0).half_becomes
        0.75
        """
        return self.odds / (1.0 + self.odds)

    @property
    def half_means(self) -> float:
        """1 / (1 + w): the p that is shown as q = 0.5."""
        return 1.0 / (1.0 + self.odds)

    def corrected(self, shown: float) -> float:
        """p = q / (q + w (1 − q)): the probability behind the one shown.

        Holds for a network that minimises the weighted cross-entropy; approximately when it is
        regularised or cannot fit the data; not for focal or Dice losses. Source: Elkan 2001, IJCAI,
        theorem 2.

        >>> Shift("yes", "no", 3.0).corrected(0.75)
        0.5
        """
        return shown / (shown + self.odds * (1.0 - shown))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "favoured": self.favoured,
            "other": self.other,
            "odds_factor": self.odds,
            "half_becomes": self.half_becomes,
            "half_means": self.half_means,
        }


def shift(groups: tuple[Group, ...]) -> Shift | None:
    """The widest shift: between the classes (or at the label) with the largest ratio of weights.

    ``None`` when a weight of 0 takes a class out of the loss, so that nothing can be undone.
    """
    if any(float(g.weights.min()) <= 0 for g in groups):
        return None
    widest = max(groups, key=_odds)
    if widest.sigmoid:
        return Shift(widest.names[1], widest.names[0], _odds(widest))
    most, least = int(widest.weights.argmax()), int(widest.weights.argmin())
    return Shift(widest.names[most], widest.names[least], _odds(widest))


def _odds(group: Group) -> float:
    if group.sigmoid:
        return float(group.weights[1] / group.weights[0])
    return float(group.weights.max() / group.weights.min())
