"""The measures of drift against SciPy and numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from imbweights.drift import DRIFTS, drift_between
from imbweights.drift.cramers_v import chi_squared, significance

pairs = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.lists(st.integers(0, 500), min_size=k, max_size=k),
        st.lists(st.integers(0, 500), min_size=k, max_size=k),
    ).filter(lambda pair: sum(pair[0]) > 0 and sum(pair[1]) > 0)
)


def counts(values: list[int]) -> dict[str, int]:
    """Counts under letters."""
    return {chr(97 + i): n for i, n in enumerate(values)}


@given(pairs)
def test_jensen_shannon_is_that_of_scipy(pair: tuple[list[int], list[int]]) -> None:
    """Base 2, a distance and not a divergence."""
    p, q = (np.array(v, dtype=float) for v in pair)
    wanted = jensenshannon(p, q, base=2)
    assert DRIFTS["js"].compute(p, q) == pytest.approx(float(np.nan_to_num(wanted)), abs=1e-7)


@given(pairs)
def test_chi_squared_and_cramers_v_are_those_of_scipy(pair: tuple[list[int], list[int]]) -> None:
    """On the table without the classes that neither has."""
    table = np.array(pair)
    table = table[:, table.sum(axis=0) > 0]
    before, now = (np.array(v, dtype=float) for v in pair)
    if table.shape[1] < 2:
        assert significance(before, now) == 1.0
        return
    wanted = chi2_contingency(table, correction=False)
    statistic, freedom = chi_squared(before, now)
    assert statistic == pytest.approx(wanted.statistic)
    assert freedom == wanted.dof
    assert significance(before, now) == pytest.approx(wanted.pvalue, abs=1e-9)
    v = association(table, method="cramer", correction=False)
    assert DRIFTS["cramers-v"].compute(before, now) == pytest.approx(v)


def test_psi_by_hand() -> None:
    """(0.6 − 0.5) ln(0.6/0.5) + (0.4 − 0.5) ln(0.4/0.5), half a sample in each class."""
    p, q = 0.5, 600_000.5 / 1_000_001
    wanted = (q - p) * math.log(q / p) + (p - q) * math.log((1 - q) / p)
    found = DRIFTS["psi"].compute(np.array([5e5, 5e5]), np.array([6e5, 4e5]))
    assert found == pytest.approx(wanted)
    assert found == pytest.approx(0.040547, abs=1e-5)


def test_a_class_that_vanishes_has_a_finite_psi() -> None:
    """Half a sample stands for none."""
    assert math.isfinite(DRIFTS["psi"].compute(np.array([5.0, 5.0]), np.array([10.0, 0.0])))


@given(pairs)
def test_no_drift_to_oneself_and_symmetric_measures(pair: tuple[list[int], list[int]]) -> None:
    """All are 0 for equal shares; the order of then and now does not matter to them."""
    before, now = map(counts, pair)
    same = drift_between(before, {c: 3 * n for c, n in before.items()})
    assert same is not None
    assert {k: v for k, v in same.values.items() if k != "psi"} == pytest.approx(
        dict.fromkeys(("linf", "js", "cramers-v"), 0.0), abs=1e-7
    )
    there, back = drift_between(before, now), drift_between(now, before)
    assert there is not None
    assert back is not None
    assert there.values == pytest.approx(back.values)
    assert there.p == pytest.approx(back.p)


def test_the_class_that_moved_most_is_named() -> None:
    """With its shares."""
    drift = drift_between({"a": 50, "b": 30, "c": 20}, {"b": 60, "a": 20, "c": 20})
    assert drift is not None
    assert (drift.cls, drift.before, drift.now) == ("a", 0.5, 0.2)
    assert drift.values["linf"] == pytest.approx(0.3)
    assert drift_between({"a": 0}, {"a": 1}) is None
