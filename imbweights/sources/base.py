"""What a source is: how it is recognised and how it is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from imbweights.core.counts import ClassCounts, Unit
from imbweights.core.errors import SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.labels import label_text
from imbweights.core.limits import Limits
from imbweights.core.options import LabelOptions
from imbweights.core.rows import Rows
from imbweights.sources.files import FileSet

if TYPE_CHECKING:
    from imbweights.sources.remote.file import RemoteFile

HEAD_BYTES = 1 << 20
_SHOWN_LINES = 5
_PARQUET = b"PAR1"
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


@dataclass(frozen=True)
class InputFile:
    """One file to count: where it lies and what the user calls it.

    ``place``: a plain file on disk (standard input is spooled to one first), or one that lies
    elsewhere; ``name`` is what messages call it. ``read_start`` returns the first bytes as they lie
    there; ``read_head`` the first ``HEAD_BYTES`` decompressed bytes. ``is_copy``: what the user named
    can be read only once, and this is a copy of it. ``limits``: how much of it may be held
    at once. ``room``: bytes of its longest row, where that is more than usual.
    """

    place: Path | RemoteFile
    name: str
    read_start: Callable[[], bytes]
    read_head: Callable[[str | None], bytes]
    is_copy: bool = False
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    room: int | None = None

    @property
    def path(self) -> Path:
        """A plain file: a remote one is downloaded for that, and stays until the command ends."""
        return self.place if isinstance(self.place, Path) else self.place.near()

    @property
    def remote(self) -> RemoteFile | None:
        """The file that lies elsewhere, if it does."""
        return None if isinstance(self.place, Path) else self.place

    def open(self) -> BinaryIO:
        """The bytes as they lie there; a remote file is streamed."""
        return self.place.open("rb") if isinstance(self.place, Path) else self.place.open()

    @cached_property
    def start(self) -> bytes:
        """The first bytes as they lie there, read once."""
        return self.read_start()

    @cached_property
    def compression(self) -> str | None:
        """``gzip``, ``zstd`` or none, by the first bytes."""
        return next((c for magic, c in _MAGIC.items() if self.start.startswith(magic)), None)

    @cached_property
    def opening(self) -> bytes:
        """The first decompressed bytes, at least those of ``start``."""
        return self.start if self.compression is None else self.head

    @cached_property
    def head(self) -> bytes:
        """The first decompressed bytes, read once; of remote Parquet no more than ``start``."""
        if self.remote is not None and self.start.startswith(_PARQUET):
            return self.start
        return self.read_head(self.compression)

    @property
    def folder(self) -> Path | None:
        """From where relative paths in it are meant; of a copy, from here; ``None``: elsewhere."""
        if not isinstance(self.place, Path):
            return None
        return Path() if self.is_copy else self.place.parent

    @property
    def head_is_all(self) -> bool:
        """Whether ``head`` is the whole content."""
        return len(self.head) < HEAD_BYTES

    @cached_property
    def suffix(self) -> str:
        """Lower-case suffix without the one of the compression: ``.csv`` of ``a.CSV.gz``."""
        name = self.name if self.remote is None else self.remote.path.partition("?")[0]
        suffixes = [s.lower() for s in Path(name).suffixes]
        if suffixes and suffixes[-1] in {".gz", ".zst"}:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""


class Order(StrEnum):
    """What decides the class order when the source itself does.

    ``ids``: the numbers of the classes; ``text``: their names as text, however many digits they
    have; ``declared``: the order in which the source lists them.
    """

    IDS = "ids"
    TEXT = "text"
    DECLARED = "declared"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one file or set of files says: counts per split (split ``""`` when there are none).

    ``label`` is the column or array that was counted. ``details`` and ``notes`` as in
    ``Recognised``. ``keys``: for labels from memory that are no text, name → the label itself.
    ``order``: what decides the class order, if the source does. ``declared``: the classes that
    the source lists, also those without samples, in its order; ``ids``: their numbers in the data.
    ``numbered``: labels are numbers that stand for classes by position, so that a plain list of
    names may name them. ``first_seen``: class → the file where it was met first.
    ``maybe_single``: labels are given as label sets, but if no row has several, each is its class.
    ``amount``: how many files there are of which sort, in the singular (12, ``PNG mask``).
    ``rows``: per split, the label of each row, if it was asked for and each row has one. ``files``:
    per split, what each file holds, if it was asked for and the samples are files.
    ``looked_beside``: other files than those named were read, so that this may change without them.
    ``saw_rows``: each row of a text table was looked at in full, so that none can be missing.
    """

    splits: Mapping[str, ClassCounts]
    label: str | None = None
    details: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)
    order: Order | None = None
    declared: tuple[str, ...] = ()
    ids: Mapping[str, int] = field(default_factory=dict)
    numbered: bool = False
    first_seen: Mapping[str, str] = field(default_factory=dict)
    maybe_single: bool = False
    amount: tuple[int, str] | None = None
    rows: Mapping[str, Rows] = field(default_factory=dict)
    files: Mapping[str, tuple[FileFacts, ...]] = field(default_factory=dict)
    looked_beside: bool = False
    saw_rows: bool = False


def _never(file: InputFile, options: LabelOptions) -> bool:
    del file, options
    return False


def _never_a_folder(files: FileSet, options: LabelOptions) -> bool:
    del files, options
    return False


@dataclass(frozen=True, kw_only=True)
class Source:
    """The functions of one kind of place where labels live.

    ``recognises`` looks at name and first bytes of a file only and must be sure; ``claims`` does
    the same for a folder. Either ``read`` counts one file, or ``read_set`` counts a folder or
    files named one by one. ``counts_only``: the source holds counts, not samples, so nothing that
    needs rows can be done with it. ``takes_empty``: an empty file means a sample without labels.
    ``alone``: the suffixes of the files from which, with the options, all of a reading follows
    (empty: of any name), so that it is kept between runs; ``None`` when it depends on other files, too.
    """

    recognises: Callable[[InputFile, LabelOptions], bool] = _never
    read: Callable[[InputFile, LabelOptions], Reading] | None = None
    claims: Callable[[FileSet, LabelOptions], bool] = _never_a_folder
    read_set: Callable[[FileSet, LabelOptions], Reading] | None = None
    counts_only: bool = False
    takes_empty: bool = False
    alone: tuple[str, ...] | None = None


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


def given_label(label: Any, options: LabelOptions) -> str | None:
    """The label as text; ``None`` for what the options call missing."""
    text = label_text(label)
    return None if text in options.missing_values else text


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
    strict: bool = True,
) -> ClassCounts:
    """Multi-label counts without the labels that the user said to ignore.

    ``strict``: a label to ignore that is not there is refused.
    """
    names = tuple(classes)
    unknown = [name for name in options.ignore_labels if name not in names]
    if unknown and strict:
        raise UsageError(f"--ignore-label {unknown[0]}: there is no such label column")
    if options.one_hot:
        return _one_hot(names, label_sets, options)
    kept = [i for i, name in enumerate(names) if name not in options.ignore_labels]
    if len(kept) == len(names):
        return ClassCounts.multilabel(names, label_sets)
    new_index = {old: new for new, old in enumerate(kept)}
    sets: dict[tuple[int, ...], int] = {}
    ignored = 0
    for labels, rows in label_sets.items():
        left = tuple(new_index[i] for i in labels if i in new_index)
        ignored += rows * (len(labels) - len(left))
        sets[left] = sets.get(left, 0) + rows
    return ClassCounts.multilabel([names[i] for i in kept], sets, ignored=ignored)


def _one_hot(
    names: tuple[str, ...],
    label_sets: Mapping[tuple[int, ...], int],
    options: LabelOptions,
) -> ClassCounts:
    """One class per row, from 0/1 columns of which at most one is 1; none is a missing label."""
    if any(len(labels) > 1 for labels in label_sets):
        raise SourceError("--one-hot: some rows have more than one 1, so the columns are labels")
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
