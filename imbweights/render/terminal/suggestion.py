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
from imbweights.schemes import SCHEMES
from imbweights.suggestions import ALL_THE_SAME, Suggestion

_DIGITS = 4
_GAP = 2
_LONGEST_NAME = 12
_SPREAD = 8


def suggestion_text(suggestion: Suggestion, profile: Profile, view: View) -> str:
    """The page: advice, class × scheme, the ratio of each, how to get one in full."""
    return page(_parts(suggestion, profile, view), view)


def _parts(suggestion: Suggestion, profile: Profile, view: View) -> Iterator[RenderableType]:
    said = weights_words.advice(suggestion)
    if view.tried:  # the sweep below has the last word
        yield wrapped(f"By the counts alone: {said[:1].lower()}{said[1:]}", view)
    else:
        yield wrapped(said, view, style="bold")
    yield wrapped(analysis_words.source_line(profile), view)
    yield Text("")
    columns = [w for w in suggestion.weights.values() if w.classes == suggestion.counts.classes]
    if columns:
        yield from _side_by_side(suggestion, columns, view)
        yield Text("")
    yield from _single_values(suggestion, view)
    again = f" {view.again}" if view.again else ""
    scheme = suggestion.recommendation.scheme
    how = "If you weight all the same" if scheme is None else "In full, to copy"
    command = f"imbweights suggest{again} --scheme {scheme or ALL_THE_SAME}{_settings(suggestion)}"
    fits = cell_len(how) + cell_len(command) + 2 <= view.width
    yield Text(f"{how}:{' ' if fits else chr(10)}{command}")
    if not view.tried:
        yield wrapped(
            "Add --explain for what they will do, --for torch (keras, sklearn …) for code.", view
        )
    for note in weights_words.suggestion_notes(suggestion, tried=view.tried):
        yield wrapped(note, view)


def _settings(suggestion: Suggestion) -> str:
    """The parameters of the recommended weights, be they the rule's or the user's, as options."""
    weights = suggestion.recommended
    if weights is None:
        return ""
    known = [(p, weights.parameters[p.name]) for p in SCHEMES[weights.scheme].parameters]
    return "".join(f" --{p.name} {value:g}" for p, value in known if value != p.default)


def _side_by_side(
    suggestion: Suggestion, weights: Sequence[ClassWeights], view: View
) -> Iterator[RenderableType]:
    """A line per scheme and a column per class; for one scheme, or all of many classes, turned."""
    counts = suggestion.counts
    everything = list(range(len(counts.classes)))
    columns = [_column(suggestion, weights, i) for i in everything]
    room = view.width - max(cell_len(name) for name in _heads(weights)) - _GAP - _SPREAD
    if len(weights) == 1:
        shown = everything if view.show_all else _ends(suggestion, MOST_ROWS)
        yield _turned(suggestion, weights, shown)
    elif view.show_all and _needed(columns) > room:
        shown = everything
        yield _turned(suggestion, weights, shown)
    else:
        shown = _fitting(suggestion, columns, room)
        yield _line_per_scheme(suggestion, weights, [columns[i] for i in shown])
    hidden = len(everything) - len(shown)
    if hidden:
        yield wrapped(
            f"the most and the least frequent classes; {count_text(hidden)} lie between (--all shows all)",
            view,
            indent=2,
        )


def _heads(weights: Sequence[ClassWeights]) -> list[str]:
    return ["index", "count", *(w.scheme for w in weights)]


def _column(suggestion: Suggestion, weights: Sequence[ClassWeights], i: int) -> list[str]:
    """Name, index, count, and the weight under each scheme."""
    counts = suggestion.counts
    numbers = [_short(float(w.values[i])) for w in weights]
    return [shown_name(counts.classes[i]), str(i), count_text(int(counts.counts[i])), *numbers]


def _needed(columns: Sequence[Sequence[str]]) -> int:
    return sum(_width(column) + _GAP for column in columns)


def _width(column: Sequence[str]) -> int:
    """That of the widest number, or of the name as far as it is shown."""
    return max(min(cell_len(column[0]), _LONGEST_NAME), *(cell_len(text) for text in column[1:]))


def _ends(suggestion: Suggestion, most: int) -> list[int]:
    """The classes to show, in class order: all, or the most and the least frequent."""
    counts = suggestion.counts.counts
    ranked = sorted(range(len(counts)), key=lambda i: (-int(counts[i]), i))
    if len(ranked) <= most:
        return sorted(ranked)
    return sorted(ranked[: (most + 1) // 2] + ranked[len(ranked) - most // 2 :])


def _fitting(suggestion: Suggestion, columns: Sequence[Sequence[str]], room: int) -> list[int]:
    most = len(columns)
    while True:
        shown = _ends(suggestion, most)
        if most <= 2 or _needed([columns[i] for i in shown]) <= room:
            return shown
        most -= 1


def _line_per_scheme(
    suggestion: Suggestion, weights: Sequence[ClassWeights], columns: Sequence[Sequence[str]]
) -> RenderableType:
    spreads = ["", "", *(_spread(w) for w in weights)]
    names = [w.scheme for w in weights]
    marked = suggestion.recommendation.scheme
    return table(
        [
            Col("class", "left"),
            *(Col(column[0], most=max(_LONGEST_NAME, _width(column))) for column in columns),
            Col("ratio"),
        ],
        [
            [head, *(column[r + 1] for column in columns), spreads[r]]
            for r, head in enumerate(_heads(weights))
        ],
        bold=names.index(marked) + 2 if marked in names else None,
    )


def _turned(
    suggestion: Suggestion, weights: Sequence[ClassWeights], shown: Sequence[int]
) -> RenderableType:
    """A line per class, wide as it must be."""
    rows = [_column(suggestion, weights, i) for i in shown]
    heads = ["class", *_heads(weights)]
    widths = [max(cell_len(row[c]) for row in [heads, *rows]) for c in range(len(heads))]
    columns = [
        Col(head, "left" if head == "class" else "right", least=width)
        for head, width in zip(heads, widths, strict=True)
    ]
    order = [1, 0, *range(2, len(heads))]
    return table([columns[c] for c in order], [[row[c] for c in order] for row in rows])


def _short(value: float) -> str:
    """Four significant digits, in at most seven characters."""
    text = f"{value:#.{_DIGITS}g}"
    return f"{value:.3g}" if "e" in text or len(text) > 7 else text.rstrip(".")


def _spread(weights: ClassWeights) -> str:
    positive = weights.values[weights.values > 0]
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
