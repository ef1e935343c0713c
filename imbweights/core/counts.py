"""``ClassCounts``: what the labels of one split say. The value in the middle of the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import CountsError
from imbweights.core.exact import (
    MOST,
    IntArray,
    exact,
    exact_one,
    exact_sum,
    frozen,
    picked,
    sum_if_known,
)
from imbweights.core.label_sets import LabelSets, merged, read_sets, renumbered, sums_over_sets
from imbweights.core.ordering import sorted_classes
from imbweights.core.units import Task, Unit

__all__ = ["ClassCounts", "IntArray", "LabelSets", "Task", "Unit"]


@dataclass(frozen=True, eq=False)
class ClassCounts:
    """How often each class occurs, in class order; immutable, exact, checked at construction.

    ======================  =====  ==========================================================
    field                   shape  meaning
    ======================  =====  ==========================================================
    ``classes``             K      names; position i is the index the training framework uses
    ``counts``              (K,)   occurrences, in ``unit``
    ``present``             (K,)   samples (rows, images, volumes) that contain the class
    ``extent``              (K,)   total of the counts over just those samples
    ``samples``                    samples read, those without a usable label included
    ``missing``                    labels that were empty
    ``ignored``                    labels that the user said to ignore
    ``task``, ``unit``             what is predicted, and what one count stands for
    ``label_sets``                 multi-label only: each distinct set of labels (ascending
                                   class indices) with the number of rows that carry it
    ``extent_with_void``    (K,)   ``extent`` with the ignored pixels kept in, where known
    ======================  =====  ==========================================================

    Raises ``CountsError`` when names repeat, shapes differ, or a count is negative or beyond
    the 64-bit integers.

    >>> a = ClassCounts.multiclass({"cat": 2, "dog": 1})
    >>> b = ClassCounts.multiclass({"bird": 4, "cat": 1}, missing=1)
    >>> (a + b).as_dict(), (a + b).samples
    ({'bird': 4, 'cat': 3, 'dog': 1}, 9)
    """

    classes: tuple[str, ...]
    counts: IntArray
    present: IntArray
    extent: IntArray
    samples: int
    missing: int = 0
    ignored: int = 0
    task: Task = Task.MULTICLASS
    unit: Unit = Unit.SAMPLES
    label_sets: LabelSets | None = None
    extent_with_void: IntArray | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays and refuse what contradicts itself."""
        if len(set(self.classes)) != len(self.classes):
            twice = sorted({c for c in self.classes if self.classes.count(c) > 1})
            raise CountsError(f"class names must differ, but {twice[0]!r} occurs twice")
        for name in ("counts", "present", "extent", "extent_with_void"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, frozen(name, value, len(self.classes)))
        if min(self.samples, self.missing, self.ignored) < 0:
            raise CountsError("samples, missing and ignored must not be negative")
        # Everything later sums the counts; a total that wraps around would be silently wrong.
        if max(self.total, self.samples, self.missing, self.ignored) > MOST:
            raise CountsError("the counts add up to more than 64-bit integers hold")

    @classmethod
    def multiclass(
        cls,
        counts: Mapping[str, int],
        *,
        missing: int = 0,
        ignored: int = 0,
        order: Sequence[str] | None = None,
        unit: Unit = Unit.SAMPLES,
    ) -> ClassCounts:
        """Counts of data with one label per sample; ``order`` is the default class order."""
        classes = sorted_classes(counts) if order is None else tuple(order)
        values = [counts[c] for c in classes]
        return cls(
            classes=classes,
            counts=exact("counts", values),
            present=exact("present", values),
            extent=exact("extent", values),
            samples=sum(values) + missing + ignored,
            missing=missing,
            ignored=ignored,
            unit=unit,
        )

    @classmethod
    def multilabel(
        cls,
        classes: Sequence[str],
        label_sets: LabelSets,
        *,
        missing: int = 0,
        ignored: int = 0,
        unit: Unit = Unit.SAMPLES,
    ) -> ClassCounts:
        """Counts of data with any number of labels per row, from its distinct label sets.

        ``label_sets`` maps ascending class indices to the number of rows that carry just those
        labels; the empty tuple stands for rows without any label. Raises ``CountsError`` for an index
        that no class has.

        >>> c = ClassCounts.multilabel(["red", "green"], {(0,): 3, (0, 1): 2, (): 5})
        >>> c.as_dict(), c.samples, c.extent.tolist()
        ({'red': 5, 'green': 2}, 10, [7, 4])
        """
        counts, extent = sums_over_sets(label_sets, len(classes))
        return cls(
            classes=tuple(classes),
            counts=exact("counts", counts),
            present=exact("present", counts),
            extent=exact("extent", extent),
            samples=sum(label_sets.values()),
            missing=missing,
            ignored=ignored,
            task=Task.MULTILABEL,
            unit=unit,
            label_sets=dict(label_sets),
        )

    # Of a million classes, totals and shares are asked for in loops over the classes.
    @cached_property
    def total(self) -> int:
        """N, the sum of all counts (for multi-label data: of all positives)."""
        return sum(self.counts.tolist())

    @cached_property
    def shares(self) -> npt.NDArray[np.float64]:
        """(K,) shares: n/N, or for multi-label data the share of rows with the label.

        NaN where nothing was counted; renderers show that as “–”.
        """
        whole = self.samples if self.task is Task.MULTILABEL else self.total
        shares = self.counts / whole if whole else np.full(len(self.classes), np.nan)
        shares.flags.writeable = False
        return shares

    @cached_property
    def empty_classes(self) -> tuple[str, ...]:
        """Classes without a single sample."""
        return tuple(c for c, n in self.as_dict().items() if n == 0)

    def as_dict(self) -> dict[str, int]:
        """Class name → count, in class order."""
        return dict(zip(self.classes, self.counts.tolist(), strict=True))

    def only_present(self) -> ClassCounts:
        """The same data without the classes that have no samples."""
        return self.reordered([c for c, n in self.as_dict().items() if n])

    def reordered(self, classes: Iterable[str]) -> ClassCounts:
        """The same counts in another class order.

        Classes that are new get count 0; only classes without samples may be left out
        (else ``CountsError``).
        """
        new = tuple(classes)
        if new == self.classes:
            return self
        kept = set(new)
        lost = [c for c, n in self.as_dict().items() if n and c not in kept]
        if lost:
            raise CountsError(f"class {lost[0]!r} has samples and cannot be left out")
        position = {c: i for i, c in enumerate(self.classes)}
        source = [position.get(c, -1) for c in new]
        return replace(
            self,
            classes=new,
            counts=picked(self.counts, source),
            present=picked(self.present, source),
            extent=picked(self.extent, source),
            extent_with_void=None
            if self.extent_with_void is None
            else picked(self.extent_with_void, source),
            label_sets=renumbered(self.label_sets, source),
        )

    def renamed(self, names: Mapping[str, str]) -> ClassCounts:
        """The same counts with some classes called otherwise; order and numbers stay."""
        return replace(self, classes=tuple(names.get(c, c) for c in self.classes))

    def __add__(self, other: ClassCounts) -> ClassCounts:
        """Merge two parts of one data set by class name.

        Equal class orders are kept; otherwise the result has the default class order, so that
        parts may be added in any order. Raises ``CountsError`` when task or unit differ.
        """
        if (self.task, self.unit) != (other.task, other.unit):
            raise CountsError(
                f"cannot add {other.task} counts in {other.unit} "
                f"to {self.task} counts in {self.unit}"
            )
        classes = self.classes
        if classes != other.classes:
            classes = sorted_classes([*self.classes, *other.classes])
        a, b = self.reordered(classes), other.reordered(classes)
        return replace(
            a,
            counts=exact_sum(a.counts, b.counts),
            present=exact_sum(a.present, b.present),
            extent=exact_sum(a.extent, b.extent),
            extent_with_void=sum_if_known(a.extent_with_void, b.extent_with_void),
            samples=a.samples + b.samples,
            missing=a.missing + b.missing,
            ignored=a.ignored + b.ignored,
            label_sets=merged(a.label_sets, b.label_sets),
        )

    def __eq__(self, other: object) -> bool:
        """Equal when every field is."""
        return isinstance(other, ClassCounts) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Hash of what differs most between data sets."""
        return hash((self.classes, tuple(self.counts.tolist()), self.samples))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; ``from_dict`` reads it back."""
        rows = zip(self.classes, *(a.tolist() for a in self._columns()), strict=True)
        shares = self.shares.tolist()
        result: dict[str, Any] = {
            "task": self.task.value,
            "unit": self.unit.value,
            "samples": self.samples,
            "missing": self.missing,
            "ignored": self.ignored,
            "classes": [
                {
                    "index": index,
                    "name": name,
                    "count": count,
                    "share": None if np.isnan(shares[index]) else shares[index],
                    "present": present,
                    "extent": extent,
                    **({"extent_with_void": void[0]} if void else {}),
                }
                for index, (name, count, present, extent, *void) in enumerate(rows)
            ],
        }
        if self.label_sets is not None:
            result["label_sets"] = [
                {"labels": list(labels), "rows": rows}
                for labels, rows in sorted(self.label_sets.items())
            ]
        return result

    def _columns(self) -> tuple[IntArray, ...]:
        columns = (self.counts, self.present, self.extent)
        return columns if self.extent_with_void is None else (*columns, self.extent_with_void)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ClassCounts:
        """Read back what ``to_dict`` wrote. Raises ``CountsError`` when it does not fit."""
        try:
            rows = data["classes"]
            sets = data.get("label_sets")
            void = [r["extent_with_void"] for r in rows if "extent_with_void" in r]
            found = cls(
                classes=tuple(str(r["name"]) for r in rows),
                counts=exact("count", [r["count"] for r in rows]),
                present=exact("present", [r["present"] for r in rows]),
                extent=exact("extent", [r["extent"] for r in rows]),
                samples=exact_one("samples", data["samples"]),
                missing=exact_one("missing", data["missing"]),
                ignored=exact_one("ignored", data["ignored"]),
                task=Task(data["task"]),
                unit=Unit(data["unit"]),
                label_sets=None if sets is None else read_sets(sets, len(rows)),
                extent_with_void=exact("extent_with_void", void) if void else None,
            )
        except CountsError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise CountsError(f"the saved counts lack or garble {error}") from error
        wrong = found._contradiction()
        if wrong:
            raise CountsError(f"the saved counts contradict each other: {wrong}")
        return found

    def _contradiction(self) -> str | None:
        """What cannot be true of any data, because somebody wrote in a file."""
        n, present = self.counts, self.present
        if ((n > 0) != (present > 0)).any() or (present > self.samples).any():
            return "samples that hold a class, and its count"
        single = self.task is Task.MULTICLASS and self.unit is Unit.SAMPLES
        if single and self.total + self.missing + self.ignored != self.samples:
            return "the counts do not add up to the samples"
        if single and not ((n == present) & (n == self.extent)).all():
            return "count, present and extent of a class differ"
        if self.label_sets is not None:
            again = type(self).multilabel(self.classes, self.label_sets)
            if again.counts.tolist() != n.tolist() or again.samples > self.samples:
                return "the sets of labels give other counts"
        return None
