"""Whether a candidate can be counted as it is, and how strictly it can be checked from now on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from imbweights.checking import CheckedSet, DataSet, Settings, check_set, counted_set
from imbweights.checking.baselines import baseline_of
from imbweights.core.baseline import Baseline
from imbweights.core.class_list import from_texts
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.errors import AmbiguousSourceError, ImbweightsError
from imbweights.core.findings import Level
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile
from imbweights.initialising.candidates import Candidate
from imbweights.profiling import profile_of
from imbweights.rules.few_samples import CODE as FEW
from imbweights.rules.few_samples import MIN_COUNT
from imbweights.rules.near_duplicates import CODE as ALIKE
from imbweights.rules.placeholder import PLACEHOLDERS
from imbweights.rules.small_share import CODE as SMALL
from imbweights.rules.small_share import MIN_SHARE

MOST_CLASSES = 100
_MANY = 20
_FEWEST = 2
_DOUBTFUL = (FEW.code, ALIKE.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSet:
    """A data set that can be counted.

    ``name``, ``sources``: as the configuration has them; ``classes``: the class order to pin, empty
    to leave it; ``why_not``: why it is left; ``limits``: thresholds that are lowered to what the data
    hold now; ``levels``: code → the level that it gets, where a threshold would be lowered to nothing;
    ``baseline``, ``checked``: what it is like now.
    """

    name: str
    sources: tuple[str, ...]
    profile: Profile
    classes: tuple[str, ...]
    why_not: str
    limits: Mapping[str, float]
    baseline: Baseline
    checked: CheckedSet
    levels: Mapping[str, Level] = field(default_factory=dict)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What may be a slip of whoever labelled: the baseline holds it, and checks stop at it."""
        asked = (found for found in self.checked.findings if found.level is Level.ERROR)
        return tuple(found.message for found in asked if found.code in _DOUBTFUL)

    def called(self, name: str) -> FoundSet:
        """The same under another name."""
        return replace(self, name=name, checked=replace(self.checked, name=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that may be a data set when a question is answered."""

    sources: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that looked like a data set and cannot be read as one."""

    sources: tuple[str, ...]
    words: str


Outcome = FoundSet | Question | LeftOut


def tried(candidate: Candidate, folder: Path, name: str) -> list[Outcome]:
    """What a candidate turned out to be; a test split without labels is left out on its own."""
    sources = sources_of(candidate, folder)
    if candidate.question:
        return [Question(sources=sources, words=candidate.question)]
    if any("=" in str(path.relative_to(folder)) for _, path in candidate.paths):
        words = f"{' '.join(sources)}: a name with = in it is taken for a split: rename it"
        return [Question(sources=sources, words=words)]
    try:
        return [_counted(candidate, folder, name)]
    except ImbweightsError as error:
        failed = error
    if len(candidate.paths) > 1:
        return _without_test(candidate, folder, name, failed)
    return [_failed(sources, failed)]


def sources_of(candidate: Candidate, folder: Path) -> tuple[str, ...]:
    """The paths as the configuration has them: relative to the folder, with their splits."""
    return tuple(
        f"{split}={path.relative_to(folder).as_posix()}"
        if split
        else path.relative_to(folder).as_posix()
        for split, path in candidate.paths
    )


def _failed(sources: tuple[str, ...], error: ImbweightsError) -> Outcome:
    if isinstance(error, AmbiguousSourceError):
        hint = f"\n{error.hint}" if error.hint else ""
        return Question(sources=sources, words=f"{error.message}{hint}")
    return LeftOut(sources=sources, words=error.message)


def _without_test(
    candidate: Candidate, folder: Path, name: str, error: ImbweightsError
) -> list[Outcome]:
    """The labels of test data are often kept back."""
    rest = tuple(pair for pair in candidate.paths if pair[0] != "test")
    held = tuple(pair for pair in candidate.paths if pair[0] == "test")
    failed = _failed(sources_of(candidate, folder), error)
    if not held:
        return [failed]
    pairs = rest if len(rest) > 1 else (("", rest[0][1]),)
    try:
        found: Outcome = _counted(replace(candidate, paths=pairs), folder, name)
    except ImbweightsError:
        return [failed]
    sources = sources_of(replace(candidate, paths=held), folder)
    return [
        found,
        LeftOut(sources=sources, words=f"cannot be read with the others: {error.message}"),
    ]


def _counted(candidate: Candidate, folder: Path, name: str) -> FoundSet:
    """Count, pin the class order if that changes nothing, and look what the rules say."""
    typed = tuple(f"{split}={path}" if split else str(path) for split, path in candidate.paths)
    spec = SourceSpec(paths=typed)
    first = profile_of(spec)
    _refuse_text(first)
    classes, why_not = _class_order(first)
    profile, data = None, DataSet(name=name, spec=spec, settings=Settings())
    if classes:
        profile = _pinned(data, classes, first)
        if profile is None:
            classes, why_not = (), "a plain list would read these labels otherwise"
    if profile is None:
        profile = counted_set(data)
    baseline = baseline_of(profile, None)
    checked = check_set(data, profile, baseline)
    limits, levels = _limits(checked), _levels(checked, profile)
    if levels and profile.total.task is Task.DETECTION:
        limits.pop(MIN_COUNT.name)
    if limits or levels:
        settings = Settings(limits=limits, levels=levels)
        checked = check_set(replace(data, settings=settings), profile, baseline)
    return FoundSet(
        name=name,
        sources=sources_of(candidate, folder),
        profile=profile,
        classes=classes,
        why_not=why_not,
        limits=limits,
        levels=levels,
        baseline=baseline,
        checked=checked,
    )


def _limits(checked: CheckedSet) -> dict[str, float]:
    """What the rarest class has, where that is less than usually wanted; at least 2, since a single
    sample may be a slip, and with 1 nothing would ever be found.

    A share that is too small only warns, so it is lowered only where the warnings would be many.
    """
    few = [found.details["samples"] for found in checked.findings if found.code == FEW.code]
    small = [found.details["share"] for found in checked.findings if found.code == SMALL.code]
    limits: dict[str, float] = {}
    if few:
        limits[MIN_COUNT.name] = max(_FEWEST, min(few))
    if len(small) > _MANY and min(small) > 0:
        limits[MIN_SHARE.name] = _rounded_down(min(small))
    return limits


def _levels(checked: CheckedSet, profile: Profile) -> dict[str, Level]:
    """Where the tail is long, nobody mends it, and few samples warn: in annotated images, and where
    many classes have a single sample.
    """
    few = [found.details["samples"] for found in checked.findings if found.code == FEW.code]
    long = (few and profile.total.task is Task.DETECTION) or few.count(1) > _MANY
    return {FEW.code: Level.WARNING} if long else {}


def _rounded_down(share: float) -> float:
    """To one digit.

    >>> _rounded_down(0.00067)
    0.0006
    """
    digits = -math.floor(math.log10(share))
    return round(math.floor(share * 10.0**digits) / 10.0**digits, digits)


def _refuse_text(profile: Profile) -> None:
    """A column in which nearly every cell is another is text or an id."""
    total = profile.total
    seen = [n for n in total.present.tolist() if n]
    if total.task is Task.MULTICLASS and len(seen) > _MANY and 2 * seen.count(1) > len(seen):
        label = "" if profile.source.label is None else f", column {profile.source.label!r}"
        raise AmbiguousSourceError(
            f"{profile.source.name}{label}: {len(seen):,} classes, most of them with one sample: are "
            "these labels?",
            hint="name the column that holds them with label",
        )


def _class_order(profile: Profile) -> tuple[tuple[str, ...], str]:
    """The classes to pin, or none and why."""
    classes = profile.total.classes
    if profile.declared is not None:
        return (), "the data declare them"
    if len(classes) > MOST_CLASSES:
        return (), f"there are {len(classes):,}; the baseline keeps their order"
    if len(classes) < 2:
        return (), "there is only one"
    doubtful = next((c for c in classes if c.strip().casefold() in PLACEHOLDERS), None)
    if doubtful is not None:
        return (), f"{doubtful} may stand for no label: missing-value, ignore-label, or pin it"
    if profile.total.task is Task.SEGMENTATION and all(c.isdecimal() for c in classes):
        return tuple(f"{c}={c}" for c in classes), ""
    return classes, ""


def _pinned(data: DataSet, classes: tuple[str, ...], first: Profile) -> Profile | None:
    """The data counted with the class order pinned, if that gives the same counts."""
    known = from_texts(classes)
    options = replace(data.spec.options, classes=known.names, class_ids=known.ids)
    try:
        profile = counted_set(replace(data, spec=replace(data.spec, options=options)))
    except ImbweightsError:
        return None
    same = _same(profile.total, first.total) and list(profile.splits) == list(first.splits)
    return profile if same else None


def _same(one: ClassCounts, other: ClassCounts) -> bool:
    return one.classes == other.classes and one.as_dict() == other.as_dict()
