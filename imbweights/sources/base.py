"""What a source is: a file that says how it is recognised and how it is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.labels import label_text
from imbweights.core.options import LabelOptions

HEAD_BYTES = 1 << 20


@dataclass(frozen=True)
class InputFile:
    """One file to count: where it lies and what the user calls it.

    ``path`` is a plain file on disk (standard input is spooled to one first); ``name`` is what
    messages call it. ``read_head`` returns the first ``HEAD_BYTES`` decompressed bytes.
    ``is_copy``: what the user named can be read only once, and this is a copy of it.
    """

    path: Path
    name: str
    compression: str | None
    read_head: Callable[[], bytes]
    is_copy: bool = False

    @cached_property
    def head(self) -> bytes:
        """The first decompressed bytes, read once."""
        return self.read_head()

    @property
    def head_is_all(self) -> bool:
        """Whether ``head`` is the whole content."""
        return len(self.head) < HEAD_BYTES

    @cached_property
    def suffix(self) -> str:
        """Lower-case suffix without the one of the compression: ``.csv`` of ``a.CSV.gz``."""
        suffixes = [s.lower() for s in Path(self.name).suffixes]
        if suffixes and suffixes[-1] in {".gz", ".zst"}:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @property
    def fingerprint(self) -> tuple[str, int, int]:
        """Absolute path, size in bytes and modification time in ns."""
        status = self.path.stat()
        return str(self.path.resolve()), status.st_size, status.st_mtime_ns


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one file says: counts per split (split ``""`` when the file names none).

    ``label`` is the column or array that was counted; ``chosen`` whether the tool chose it.
    ``details`` and ``notes`` as in ``Recognised``.
    """

    splits: Mapping[str, ClassCounts]
    label: str | None = None
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of place where labels live.

    ``recognises`` looks at name and first bytes only and must be sure; ``read`` counts one
    file. ``suffixes`` are for help texts and docs. ``counts_only``: the source holds counts,
    not samples, so nothing that needs rows can be done with it.
    """

    kind: str
    summary: str
    suffixes: tuple[str, ...]
    recognises: Callable[[InputFile, LabelOptions], bool]
    read: Callable[[InputFile, LabelOptions], Reading]
    counts_only: bool = False


@dataclass
class Tally:
    """Raw labels being sorted into counted, missing and ignored."""

    options: LabelOptions
    counts: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    ignored: int = 0

    def add(self, label: Any, count: int) -> None:
        """Add ``count`` samples that carry ``label`` (any type; ``None`` is missing)."""
        text = label_text(label)
        if text is None or text in self.options.missing_values:
            self.missing += count
        elif text in self.options.ignore_labels:
            self.ignored += count
        else:
            self.counts[text] = self.counts.get(text, 0) + count

    def to_counts(self, unit: Unit = Unit.SAMPLES) -> ClassCounts:
        """The counts; classes stay in the order of first appearance if that was asked for."""
        keep_order = self.options.class_order == "appearance"
        return ClassCounts.multiclass(
            self.counts,
            missing=self.missing,
            ignored=self.ignored,
            order=tuple(self.counts) if keep_order else None,
            unit=unit,
        )


def tallied(pairs: Iterable[tuple[Any, int]], options: LabelOptions) -> ClassCounts:
    """Counts from (label, number of samples) pairs, missing and ignored labels set apart."""
    tally = Tally(options)
    for label, count in pairs:
        tally.add(label, count)
    return tally.to_counts()


def multilabel_counts(
    classes: Iterable[str],
    label_sets: Mapping[tuple[int, ...], int],
    options: LabelOptions,
    *,
    missing: int = 0,
) -> ClassCounts:
    """Multi-label counts without the labels that the user said to ignore."""
    names = tuple(classes)
    kept = [i for i, name in enumerate(names) if name not in options.ignore_labels]
    if len(kept) == len(names):
        return ClassCounts.multilabel(names, label_sets, missing=missing)
    new_index = {old: new for new, old in enumerate(kept)}
    sets: dict[tuple[int, ...], int] = {}
    ignored = 0
    for labels, rows in label_sets.items():
        left = tuple(new_index[i] for i in labels if i in new_index)
        ignored += rows * (len(labels) - len(left))
        sets[left] = sets.get(left, 0) + rows
    return ClassCounts.multilabel([names[i] for i in kept], sets, missing=missing, ignored=ignored)
