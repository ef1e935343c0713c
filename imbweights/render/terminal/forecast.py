"""Weights and their forecast on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from imbweights.core.profile import Profile
from imbweights.render import forecast_words, weights_words
from imbweights.render.terminal.layout import Col, page, table, wrapped
from imbweights.render.terminal.weights import weights_parts
from imbweights.render.view import View
from imbweights.suggestions import Explained


def explained_text(explained: Explained, profile: Profile, view: View) -> str:
    """The page: the weights, what to expect of them, the first loss, how to undo the shift."""
    return page(_parts(explained, profile, view), view)


def _parts(explained: Explained, profile: Profile, view: View) -> Iterator[RenderableType]:
    if explained.advice is not None:
        yield wrapped(weights_words.recommended(explained.advice), view, style="bold")
        if explained.advice.scheme is None:
            yield wrapped("If you weight all the same:", view)
    yield from weights_parts(explained.weights, profile, view)
    yield Text("")
    yield Text("What to expect of them", style="bold")
    yield from _facts(explained, view)
    yield Text("")
    headings = forecast_words.loss_headings(explained.forecast)
    yield table(
        [Col("first loss", "left"), *(Col(heading) for heading in headings)],
        forecast_words.losses(explained.forecast),
    )
    yield Text("")
    yield wrapped(" ".join(forecast_words.advice(explained)), view)


def _facts(explained: Explained, view: View) -> Iterator[Text]:
    facts = forecast_words.facts(explained)
    width = max(cell_len(name) for name, _ in facts) + 4
    for name, text in facts:
        lines = wrapped(text, View(width=view.width - width)).plain.split("\n")
        first, *more = lines
        yield Text(f"  {name:<{width - 2}}{first}")
        for line in more:
            yield Text(" " * width + line)
