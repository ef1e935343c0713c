"""All schemes side by side on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights, Role
from imbweights.render import words
from imbweights.render.escaping import quoted
from imbweights.render.numbers import count_text, ratio_text
from imbweights.render.terminal.layout import (
    MOST_ROWS,
    Col,
    name_width,
    page,
    shown_name,
    table,
    wrapped,
)
from imbweights.render.view import View
from imbweights.suggestions import Suggestion

_ENDS = 5
_DIGITS = 4
# Counts and seven schemes leave this much of 80 columns to the names, and counts take that much.
_NARROW, _NAME_ROOM, _COUNT_ROOM = 80, 8, 9


def suggestion_text(suggestion: Suggestion, profile: Profile, view: View) -> str:
    """The page: advice, class × scheme, the ratio of each, how to get one in full."""
    return page(_parts(suggestion, profile, view), view)


def _parts(suggestion: Suggestion, profile: Profile, view: View) -> Iterator[RenderableType]:
    yield wrapped(words.advice(suggestion), view, style="bold")
    yield wrapped(words.source_line(profile), view)
    yield Text("")
    columns = [w for w in suggestion.weights.values() if w.classes == suggestion.counts.classes]
    shown = _rows_shown(suggestion, view)
    yield _side_by_side(suggestion, columns, shown, view)
    hidden = len(suggestion.counts.classes) - len(shown)
    if hidden:
        yield wrapped(
            f"the least and the most frequent; {count_text(hidden)} lie between (--all shows all)",
            view,
            indent=2,
        )
    yield Text("")
    yield from _single_values(suggestion, view)
    scheme = suggestion.recommendation.scheme or "balanced"
    again = f" {view.again}" if view.again else ""
    yield Text(f"In full, to copy: imbweights suggest{again} --scheme {scheme}")
    for note in words.suggestion_notes(suggestion):
        yield wrapped(note, view)


def _rows_shown(suggestion: Suggestion, view: View) -> list[int]:
    counts = suggestion.counts
    everything = list(range(len(counts.classes)))
    if view.show_all or len(everything) <= MOST_ROWS:
        return everything
    ranked = sorted(everything, key=lambda i: (int(counts.counts[i]), i))
    return ranked[:_ENDS] + ranked[-_ENDS:]


def _side_by_side(
    suggestion: Suggestion, columns: Sequence[ClassWeights], shown: Sequence[int], view: View
) -> RenderableType:
    counts = suggestion.counts
    headings = [
        Col(w.scheme, style="bold" if w.scheme == suggestion.recommendation.scheme else "")
        for w in columns
    ]
    narrow = len(columns) > 2
    room = _NAME_ROOM + max(0, view.width - _NARROW) if narrow else 40
    names = name_width((counts.classes[i] for i in shown), 40)
    # Names that cannot be told apart are worse than counts that analyze shows anyway.
    with_counts = names <= room
    heading = [Col("class", "left", room if with_counts else room + _COUNT_ROOM)]
    heading += [Col("count")] if with_counts else []
    rows = [
        [shown_name(counts.classes[i])]
        + [count_text(int(counts.counts[i]))] * with_counts
        + [_short(float(w.values[i])) for w in columns]
        for i in shown
    ]
    if len(counts.classes) > 1:
        rows.append(["ratio"] + [""] * with_counts + [_spread(w) for w in columns])
    return table([*heading, *headings], rows)


def _short(value: float) -> str:
    """Four significant digits, in at most seven characters."""
    text = f"{value:#.{_DIGITS}g}"
    return f"{value:.3g}" if "e" in text or len(text) > 7 else text.rstrip(".")


def _spread(weights: ClassWeights) -> str:
    positive = weights.values[weights.values > 0]
    return ratio_text(float(positive.max() / positive.min())) if positive.size else "–"


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
