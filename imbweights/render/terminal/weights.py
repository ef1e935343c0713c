"""One scheme in full on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights
from imbweights.render import analysis_words, weights_words
from imbweights.render.numbers import count_text, weight_texts
from imbweights.render.telling_apart import told_apart
from imbweights.render.terminal.layout import (
    MOST_ROWS,
    Col,
    page,
    shown_ids,
    shown_name,
    table,
    wrapped,
)
from imbweights.render.view import View

_ENDS = 5
_LONGEST_LIST = 30


def weights_text(weights: ClassWeights, profile: Profile, view: View) -> str:
    """The page: what it is, index, class, count, weight, the vector, notes."""
    return page(weights_parts(weights, profile, view), view)


def weights_parts(weights: ClassWeights, profile: Profile, view: View) -> Iterator[RenderableType]:
    """The parts of the page, for pages that hold more."""
    texts = weight_texts(weights.values.tolist())
    yield wrapped(weights_words.weights_headline(weights), view, style="bold")
    yield wrapped(analysis_words.source_line(profile), view)
    yield Text("")
    shown = _rows_shown(weights, view)
    ids = shown_ids(profile)
    names = told_apart((weights.classes[i] for i in shown), shown_name)
    yield table(
        [
            Col("index"),
            *([Col("id")] if ids else []),
            Col("class", "left", 40),
            Col("count"),
            Col(weights.role.heading, style="bold"),
        ],
        [
            [
                str(weights.indices[i]),
                *([ids.get(weights.classes[i], "")] if ids else []),
                names[weights.classes[i]],
                count_text(weights.counts[i]),
                texts[i],
            ]
            for i in shown
        ],
    )
    if len(shown) < len(texts):
        yield wrapped(
            f"the largest and the smallest; {count_text(len(texts) - len(shown))} lie between (--all shows all)",
            view,
            indent=2,
        )
    yield Text("")
    if len(texts) <= _LONGEST_LIST or view.show_all:
        yield wrapped(f"In class order: [{', '.join(texts)}]", view)
    else:
        yield wrapped(
            f"All {count_text(len(texts))} in class order: add -o weights.json or --format csv",
            view,
        )
    for note in weights_words.weights_notes(weights):
        yield wrapped(note, view)


def _rows_shown(weights: ClassWeights, view: View) -> list[int]:
    everything = list(range(len(weights.classes)))
    if view.show_all or len(everything) <= MOST_ROWS:
        return everything
    ranked = sorted(everything, key=lambda i: (-float(weights.values[i]), i))
    return ranked[:_ENDS] + ranked[-_ENDS:]
