"""``analyze`` on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from imbweights.analysis import Analysis
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.training import training_counts
from imbweights.recommending import recommend
from imbweights.render import analysis_words
from imbweights.render.numbers import count_text, share_text
from imbweights.render.telling_apart import told_apart
from imbweights.render.terminal.layout import (
    MOST_ROWS,
    Col,
    bar,
    name_width,
    page,
    shown_ids,
    shown_name,
    table,
    wrapped,
)
from imbweights.render.view import View

_ENDS = 5
_FEWER = 4
_MOST_LINES = 3
_MOST_SPLITS = 6
_LONGEST_NAME = 28


def analysis_text(analysis: Analysis, view: View) -> str:
    """The page: answer, table, measures, what it means, what to do next."""
    return page(_parts(analysis, view), view)


def _parts(analysis: Analysis, view: View) -> Iterator[RenderableType]:
    yield wrapped(analysis_words.headline(analysis), view, style="bold")
    yield wrapped(analysis_words.source_line(analysis.profile), view)
    yield Text("")
    yield _class_table(analysis, view)
    hidden = len(analysis.counts.classes) - len(_rows_shown(analysis.counts, view))
    if hidden:
        yield wrapped(
            f"the most and the least frequent; {count_text(hidden)} classes lie between (--all shows all)",
            view,
            indent=2,
        )
    yield Text("")
    yield wrapped(analysis_words.measures_line(analysis), view, indent=2)
    pairs = analysis_words.pairs_line(analysis)
    if pairs:
        yield wrapped(pairs, view, indent=2)
    yield Text("")
    sentences = analysis_words.meaning(analysis)
    # Where there is much to say it is one paragraph, so that the page stays on one screen.
    much = len(sentences) > _MOST_LINES or analysis.counts.task is Task.MULTILABEL
    for text in [" ".join(sentences)] if much else sentences:
        yield wrapped(text, view)
    several = analysis.counts.task is Task.MULTILABEL or len(analysis.counts.classes) > 1
    if several and analysis.counts.total:  # of nothing, suggest could only say that it is nothing
        yield Text(f"Next: {_next_command(analysis, view)}")


def _next_command(analysis: Analysis, view: View) -> str:
    words = ["imbweights suggest", view.again]
    training, _ = training_counts(analysis.profile, None)
    if analysis.counts.task is Task.MULTILABEL:
        words.append(recommend(training).options)
    if training.empty_classes:  # without a policy for them, suggest would stop and ask
        words.append("--empty zero")
    return " ".join(word for word in words if word)


def _rows_shown(counts: ClassCounts, view: View) -> list[int]:
    """Class indices: all in class order, or the ends of the ranking by count."""
    everything = list(range(len(counts.classes)))
    if view.show_all or len(everything) <= MOST_ROWS:
        return everything
    ranked = sorted(everything, key=lambda i: (-int(counts.counts[i]), i))
    ends = _ENDS if counts.task is Task.MULTICLASS else _FEWER  # the others have more to say
    return ranked[:ends] + ranked[-ends:]


def _class_table(analysis: Analysis, view: View) -> RenderableType:
    counts, splits = analysis.counts, _shown_splits(analysis)
    shown = _rows_shown(counts, view)
    ids = shown_ids(analysis.profile)
    images = not splits and counts.task in {Task.SEGMENTATION, Task.DETECTION}
    columns = [Col("index"), *([Col("id")] if ids else []), Col("class", "left", _LONGEST_NAME)]
    if splits:
        columns += [Col(shown_name(s, 12), most=14) for s in splits] + [Col("all"), Col("share")]
    else:
        columns += [Col(_count_heading(counts))]
        columns += [Col("volumes" if counts.unit is Unit.VOXELS else "images")] if images else []
        columns += [Col("share"), Col("", "left", style="cyan")]
    most = max(1, int(counts.counts.max())) if counts.classes else 1
    room = _room(counts, shown, view, extra=7 * bool(ids) + 9 * images)
    names = told_apart((counts.classes[i] for i in shown), shown_name)
    rows = []
    for i in shown:
        n = int(counts.counts[i])
        row = [str(i), *([ids.get(counts.classes[i], "")] if ids else [])]
        row.append(names[counts.classes[i]])
        row += [count_text(int(c.counts[i])) for c in splits.values()]
        row += [count_text(n), *([count_text(int(counts.present[i]))] if images else [])]
        row.append(share_text(float(counts.shares[i])))
        rows.append(row if splits else [*row, bar(n / most, min(room, 32), view)])
    return table(columns, rows)


def _shown_splits(analysis: Analysis) -> Mapping[str, ClassCounts]:
    """The splits, unless there are so many that no table could hold them (JSON has them all)."""
    splits = analysis.profile.splits
    return splits if len(splits) <= _MOST_SPLITS else {}


def _count_heading(counts: ClassCounts) -> str:
    if counts.task is Task.MULTILABEL:
        return "images" if counts.unit is Unit.IMAGES else "rows"
    return "count" if counts.unit in {Unit.SAMPLES, Unit.PARTS} else counts.unit.value


def _room(counts: ClassCounts, shown: list[int], view: View, *, extra: int) -> int:
    """The cells that are left for the bars."""
    names = name_width((counts.classes[i] for i in shown), _LONGEST_NAME)
    largest = max((len(count_text(int(counts.counts[i]))) for i in shown), default=0)
    return max(0, view.width - 2 - 5 - 2 - names - 2 - max(largest, 11) - 2 - 8 - 4 - extra)
