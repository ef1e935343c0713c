"""From what the user named to a ``Profile``: read every part, add them up, order the classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from operator import add
from pathlib import Path

from imbweights.core.choices import ClassOrder
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import AmbiguousSourceError, CountsError, SourceError, UsageError
from imbweights.core.file_facts import FileFacts
from imbweights.core.options import LabelOptions, SourceSpec
from imbweights.core.ordering import sorted_classes
from imbweights.core.profile import Profile, Recognised
from imbweights.core.rows import TOGETHER, Rows
from imbweights.naming import ClassNames, class_names, single_if_all_are
from imbweights.running.cache import asking_for, is_any_known
from imbweights.running.engine import is_idle, working
from imbweights.sources.base import InputFile, Order, Reading
from imbweights.sources.files import NO_SPLIT, FileSet
from imbweights.sources.given import counts_from_ratio, counts_from_text
from imbweights.sources.opening import opened
from imbweights.sources.reading import Read, read_all


def profile_of(spec: SourceSpec) -> Profile:
    """Count what the user named. Raises ``ImbweightsError`` when it cannot be counted."""
    if spec.counts is not None or spec.ratio is not None:
        return _given_profile(spec)
    if spec.database is not None or spec.query is not None:
        return _database_profile(spec)
    if spec.sql is not None and not spec.paths:
        raise UsageError(
            "--sql: asks files, and none is named",
            hint='imbweights analyze labels.csv --sql "select label from data"; what asks a database '
            "is --database URL --query SELECT",
        )
    how = working(jobs=spec.jobs, engine=spec.engine, address=spec.address)
    with how, asking_for(spec.cache_by), opened(spec.paths, spec.options.limits) as items:
        found = _read(items, spec)
        names = [item.name for _, item in items]
        idle = _idle_note(spec.engine) if is_idle() and not is_any_known() else ()
    labels = {each.reading.label for each in found}
    if len(labels) > 1:
        raise AmbiguousSourceError(
            "the files were read by different label columns: "
            + ", ".join(map(repr, sorted(map(str, labels)))),
            hint="name the one that all have with --label",
        )
    kinds = {each.kind for each in found}
    source = Recognised(
        name=Path(names[0]).name or names[0] if len(names) == 1 else f"{len(names):,} files",
        kind=kinds.pop() if len(kinds) == 1 else "several",
        label=labels.pop(),
        details=_common_details([each.reading for each in found]),
        notes=(*(note for each in found for note in each.reading.notes), *idle),
        files=tuple(mark for each in found for mark in each.files),
    )
    return profile_from([(each.split, each.reading) for each in found], source, spec.options)


def _read(items: list[tuple[str, InputFile | FileSet]], spec: SourceSpec) -> list[Read]:
    if spec.sql is None:
        return read_all(items, spec.options)
    from imbweights.sources.querying.over_files import read_query

    return [read_query(items, spec.sql, spec.options)]


def _database_profile(spec: SourceSpec) -> Profile:
    if spec.engine is not None:
        raise UsageError("--engine counts files; a database counts itself")
    from imbweights.sources.database.counting import read_database

    if spec.paths:
        raise UsageError("name one source: files or --database")
    if spec.sql is not None:
        raise UsageError("--sql asks files; what asks a database is --query")
    if spec.database is None or spec.query is None:
        raise UsageError(
            "--database and --query go together: where to ask, and what",
            hint='imbweights analyze --database env:DATABASE_URL --query "select label from items"',
        )
    source, reading = read_database(spec.database, spec.query, spec.options)
    return profile_from([("", reading)], source, spec.options)


def _idle_note(engine: str | None) -> tuple[str, ...]:
    """Who names a cluster should know that it has nothing to do; a sweep sends it the folds later."""
    from imbweights.sources.tables.counting import is_visited

    if is_visited():
        return ()
    return (f"counted here, not by --engine {engine}: one file or query is not divided",)


def _given_profile(spec: SourceSpec) -> Profile:
    for name in ("sql", "database", "query"):
        if getattr(spec, name) is not None:
            raise UsageError(f"--{name} asks rows; with --counts or --ratio there are none")
    if spec.engine is not None:
        raise UsageError("--engine counts files; with --counts or --ratio there is none")
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
    """Add up the parts, split by split, name the classes and bring them into order."""
    readings = single_if_all_are(readings)
    names = class_names([reading for _, reading in readings], options)
    parts: dict[str, list[ClassCounts]] = {}
    for given, reading in readings:
        for found, counts in reading.splits.items():
            if given and found:
                raise UsageError(
                    f"split {given!r} is named on the command line and {found!r} by the data",
                    hint="use one of the two",
                )
            parts.setdefault(given or found, []).append(counts.renamed(names.renamed))
    rows = _all_rows(readings, names.renamed) if options.keep_rows else {}
    if not parts:
        raise SourceError(f"{source.name}: holds no labels")
    splits = {name: reduce(add, counts) for name, counts in parts.items()}
    source = replace(source, ids=names.ids, ignored=tuple(options.ignore_labels))
    if set(splits) == {""}:
        profile = Profile(total=splits[""], source=source)
    else:
        splits = {name or NO_SPLIT: counts for name, counts in splits.items()}
        profile = Profile.from_splits(splits, source)
    _refuse_no_labels(profile.total, source)
    met = dict.fromkeys(c for counts in parts.values() for part in counts for c in part.classes)
    order = _class_order(profile.total, tuple(met), names, options, source)
    declared = _declared(names, options)
    files = _all_files(readings, names.renamed) if options.keep_files else {}
    profile = replace(profile.reordered(order), rows=rows, files=files, declared=declared)
    return _with_ignore_note(profile, options)


def _declared(names: ClassNames, options: LabelOptions) -> tuple[str, ...] | None:
    """The classes that the user or the source declared; a colour's name alone declares nothing."""
    if options.classes is not None:
        return options.classes
    closed = names.declared and names.order in {Order.IDS, Order.DECLARED}
    return tuple(names.declared) if closed else None


def _all_files(
    readings: Sequence[tuple[str, Reading]], renamed: Mapping[str, str]
) -> dict[str, tuple[FileFacts, ...]]:
    """What each file of each split holds, under the names of the classes."""
    several = len({given or found for given, reading in readings for found in reading.splits}) > 1
    found: dict[str, list[FileFacts]] = {}
    for given, reading in readings:
        for split, files in reading.files.items():
            name = given or split or (NO_SPLIT if several else "")
            found.setdefault(name, []).extend(_renamed(files, renamed))
    return {split: tuple(files) for split, files in found.items()}


def _renamed(files: Iterable[FileFacts], renamed: Mapping[str, str]) -> Iterable[FileFacts]:
    """The files themselves where no label has another name: there may be very many."""
    if not renamed:
        return files
    return (replace(f, labels={renamed.get(c, c): n for c, n in f.labels.items()}) for f in files)


def _all_rows(
    readings: Sequence[tuple[str, Reading]], renamed: Mapping[str, str]
) -> dict[str, Rows]:
    """The rows of each split, file after file; none where some file does not tell them."""
    several = len({given or found for given, reading in readings for found in reading.splits}) > 1
    rows: dict[str, Rows] = {}
    for given, reading in readings:
        if not reading.rows:
            return {}
        for found, part in reading.rows.items():
            name = (given or found or NO_SPLIT) if several else given or found
            name = found if found == TOGETHER else name
            rows[name] = (
                rows[name] + part.renamed(renamed) if name in rows else part.renamed(renamed)
            )
    return rows


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
    total: ClassCounts,
    met: tuple[str, ...],
    names: ClassNames,
    options: LabelOptions,
    source: Recognised,
) -> tuple[str, ...]:
    if options.classes is not None:
        return _declared_order(total, options, names, source)
    if _declared(names, options) is not None and options.keep_undeclared:
        known = set(names.declared)
        return _with_undeclared(total, [c for c in names.in_order(total.classes) if c in known])
    if _declared(names, options) is not None:
        _refuse_undeclared(total, names.declared, names, source, add_to="what declares them")
    match options.class_order:
        case ClassOrder.APPEARANCE:
            return tuple(dict.fromkeys((*met, *names.declared)))
        case ClassOrder.COUNT:
            found = dict.fromkeys(names.declared, 0) | total.as_dict()
            return tuple(sorted(sorted_classes(found), key=lambda c: -found[c]))
    if names.order is not None:
        return names.in_order(total.classes)
    # A label's column, or the order of a ratio's terms, is its index already.
    columns = total.task is Task.MULTILABEL or options.one_hot
    keep = columns or total.unit is Unit.PARTS or source.kind in {"analysis", "categories"}
    return total.classes if keep else sorted_classes(total.classes)


def _with_undeclared(total: ClassCounts, declared: Sequence[str]) -> tuple[str, ...]:
    """What is declared, then in the usual order what has samples and is not."""
    known = set(declared)
    others = [c for c, n in total.as_dict().items() if n and c not in known]
    return (*declared, *sorted_classes(others))


def _declared_order(
    total: ClassCounts, options: LabelOptions, names: ClassNames, source: Recognised
) -> tuple[str, ...]:
    declared = options.classes or ()
    if len(set(declared)) < len(declared):
        twice = next(c for c, n in Counter(declared).items() if n > 1)
        raise UsageError(f"--classes names {twice!r} twice")
    if options.keep_undeclared:
        return _with_undeclared(total, declared)
    _refuse_undeclared(total, declared, names, source, add_to="--classes")
    return declared


def _refuse_undeclared(
    total: ClassCounts,
    declared: tuple[str, ...],
    names: ClassNames,
    source: Recognised,
    *,
    add_to: str,
) -> None:
    """What is not declared is named with its count and file, never counted as something else."""
    known = set(declared)
    unknown = [(c, n) for c, n in total.as_dict().items() if n and c not in known]
    if unknown:
        shown = ", ".join(f"{c[:40]!r} ({n:,}{_where(c, names)})" for c, n in unknown[:5]) + (
            " …" if len(unknown) > 5 else ""
        )
        raise SourceError(
            f"{source.name}: {len(unknown):,} label{'s are' * (len(unknown) > 1) or ' is'} "
            f"not among the declared classes: {shown}",
            hint=f"add them to {add_to}, or leave them out with --ignore-label",
        )


def _where(name: str, names: ClassNames) -> str:
    file = names.first_seen.get(name)
    return "" if file is None else f", first in {file}"


def _with_ignore_note(profile: Profile, options: LabelOptions) -> Profile:
    if not options.ignore_labels or profile.total.ignored:
        return profile
    shown = ", ".join(map(repr, options.ignore_labels))
    source = replace(
        profile.source,
        notes=(*profile.source.notes, f"nothing was ignored: there is no label {shown}"),
    )
    return replace(profile, source=source)


def _common_details(readings: Sequence[Reading]) -> tuple[str, ...]:
    """How many files of which sort, and what holds of every file; that files differ is said too."""
    amounts: Counter[str] = Counter()
    for reading in readings:
        if reading.amount is not None:
            number, sort = reading.amount
            amounts[sort] += number
    counted = tuple(f"{n:,} {sort}{'s' * (n != 1)}" for sort, n in amounts.items())
    first = readings[0].details
    if all(r.details == first for r in readings):
        return (*counted, *first)
    common = tuple(d for d in first if all(d in r.details for r in readings))
    return (*counted, *common, *(() if counted else ("differing formats",)))
