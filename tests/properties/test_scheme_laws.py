"""What the formulas promise, over random counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from imbweights import ClassCounts, ClassWeights
from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.cost_matrix import CostMatrix
from imbweights.core.errors import UsageError
from imbweights.core.weights import Role
from imbweights.schemes import SCHEMES
from imbweights.schemes.base import Scheme
from imbweights.schemes.weighing import Wishes, weigh

# Weights made from costs promise nothing about counts.
CLASS_WEIGHTS = [s for s in SCHEMES.values() if s.role is Role.CLASS_WEIGHT and not s.with_costs]
SCALE_FREE = ["inverse", "balanced", "sqrt-inverse", "power", "log", "log-ratio"]
SCALE_FREE += ["median-frequency", "generalised-dice"]
NO_WEIGHTS = [s for s in SCHEMES.values() if s.role not in {Role.CLASS_WEIGHT, Role.POS_WEIGHT}]
COUNTS = st.lists(st.integers(1, 10**9), min_size=2, max_size=12)
every_scheme = pytest.mark.parametrize("scheme", CLASS_WEIGHTS, ids=lambda s: s.name)


def named(values: list[int]) -> ClassCounts:
    """Counts of classes c00, c01 and so on."""
    return ClassCounts.multiclass({f"c{i:02d}": n for i, n in enumerate(values)})


@every_scheme
@given(COUNTS)
def test_a_rarer_class_never_weighs_less(scheme: Scheme, values: list[int]) -> None:
    """All of these are frequency schemes."""
    weights = weigh(scheme, named(values), Wishes()).values
    order = np.argsort(values, kind="stable")
    steps = np.diff(weights[order])
    assert (steps <= 1e-9 * weights.max()).all()


@every_scheme
@given(COUNTS, st.randoms(use_true_random=False))
def test_permuting_classes_permutes_weights(scheme: Scheme, values: list[int], rng: object) -> None:
    """A class's weight depends on its count, not on its place."""
    counts = named(values)
    names = sorted(counts.classes, key=lambda _: rng.random())  # type: ignore[attr-defined]
    there = weigh(scheme, counts, Wishes()).as_dict()
    here = weigh(scheme, counts.reordered(names), Wishes()).as_dict()
    assert here == pytest.approx(there, rel=1e-12)
    assert list(here) == names


@pytest.mark.parametrize("name", SCALE_FREE)
@given(COUNTS, st.integers(2, 1000))
def test_scaling_all_counts_changes_nothing(name: str, values: list[int], factor: int) -> None:
    """Ten times the data with the same shares gets the same weights."""
    small = weigh(SCHEMES[name], named(values), Wishes()).values
    large = weigh(SCHEMES[name], named([n * factor for n in values]), Wishes()).values
    np.testing.assert_allclose(small, large, rtol=1e-9)


@every_scheme
@given(st.integers(1, 10**9), st.integers(2, 12))
def test_balanced_data_gets_equal_weights(scheme: Scheme, count: int, classes: int) -> None:
    """Nothing to correct."""
    weights = weigh(scheme, named([count] * classes), Wishes()).values
    np.testing.assert_allclose(weights, weights[0], rtol=1e-12)


@every_scheme
@given(COUNTS, st.sampled_from([n for n in Normalization if n is not Normalization.NONE]))
def test_normalisations_hold(scheme: Scheme, values: list[int], wanted: Normalization) -> None:
    """Each to the last digits, and without changing the ratios."""
    plain = weigh(scheme, named(values), Wishes()).values
    w = weigh(scheme, named(values), Wishes(normalize=wanted)).values
    n = np.array(values, dtype=np.float64)
    found = {
        Normalization.SUM1: (w.sum(), 1.0),
        Normalization.SUMK: (w.sum(), float(len(values))),
        Normalization.SAMPLES: ((n * w).sum(), n.sum()),
        Normalization.MAX1: (w.max(), 1.0),
        Normalization.MIN1: (w.min(), 1.0),
    }[wanted]
    assert found[0] == pytest.approx(found[1], rel=1e-12)
    np.testing.assert_allclose(w / w[0], plain / plain[0], rtol=1e-9)


@every_scheme
@given(COUNTS, st.floats(1, 1e6))
def test_the_cap_holds_and_names_what_it_touched(
    scheme: Scheme, values: list[int], cap: float
) -> None:
    """Largest at most cap times smallest; only the named classes changed."""
    plain = weigh(scheme, named(values), Wishes()).as_dict()
    capped = weigh(scheme, named(values), Wishes(cap=cap))
    w = capped.values
    assert w.max() <= w.min() * cap * (1 + 1e-9)
    relative = {c: v / plain[c] for c, v in capped.as_dict().items() if c not in capped.capped}
    assert relative
    first = next(iter(relative.values()))
    assert all(v == pytest.approx(first, rel=1e-9) for v in relative.values())


@every_scheme
@given(COUNTS, st.sampled_from([EmptyPolicy.ZERO, EmptyPolicy.MAX, EmptyPolicy.SMOOTH]))
def test_a_class_without_samples_keeps_its_place(
    scheme: Scheme, values: list[int], empty: EmptyPolicy
) -> None:
    """And gets what was asked for."""
    counts = named(values).reordered([*named(values).classes, "nothing"])
    weights = weigh(scheme, counts, Wishes(empty=empty))
    assert weights.classes == counts.classes
    last = weights.values[-1]
    if empty is EmptyPolicy.ZERO:
        assert last == 0
    elif empty is EmptyPolicy.MAX:
        assert last == weights.values[:-1].max()
    else:
        assert last >= weights.values[:-1].max() * (1 - 1e-9)


@every_scheme
@given(COUNTS)
def test_json_round_trip(scheme: Scheme, values: list[int]) -> None:
    """Weights read back from their own JSON are the same."""
    weights = weigh(scheme, named(values), Wishes(cap=50))
    assert ClassWeights.from_dict(weights.to_dict()) == weights


@pytest.mark.parametrize("scheme", NO_WEIGHTS, ids=lambda s: s.name)
@given(st.lists(st.integers(1, 10**9), min_size=3, max_size=12))
def test_what_is_no_weight_is_not_called_one(scheme: Scheme, values: list[int]) -> None:
    """Its JSON has the numbers under their own name, comes back equal, and cannot be scaled."""
    found = weigh(scheme, named(values), Wishes())
    data = found.to_dict()
    assert all("weight" not in row and scheme.role.key in row for row in data["classes"])
    assert ClassWeights.from_dict(data) == found
    with pytest.raises(UsageError, match="cannot be normalised"):
        weigh(scheme, named(values), Wishes(normalize=Normalization.SUM1))


@given(COUNTS, st.lists(st.floats(0.1, 1e3), min_size=12, max_size=12))
def test_costs_decide_not_counts(values: list[int], costs: list[float]) -> None:
    """Σ of a row of the cost matrix, whatever the counts."""
    k = len(values)
    matrix = [[0.0 if t == q else costs[t] for q in range(k)] for t in range(k)]
    wishes = Wishes(costs=CostMatrix(tuple(map(tuple, matrix))))
    weights = weigh(SCHEMES["cost-matrix"], named(values), wishes)
    np.testing.assert_allclose(weights.values, [costs[t] * (k - 1) for t in range(k)])
    assert ClassWeights.from_dict(weights.to_dict()) == weights


@given(st.dictionaries(st.sampled_from([(), (0,), (1,), (0, 1)]), st.integers(1, 1000), min_size=1))
def test_pos_weight_balances_each_label(sets: dict[tuple[int, ...], int]) -> None:
    """Positives times pos_weight are as many as the negatives."""
    counts = ClassCounts.multilabel(["a", "b"], sets)
    assume(not counts.empty_classes)
    weights = weigh(SCHEMES["pos-weight"], counts, Wishes())
    np.testing.assert_allclose(
        weights.values * counts.counts, counts.samples - counts.counts, rtol=1e-12
    )
