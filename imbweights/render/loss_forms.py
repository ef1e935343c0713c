"""A diagnosis of a loss in every form."""

from __future__ import annotations

import math

from imbweights.diagnosis.outcome import Diagnosis
from imbweights.render import loss_words
from imbweights.render.csv_form import csv_table
from imbweights.render.escaping import csv_text, markdown_text
from imbweights.render.forms import Form
from imbweights.render.json_form import json_text
from imbweights.render.markdown_form import joined, pipe_table
from imbweights.render.view import View


def loss_rendered(found: Diagnosis, form: Form, view: View) -> str:
    """The diagnosis in the wanted form, with a newline at the end."""
    match form:
        case Form.TABLE:
            from imbweights.render.terminal.loss import loss_text

            return loss_text(found, view)
        case Form.JSON:
            return json_text(found.to_dict())
        case Form.CSV:
            return _csv(found)
    return _markdown(found)


def _csv(found: Diagnosis) -> str:
    """One row per class or label; full precision, empty where undefined."""
    numbers = (
        "weight",
        "precision",
        "recall",
        "f1",
        "loss",
        "loss_share",
        "gradient",
        "gradient_share",
    )
    rows = [
        [i, csv_text(c.name), c.count, c.predicted]
        + [_cell(getattr(c, name)) for name in numbers]
        + (["", ""] if c.threshold is None else [repr(c.threshold.value), repr(c.threshold.f1)])
        for i, c in enumerate(found.classes)
    ]
    header = ["index", "class", "count", "predicted", *numbers, "threshold", "threshold_f1"]
    return csv_table(header, rows)


def _cell(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def _markdown(found: Diagnosis) -> str:
    """Answer, losses, findings, classes."""
    losses = [[markdown_text(cell) for cell in row] for row in loss_words.loss_rows(found)]
    classes = [
        [str(i), markdown_text(c.name), *loss_words.class_row(found, i)]
        for i, c in enumerate(found.classes)
    ]
    findings = [
        f"- **{f.code} {f.level}, {markdown_text(f.title)}**: {markdown_text(f.message)} "
        f"{markdown_text(f.remedy)}"
        for f in found.findings
    ]
    return joined(
        f"**{markdown_text(loss_words.headline(found))}**",
        markdown_text(loss_words.reported_text(found) or ""),
        markdown_text(" ".join([loss_words.source_line(found), *loss_words.notes(found)])),
        pipe_table(loss_words.loss_headings(found), losses, names=0),
        "\n".join(findings),
        pipe_table(["index", "class", *loss_words.class_headings(found)], classes, names=1),
        markdown_text(loss_words.overall_text(found)),
    )
