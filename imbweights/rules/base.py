"""What a rule is: facts about one data set in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from imbweights.core.baseline import Baseline
from imbweights.core.file_facts import FileFacts
from imbweights.core.findings import Code, Finding, Where
from imbweights.core.units import Task, Unit

if TYPE_CHECKING:  # the names of rules are completed in the shell, which should not wait for NumPy
    from imbweights.core.counts import ClassCounts

_SHOWN = 5
_LONGEST_NAME = 60


class Drifted(Protocol):
    """How far two samples are apart: ``values`` by measure, ``chi2`` and ``freedom``, ``p`` of no change, the ``cls`` that
    moved most and its share ``before`` and ``now``.
    """

    @property
    def values(self) -> Mapping[str, float]:
        """Measure → value."""

    @property
    def chi2(self) -> float:
        """χ² of the table of counts then and now."""

    @property
    def freedom(self) -> int:
        """Its degrees of freedom."""

    @property
    def p(self) -> float:
        """The chance of differences this large when nothing has changed."""

    @property
    def cls(self) -> str:
        """The class whose share moved most."""

    @property
    def before(self) -> float:
        """Its share then."""

    @property
    def now(self) -> float:
        """Its share now."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """All that rules may look at of one data set; ``checking`` gathers it.

    ``name``: what the data set is called; ``file``: its one file, if it is one; ``split_files``:
    split → the one file that was named for it. ``counts``: of the
    whole; ``splits``; ``training``: of the split that trains, which is called ``training_name``
    (``None``: the whole). ``declared``: the classes that were declared, if any were. ``ratio`` and
    ``scumble``: measures, of the training split. ``together``: pairs of labels that never occur
    apart, with their rows. ``absent``: the chance that a batch holds no sample of the rarest class.
    ``files``: split → its files; ``copies``: (split, name, other split, other name) of files that are
    in two splits; ``sizes``: mask → the other size that its image has. ``baseline``: what was stored;
    ``drift``: part (a split, or ``""`` for the whole) → how far it is from the baseline;
    ``split_drift``: split → how far it is from training; ``measure``: the measure of drift that
    decides, and ``measure_title``; ``moved``: class → weight under the baseline's scheme then
    and now. ``weights``: what the audit of stored weights found.
    """

    name: str
    file: str | None = None
    split_files: Mapping[str, str] = field(default_factory=dict)
    counts: ClassCounts
    splits: Mapping[str, ClassCounts] = field(default_factory=dict)
    training: ClassCounts
    training_name: str | None = None
    declared: tuple[str, ...] | None = None
    ratio: float | None = None
    scumble: float | None = None
    together: tuple[tuple[str, str, int], ...] = ()
    absent: float | None = None
    files: Mapping[str, Sequence[FileFacts]] = field(default_factory=dict)
    copies: tuple[tuple[str, str, str, str], ...] = ()
    sizes: Mapping[str, tuple[int, int]] | None = None
    baseline: Baseline | None = None
    drift: Mapping[str, Drifted] = field(default_factory=dict)
    split_drift: Mapping[str, Drifted] = field(default_factory=dict)
    measure: str = "linf"
    measure_title: str = ""
    moved: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    weights: tuple[Finding, ...] | None = None

    @property
    def in_training(self) -> str:
        """`` in split 'train'``, or nothing when there are no splits."""
        return "" if self.training_name is None else f" in split {quoted(self.training_name)}"

    def judges(self, cls: str) -> bool:
        """Whether rules on counts look at a class: one that nobody declared is wrong already."""
        return self.declared is None or cls in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.declared or ())

    def where(self, cls: str | None = None, *, split: str | None = None) -> Where:
        """The place of a finding: the class, and the file as far as it is known; that of the split
        where the finding is about one.
        """
        return Where(file=self.split_files.get(split or "", self.file), cls=cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number that a rule compares with: ``--NAME`` on the command line, ``NAME`` in the
    configuration. ``default``: ``None`` means that the rule says nothing until it is given.
    """

    name: str
    summary: str
    default: float | None
    whole: bool = False
    low: float = 0.0
    high: float | None = None


Limits = Mapping[str, float | None]
Check = Callable[[Facts, Limits], Iterable[Finding]]
Lack = Callable[[Facts], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One data check.

    ``code``: what it finds, why that matters, what to do, how bad; ``family``; ``thresholds`` by
    which it decides; ``lacks``: why it cannot say anything about these facts (``None``: it can);
    ``check``: the findings.
    """

    code: Code
    family: str
    check: Check
    thresholds: tuple[Threshold, ...] = ()
    lacks: tuple[Lack, ...] = ()

    def why_not(self, facts: Facts, limits: Limits) -> str | None:
        """Why the rule says nothing about these facts; ``None`` when it does."""
        for threshold in self.thresholds:
            if limits[threshold.name] is None:
                return f"--{threshold.name} is not given"
        return next((why for lack in self.lacks if (why := lack(facts))), None)


def limit(limits: Limits, name: str) -> float:
    """A threshold that the rule cannot do without; ``why_not`` has seen that it is there."""
    value = limits[name]
    assert value is not None, name  # noqa: S101 - see above
    return value


def no_counts(facts: Facts) -> str | None:
    """A ratio has no samples."""
    return "a ratio has no samples" if facts.counts.unit is Unit.PARTS else None


def no_splits(facts: Facts) -> str | None:
    """What compares splits."""
    return None if len(facts.splits) > 1 else "there is only one split"


def no_baseline(facts: Facts) -> str | None:
    """What compares with the baseline."""
    return None if facts.baseline is not None else "there is no baseline"


def not_multilabel(facts: Facts) -> str | None:
    """What speaks of labels that do not exclude each other."""
    multilabel = facts.counts.task is Task.MULTILABEL
    return None if multilabel else "each sample has one class"


def no_label_sets(facts: Facts) -> str | None:
    """What speaks of labels in the same row."""
    known = facts.counts.label_sets is not None
    return None if known else "which labels occur together is not known"


def not_masks(facts: Facts) -> str | None:
    """What speaks of masks one by one."""
    masks = facts.counts.task is Task.SEGMENTATION
    if not masks:
        return "the data are no masks"
    return None if facts.files else "what each mask holds is not known"


def nothing_declared(facts: Facts) -> str | None:
    """What compares with the declared classes."""
    return None if facts.declared is not None else "no classes are declared"


def classes_with_samples(counts: ClassCounts) -> Iterator[tuple[str, int]]:
    """Class and samples that contain it, without the classes that have none."""
    pairs = zip(counts.classes, counts.present.tolist(), strict=True)
    return ((name, n) for name, n in pairs if n)


def samples_word(counts: ClassCounts, n: int) -> str:
    """``1 sample``, ``12 samples``, ``3 images``."""
    per_image = counts.task in {Task.SEGMENTATION, Task.DETECTION} or counts.unit is Unit.IMAGES
    if counts.unit is Unit.VOXELS:
        return f"{n:,} volume{'s' * (n != 1)}"
    word = "image" if per_image else "row" if counts.task is Task.MULTILABEL else "sample"
    return f"{n:,} {word}{'s' * (n != 1)}"


def counted(counts: ClassCounts, n: int) -> str:
    """A count with its unit: ``1 sample``, ``1,200 pixels``."""
    unit = counts.unit.value
    return f"{n:,} {unit.removesuffix('s') if n == 1 else unit}"


def quoted(name: str) -> str:
    """A class name in a message: in quotes, cut when very long.

    >>> quoted("cat")
    '"cat"'
    """
    cut = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return f'"{cut}"'


def listed(names: Iterable[str]) -> str:
    """Names in quotes, the first few of many.

    >>> listed(["a", "b"])
    '"a", "b"'
    """
    every = list(names)
    more = len(every) - _SHOWN
    shown = ", ".join(map(quoted, every[:_SHOWN]))
    return f"{shown} and {more:,} more" if more > 0 else shown


def percent(share: float) -> str:
    """A share as people say it.

    >>> percent(0.123456), percent(0.00001), percent(0.0)
    ('12.3 %', '0.001 %', '0 %')
    """
    value = share * 100
    if 0 < value < 0.001:
        return "under 0.001 %"
    # Of what is just below 100 more digits are wanted; elsewhere three tell it from a limit.
    return f"{value:.{5 if value > 99 else 3}g} %"
