"""No false alarms, whatever the counts, scheme, parameter, scale and rounding; no mistake missed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imbweights import Audit, audit, suggest
from imbweights.core.choices import Normalization
from imbweights.core.errors import ImbweightsError
from imbweights.core.findings import Level
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes import SCHEMES
from imbweights.schemes.base import Scheme

SCHEMES_OF_WEIGHTS = [
    s for s in SCHEMES.values() if s.role is Role.CLASS_WEIGHT and not s.with_costs
]
PARAMETERS = {
    "beta": st.sampled_from([0.9, 0.99, 0.999, 0.9999, 0.99999, "auto"]) | st.floats(0.5, 0.99999),
    "c": st.sampled_from([1.02, 1.1, 1.2]) | st.floats(1.001, 3),
    "gamma": st.sampled_from([0.25, 0.5, 0.75, 1.0]) | st.floats(0, 3),
    "mu": st.sampled_from([0.15, 0.5, 1.0]) | st.floats(0.05, 20),
    "epoch": st.just(100),
}
COUNTS = st.lists(st.integers(1, 10**6), min_size=2, max_size=10)
ROUNDINGS = st.sampled_from(["none", "3 digits", "4 digits", "2", "3", "4"])


def named(values: list[int]) -> dict[str, int]:
    """Classes c00, c01 and so on."""
    return {f"c{i:02d}": n for i, n in enumerate(values)}


def rounded(values: FloatArray, how: str) -> list[float]:
    """As people paste them."""
    if how == "none":
        return [float(v) for v in values]
    if "digits" in how:
        return [float(f"{v:.{how[0]}g}") for v in values]
    return [round(float(v), int(how)) for v in values]


@pytest.mark.parametrize("scheme", SCHEMES_OF_WEIGHTS, ids=lambda s: s.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), values=COUNTS, how=ROUNDINGS, scale=st.sampled_from(Normalization))
def test_right_weights_raise_no_alarm(
    scheme: Scheme, data: st.DataObject, values: list[int], how: str, scale: Normalization
) -> None:
    """Every scheme, parameter, normalisation and rounding, from two classes on."""
    parameters = {p.name: data.draw(PARAMETERS[p.name]) for p in scheme.parameters}
    weights = suggest(named(values), scheme.name, normalize=scale.value, **parameters).values
    given_ = rounded(weights, how)
    assume(min(given_) > 0)  # a weight that was rounded to 0 is a mistake
    found = audit(given_, named(values))
    assert found.worst in {None, Level.NOTE}, found.findings[0].message


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(1, 10**6), min_size=2, max_size=8),
    empty=st.sampled_from(["zero", "max", "smooth"]),
    scheme=st.sampled_from(["inverse", "balanced", "sqrt-inverse", "log", "effective"]),
    scale=st.sampled_from(Normalization),
    how=ROUNDINGS,
)
def test_classes_without_samples_raise_no_alarm(
    values: list[int], empty: str, scheme: str, scale: Normalization, how: str
) -> None:
    """Whatever the policy for them was."""
    counts = named([*values, 0])
    weights = suggest(counts, scheme, normalize=scale.value, empty=empty)
    given_ = rounded(weights.values, how)
    assume(min(given_[:-1]) > 0)
    assert audit(given_, counts).worst in {None, Level.NOTE}
    assert audit(weights, counts).worst in {None, Level.NOTE}


@settings(max_examples=60, deadline=None)
@given(values=COUNTS, how=ROUNDINGS, gamma=st.sampled_from([1.0, 0.5, 0.25]))
def test_right_pos_weights_raise_no_alarm(values: list[int], how: str, gamma: float) -> None:
    """Of two classes, and of several labels."""
    weights = suggest(named(values[:2]), "pos-weight", gamma=gamma).values
    given_ = rounded(weights, how)
    assume(min(given_) > 0)
    assert audit(given_, named(values[:2])).worst in {None, Level.NOTE}


@settings(max_examples=80, deadline=None)
@given(values=COUNTS, scheme=st.sampled_from(list(SCHEMES)))
def test_own_weights_raise_no_alarm(values: list[int], scheme: str) -> None:
    """In whatever role, on the counts they were made from."""
    try:
        weights = suggest(named(values), scheme)
    except ImbweightsError:
        return
    assert audit(weights, named(values)).worst in {None, Level.NOTE}


def planted(values: list[int], scheme: str, scale: Normalization) -> FloatArray:
    """Weights to spoil: of at least three classes of different size, and not nearly equal."""
    assume(len(set(values)) >= 3)
    weights = suggest(named(values), scheme, normalize=scale.value).values
    assume(weights.max() > 1.2 * weights.min())
    return weights


FEW = st.lists(st.integers(5, 10**5), min_size=3, max_size=8)
SOME = st.sampled_from(["inverse", "balanced", "sqrt-inverse", "power", "log", "effective"])
DIGITS = st.sampled_from(["none", "4 digits"])
SCALES = st.sampled_from(Normalization)


def codes(found: Audit) -> set[str]:
    """Of what is more than a note."""
    return {f.code for f in found.findings if f.level is not Level.NOTE}


@settings(max_examples=80, deadline=None)
@given(values=FEW, scheme=SOME, scale=SCALES, how=DIGITS)
def test_inverted_weights_are_found(
    values: list[int], scheme: str, scale: Normalization, how: str
) -> None:
    """1/w, to sum 1."""
    weights = 1 / planted(values, scheme, scale)
    assert "IMB101" in codes(audit(rounded(weights / weights.sum(), how), named(values)))


@settings(max_examples=80, deadline=None)
@given(values=FEW, scheme=SOME, scale=SCALES, how=DIGITS, data=st.data())
def test_misordered_weights_are_found(
    values: list[int], scheme: str, scale: Normalization, how: str, data: st.DataObject
) -> None:
    """In any order that changes something; and put right."""
    weights = planted(values, scheme, scale)
    order = data.draw(st.permutations(range(len(values))))
    spoilt = weights[order]
    assume((np.abs(spoilt / weights - 1) > 0.01).sum() >= 2)
    found = audit(rounded(spoilt, how), named(values))
    assert codes(found) & {"IMB101", "IMB102"}
    right = [
        f.details["corrected"]
        for f in found.findings
        if f.code == "IMB102" or len(set(values)) == 3
    ]
    assert any(np.allclose(vector, weights, rtol=5e-3) for vector in right if vector)


@settings(max_examples=80, deadline=None)
@given(
    values=FEW.filter(lambda v: len(v) >= 4),
    scheme=st.sampled_from(["inverse", "balanced", "sqrt-inverse", "log"]),
    how=DIGITS,
    place=st.integers(0, 7),
    slip=st.sampled_from([10.0, 0.1, 1.3, 0.6, 2.5]),
)
def test_a_slip_is_found(values: list[int], scheme: str, how: str, place: int, slip: float) -> None:
    """At its place, from four classes of different size on."""
    assume(len(set(values)) >= 4)
    weights = planted(values, scheme, Normalization.NONE)
    i = place % len(values)
    spoilt = weights.copy()
    spoilt[i] *= slip
    found = audit(rounded(spoilt, how), named(values))
    slips = [f.details["index"] for f in found.findings if f.code == "IMB103"]
    assert i in slips or "IMB102" in codes(found)


@settings(max_examples=60, deadline=None)
@given(values=FEW, scheme=SOME, scale=SCALES, how=DIGITS, place=st.integers(0, 7))
def test_a_wrong_sign_is_found_and_corrected(
    values: list[int], scheme: str, scale: Normalization, how: str, place: int
) -> None:
    """The corrected vector is the right one."""
    weights = planted(values, scheme, scale)
    spoilt = weights.copy()
    spoilt[place % len(values)] *= -1
    assert "IMB105" in codes(audit(rounded(spoilt, how), named(values)))


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.floats(), max_size=6).map(lambda v: ",".join(map(repr, v)))
)
def test_no_text_crashes(text: str) -> None:
    """It is numbers, or an error for the user."""
    try:
        found = audit(text, {"a": 5, "b": 7, "c": 900})
    except ImbweightsError:
        return
    assert found.to_dict()["schema"] == "imbweights.audit/1"
