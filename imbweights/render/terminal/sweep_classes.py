"""The scores of every class under the candidates that a sweep compares, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from imbweights.evidence.result import ClassScores, SweepResult
from imbweights.render import sweep_words
from imbweights.render.numbers import UNDEFINED, count_text
from imbweights.render.sweep_classes import compared, scores_of_class
from imbweights.render.sweep_columns import score_cell
from imbweights.render.terminal.layout import MOST_ROWS, Col, shown_name, table, wrapped
from imbweights.render.view import View

_LONGEST_NAME = 40
_SHORTEST_NAME = 8
_WIDE = 72
_LETTERS = "ab"


def class_parts(result: SweepResult, view: View) -> Iterator[RenderableType]:
    """A line per class, or the most and the least frequent of many."""
    pair = compared(result)
    if not pair:
        return
    shown = _rows_shown(result, view)
    scores = [scores_of_class(candidate) for candidate in pair]
    letters = _LETTERS[: len(pair)]
    key = "; ".join(
        f"{letter}: {sweep_words.candidate_name(c)}"
        for letter, c in zip(letters, pair, strict=True)
    )
    yield Text("Per class", style="bold")
    yield wrapped(key, view)
    # On a narrow screen F1 alone says the most.
    heads = ["prec.", "recall", "F1"] if view.width >= _WIDE else ["F1"]
    numbers = [f"{letter}\n{head}" for letter in letters for head in heads]
    taken = 5 + 2 + 9 + sum(max(4, len(n) - 2) + 2 for n in numbers)
    name_room = max(_SHORTEST_NAME, min(_LONGEST_NAME, view.width - taken))
    rows = []
    for i in shown:
        name = result.classes[i]
        found = [by_class.get(name) for by_class in scores]
        support = next((count_text(s.support) for s in found if s is not None), UNDEFINED)
        cells = [cell for s in found for cell in _cells(s)[-len(heads) :]]
        rows.append([str(i), shown_name(name), support, *cells])
    columns = [Col("index"), Col("class", "left", name_room), Col("rows", most=9)]
    yield table([*columns, *(Col(n) for n in numbers)], rows)
    hidden = len(result.classes) - len(shown)
    if hidden:
        yield wrapped(
            f"the most and the least frequent; {count_text(hidden)} lie between (--all shows all)",
            view,
            indent=2,
        )


def _cells(scores: ClassScores | None) -> list[str]:
    if scores is None:
        return [UNDEFINED] * 3
    return [score_cell(value) for value in (scores.precision, scores.recall, scores.f1)]


def _rows_shown(result: SweepResult, view: View) -> list[int]:
    """Class indices: all in class order, or the ends of the ranking by count."""
    everything = list(range(len(result.classes)))
    if view.show_all or len(everything) <= MOST_ROWS:
        return everything
    ranked = sorted(everything, key=lambda i: (-result.counts[i], i))
    half = MOST_ROWS // 2
    return ranked[:half] + ranked[-half:]
