"""What an analysis says, in plain sentences that are the same in every medium."""

from __future__ import annotations

from imbweights.analysis import Analysis
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.profile import Profile
from imbweights.measures import MEASURES
from imbweights.render.escaping import quoted, visible
from imbweights.render.numbers import count_text, ratio_text, score_text, share_text

# Google's machine learning course calls a minority of 20–40 % mild, 1–20 % moderate, below 1 %
# extreme imbalance; for two classes these shares are the ratios 4 and 99.
_GRADES = ((1.5, "Nearly balanced"), (4.0, "Mild imbalance"), (99.0, "Moderate imbalance"))
_FOLDS = 5
_FEW = 20


def headline(analysis: Analysis) -> str:
    """Whether this data set is imbalanced, in one sentence."""
    counts = analysis.counts
    if counts.task is Task.MULTILABEL:
        return _multilabel_headline(counts)
    empty = counts.empty_classes
    without = (
        f" {names_in_words(empty)} {'has' if len(empty) == 1 else 'have'} none at all."
        if empty
        else ""
    )
    (low, smallest), (high, largest) = _extremes(counts)
    if smallest == largest:
        return f'Only one class: every label is "{visible(largest[:60])}".{without}'
    if low == high:
        unit = counts.unit.value.removesuffix("s") if low == 1 else counts.unit
        return f"Balanced: every class has {count_text(low)} {unit}.{without}"
    grade = next((name for limit, name in _GRADES if high / low < limit), "Extreme imbalance")
    return f"{grade}: {_comparison(counts, largest, smallest, high / low)}.{without}"


def _extremes(counts: ClassCounts) -> tuple[tuple[int, str], tuple[int, str]]:
    """The smallest and the largest class with their counts; of equals the last and the first."""
    present = [(n, c) for c, n in counts.as_dict().items() if n]
    return min(reversed(present), key=_count), max(present, key=_count)


def _count(pair: tuple[int, str]) -> int:
    return pair[0]


def _comparison(counts: ClassCounts, largest: str, smallest: str, ratio: float) -> str:
    if counts.unit in {Unit.PIXELS, Unit.VOXELS, Unit.PARTS}:
        one = {"pixels": " pixel", "voxels": " voxel"}.get(counts.unit, "")
        many = f" {counts.unit}" if one else ""
        return f"{ratio_text(ratio)} {quoted(largest)}{many} for every {quoted(smallest)}{one}"
    return f"{quoted(largest)} has {ratio_text(ratio)} times as many {counts.unit} as {quoted(smallest)}"


def _multilabel_headline(counts: ClassCounts) -> str:
    k = len(counts.classes)
    if not counts.total:
        return f"No label is ever on: {count_text(counts.samples)} rows of zeros."
    per_row = counts.total / counts.samples
    low, rarest = _extremes(counts)[0]
    grade = "Sparse labels" if per_row / k < 0.05 else "Multi-label"
    return (
        f"{grade}: on average {per_row:.2g} of {count_text(k)} labels per row; the rarest, "
        f"{quoted(rarest)}, is in {count_text(low)} of {count_text(counts.samples)} rows."
    )


def source_line(profile: Profile) -> str:
    """What was read, how it was recognised, and how much of it counts."""
    counts, source = profile.total, profile.source
    what = visible(source.name)
    if source.label:
        generic = source.label.startswith("column ") or " columns " in source.label
        what += f", {visible(source.label)}" if generic else f', column "{visible(source.label)}"'
    if source.kind in {"npz", "mat"}:
        what = what.replace(", column ", ", array ", 1)
    # UTF-8 goes without saying on a screen; JSON says it.
    details = [visible(d) for d in source.details if d != "UTF-8"]
    if details:
        what += f" ({', '.join(details)})"
    return f"{what}: {_amount(counts)}"


def _amount(counts: ClassCounts) -> str:
    k = count_text(len(counts.classes))
    classes = "labels" if counts.task is Task.MULTILABEL else "classes"
    if len(counts.classes) == 1:
        classes = {"labels": "label", "classes": "class"}[classes]
    if counts.unit is Unit.PARTS:
        return f"{k} {classes}, relative"
    missing = f"{count_text(counts.missing)} missing" if counts.missing else "none missing"
    parts = [f"{k} {classes}", missing]
    if counts.ignored:
        parts.append(f"{count_text(counts.ignored)} ignored")
    if counts.unit is Unit.SAMPLES:
        rows = "rows" if counts.task is Task.MULTILABEL else "samples"
        return f"{count_text(counts.samples)} {rows}, {', '.join(parts)}"
    return f"{count_text(counts.total)} {counts.unit}, {', '.join(parts)}"


def meaning(analysis: Analysis) -> list[str]:
    """What the counts mean for training, in a few sentences."""
    counts = analysis.counts
    if counts.task is Task.MULTILABEL:
        return _multilabel_meaning(analysis)
    sentences = []
    share, macro_f1 = analysis.measures["majority_share"], analysis.measures["majority_macro_f1"]
    if (
        isinstance(share, float)
        and isinstance(macro_f1, float)
        and len(counts.only_present().classes) > 1
    ):
        largest = quoted(_extremes(counts)[1][1])
        sentences.append(
            f"Always answering {largest} is right {share_text(share)} of the time and scores a "
            f"macro F1 of {score_text(macro_f1)}."
        )
        sentences += _too_small(counts) if counts.unit is not Unit.PARTS else []
    return sentences + absent_from_splits(analysis.profile)


def _too_small(counts: ClassCounts) -> list[str]:
    """The classes with too few samples to split, to fold or to score."""
    present = dict(zip(counts.classes, counts.present.tolist(), strict=True))
    low = min(n for n in present.values() if n)
    if low >= _FEW:
        return []
    limit = next(limit for limit in (2, _FOLDS, _FEW) if low < limit)
    few = [c for c, n in present.items() if 0 < n < limit]
    one = len(few) == 1
    most = max(present[c] for c in few)
    who = quoted(few[0]) if one else f"{count_text(len(few))} classes"
    has, it = ("has", "it") if one else ("have", "they")
    amount = {
        2: "1 sample",
        _FOLDS: f"fewer than {_FOLDS} samples",
        _FEW: f"fewer than {_FEW} samples",
    }
    so = {
        2: f"{it} cannot be in both training and test data",
        _FOLDS: f"too few for {_FOLDS}-fold cross-validation",
        _FEW: f"of {_FOLDS} test folds each holds at most {-(-most // _FOLDS)}, so scores will jump",
    }
    return [f"{who} {has} {amount[limit]}: {so[limit]}."]


def _multilabel_meaning(analysis: Analysis) -> list[str]:
    counts = analysis.counts
    density = analysis.measures["density"]
    sentences = []
    if isinstance(density, float):
        sentences.append(
            f"Predicting all zeros is right in {share_text(1 - density)} of the cells and scores an F1 of 0."
        )
    no_label = (counts.label_sets or {}).get((), 0)
    if no_label:
        sentences.append(f"{count_text(no_label)} rows have no label at all.")
    empty = counts.empty_classes
    if empty:
        sentences.append(f"Never on: {names_in_words(empty)}.")
    if counts.total:
        sentences += _too_small(counts)
    if all(len(labels) == 1 for labels in counts.label_sets or {(): 0}):
        sentences.append(
            "Every row has exactly one label; if the columns exclude each other, say --one-hot."
        )
    else:
        sentences.append("Each label is a yes/no question: a sigmoid per label, not a softmax.")
    return sentences + absent_from_splits(analysis.profile)


def absent_from_splits(profile: Profile) -> list[str]:
    """Classes that occur in the data but not in every split."""
    known = {c for c, n in profile.total.as_dict().items() if n}
    absent = {
        split: tuple(c for c in counts.empty_classes if c in known)
        for split, counts in profile.splits.items()
    }
    return [f"Absent from {quoted(s)}: {names_in_words(c)}." for s, c in absent.items() if c]


def names_in_words(names: tuple[str, ...], most: int = 4) -> str:
    """A list of class names in a sentence, the first few by name."""
    shown = ", ".join(quoted(n, 24) for n in names[:most])
    return shown + (f" and {count_text(len(names) - most)} more" if len(names) > most else "")


def measures_line(analysis: Analysis) -> str:
    """The measures that matter, short."""
    values = analysis.measures

    def number(name: str, form: str) -> str:
        value = values.get(name)
        return format(value, form) if isinstance(value, float | int) else "–"

    ratio = values["imbalance_ratio"]
    first = (
        f"imbalance ratio {ratio_text(ratio)} : 1"
        if isinstance(ratio, float)
        else "imbalance ratio –"
    )
    if analysis.counts.task is Task.MULTILABEL:
        return (
            f"{first} · mean per label {number('mean_ir', '.3g')} · "
            f"distinct label sets {number('distinct_label_sets', ',')} · "
            f"SCUMBLE {number('scumble', '.3f')}"
        )
    if values["normalized_entropy"] is None:
        return "with one class there is no balance to measure"
    return (
        f"{first} · entropy {number('normalized_entropy', '.2f')} of 1 · as varied as "
        f"{number('effective_classes', '.2g' if len(analysis.counts.classes) < 100 else '.3g')} equal classes"
    )


def measure_rows(analysis: Analysis) -> list[tuple[str, str]]:
    """Every measure that is one number, with its title."""
    return [
        (MEASURES[name].title, "–" if value is None else f"{value:.6g}")
        for name, value in analysis.measures.items()
        if value is None or isinstance(value, float | int)
    ]
