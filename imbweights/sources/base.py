"""What a source is: a file that says how it is recognised and how it is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.labels import label_text
from imbweights.core.options import LabelOptions

HEAD_BYTES = 1 << 20
_SHOWN_LINES = 5


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

    ``label`` is the column or array that was counted. ``details`` and ``notes`` as in
    ``Recognised``. ``keys``: for labels from memory that are no text, name → the label itself.
    """

    splits: Mapping[str, ClassCounts]
    label: str | None = None
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)


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
    unknown = [name for name in options.ignore_labels if name not in names]
    if unknown:
        raise UsageError(f"--ignore-label {unknown[0]}: there is no such label column")
    if options.one_hot:
        return _one_hot(names, label_sets, options, missing)
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


def _one_hot(
    names: tuple[str, ...],
    label_sets: Mapping[tuple[int, ...], int],
    options: LabelOptions,
    missing: int,
) -> ClassCounts:
    """One class per row, from 0/1 columns of which at most one is 1; none is a missing label."""
    if any(len(labels) > 1 for labels in label_sets):
        raise SourceError("--one-hot: some rows have more than one 1, so the columns are labels")
    if missing:
        raise SourceError("--one-hot: some cells are empty")
    counts = dict.fromkeys(names, 0)
    for labels, rows in label_sets.items():
        for index in labels:
            counts[names[index]] += rows
    kept = {name: n for name, n in counts.items() if name not in options.ignore_labels}
    return ClassCounts.multiclass(
        kept,
        missing=label_sets.get((), 0),
        ignored=sum(counts.values()) - sum(kept.values()),
        order=tuple(kept),
    )


def bad_rows_note(name: str, lines: Sequence[int]) -> tuple[str, ...]:
    """A sentence on the rows that were skipped because they cannot be parsed, if any."""
    if not lines:
        return ()
    shown = ", ".join(f"{n:,}" for n in lines[:_SHOWN_LINES])
    shown += " …" if len(lines) > _SHOWN_LINES else ""
    rows, where = ("row", "line") if len(lines) == 1 else ("rows", "lines")
    return (f"skipped {len(lines):,} {rows} of {name} that cannot be parsed ({where} {shown})",)
