"""Laws of adding counts: any engine may count parts in any order."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import add

from hypothesis import given
from hypothesis import strategies as st

from imbweights import ClassCounts, analyze

LABELS = st.lists(st.sampled_from(["a", "b", "c", "10", "9", "é", ""]), min_size=1)
PARTS = st.builds(
    ClassCounts.multiclass,
    st.dictionaries(
        st.text(min_size=1, max_size=3), st.integers(0, 10**15), min_size=1, max_size=5
    ),
    missing=st.integers(0, 9),
    ignored=st.integers(0, 9),
)
SETS = st.dictionaries(
    st.sets(st.integers(0, 3)).map(lambda s: tuple(sorted(s))), st.integers(1, 50), min_size=1
)


@given(PARTS, PARTS)
def test_addition_commutes(a: ClassCounts, b: ClassCounts) -> None:
    """a + b == b + a."""
    assert a + b == b + a


@given(PARTS, PARTS, PARTS)
def test_addition_associates(a: ClassCounts, b: ClassCounts, c: ClassCounts) -> None:
    """(a + b) + c == a + (b + c)."""
    assert (a + b) + c == a + (b + c)


@given(SETS, SETS)
def test_multilabel_addition_is_that_of_the_rows(
    a: dict[tuple[int, ...], int], b: dict[tuple[int, ...], int]
) -> None:
    """Adding parts equals counting their rows together."""
    names = ["w", "x", "y", "z"]
    both = Counter(a) + Counter(b)
    parts = ClassCounts.multilabel(names, a) + ClassCounts.multilabel(names, b)
    assert parts == ClassCounts.multilabel(names, both)


@given(LABELS.filter(any), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(labels: list[str], rng: object) -> None:
    """Permuting the rows changes nothing."""
    shuffled = sorted(labels, key=lambda _: rng.random())  # type: ignore[attr-defined]
    assert analyze(labels).counts == analyze(shuffled).counts


@given(LABELS.filter(any), st.integers(0, 20))
def test_splitting_and_adding_gives_the_whole(labels: list[str], cut: int) -> None:
    """Counting parts and adding them equals counting all at once."""
    halves = (labels[:cut], labels[cut:])
    # Labels that are all missing are no data set of their own.
    parts = [analyze(half).counts for half in halves if any(half)]
    missing = sum(len(half) for half in halves if not any(half))
    total = reduce(add, parts)
    whole = analyze(labels).counts
    assert total.as_dict() == whole.as_dict()
    assert total.missing + missing == whole.missing


@given(PARTS)
def test_saved_counts_read_back_the_same(counts: ClassCounts) -> None:
    """to_dict and from_dict are inverse."""
    assert ClassCounts.from_dict(counts.to_dict()) == counts


@given(SETS)
def test_saved_label_sets_read_back_the_same(sets: dict[tuple[int, ...], int]) -> None:
    """Also with label sets."""
    counts = ClassCounts.multilabel(["w", "x", "y", "z"], sets)
    assert ClassCounts.from_dict(counts.to_dict()) == counts
