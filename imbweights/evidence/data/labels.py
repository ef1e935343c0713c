"""From the labels of rows to what is true of them: codes or a table, in class order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import UsageError
from imbweights.evidence.data.wishes import DataOptions
from imbweights.evidence.metrics import Truth

IntArray = npt.NDArray[np.int64]
Label = str | None | tuple[str, ...]

_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """``truth`` of the rows that have a label, which are ``rows`` (ascending row numbers).

    ``counts``: the counts of the source, without the classes that were left out.
    """

    truth: Truth
    rows: IntArray
    counts: ClassCounts
    notes: tuple[str, ...]


def labelled(
    labels: Sequence[Label],
    counts: ClassCounts,
    renamed: Mapping[str, str],
    options: DataOptions,
) -> Labelled:
    """Codes in class order, or a table of booleans when rows have sets of labels.

    ``labels``: one per row, text or a tuple of texts, ``None`` where missing; ``counts``: what
    was counted, whose classes are those of the result; a label that is none of them was ignored.
    Raises ``UsageError`` when there are fewer than two classes to tell apart.
    """
    if counts.task is Task.MULTILABEL:
        return _several(labels, counts, renamed)
    place = {name: i for i, name in enumerate(counts.classes)}
    found = np.fromiter(
        (
            -1 if text is None else place.get(renamed.get(_one(text), _one(text)), -1)
            for text in labels
        ),
        dtype=np.int64,
        count=len(labels),
    )
    return single(found, counts, options)


def _one(label: str | tuple[str, ...]) -> str:
    """The only label of a set."""
    return label if isinstance(label, str) else (label[0] if label else "")


def single(found: IntArray, counts: ClassCounts, options: DataOptions) -> Labelled:
    """From class indices, −1 where there is no label. Classes with too few samples are left out."""
    have = np.bincount(found[found >= 0], minlength=len(counts.classes))
    kept = [i for i in range(len(counts.classes)) if have[i] >= _FEWEST]
    _refuse_too_few(counts.classes, have)
    notes = _left_out(counts.classes, have, kept)
    new = np.full(len(counts.classes) + 1, -1, dtype=np.int64)
    new[kept] = np.arange(len(kept))
    codes = new[found]
    rows = np.flatnonzero(codes >= 0)
    names = tuple(counts.classes[i] for i in kept)
    return Labelled(
        truth=Truth(
            classes=names, minority=_minority(names, have[kept], options), codes=codes[rows]
        ),
        rows=rows,
        counts=_only(counts, kept),
        notes=notes,
    )


def _refuse_too_few(classes: tuple[str, ...], have: IntArray) -> None:
    some = [(classes[i], int(n)) for i, n in enumerate(have.tolist()) if n]
    enough = [name for name, n in some if n >= _FEWEST]
    if len(enough) >= 2:
        return
    if len(some) < 2:
        name = f", {some[0][0]!r}" if some else ""
        raise UsageError(
            f"there is only one class{name}: there is nothing to compare",
            hint="check that --label names the right column and that no class was left out",
        )
    name, n = min(some, key=lambda pair: pair[1])
    raise UsageError(
        f"class {name!r} has {n} sample; to learn from some and test on others takes at least 2, "
        "and some 20 before the answer means anything",
        hint="add data, or count several rare classes as one",
    )


def _left_out(classes: tuple[str, ...], have: IntArray, kept: list[int]) -> tuple[str, ...]:
    lost = [classes[i] for i in range(len(classes)) if i not in kept]
    if not lost:
        return ()
    shown = ", ".join(map(repr, lost[:5])) + (" …" if len(lost) > 5 else "")
    what = "class" if len(lost) == 1 else "classes"
    return (f"left out {what} {shown}: fewer than {_FEWEST} samples, {int(have.sum())} in all",)


def _minority(names: tuple[str, ...], have: IntArray, options: DataOptions) -> int:
    if options.positive is not None:
        if options.positive not in names:
            raise UsageError(
                f"--positive {options.positive!r} is not a class",
                hint=f"classes: {', '.join(names[:10])}",
            )
        return names.index(options.positive)
    # Of two equal classes the second is the positive one, as everywhere.
    return int(len(have) - 1 - have[::-1].argmin())


def _only(counts: ClassCounts, kept: list[int]) -> ClassCounts:
    """The counts of some classes."""
    if len(kept) == len(counts.classes):
        return counts
    lost = int(counts.total) - int(counts.counts[kept].sum())
    return ClassCounts(
        classes=tuple(counts.classes[i] for i in kept),
        counts=counts.counts[kept],
        present=counts.present[kept],
        extent=counts.extent[kept],
        samples=counts.samples - (lost if counts.task is Task.MULTICLASS else 0),
        task=counts.task,
        unit=counts.unit,
    )


def _several(labels: Sequence[Label], counts: ClassCounts, renamed: Mapping[str, str]) -> Labelled:
    place = {name: i for i, name in enumerate(counts.classes)}
    table = np.zeros((len(labels), len(counts.classes)), dtype=bool)
    for row, label in enumerate(labels):
        for text in (label,) if isinstance(label, str) else label or ():
            column = place.get(renamed.get(text, text))
            if column is not None:
                table[row, column] = True
    return several(table, counts)


def several(table: npt.NDArray[np.bool_], counts: ClassCounts) -> Labelled:
    """From an (N, L) table. Labels that are on, or off, in all rows but one are left out."""
    on = table.sum(axis=0)
    kept = np.flatnonzero((on >= _FEWEST) & (on <= len(table) - _FEWEST)).tolist()
    if not kept:
        raise UsageError("no label is on in some rows and off in others: nothing can be learned")
    notes = _labels_left_out(counts.classes, kept)
    names = tuple(counts.classes[i] for i in kept)
    smaller = ClassCounts(
        classes=names,
        counts=counts.counts[kept],
        present=counts.present[kept],
        extent=counts.extent[kept],
        samples=counts.samples,
        task=Task.MULTILABEL,
        unit=counts.unit,
    )
    return Labelled(
        truth=Truth(classes=names, minority=None, labels=table[:, kept]),
        rows=np.arange(len(table)),
        counts=counts if len(kept) == len(counts.classes) else smaller,
        notes=notes,
    )


def _labels_left_out(classes: tuple[str, ...], kept: list[int]) -> tuple[str, ...]:
    lost = [name for i, name in enumerate(classes) if i not in set(kept)]
    if not lost:
        return ()
    shown = ", ".join(map(repr, lost[:5])) + (" …" if len(lost) > 5 else "")
    what = f"{len(lost):,} label{'s' * (len(lost) > 1)}"
    return (f"left out {what} with fewer than {_FEWEST} rows on or off ({shown})",)
