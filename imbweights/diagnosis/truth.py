"""The targets: class indices, names, one-hot rows or 0 and 1, from a file or from memory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from imbweights.core.class_list import ClassList
from imbweights.core.errors import AmbiguousSourceError, SourceError, UsageError
from imbweights.core.labels import label_texts
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.ordering import sorted_classes
from imbweights.core.rows import Rows
from imbweights.diagnosis.blocks import Grid
from imbweights.diagnosis.number_tables import PARQUET
from imbweights.diagnosis.opening import Numbers, existing, is_path, open_numbers
from imbweights.profiling import profile_of
from imbweights.sources.arrays.opening import ArrayFileError, mapped
from imbweights.sources.tables.names import normalised

_NUMBERED = re.compile(r"\D*\d+\D*")

MISSING = np.iinfo(np.int64).min
"""An index that stands for a label that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Targets as numbers. ``names``: the classes by index, where the targets or ``--classes`` name
    them. ``ids``: the number in the data for each of ``names``, where that is not its index.
    ``ignored``: numbers that do not count. ``details``: what was recognised. ``assumed``: the order
    of the names is only the sorted one.
    """

    grid: Grid
    name: str
    names: tuple[str, ...] | None = None
    ids: tuple[int, ...] | None = None
    ignored: tuple[int, ...] = ()
    details: tuple[str, ...] = ()
    assumed: bool = False


def read_truth(
    source: Any,
    *,
    label: str | None,
    classes: ClassList | None,
    ignored: Sequence[str],
    columns: tuple[str, ...] | None,
) -> Truth:
    """The targets. ``columns``: what the columns of the predictions are called.

    Raises ``SourceError`` for what holds no targets and ``UsageError`` for names that fit nothing.
    """
    texts = _texts(source, label)
    if texts is not None:
        rows, name, details = texts
        return _from_rows(rows, name, details, classes, ignored, columns)
    numbers = _numbers(source, label)
    ids = None if classes is None else classes.ids
    if ids == tuple(range(len(ids or ()))):
        ids = None
    return Truth(
        grid=numbers.grid,
        name=numbers.name,
        names=(None if classes is None else classes.names) or _label_names(numbers),
        ids=ids,
        ignored=_as_numbers(ignored, classes),
    )


# Floats beyond are no longer exact.
_LARGEST_INDEX = 2.0**53


def _label_names(numbers: Numbers) -> tuple[str, ...] | None:
    names = numbers.names
    return names if names is not None and len(names) > 1 else None


def _numbers(source: Any, label: str | None) -> Numbers:
    found = open_numbers(source, label, what="targets", option="--label")
    grid = found.grid
    if grid.dtype.kind == "f" and len(grid.shape) == 1:
        array = np.asarray(grid.load())
        if not np.isnan(array).any() and (array == np.round(array)).all():
            if array.size and np.abs(array).max() > _LARGEST_INDEX:
                raise SourceError(f"{found.name}: holds {np.abs(array).max():g}, which is no class")
            return Numbers(grid=Grid.of(array.astype(np.int64)), name=found.name)
    return found


def _texts(source: Any, label: str | None) -> tuple[Rows, str, tuple[str, ...]] | None:
    """One label per row, where the targets are such; ``None`` for arrays of numbers."""
    if not is_path(source):
        array = np.asarray(source.detach().cpu() if hasattr(source, "detach") else source)
        if array.dtype.kind in "biuf" or array.ndim != 1:
            return None
        return Rows.of(label_texts(source)), "targets", ()
    path = existing(Path(source))
    suffix = path.suffix.lower()
    if suffix == ".npz" or (suffix == ".npy" and not _holds_text(path)):
        return None
    several = label is not None and any(sign in label for sign in ",:*?[")
    if several and (suffix in {".csv", ".tsv", *PARQUET}):
        return None
    options = LabelOptions(label=label, keep_rows=True)
    profile = profile_of(SourceSpec(paths=(str(path),), options=options))
    rows = profile.rows.get("")
    if rows is None:
        raise SourceError(
            f"{path}: its labels are not one per row",
            hint="name the 0/1 columns with --label 'tag_*', or give a .npy array",
        )
    column = profile.source.label
    return rows, path.name, () if column is None else (f'column "{column}"',)


def _holds_text(path: Path) -> bool:
    try:
        array = mapped(path)
    except (ArrayFileError, OSError):
        return False
    return array.dtype.kind in "US"


def _as_numbers(ignored: Sequence[str], classes: ClassList | None) -> tuple[int, ...]:
    found = []
    for text in ignored:
        if classes is not None and text in classes.names:
            at = classes.names.index(text)
            found.append(at if classes.ids is None else classes.ids[at])
            continue
        try:
            found.append(int(text))
        except ValueError:
            raise UsageError(
                f"--ignore-label {text}: the targets are numbers",
                hint="give the number, such as 255",
            ) from None
    return tuple(found)


def _from_rows(
    rows: Rows,
    name: str,
    details: tuple[str, ...],
    classes: ClassList | None,
    ignored: Sequence[str],
    columns: tuple[str, ...] | None,
) -> Truth:
    known = [label for label in rows.labels if label is not None and label not in ignored]
    if not known:
        raise SourceError(f"{name}: there is not one label that counts")
    names = None if classes is None else classes.names
    numbers = all(_is_number(label) for label in known)
    ids = set() if classes is None else {*map(str, classes.ids or ())}
    if numbers and (names is None or {*known} <= ids or not {*known} <= {*names}):
        return _indices(rows, name, details, classes, ignored)
    if classes is None:
        _refuse_other_names(known, columns)
    place = _order(known, classes, columns)
    unknown = [label for label in known if label not in place]
    if unknown:
        raise SourceError(
            f"{name}: label {unknown[0]!r} is not among the classes ({', '.join(place)})",
            hint="add it to --classes, or leave it out with --ignore-label",
        )
    codes = np.array([MISSING if x is None else place.get(x, MISSING) for x in rows.labels])
    return Truth(
        grid=Grid.of(codes.astype(np.int64)[rows.codes]),
        name=name,
        names=tuple(place),
        details=details,
        assumed=classes is None and _column_names(known, columns) is None,
    )


def _indices(
    rows: Rows,
    name: str,
    details: tuple[str, ...],
    classes: ClassList | None,
    ignored: Sequence[str],
) -> Truth:
    """Labels that are numbers are class indices, as a framework would take them."""
    values = [MISSING if x is None or x in ignored else int(float(x)) for x in rows.labels]
    return Truth(
        grid=Grid.of(np.array(values, dtype=np.int64)[rows.codes]),
        name=name,
        names=None if classes is None else classes.names,
        ids=None if classes is None else classes.ids,
        details=details,
    )


def _is_number(label: str) -> bool:
    try:
        return float(label).is_integer()
    except (ValueError, OverflowError):
        return False


def _order(
    known: Sequence[str], classes: ClassList | None, columns: tuple[str, ...] | None
) -> dict[str, int]:
    if classes is not None:
        return {n: i for i, n in enumerate(classes.names)}
    names = _column_names(known, columns) or sorted_classes(known)
    return {n: i for i, n in enumerate(names)}


def _column_names(known: Sequence[str], columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The columns of the predictions, if they are called like the classes: the class order."""
    if columns is None or len(columns) < 2:
        return None
    for names in (columns, _bare(columns)):
        if {*known} <= {*names}:
            return names
        spelled = {normalised(n): n for n in known}
        if {*spelled} <= {normalised(n) for n in names}:
            return tuple(spelled.get(normalised(n), n) for n in names)
    return None


def _refuse_other_names(known: Sequence[str], columns: tuple[str, ...] | None) -> None:
    """Columns with names that are neither the classes nor numbers: any order would be a guess."""
    if columns is None or len(columns) < 2 or _column_names(known, columns) is not None:
        return
    if all(_NUMBERED.fullmatch(n) for n in columns):
        return
    raise AmbiguousSourceError(
        f"the columns of the predictions are called {_few(columns)}, the classes {_few(sorted(known))}: "
        "which is which?",
        hint="list the classes in the order of the columns: --classes a,b,c",
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:4])) + (" …" if len(names) > 4 else "")


def _bare(columns: Sequence[str]) -> tuple[str, ...]:
    """What the names do not have in common, cut at signs between words.

    >>> _bare(("P(cat)", "P(car)")), _bare(("cat_score", "dog_score")), _bare(("cat", "car"))
    (('cat', 'car'), ('cat', 'dog'), ('cat', 'car'))
    """
    start = _shared(columns)
    end = _shared([c[start:][::-1] for c in columns])
    return tuple(c[start : len(c) - end] for c in columns)


def _shared(names: Sequence[str]) -> int:
    """The length of the beginning that all names share, up to a sign that ends a word."""
    same = 0
    for i, chars in enumerate(zip(*names, strict=False), 1):
        if len(set(chars)) > 1:
            break
        if not chars[0].isalnum():
            same = i
    return same


def named_columns(columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Class names from the header of the predictions: what their columns do not share.

    >>> named_columns(("prob_cat", "prob_dog")), named_columns(("P(eel)", "P(fox)"))
    (('cat', 'dog'), ('eel', 'fox'))
    """
    if columns is None or len(columns) < 2:
        return None
    short = _bare(columns)
    return short if all(short) else columns
