"""From what the user named to a ``Profile``: read every part, add them up, order the classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path

from imbweights.core.choices import ClassOrder
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import AmbiguousSourceError, CountsError, SourceError, UsageError
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.ordering import sorted_classes
from imbweights.core.profile import Profile, Recognised
from imbweights.sources import read_file
from imbweights.sources.base import InputFile, Reading
from imbweights.sources.given import counts_from_ratio, counts_from_text
from imbweights.sources.opening import opened


def profile_of(spec: SourceSpec) -> Profile:
    """Count what the user named. Raises ``ImbweightsError`` when it cannot be counted."""
    if spec.counts is not None or spec.ratio is not None:
        return _given_profile(spec)
    with opened(spec.paths) as files:
        readings = [(split, file, *read_file(file, spec.options)) for split, file in files]
        labels = {reading.label for *_, reading in readings}
        if len(labels) > 1:
            raise AmbiguousSourceError(
                "the files were read by different label columns: "
                + ", ".join(map(repr, sorted(map(str, labels)))),
                hint="name the one that all have with --label",
            )
        kinds = {source.kind for _, _, source, _ in readings}
        source = Recognised(
            name=_source_name([file for _, file in files]),
            kind=kinds.pop() if len(kinds) == 1 else "several",
            label=labels.pop(),
            details=_common_details([reading for *_, reading in readings]),
            notes=tuple(note for *_, reading in readings for note in reading.notes),
            files=tuple(file.fingerprint for _, file in files if not file.is_copy),
        )
    return profile_from(
        [(split, reading) for split, _, _, reading in readings], source, spec.options
    )


def _given_profile(spec: SourceSpec) -> Profile:
    if spec.paths or (spec.counts is not None and spec.ratio is not None):
        raise UsageError("name one source: files, --counts or --ratio")
    without_rows = ("label", "split", "count_column", "kind", "delimiter", "encoding", "header")
    for name in without_rows:
        if getattr(spec.options, name) is not None:
            option = {"kind": "as", "count_column": "count-column"}.get(name, name)
            raise UsageError(f"--{option} speaks of a file; with --counts or --ratio there is none")
    if spec.counts is not None:
        counts = counts_from_text(spec.counts, spec.options)
    else:
        counts = counts_from_ratio(spec.ratio or "")
    source = Recognised(
        name="the given " + ("ratio" if spec.counts is None else "counts"),
        kind="counts",
        notes=_ratio_note(spec.ratio),
    )
    return profile_from([("", Reading(splits={"": counts}))], source, spec.options)


def _ratio_note(ratio: str | None) -> tuple[str, ...]:
    """Which term is which class, when that is not the order in which they were written."""
    if ratio is None or ratio.count(":") != 1:
        return ()
    first, second = (float(Fraction(term.strip())) for term in ratio.split(":"))
    return ("the smaller term is taken as the positive class",) if first < second else ()


def profile_from(
    readings: Sequence[tuple[str, Reading]], source: Recognised, options: LabelOptions
) -> Profile:
    """Add up the parts, split by split, and bring the classes into order."""
    parts: dict[str, list[ClassCounts]] = {}
    for given, reading in readings:
        for found, counts in reading.splits.items():
            if given and found:
                raise UsageError(
                    f"split {given!r} is named on the command line and {found!r} by the data",
                    hint="use one of the two",
                )
            parts.setdefault(given or found, []).append(counts)
    if not parts:
        raise SourceError(f"{source.name}: holds no labels")
    splits = {name: reduce(add, counts) for name, counts in parts.items()}
    if set(splits) == {""}:
        profile = Profile(total=splits[""], source=source)
    else:
        profile = Profile.from_splits(splits, source)
    _refuse_no_labels(profile.total, source)
    met = dict.fromkeys(c for counts in parts.values() for part in counts for c in part.classes)
    profile = profile.reordered(_class_order(profile.total, tuple(met), options, source))
    return _with_ignore_note(profile, options)


def _refuse_no_labels(total: ClassCounts, source: Recognised) -> None:
    if total.total or total.task is Task.MULTILABEL:
        return
    if total.classes:
        raise CountsError(f"{source.name}: all counts are 0")
    parts = [
        f"{n:,} {what}" for n, what in ((total.missing, "missing"), (total.ignored, "ignored")) if n
    ]
    where = f", {_label_phrase(source)}" if source.label else ""
    raise SourceError(
        f"{source.name}{where}: there is not one label"
        + (f" ({' and '.join(parts)})" if parts else "")
    )


def _label_phrase(source: Recognised) -> str:
    label = source.label or ""
    return label if label.startswith("column ") else f"column {label!r}"


def _class_order(
    total: ClassCounts, met: tuple[str, ...], options: LabelOptions, source: Recognised
) -> tuple[str, ...]:
    if options.classes is not None:
        return _declared_order(total, options.classes, source)
    match options.class_order:
        case ClassOrder.APPEARANCE:
            return met
        case ClassOrder.COUNT:
            found = total.as_dict()
            return tuple(sorted(sorted_classes(found), key=lambda c: -found[c]))
        case ClassOrder.SORTED:
            # A label's column, or the order of a ratio's terms, is its index already.
            columns = total.task is Task.MULTILABEL or options.one_hot
            keep = columns or total.unit is Unit.PARTS or source.kind in {"analysis", "categories"}
            return total.classes if keep else sorted_classes(total.classes)


def _declared_order(
    total: ClassCounts, declared: tuple[str, ...], source: Recognised
) -> tuple[str, ...]:
    known = set(declared)
    if len(known) < len(declared):
        twice = next(c for c, n in Counter(declared).items() if n > 1)
        raise UsageError(f"--classes names {twice!r} twice")
    unknown = [(c, n) for c, n in total.as_dict().items() if n and c not in known]
    if unknown:
        shown = ", ".join(f"{c[:40]!r} ({n:,})" for c, n in unknown[:5]) + (
            " …" if len(unknown) > 5 else ""
        )
        raise SourceError(
            f"{source.name}: {len(unknown):,} label{'s are' * (len(unknown) > 1) or ' is'} "
            f"not among the declared classes: {shown}",
            hint="add them to --classes, or leave them out with --ignore-label",
        )
    return declared


def _with_ignore_note(profile: Profile, options: LabelOptions) -> Profile:
    if not options.ignore_labels or profile.total.ignored:
        return profile
    shown = ", ".join(map(repr, options.ignore_labels))
    source = replace(
        profile.source,
        notes=(*profile.source.notes, f"nothing was ignored: there is no label {shown}"),
    )
    return replace(profile, source=source)


def _source_name(files: Sequence[InputFile]) -> str:
    if len(files) == 1:
        return Path(files[0].name).name
    return f"{len(files):,} files"


def _common_details(readings: Sequence[Reading]) -> tuple[str, ...]:
    """What holds of every file; that files differ is said as well."""
    first = readings[0].details
    if all(r.details == first for r in readings):
        return first
    common = tuple(d for d in first if all(d in r.details for r in readings))
    return (*common, "differing formats")
