"""Laws of the sweep's parts that hold for any data."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from imbweights.evidence.data.sampling import stratified_sample
from imbweights.evidence.deciding import PLAIN, tuned, value
from imbweights.evidence.fitting import normalised
from imbweights.evidence.goals import Asked, find_goal
from imbweights.evidence.metrics import Truth
from imbweights.evidence.validation import iterative_stratification

Array = npt.NDArray[Any]

probabilities = st.floats(0.01, 0.99).map(lambda p: round(p, 2))
rows = st.lists(st.tuples(st.booleans(), probabilities), min_size=2, max_size=40)


@settings(deadline=None)  # the first call loads libraries
@given(rows, st.sampled_from(["f1", "macro-f1", "balanced-accuracy"]))
def test_tuning_never_loses_on_the_rows_that_chose(
    pairs: list[tuple[bool, float]], name: str
) -> None:
    """One half is among the thresholds that are tried, or one that answers the same."""
    codes = np.array([int(true) for true, _ in pairs])
    p = np.array([q for _, q in pairs])
    truth = Truth(classes=("no", "yes"), minority=1, codes=codes)
    goal = find_goal(name, Asked(minority=1, name="yes", classes=2))
    both = np.stack([1 - p, p], axis=1)
    # Two ties at one half go to the first class, as argmax has it.
    decision, reached = tuned(both, truth, goal)
    assert reached >= value(both, PLAIN, truth, goal) - 1e-9
    assert abs(value(both, decision, truth, goal) - reached) < 1e-9


@settings(deadline=None)  # the first call loads libraries
@given(hnp.arrays(bool, st.tuples(st.integers(4, 40), st.integers(1, 5))), st.integers(2, 4))
def test_iterative_stratification_deals_out_every_row(labels: Array, k: int) -> None:
    """Each row to one fold, and no label to one fold alone when it is in several rows."""
    place = iterative_stratification(labels, k, 0)
    assert set(place.tolist()) <= set(range(k))
    rarest = np.where(labels.sum(axis=0) > 0, labels.sum(axis=0), 99)
    if (label := int(rarest.argmin())) >= 0 and rarest[label] < 99:
        per_fold = np.bincount(place[labels[:, label]], minlength=k)
        assert per_fold.max() - per_fold.min() <= 1


@settings(deadline=None)  # the first call loads libraries
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=200), st.integers(10, 60), st.integers(0, 9)
)
def test_a_sample_is_of_different_rows_and_loses_no_class(
    strata: list[int], size: int, seed: int
) -> None:
    """About as many as asked for: at most two more per class."""
    kept = stratified_sample(strata, size, seed)
    assert len(set(kept.tolist())) == len(kept) <= max(size, 0) + 2 * len(set(strata))
    assert {strata[i] for i in kept.tolist()} == set(strata)


@settings(deadline=None)  # the first call loads libraries
@given(
    hnp.arrays(np.float64, 3, elements=st.floats(0.01, 100)),
    hnp.arrays(np.int64, 3, elements=st.integers(1, 1000)),
    st.floats(0.1, 10),
)
def test_the_scale_of_weights_does_not_matter(vector: Array, counts: Array, factor: float) -> None:
    """They have mean 1 over the samples, whatever they were."""
    scaled = normalised(vector, counts)
    np.testing.assert_allclose((scaled * counts).sum(), counts.sum())
    np.testing.assert_allclose(normalised(factor * vector, counts), scaled)
