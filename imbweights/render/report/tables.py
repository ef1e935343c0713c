"""The tables of a report, the same in HTML and in Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from imbweights.analysis import Analysis
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.escaping import visible
from imbweights.core.weights import ClassWeights
from imbweights.drift import drift_between
from imbweights.evidence.result import CandidateResult, SweepResult
from imbweights.measures.imbalance_ratio import imbalance_ratio
from imbweights.render import analysis_words, forecast_words, sweep_words
from imbweights.render.escaping import quoted
from imbweights.render.numbers import UNDEFINED, count_text, ratio_text, share_text, weight_texts
from imbweights.render.sweep_columns import score_columns
from imbweights.reporting import Report
from imbweights.suggestions import Explained

MOST_CLASSES = 2000
_LONGEST_NAME = 200
_LONGEST_SPLIT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``heads`` over ``rows`` of texts; ``names``: the column that says what a row is about.

    ``caption``: what it shows. ``bars``: column → how long a bar behind each cell is, from 0 to 1.
    ``groups``: column → a name under which all columns of a kind can be shown or hidden.
    ``strong``: the row to stress. ``long``: worth searching and sorting.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: int = 0
    bars: Mapping[int, tuple[float, ...]] | None = None
    groups: Mapping[int, str] | None = None
    strong: int | None = None
    long: bool = False

    def bar(self, row: int, column: int) -> str | None:
        """How long the bar behind a cell is, in per cent; ``None`` where there is none."""
        if self.bars is None or column not in self.bars:
            return None
        return f"{100 * self.bars[column][row]:.1f}%"

    def group(self, column: int) -> str | None:
        """The group of a column."""
        return None if self.groups is None else self.groups.get(column)


def shown_name(name: str, most: int = _LONGEST_NAME) -> str:
    r"""A class name as text: what would move or hide other text is spelled out, blanks at the ends
    are told by quotes, and very long ones are cut.

    >>> print(shown_name("a\u202eb"), shown_name(" a"))
    a\u202eb " a"
    """
    text = visible(name[:most])
    text = f'"{text}"' if name != name.strip() or not name else text
    return text if len(name) <= most else f"{text}…"


def shown_classes(counts: ClassCounts) -> list[int]:
    """The indices of the classes that tables show, in class order: all, or of very many the most and
    the least frequent.
    """
    every = len(counts.classes)
    if every <= MOST_CLASSES:
        return list(range(every))
    ranked = np.argsort(-counts.counts, kind="stable").tolist()
    return sorted([*ranked[: MOST_CLASSES // 2], *ranked[-MOST_CLASSES // 2 :]])


def _caption(text: str, counts: ClassCounts) -> str:
    """What a table of classes is called; if it does not show all of them, it says so."""
    every = len(counts.classes)
    if every <= MOST_CLASSES:
        return text
    half = count_text(MOST_CLASSES // 2)
    return f"{text}: the {half} most and the {half} least frequent of {count_text(every)}"


def class_table(analysis: Analysis) -> Table:
    """Index, class, counts (of every split, and of images), share."""
    counts, splits = analysis.counts, analysis.profile.splits
    ids = _ids(analysis)
    heads = ["index", *(["id"] if ids else []), "class"]
    heads += [shown_name(name, _LONGEST_SPLIT) for name in splits]
    heads += ["all" if splits else counted_word(counts), "share"]
    shares = counts.shares
    rows = []
    chosen = shown_classes(counts)
    for i in chosen:
        name = counts.classes[i]
        row = [str(i), *([ids.get(name, "")] if ids else []), shown_name(name)]
        row += [count_text(int(c.counts[i])) for c in splits.values()]
        row += [count_text(int(counts.counts[i])), share_text(float(shares[i]))]
        rows.append(tuple(row))
    most = float(np.nanmax(shares)) if len(shares) and not np.isnan(shares).all() else 0.0
    lengths = tuple((s / most if most else 0.0) for s in np.nan_to_num(shares)[chosen].tolist())
    return Table(
        caption=_caption("Classes in class order", counts),
        heads=tuple(heads),
        rows=tuple(rows),
        names=heads.index("class"),
        bars={len(heads) - 1: lengths},
        long=True,
    )


def _ids(analysis: Analysis) -> dict[str, str]:
    """Class → its number in the data, where for some class that is not its index."""
    index = {name: i for i, name in enumerate(analysis.counts.classes)}
    ids = analysis.profile.source.ids
    if all(index.get(name, number) == number for name, number in ids.items()):
        return {}
    return {name: str(number) for name, number in ids.items()}


def counted_word(counts: ClassCounts) -> str:
    """What is counted, as the heading of a column."""
    if counts.unit in {Unit.SAMPLES, Unit.PARTS}:
        return "rows" if counts.task is Task.MULTILABEL else "count"
    return counts.unit.value


def measure_table(analysis: Analysis) -> Table:
    """Every measure that is one number."""
    return Table(
        caption="Measures of imbalance",
        heads=("measure", "value"),
        rows=tuple(analysis_words.measure_rows(analysis)),
    )


def split_table(analysis: Analysis) -> Table | None:
    """How the splits differ from each other; ``None`` without splits."""
    splits = analysis.profile.splits
    if not splits:
        return None
    first = next((n for n in splits if n.lower().startswith("train")), next(iter(splits)))
    rows = tuple(_split_row(name, counts, splits[first]) for name, counts in splits.items())
    shown = quoted(first, 24)
    heads = ("split", analysis_words.row_word(analysis.counts), "classes", "absent", "ratio")
    return Table(
        caption=f"Splits; shares compared with {shown}",
        heads=(*heads, "largest change of a share"),
        rows=rows,
    )


def _split_row(name: str, counts: ClassCounts, first: ClassCounts) -> tuple[str, ...]:
    there = len(counts.only_present().classes)
    ratio = imbalance_ratio(counts)
    drift = None if counts is first else drift_between(first.as_dict(), counts.as_dict())
    moved = UNDEFINED
    if drift is not None and drift.before != drift.now:
        moved = f"{quoted(drift.cls, 24)}: {share_text(drift.before)} → {share_text(drift.now)}"
    elif drift is not None:
        moved = "none"
    return (
        shown_name(name, _LONGEST_SPLIT),
        count_text(counts.samples),
        count_text(there),
        count_text(len(counts.classes) - there),
        f"{ratio_text(ratio)} : 1" if isinstance(ratio, float) else UNDEFINED,
        moved,
    )


def presence_table(counts: ClassCounts) -> Table | None:
    """In how many images each class is; ``None`` where a sample has one class, or is a set of them."""
    if counts.task not in {Task.SEGMENTATION, Task.DETECTION} or not counts.samples:
        return None
    word = analysis_words.row_word(counts)
    unit = counts.unit.value
    rows, lengths = [], []
    for i in shown_classes(counts):
        name, n, present = counts.classes[i], int(counts.counts[i]), int(counts.present[i])
        share = present / counts.samples
        each = f"{n / present:,.1f}" if present else UNDEFINED
        row = (str(i), shown_name(name), count_text(present), share_text(share))
        rows.append((*row, count_text(counts.samples - present), each))
        lengths.append(share)
    return Table(
        caption=_caption(
            f"Presence per {word.removesuffix('s')} ({count_text(counts.samples)} in all)", counts
        ),
        heads=("index", "class", word, f"share of {word}", "without", f"mean {unit} where present"),
        rows=tuple(rows),
        names=1,
        bars={3: tuple(lengths)},
        long=True,
    )


def pair_table(report: Report, most: int = 30) -> Table | None:
    """The pairs of labels with most rows in common; ``None`` where there are none."""
    found = report.analysis.measures.get("label_pairs")
    if not isinstance(found, tuple) or not found:
        return None
    known = report.analysis.counts.as_dict()
    rows = []
    for pair in found[:most]:
        labels, together = cast("tuple[str, str]", pair["labels"]), cast("int", pair["rows"])
        of_rarer = together / min(known[name] for name in labels)
        names = " + ".join(quoted(name, 60) for name in labels)
        rows.append((names, count_text(together), share_text(of_rarer)))
    return Table(
        caption="Label pairs with most rows in common",
        heads=("labels", "rows with both", "share of the rarer label's rows"),
        rows=tuple(rows),
    )


def weights_table(report: Report) -> Table | None:
    """Every class with its weight under every scheme; ``None`` where there are no weights."""
    if not report.weights:
        return None
    counts = report.training
    heads = ["index", "class", counted_word(counts), *report.weights]
    texts = [_by_class(weights) for weights in report.weights.values()]
    numbers = counts.as_dict()
    names = [(i, counts.classes[i]) for i in shown_classes(counts)]
    rows = tuple(
        (str(i), shown_name(n), count_text(numbers[n]), *(of.get(n, UNDEFINED) for of in texts))
        for i, n in names
    )
    groups = {place + 3: f"s{place}" for place in range(len(texts))}
    return Table(
        caption=_caption("Weights in class order", counts),
        heads=tuple(heads),
        rows=rows,
        names=1,
        groups=groups,
        long=True,
    )


def _by_class(weights: ClassWeights) -> dict[str, str]:
    return dict(zip(weights.classes, weight_texts(weights.values.tolist()), strict=True))


def expectation_table(explained: Explained) -> Table:
    """What the weights will do."""
    rows = tuple((name, visible(text)) for name, text in forecast_words.facts(explained))
    return Table(caption="What these weights will do", heads=("quantity", "forecast"), rows=rows)


def loss_table(explained: Explained) -> Table:
    """The loss that training prints first."""
    return Table(
        caption="The first loss that training will print",
        heads=("before training", *forecast_words.loss_headings(explained.forecast)),
        rows=tuple(forecast_words.losses(explained.forecast)),
    )


def sweep_table(result: SweepResult) -> Table:
    """Every candidate with its held-out scores."""
    columns = score_columns(result)
    rows = tuple(
        (_candidate(c), *(column.text(c) for column in columns)) for c in result.candidates
    )
    strong = next((i for i, c in enumerate(result.candidates) if c is result.winner), None)
    return Table(
        caption="Scores on held-out data",
        heads=("candidate", *(column.heading.replace("\n", " ") for column in columns)),
        rows=rows,
        strong=strong,
    )


def _candidate(candidate: CandidateResult) -> str:
    return " = ".join([sweep_words.candidate_name(candidate), *map(visible, candidate.also)])
