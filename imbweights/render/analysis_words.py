"""What an analysis says, in plain sentences that are the same in every medium."""

from __future__ import annotations

from typing import cast

from imbweights.analysis import Analysis
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.escaping import visible
from imbweights.core.profile import Profile
from imbweights.measures import MEASURES
from imbweights.render.escaping import quoted
from imbweights.render.numbers import count_text, ratio_text, score_text, share_text
from imbweights.render.telling_apart import told_apart

# Google's machine learning course calls a minority of 20–40 % mild, 1–20 % moderate, below 1 %
# extreme imbalance; for two classes these shares are the ratios 4 and 99.
_GRADES = ((1.5, "Nearly balanced"), (4.0, "Mild imbalance"), (99.0, "Moderate imbalance"))
_FOLDS = 5
_FEW = 20
_SPARSE = 0.05
_LACKING = 3
_MOST_IDS = 1000


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
        each = {"pixels": "pixel", "voxels": "voxel", "objects": "object"}.get(counts.unit, "label")
        return f'Only one class: every {each} is "{visible(largest[:60])}".{without}'
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
    many = ratio_text(ratio)
    large, small = told_apart((largest, smallest), quoted).values()
    if many == "1" and counts.unit is not Unit.PARTS:
        of = "class " if counts.unit in {Unit.PIXELS, Unit.VOXELS} and not _is_word(large) else ""
        return f"about as many {counts.unit} of {of}{small} as of {of}{large}"
    if counts.unit is Unit.PARTS:
        return f"{many} {large} for every {small}"
    if counts.unit in {Unit.PIXELS, Unit.VOXELS}:
        if _is_word(largest) and _is_word(smallest):
            one = counts.unit.removesuffix("s")
            return f"{many} {large} {counts.unit} for every {small} {one}"
        return f"{many} {counts.unit} of class {large} for every one of class {small}"
    return f"{large} has {many} times as many {counts.unit} as {small}"


def _is_word(name: str) -> bool:
    """A name that reads well before “pixels”."""
    return any(char.isalpha() for char in name) and not name.startswith("#")


def _multilabel_headline(counts: ClassCounts) -> str:
    k = len(counts.classes)
    rows = row_word(counts)
    if not counts.total:
        return f"No label is ever on: {count_text(counts.samples)} {rows} without any."
    per_row = counts.total / counts.samples
    low, rarest = _extremes(counts)[0]
    grade = "Sparse labels" if per_row / k < _SPARSE else "Multi-label"
    return (
        f"{grade}: on average {per_row:.2g} of {count_text(k)} labels per {rows.removesuffix('s')}; the "
        f"rarest, {quoted(rarest)}, is in {count_text(low)} of {count_text(counts.samples)} {rows}."
    )


def row_word(counts: ClassCounts) -> str:
    """What one sample is called, in the plural."""
    if counts.unit is Unit.VOXELS:
        return "volumes"
    if counts.task in {Task.SEGMENTATION, Task.DETECTION} or counts.unit is Unit.IMAGES:
        return "images"
    return "rows" if counts.task is Task.MULTILABEL else "samples"


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
    amount = _samples_text(counts)
    parts = [f"{k} {classes}"]
    if counts.missing:
        parts.append(f"{count_text(counts.missing)} missing")
    elif counts.unit is Unit.SAMPLES:
        parts.append("none missing")
    if counts.ignored:
        parts.append(f"{count_text(counts.ignored)} ignored")
    return f"{amount}, {', '.join(parts)}"


def _samples_text(counts: ClassCounts) -> str:
    """How much was counted: rows, or pixels in images."""
    rows = row_word(counts)
    samples = (
        f"{count_text(counts.samples)} {rows if counts.samples != 1 else rows.removesuffix('s')}"
    )
    if counts.task is Task.MULTILABEL or counts.unit in {Unit.SAMPLES, Unit.IMAGES}:
        return samples
    unit = counts.unit.value if counts.total != 1 else counts.unit.removesuffix("s")
    return f"{count_text(counts.total)} {unit} in {samples}"


def meaning(analysis: Analysis) -> list[str]:
    """What the counts mean for training, in a few sentences."""
    counts = analysis.counts
    if counts.task is Task.MULTILABEL:
        return _multilabel_meaning(analysis)
    sentences = []
    if len(counts.only_present().classes) > 1:
        sentences += _majority(analysis) + _absent_from_images(counts)
        sentences += _too_small(counts) if counts.unit is not Unit.PARTS else []
    return sentences + absent_from_splits(analysis.profile) + _gaps(analysis)


def _majority(analysis: Analysis) -> list[str]:
    """What the answer that learns nothing would score. For objects there is no such answer."""
    counts = analysis.counts
    share, macro_f1 = analysis.measures["majority_share"], analysis.measures["majority_macro_f1"]
    if (
        counts.task is Task.DETECTION
        or not isinstance(share, float)
        or not isinstance(macro_f1, float)
    ):
        return []
    largest = quoted(_extremes(counts)[1][1])
    sentence = (
        f"Answering {largest} everywhere is right for {share_text(share)} of the {counts.unit} and has a "
        f"mean Dice (macro F1) of {score_text(macro_f1)}."
        if counts.task is Task.SEGMENTATION
        else f"Always answering {largest} is right {share_text(share)} of the time and scores a macro F1 "
        f"of {score_text(macro_f1)}."
    )
    return [sentence]


def _absent_from_images(counts: ClassCounts) -> list[str]:
    """How many images have none of a class; the classes that most images lack, when many."""
    if counts.task not in {Task.SEGMENTATION, Task.DETECTION} or counts.samples < 2:
        return []
    found = zip(counts.classes, counts.present.tolist(), strict=True)
    lacking = sorted((n, name) for name, n in found if 0 < n < counts.samples)
    if not lacking:
        return []
    rows = row_word(counts)
    shown = ", ".join(
        f"{count_text(counts.samples - n)} no {_class_name(name)}" for n, name in lacking[:_LACKING]
    )
    more = len(lacking) - _LACKING
    rest = f"; {count_text(more)} more classes are not in all" if more > 0 else ""
    return [
        f"Of {count_text(counts.samples)} {rows}, {shown.replace(' no ', ' have no ', 1)}{rest}."
    ]


def _class_name(name: str) -> str:
    """A class inside a sentence that would read oddly with a bare number."""
    return quoted(name, 24) if _is_word(name) else f"class {quoted(name, 24)}"


def _gaps(analysis: Analysis) -> list[str]:
    """Values of pixels that are not their class index."""
    counts = analysis.counts
    if counts.task is not Task.SEGMENTATION or not all(c.isdecimal() for c in counts.classes):
        return []
    shifted = [(i, c) for i, c in enumerate(counts.classes) if int(c) != i]
    if not shifted:
        return []
    index, value = shifted[0]
    last = max(map(int, counts.classes))
    advice = f"; --classes 0-{last} keeps every value at its own index" if last < _MOST_IDS else ""
    return [f"Mind the gaps: index {index} is value {value}{advice}."]


def _too_small(counts: ClassCounts) -> list[str]:
    """The classes with too few samples to split, to fold or to score."""
    present = dict(zip(counts.classes, counts.present.tolist(), strict=True))
    low = min(n for n in present.values() if n)
    if low >= _FEW or counts.samples == 1:
        return []
    limit = next(limit for limit in (2, _FOLDS, _FEW) if low < limit)
    if counts.samples < limit:  # so few of anything is no news of a class
        return []
    few = [c for c, n in present.items() if 0 < n < limit]
    one = len(few) == 1
    most = max(present[c] for c in few)
    who = quoted(few[0]) if one else f"{count_text(len(few))} classes"
    has, it = ("has", "it") if one else ("have", "they")
    rows = row_word(counts)
    if rows not in {"rows", "samples"}:
        has = "is in" if one else "are in"
    amount = {
        2: f"1 {rows.removesuffix('s')}{' each' * (not one)}",
        _FOLDS: f"fewer than {_FOLDS} {rows}",
        _FEW: f"fewer than {_FEW} {rows}",
    }
    so = {
        2: f"{it} cannot be in both training and test data",
        _FOLDS: f"too few for {_FOLDS}-fold cross-validation",
        _FEW: f"of {_FOLDS} test folds each holds at most {-(-most // _FOLDS)}, so scores will jump",
    }
    return [f"{who} {has} {amount[limit]}: {so[limit]}."]


def _multilabel_meaning(analysis: Analysis) -> list[str]:
    counts = analysis.counts
    rows = row_word(counts)
    sentences = _all_zeros(analysis)
    no_label = (counts.label_sets or {}).get((), 0)
    if no_label:
        have = f"{rows} have" if no_label > 1 else f"{rows.removesuffix('s')} has"
        sentences.append(f"{count_text(no_label)} {have} no label at all.")
    empty = counts.empty_classes
    if empty:
        sentences.append(f"Never on: {names_in_words(empty)}.")
    if counts.total:
        sentences += _too_small(counts)
    if all(len(labels) == 1 for labels in counts.label_sets or {(): 0}):
        sentences.append(
            f"Every {rows.removesuffix('s')} has exactly one label; if the columns exclude each other, "
            "say --one-hot."
        )
    else:
        sentences.append(
            "Each label is a yes/no question: use a sigmoid with binary cross-entropy per label; softmax "
            "with categorical cross-entropy is the wrong loss here. Ask next for pos_weight per label."
        )
    return sentences + absent_from_splits(analysis.profile)


def _all_zeros(analysis: Analysis) -> list[str]:
    """What the network scores that has learnt to answer no to everything."""
    density = analysis.measures["density"]
    if not isinstance(density, float):
        return []
    return [
        f"Predicting all zeros has a binary accuracy of {share_text(1 - density)} and an F1 of 0, so "
        "accuracy tells nothing here."
        if density < _SPARSE
        else f"Predicting all zeros has a binary accuracy of {share_text(1 - density)} and an F1 of 0."
    ]


def pairs_line(analysis: Analysis, most: int = 2) -> str | None:
    """The label pairs with most rows in common; ``None`` when no row has two labels."""
    found = analysis.measures.get("label_pairs")
    if not isinstance(found, tuple) or not found:
        return None
    shown = []
    for pair in found[:most]:
        labels, rows = cast("tuple[str, str]", pair["labels"]), cast("int", pair["rows"])
        shown.append(f"{' + '.join(quoted(name, 20) for name in labels)} ({count_text(rows)})")
    return f"most often together: {', '.join(shown)}"


def absent_from_splits(profile: Profile) -> list[str]:
    """Classes that occur in the data but not in every split."""
    known = {c for c, n in profile.total.as_dict().items() if n}
    absent = {
        split: tuple(c for c in counts.empty_classes if c in known)
        for split, counts in profile.splits.items()
    }
    lacking = [(split, names) for split, names in absent.items() if names]
    found = [f"Absent from {quoted(s)}: {names_in_words(c)}." for s, c in lacking[:_LACKING]]
    more = len(lacking) - _LACKING
    return [*found, f"{count_text(more)} more splits lack classes."] if more > 0 else found


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
        f"imbalance ratio {ratio_text(ratio)} : 1" if isinstance(ratio, float) else "imbalance –"
    )
    if analysis.counts.task is Task.MULTILABEL:
        return (
            f"{first}, mean per label {number('mean_ir', '.3g')} · "
            f"{number('distinct_label_sets', ',')} label sets · SCUMBLE {number('scumble', '.3f')}"
        )
    if values["normalized_entropy"] is None:
        return "with one class there is no balance to measure"
    return (
        f"{first} · entropy {number('normalized_entropy', '.2f')} of 1 · as varied as "
        f"{_effective(cast('float', values['effective_classes']))} equal classes"
    )


def _effective(value: float) -> str:
    """A number of classes, with two digits where it is small."""
    return f"{value:.2g}" if value < 100 else count_text(round(value))


def measure_rows(analysis: Analysis) -> list[tuple[str, str]]:
    """Every measure that is one number, with its title."""
    return [
        (MEASURES[name].title, "–" if value is None else f"{value:.6g}")
        for name, value in analysis.measures.items()
        if value is None or isinstance(value, float | int)
    ]
