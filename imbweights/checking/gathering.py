"""From a profile to the facts that rules look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from imbweights.checking.baselines import moved_weights
from imbweights.checking.copies import Copy, copies
from imbweights.checking.settings import Settings
from imbweights.core.baseline import Baseline
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import ConfigError
from imbweights.core.existing import is_file
from imbweights.core.findings import Finding
from imbweights.core.profile import Profile
from imbweights.drift import DRIFTS, Drift, drift_between
from imbweights.measures.imbalance_ratio import imbalance_ratio
from imbweights.measures.scumble import scumble
from imbweights.rules import Facts
from imbweights.rules.absent_from_batches import BATCH_SIZE
from imbweights.rules.parts import parts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the facts need beside the counts.

    ``file``: the one file that was named, if it was one; ``named``: (split, path) as they were
    typed, so that a file named for two splits is found; ``baseline``: what was stored;
    ``weights``: what the audit of weights found, ``None`` if there are none; ``sizes``: mask → the
    other size that its image has, ``None`` if no images were compared.
    """

    file: str | None = None
    named: tuple[tuple[str, str], ...] = ()
    baseline: Baseline | None = None
    weights: tuple[Finding, ...] | None = None
    sizes: Mapping[str, tuple[int, int]] | None = None


def facts_of(name: str, profile: Profile, settings: Settings, beside: Beside) -> Facts:
    """All that the rules may need; what no wanted rule looks at is left out where it costs."""
    baseline = beside.baseline
    training_name, training = _training(profile)
    _refuse_other_kind(name, profile, baseline)
    judged = _declared_only(training, profile.declared)
    return Facts(
        name=name,
        file=beside.file,
        split_files=_split_files(beside.named),
        counts=profile.total,
        splits=profile.splits,
        training=training,
        training_name=training_name,
        declared=profile.declared,
        ratio=imbalance_ratio(judged),
        scumble=scumble(training) if settings.wants("IMB043") else None,
        together=_always_together(training) if settings.wants("IMB042") else (),
        absent=_absent(judged, settings.limit(BATCH_SIZE)),
        files=profile.files,
        copies=_copies(profile, beside.named) if settings.wants("IMB023") else (),
        sizes=beside.sizes,
        baseline=baseline,
        drift=_drift(profile, baseline),
        split_drift=_split_drift(profile, training_name),
        measure=settings.metric,
        measure_title=DRIFTS[settings.metric].title,
        moved=moved_weights(training, baseline) if baseline is not None else {},
        weights=beside.weights,
    )


def _split_files(named: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Split → its file, where one file was named for it."""
    times = Counter(split for split, _ in named)
    return {split: path for split, path in named if times[split] == 1 and is_file(path)}


def _declared_only(counts: ClassCounts, declared: tuple[str, ...] | None) -> ClassCounts:
    """The counts with 0 for what nobody declared: that is wrong already, however frequent it is."""
    if declared is None:
        return counts
    names = frozenset(declared)
    known = np.array([name in names for name in counts.classes], dtype=bool)
    return replace(counts, counts=counts.counts * known, present=counts.present * known)


def _training(profile: Profile) -> tuple[str | None, ClassCounts]:
    name = next((n for n in profile.splits if n.lower().startswith("train")), None)
    return (None, profile.total) if name is None else (name, profile.splits[name])


def _refuse_other_kind(name: str, profile: Profile, baseline: Baseline | None) -> None:
    now = profile.total
    if baseline is not None and (baseline.task, baseline.unit) != (now.task, now.unit):
        raise ConfigError(
            f"{name}: {now.task} counts in {now.unit}, but the baseline holds {baseline.task} counts in "
            f"{baseline.unit}",
            hint="write it anew: imbweights check --write-baseline",
        )


def _absent(counts: ClassCounts, size: float | None) -> float | None:
    """The chance that ``size`` samples hold none of the rarest class: (1 − n/N)^B."""
    present = [n for n in counts.present.tolist() if n]
    if size is None or not present or not counts.samples or counts.unit is Unit.PARTS:
        return None
    return float((1 - min(present) / counts.samples) ** size)


def _always_together(counts: ClassCounts) -> tuple[tuple[str, str, int], ...]:
    """Pairs of labels whose rows are the same: only labels in the same label sets can be such."""
    if counts.task is not Task.MULTILABEL or counts.label_sets is None:
        return ()
    sets_of: dict[int, list[tuple[int, ...]]] = {}
    for labels in counts.label_sets:
        for label in labels:
            sets_of.setdefault(label, []).append(labels)
    groups: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for label, sets in sets_of.items():
        groups.setdefault(tuple(sorted(sets)), []).append(label)
    names, n = counts.classes, counts.counts.tolist()
    return tuple(
        (names[group[0]], names[other], n[other])
        for group in (sorted(g) for g in groups.values())
        for other in group[1:]
        if n[other]
    )


def _copies(profile: Profile, named: tuple[tuple[str, str], ...]) -> tuple[Copy, ...]:
    masks = profile.total.task is Task.SEGMENTATION
    return copies(profile.files, named, are_masks=masks)


def _drift(profile: Profile, baseline: Baseline | None) -> dict[str, Drift]:
    """Each split against its baseline; the whole where there are no splits, or other ones."""
    parts = parts_of(baseline, profile.total, profile.splits)
    found = {part: drift_between(old, now.as_dict()) for part, (old, now) in parts.items()}
    return {part: drift for part, drift in found.items() if drift is not None}


def _split_drift(profile: Profile, training_name: str | None) -> dict[str, Drift]:
    if training_name is None:
        return {}
    trained = profile.splits[training_name].as_dict()
    found = {
        split: drift_between(trained, counts.as_dict())
        for split, counts in profile.splits.items()
        if split != training_name
    }
    return {split: drift for split, drift in found.items() if drift is not None}
