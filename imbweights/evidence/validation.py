"""Folds: which rows are trained on and which are held out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import UsageError

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fold:
    """One way to hold rows out: row numbers to train on and to test on, both ascending."""

    repeat: int
    number: int
    train: IntArray
    test: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The folds, and sentences on what could not be done as asked."""

    folds: tuple[Fold, ...]
    per_repeat: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """What folds must respect.

    ``codes``: (N,) class indices, or ``labels``: (N, L) booleans. ``groups``: (N,) numbers; rows
    of one group are never on both sides. ``classes``: names, for messages.
    """

    classes: tuple[str, ...]
    codes: IntArray | None = None
    labels: BoolArray | None = None
    groups: IntArray | None = None


def validation(of: Grouping, folds: int, repeats: int, seed: int) -> Validation:
    """Stratified folds, shuffled with ``seed``, ``seed + 1`` … for the repeats.

    One label per row: scikit-learn's ``StratifiedKFold``, or ``StratifiedGroupKFold`` with
    groups. Several labels: iterative stratification; with groups, whole groups at random. Fewer
    folds when the rarest class has fewer rows (groups) than that. Raises ``UsageError`` when it
    has fewer than two.
    """
    if folds < 2 or repeats < 1:
        raise UsageError("there must be at least 2 folds and 1 repeat")
    k, notes = _possible(of, folds)
    found = []
    for repeat in range(repeats):
        for number, (train, test) in enumerate(_split(of, k, seed + repeat)):
            found.append(Fold(repeat, number, np.sort(train), np.sort(test)))
    if of.codes is not None:
        _refuse_lacking(found, of.codes, of.classes)
    return Validation(folds=tuple(found), per_repeat=k, notes=notes)


def inner_split(of: Grouping, folds: int, seed: int) -> tuple[Fold, ...]:
    """Folds within training rows; none when they cannot be split again.

    One of two classes must be on both sides; of more classes the rarest may be missing on one.
    """
    if of.codes is None or len(of.classes) == 2:
        try:
            return validation(of, folds, 1, seed).folds
        except UsageError:
            return ()
    have = np.sort(_occurrences(of.codes, of.groups, len(of.classes)))
    if have[-2] < folds:
        return ()
    return tuple(
        Fold(0, number, np.sort(train), np.sort(test))
        for number, (train, test) in enumerate(_split(of, folds, seed))
    )


def _possible(of: Grouping, wanted: int) -> tuple[int, tuple[str, ...]]:
    """How many folds there can be, and the sentence that says so."""
    rows = of.codes if of.codes is not None else of.labels
    n = 0 if rows is None else len(rows)
    what, have = "rows", n
    if of.groups is not None:
        what, have = "groups", len(np.unique(of.groups))
    name = ""
    if of.codes is not None:
        per_class = _occurrences(of.codes, of.groups, len(of.classes))
        rarest = int(per_class.argmin())
        have, name = min(have, int(per_class[rarest])), of.classes[rarest]
    if have < 2:
        who = f"class {name!r} is in only" if name else "there is only"
        raise UsageError(
            f"{who} {have} of the {what}; to learn from some and test on others takes at least 2",
            hint="add data, or leave the class out with --ignore-label" if name else None,
        )
    if have >= wanted:
        return wanted, ()
    who = f"class {name!r} has only {have} {what}" if name else f"there are only {have} {what}"
    return have, (f"{have} folds instead of {wanted}, since {who}",)


def _occurrences(codes: IntArray, groups: IntArray | None, k: int) -> IntArray:
    """Rows of each class, or groups that hold it."""
    if groups is None:
        return np.bincount(codes, minlength=k)
    pairs = np.unique(np.stack([groups, codes], axis=1), axis=0)
    return np.bincount(pairs[:, 1], minlength=k)


def _split(of: Grouping, k: int, seed: int) -> Iterator[tuple[IntArray, IntArray]]:
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    if of.codes is None:
        assert of.labels is not None  # noqa: S101 - one of the two is there
        if of.groups is None:
            place = iterative_stratification(of.labels, k, seed)
        else:
            place = _by_group(of.groups, k, seed)
        for number in range(k):
            yield np.flatnonzero(place != number), np.flatnonzero(place == number)
        return
    with warnings.catch_warnings():
        # scikit-learn warns of classes smaller than the number of folds; there are none left.
        warnings.simplefilter("ignore", UserWarning)
        splitter = (
            StratifiedKFold(k, shuffle=True, random_state=seed)
            if of.groups is None
            else StratifiedGroupKFold(k, shuffle=True, random_state=seed)
        )
        yield from splitter.split(np.zeros(len(of.codes)), of.codes, of.groups)


def _by_group(groups: IntArray, k: int, seed: int) -> IntArray:
    """Whole groups at random, always to the fold with the fewest rows."""
    names, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of = np.zeros(len(names), dtype=np.int64)
    filled = np.zeros(k)
    for group in np.random.default_rng(seed).permutation(len(names)).tolist():
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return fold_of[place]


def _refuse_lacking(folds: list[Fold], codes: IntArray, classes: tuple[str, ...]) -> None:
    """With groups it may happen that all rows of a class are held out at once."""
    for fold in folds:
        lacking = np.flatnonzero(np.bincount(codes[fold.train], minlength=len(classes)) == 0)
        if len(lacking):
            raise UsageError(
                f"all rows of class {classes[int(lacking[0])]!r} fall into one fold, since their "
                "groups may not be split",
                hint="fewer --folds, another --seed, or no --group",
            )


def iterative_stratification(labels: BoolArray, k: int, seed: int) -> IntArray:
    """(N,) fold of each row, so that every label is spread evenly.

    The label with the fewest rows left is dealt out first, each of its rows to the fold that
    still wants most of that label, then to the one that wants most rows, then at random.

    Source: Sechidis, Tsoumakas and Vlahavas 2011, "On the Stratification of Multi-Label Data".

    >>> labels = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0], [0, 0]], dtype=bool)
    >>> place = iterative_stratification(labels, 2, 0)
    >>> [labels[place == f].sum(axis=0).tolist() for f in (0, 1)]
    [[1, 1], [1, 1]]
    """
    n = len(labels)
    rng = np.random.default_rng(seed)
    place = np.full(n, -1, dtype=np.int64)
    rows_of = [np.flatnonzero(labels[:, j]) for j in range(labels.shape[1])]
    of_row = [np.flatnonzero(row) for row in labels]
    left = labels.sum(axis=0).astype(np.int64)
    wanted = np.repeat(left[:, None] / k, k, axis=1)
    room = np.full(k, n / k)
    while (left > 0).any():
        j = int(np.where(left > 0, left, n + 1).argmin())
        for row in rng.permutation(rows_of[j][place[rows_of[j]] < 0]).tolist():
            fold = _wanting(wanted[j], room, rng)
            place[row] = fold
            wanted[of_row[row], fold] -= 1
            left[of_row[row]] -= 1
            room[fold] -= 1
    for row in rng.permutation(np.flatnonzero(place < 0)).tolist():
        fold = int(room.argmax())
        place[row] = fold
        room[fold] -= 1
    return place


def _wanting(
    wanted: npt.NDArray[np.float64], room: npt.NDArray[np.float64], rng: np.random.Generator
) -> int:
    best = np.flatnonzero(wanted == wanted.max())
    if len(best) > 1:
        best = best[room[best] == room[best].max()]
    return int(best[0] if len(best) == 1 else rng.choice(best))
