"""``loss`` on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from imbweights.core.escaping import visible
from imbweights.core.findings import Level
from imbweights.diagnosis.outcome import Diagnosis
from imbweights.render import loss_words
from imbweights.render.numbers import count_text
from imbweights.render.terminal.layout import Col, page, shown_name, table, wrapped
from imbweights.render.view import View

_LINES = 24
_FEWEST = 3
_LONGEST_NAME = 16
_CONFUSED = 10
_STYLE = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: ""}


def loss_text(found: Diagnosis, view: View) -> str:
    """The page: answer, losses, findings, classes; all of it, or what fits one screen."""
    if view.show_all:
        parts = [*_top(found, view), *_findings(found, view, len(found.findings))]
        parts += [*_classes(found, view, len(found.classes)), *_detail(found, view)]
    else:
        parts = _one_screen(found, view)
    layer = loss_words.safe_layer(found)
    if layer is not None:
        parts += [Text(""), Text(layer)]
    return page(parts, view)


def _one_screen(found: Diagnosis, view: View) -> list[RenderableType]:
    """As many findings and classes as fit, the findings that matter first."""
    top, end = [*_top(found, view)], [*_end(found, view, hides="")]
    free = _LINES - _height(top, view) - _height(end, view)
    wanted = len(found.findings)
    shown = wanted
    while shown > 1 and _height([*_findings(found, view, shown)], view) > free - _FEWEST - 2:
        shown -= 1
    middle = [*_findings(found, view, shown)]
    room = free - _height(middle, view) - 2  # a blank line and the headings
    if room >= min(len(found.classes), _FEWEST + 1):
        hides = len(found.classes) > room
        middle += _classes(found, view, max(1, room - 1) if hides else room)
    else:
        end = [*_end(found, view, hides="classes, ")]
    return [*top, *middle, *end]


def _height(parts: list[RenderableType], view: View) -> int:
    return page(parts, view).count("\n") if parts else 0


def _top(found: Diagnosis, view: View) -> Iterator[RenderableType]:
    yield wrapped(loss_words.headline(found), view, style="bold")
    told = loss_words.reported_text(found)
    if told is not None:
        yield wrapped(told, view, style="bold")
    yield wrapped(loss_words.source_line(found), view)
    yield Text("")
    first, *others = loss_words.loss_headings(found)
    yield table([Col(first, "left"), *(Col(h) for h in others)], loss_words.loss_rows(found))


def _findings(found: Diagnosis, view: View, most: int) -> Iterator[RenderableType]:
    if found.findings:
        yield Text("")
    for finding in found.findings[:most]:
        text = loss_words.finding_text(finding)
        yield wrapped(visible(text), view, style=_STYLE[finding.level])
        yield wrapped(f"→ {finding.remedy}", view, indent=2)
    hidden = found.findings[most:]
    if hidden:
        names = "; ".join(loss_words.short_finding(f) for f in hidden)
        yield wrapped(f"Also: {names} (--all).", view)


def _classes(found: Diagnosis, view: View, most: int) -> Iterator[RenderableType]:
    yield Text("")
    everything = list(range(len(found.classes)))
    shown = everything
    if len(everything) > most:
        worst = sorted(everything, key=lambda i: _badness(found, i))
        shown = sorted(worst[:most])
    what = "label" if found.read.kind == "labels" else "class"
    columns = [Col("index"), Col(what, "left", _LONGEST_NAME)]
    columns += [Col(h) for h in loss_words.class_headings(found)]
    rows = [
        [str(i), shown_name(found.classes[i].name), *loss_words.class_row(found, i)] for i in shown
    ]
    yield table(columns, rows)
    hidden = len(everything) - len(shown)
    if hidden:
        yield wrapped(
            f"the {what}es with most of the loss; {count_text(hidden)} others: --all"
            if what == "class"
            else f"the labels with most of the loss; {count_text(hidden)} others: --all",
            view,
            indent=2,
        )


def _badness(found: Diagnosis, i: int) -> float:
    share = found.classes[i].loss_share
    return -share if np.isfinite(share) else -found.classes[i].count


def _end(found: Diagnosis, view: View, *, hides: str) -> Iterator[RenderableType]:
    """``hides``: what else there is no room for."""
    yield Text("")
    yield wrapped(loss_words.overall_text(found), view)
    better = loss_words.thresholds_text(found)
    if better is not None:
        yield wrapped(better, view)
    yield wrapped(
        f"More: --all ({hides}confusions, costliest rows, thresholds), -o report.json", view
    )


def _detail(found: Diagnosis, view: View) -> Iterator[RenderableType]:
    if found.confusion is not None and len(found.classes) <= _CONFUSED:
        yield Text("")
        names = [shown_name(c.name, 9) for c in found.classes]
        yield table(
            [Col("true \\ said", "left", _LONGEST_NAME), *(Col(n, most=10) for n in names)],
            [
                [shown_name(c.name), *(count_text(int(n)) for n in row)]
                for c, row in zip(found.classes, found.confusion, strict=True)
            ],
        )
    yield from _largest(found)
    yield from _thresholds(found)
    yield Text("")
    yield wrapped(loss_words.overall_text(found), view)


def _largest(found: Diagnosis) -> Iterator[RenderableType]:
    if not found.largest:
        return
    yield Text("")
    labels = any(r.label is not None for r in found.largest)
    columns = [Col("costliest row"), *([Col("label", "left", _LONGEST_NAME)] if labels else [])]
    columns += [Col("true", "left", _LONGEST_NAME), Col("predicted", "left", _LONGEST_NAME)]
    columns += [Col("p of true"), Col("loss")]
    yield table(
        columns,
        [
            [
                loss_words.place_text(r),
                *([shown_name(r.label or "")] if labels else []),
                shown_name(r.true),
                shown_name(r.predicted),
                f"{r.p:.3g}",
                loss_words.loss_text(r.loss),
            ]
            for r in found.largest
        ],
    )


def _thresholds(found: Diagnosis) -> Iterator[RenderableType]:
    known = [(i, c) for i, c in enumerate(found.classes) if c.threshold is not None]
    yield Text("")
    yield table(
        [
            Col("index"),
            Col("answer yes from", "left", _LONGEST_NAME),
            Col("on"),
            Col("F1 then"),
            Col("F1 now"),
        ],
        [
            [
                str(i),
                shown_name(c.name),
                f"{c.threshold.value:.4g}",
                loss_words.score(c.threshold.f1),
                loss_words.score(c.f1),
            ]
            for i, c in known
            if c.threshold is not None
        ],
    )
