"""``Profile``: the counts of every split of one data set, with where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Any

from imbweights.core.counts import ClassCounts
from imbweights.core.file_facts import FileFacts
from imbweights.core.rows import Rows
from imbweights.core.urls import is_remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What was found out about a source, so that it can be said.

    ``name``: how the source is called on screen. ``kind``: the reader that counted it.
    ``label``: the column or array the labels came from, if there was a choice. ``details``:
    what was recognised and is worth saying (delimiter, encoding, header). ``notes``: full
    sentences for the user, such as skipped rows. ``files``: path, size in bytes and
    modification time in nanoseconds of each file or folder, to tell later whether it has changed; for
    a remote one, a number made of its entity tag or time instead, 0 if its server tells neither.
    ``ids``: class → its number in the data, where it has one beside its name. ``ignored``: the
    labels that the user said to ignore.
    """

    name: str
    kind: str
    label: str | None = None
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[tuple[str, int, int], ...] = ()
    ids: Mapping[str, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "recognised": list(self.details),
            "notes": list(self.notes),
            "files": [{"path": p, "bytes": s, _mark(p): t} for p, s, t in self.files],
            "ids": dict(self.ids),
            "ignored": list(self.ignored),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Recognised:
        """Read back what ``to_dict`` wrote."""
        return cls(
            name=data["name"],
            kind=data["kind"],
            label=data["label"],
            details=tuple(data["recognised"]),
            notes=tuple(data["notes"]),
            files=tuple((f["path"], f["bytes"], f[_mark(f["path"])]) for f in data["files"]),
            ids=dict(data.get("ids", {})),
            ignored=tuple(data.get("ignored", ())),
        )


def _mark(path: str) -> str:
    return "version" if is_remote(path) else "mtime_ns"


_TRAIN, _VALIDATION, _TEST = ("train",), ("val", "dev"), ("test",)


def split_rank(name: str) -> tuple[int, str]:
    """Sort key of a split: training, validation, test, then the others by name.

    >>> sorted(["test", "extra", "val", "train"], key=split_rank)
    ['train', 'val', 'test', 'extra']
    """
    lower = name.lower()
    groups = (_TRAIN, _VALIDATION, _TEST)
    return next((i for i, starts in enumerate(groups) if lower.startswith(starts)), 3), name


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The counts of a data set: of the whole, and of each split when it has splits.

    All splits share the class order of ``total``; training comes first, then validation, test.
    ``rows``: per split (``""``: without splits) the label of each row, if that was asked for;
    ``files``: likewise what each file holds. ``declared``: the classes that the user or the source
    declared, in class order; ``None`` when nobody did.
    """

    total: ClassCounts
    splits: Mapping[str, ClassCounts] = field(default_factory=dict)
    source: Recognised
    rows: Mapping[str, Rows] = field(default_factory=dict)
    files: Mapping[str, tuple[FileFacts, ...]] = field(default_factory=dict)
    declared: tuple[str, ...] | None = None

    @classmethod
    def from_splits(cls, splits: Mapping[str, ClassCounts], source: Recognised) -> Profile:
        """A profile whose total is the sum of its splits."""
        total = reduce(add, splits.values())
        aligned = {
            name: splits[name].reordered(total.classes) for name in sorted(splits, key=split_rank)
        }
        return cls(total=total, splits=aligned, source=source)

    def reordered(self, classes: tuple[str, ...]) -> Profile:
        """The same profile in another class order."""
        return replace(
            self,
            total=self.total.reordered(classes),
            splits={name: c.reordered(classes) for name, c in self.splits.items()},
        )
