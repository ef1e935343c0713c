"""All schemes side by side on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights, Role
from imbweights.render import analysis_words, weights_words
from imbweights.render.escaping import quoted
from imbweights.render.numbers import count_text, ratio_text
from imbweights.render.terminal.layout import (
    MOST_ROWS,
    Col,
    page,
    shown_name,
    table,
    wrapped,
)
from imbweights.render.view import View
from imbweights.suggestions import Suggestion

_ENDS = 5
_DIGITS = 4
_NARROWEST_NAME = 6


def suggestion_text(suggestion: Suggestion, profile: Profile, view: View) -> str:
    """The page: advice, class × scheme, the ratio of each, how to get one in full."""
    return page(_parts(suggestion, profile, view), view)


def _parts(suggestion: Suggestion, profile: Profile, view: View) -> Iterator[RenderableType]:
    yield wrapped(weights_words.advice(suggestion), view, style="bold")
    yield wrapped(analysis_words.source_line(profile), view)
    yield Text("")
    columns = [w for w in suggestion.weights.values() if w.classes == suggestion.counts.classes]
    shown = _rows_shown(suggestion, view)
    yield _side_by_side(suggestion, columns, shown, view)
    hidden = len(suggestion.counts.classes) - len(shown)
    if hidden:
        yield wrapped(
            f"the most and the least frequent; {count_text(hidden)} lie between (--all shows all)",
            view,
            indent=2,
        )
    yield Text("")
    yield from _single_values(suggestion, view)
    again = f" {view.again}" if view.again else ""
    scheme = suggestion.recommendation.scheme
    how = "If you weight all the same" if scheme is None else "In full, to copy"
    yield Text(f"{how}: imbweights suggest{again} --scheme {scheme or 'balanced'}")
    for note in weights_words.suggestion_notes(suggestion):
        yield wrapped(note, view)


def _rows_shown(suggestion: Suggestion, view: View) -> list[int]:
    counts = suggestion.counts
    everything = list(range(len(counts.classes)))
    if view.show_all or len(everything) <= MOST_ROWS:
        return everything
    ranked = sorted(everything, key=lambda i: (-int(counts.counts[i]), i))
    return ranked[:_ENDS] + ranked[-_ENDS:]


def _side_by_side(
    suggestion: Suggestion, columns: Sequence[ClassWeights], shown: Sequence[int], view: View
) -> RenderableType:
    counts = suggestion.counts
    marked = suggestion.recommendation.scheme
    numbers = [
        [w.scheme, *(_short(float(w.values[i])) for i in shown), _spread(w)] for w in columns
    ]
    tallies = ["count", *(count_text(int(counts.counts[i])) for i in shown), ""]
    names = ["class", *(shown_name(counts.classes[i]) for i in shown), "ratio"]
    room = view.width - sum(_width(column) + 2 for column in numbers)
    cells = [tallies, *numbers]
    # Names that cannot be told apart are worse than counts that analyze shows anyway.
    if max(map(cell_len, names)) > room - _width(tallies) - 2:
        cells = numbers
    else:
        room -= _width(tallies) + 2
    headings = [Col("class", "left", max(room, _NARROWEST_NAME))]
    headings += [
        Col(column[0], style="bold" if column[0] == marked else "", least=_width(column))
        for column in cells
    ]
    last = len(names) if len(counts.classes) > 1 else len(names) - 1
    rows = [[names[r], *(column[r] for column in cells)] for r in range(1, last)]
    return table(headings, rows)


def _width(column: Sequence[str]) -> int:
    """The widest cell, or part of the heading, which breaks at its first hyphen."""
    heading = column[0].replace("-", "- ", 1).split()
    return max(map(cell_len, [*heading, *column[1:]]))


def _short(value: float) -> str:
    """Four significant digits, in at most seven characters."""
    text = f"{value:#.{_DIGITS}g}"
    return f"{value:.3g}" if "e" in text or len(text) > 7 else text.rstrip(".")


def _spread(weights: ClassWeights) -> str:
    positive = weights.values[weights.values > 0]
    if not positive.size:
        return "–"
    ratio = float(positive.max() / positive.min())
    return ratio_text(ratio) if ratio < 1e5 else f"{ratio:.2g}"


def _single_values(suggestion: Suggestion, view: View) -> Iterator[RenderableType]:
    """Numbers that are not one per class: ``pos_weight`` of binary data, both ways round."""
    for weights in suggestion.weights.values():
        if weights.role is Role.POS_WEIGHT and weights.classes != suggestion.counts.classes:
            [value] = weights.values.tolist()
            [index] = weights.indices
            other = suggestion.counts.classes[1 - index]
            inverse = f", or {1 / value:.4g} if {quoted(other)} is" if value else ""
            yield wrapped(
                f"For a binary cross-entropy: pos_weight {value:.4g} if {quoted(weights.classes[0])} "
                f"(index {index}) is the positive class{inverse}",
                view,
            )
