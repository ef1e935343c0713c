"""``check``: every rule over one or several data sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imbweights.checking.baselines import key_of
from imbweights.checking.gathering import Beside, facts_of
from imbweights.checking.locating import located
from imbweights.checking.result import CheckedSet, CheckResult, Remark
from imbweights.checking.settings import Settings
from imbweights.checking.weights import audit_codes, audited
from imbweights.core.baseline import Baseline
from imbweights.core.counts import Task
from imbweights.core.errors import UsageError
from imbweights.core.existing import exists
from imbweights.core.findings import Finding
from imbweights.core.options import SourceSpec
from imbweights.core.profile import Profile
from imbweights.core.urls import shown_url
from imbweights.profiling import profile_of
from imbweights.rules import RULES, Facts
from imbweights.rules.base import percent
from imbweights.sources.opening import split_of

__all__ = [
    "CheckResult",
    "CheckedSet",
    "DataSet",
    "Settings",
    "check_set",
    "counted_set",
    "run_rules",
]
_BY_FILE = ("IMB023", "IMB030", "IMB031", "IMB032", "IMB033")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One data set to check: what it is called, where it is, and how strictly it is looked at.

    ``unnamed``: it is called by its source, as that was typed.
    """

    name: str
    spec: SourceSpec
    settings: Settings
    unnamed: bool = False

    def name_in(self, baseline: Path) -> str:
        """What it is called in a file of baselines: there a source has one name only."""
        return key_of(self.spec, baseline) if self.unnamed and self.spec.paths else self.name


def counted_set(data: DataSet) -> Profile:
    """Count a data set as checks need it: what is not declared is kept, and what each file holds."""
    wanted = any(data.settings.wants(code) for code in _BY_FILE)
    options = replace(
        data.spec.options,
        keep_undeclared=True,
        keep_files=wanted,
        keep_paths=data.settings.wants("IMB023") and _has_splits(data.spec),
    )
    return profile_of(replace(data.spec, options=options))


def check_set(data: DataSet, profile: Profile, baseline: Baseline | None = None) -> CheckedSet:
    """What the rules find in one data set. Raises ``ImbweightsError`` for what cannot be checked."""
    if profile.total.unit.value == "parts" and baseline is not None:
        raise UsageError("a ratio cannot be compared with a baseline: give the data, or --counts")
    files = _named_files(data.spec)
    sizes, remarks = _images(profile, data.settings)
    beside = Beside(
        file=files[0] if len(files) == len(data.spec.paths) == 1 else None,
        named=_named_for_splits(data.spec),
        baseline=baseline,
        weights=audited(data.settings.weights, profile),
        sizes=sizes,
    )
    facts = facts_of(data.name, profile, data.settings, beside)
    findings, ran, skipped = run_rules(facts, data.settings)
    return CheckedSet(
        name=data.name,
        source=data.spec.describe(),
        samples=profile.total.samples,
        classes=len(profile.total.classes),
        findings=tuple(located(findings, data.spec, profile)),
        ran=ran,
        skipped=skipped,
        files=files,
        compared=tuple(_compared(facts)),
        remarks=remarks,
    )


def _compared(facts: Facts) -> Iterator[dict[str, Any]]:
    for split, drift in facts.drift.items():
        yield {"with": "baseline", "split": split or None, **drift.to_dict()}
    for split, drift in facts.split_drift.items():
        yield {"with": facts.training_name, "split": split, **drift.to_dict()}


def _images(
    profile: Profile, settings: Settings
) -> tuple[Mapping[str, tuple[int, int]] | None, tuple[Remark, ...]]:
    """The masks whose images have another size, and what could not be compared."""
    folder = settings.images
    if folder is None or not settings.wants("IMB033"):
        return None, ()
    if profile.total.task is not Task.SEGMENTATION:
        text = f"images {folder}: are not looked at, since the data are no masks"
        return None, (Remark(code="IMB033", text=text),)
    from imbweights.checking.images import other_sizes

    found = other_sizes(profile.files, folder)
    number = len(found.without)
    if not number:
        return found.differ, ()
    text = (
        f"images {folder}: {number:,} of {found.masks:,} masks ({percent(number / found.masks)}) have "
        f"no image there, such as {found.without[0]}; their sizes are not compared"
    )
    return found.differ, (Remark(code="IMB033", text=text, number=number, of=found.masks),)


def run_rules(
    facts: Facts, settings: Settings
) -> tuple[tuple[Finding, ...], tuple[str, ...], dict[str, str]]:
    """Findings in order of their codes, the codes of the rules that ran, and why others did not."""
    limits = settings.all_limits()
    findings: list[Finding] = []
    ran: list[str] = []
    skipped: dict[str, str] = {}
    for code, rule in RULES.items():
        if not settings.wants(code):
            continue
        why = rule.why_not(facts, limits)
        if why is not None:
            skipped[code] = why
            continue
        ran.append(code)
        findings += rule.check(facts, limits)
    if facts.weights is not None:
        ran += audit_codes(settings)
        findings += [found for found in facts.weights if settings.wants(found.code)]
    return tuple(_levelled(findings, settings)), tuple(ran), skipped


def _levelled(findings: Iterable[Finding], settings: Settings) -> Iterable[Finding]:
    for found in findings:
        level = settings.levels.get(found.code)
        yield found if level is None else replace(found, level=level)


def _has_splits(spec: SourceSpec) -> bool:
    """Whether splits were asked for, so that paths in tables are worth a look."""
    return spec.options.split is not None or any(split_of(typed)[0] for typed in spec.paths)


def _named_files(spec: SourceSpec) -> tuple[str, ...]:
    """What was named, without its split: findings speak of files as users do, and an absolute path
    would differ from machine to machine.
    """
    paths = (split_of(typed)[1] for typed in spec.paths)
    return tuple(path for path in paths if exists(path))


def _named_for_splits(spec: SourceSpec) -> tuple[tuple[str, str], ...]:
    """(split, path) of what was named as ``train=a.csv``."""
    pairs = (split_of(typed) for typed in spec.paths)
    return tuple((split, shown_url(path)) for split, path in pairs if split)
