"""The report as one HTML page that needs nothing else: no network, no JavaScript, no fonts."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from imbweights.core.errors import UsageError
from imbweights.core.escaping import visible
from imbweights.core.weights import ClassWeights
from imbweights.evidence.result import SweepResult
from imbweights.render import analysis_words, forecast_words, sweep_words, weights_words
from imbweights.render.report import charts, tables, words
from imbweights.render.report.pictures import pictures
from imbweights.render.report.tables import Table, shown_name
from imbweights.render.sweep_columns import score_columns
from imbweights.reporting import Report, Snippet

if TYPE_CHECKING:
    from jinja2 import Environment

_SHADES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemePart:
    """What the page says about one scheme. ``key`` names its column and its switch."""

    key: str
    name: str
    recommended: bool
    heading: str
    notes: tuple[str, ...]
    expectations: Table | None
    losses: Table | None
    advice: tuple[str, ...]
    snippets: tuple[Snippet, ...]
    command: str


def check_report(*, sweep: bool) -> None:
    """Raise ``UsageError`` where what an HTML report needs is not installed."""
    needed = ["jinja2", *(["matplotlib"] if sweep else [])]
    for module in needed:
        if find_spec(module) is None:
            raise UsageError(
                f"an HTML report needs {module}: pip install 'imbweights[report]'",
                hint="-o report.md needs nothing more",
            )


def report_html(report: Report, version: str) -> str:
    """The whole page. Needs jinja2, and matplotlib when there is a sweep."""
    environment = _environment()
    script = environment.get_template("page.js").render()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    page = environment.get_template("page.html")
    return page.render(**_context(report), version=version, script_hash=digest) + "\n"


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("imbweights.render.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _context(report: Report) -> dict[str, Any]:
    analysis = report.analysis
    counts = analysis.counts
    unit = tables.counted_word(counts)
    found: dict[str, Any] = {
        "title": visible(report.title),
        "headline": analysis_words.headline(analysis),
        "source": analysis_words.source_line(analysis.profile),
        "summary": words.summary(report),
        "numbers": words.key_numbers(analysis),
        "words": words,
        "whole": words.whole_commands(report),
        "charts": charts.frequency_charts(counts, f"{unit} per class"),
        "scale": charts.best_scale(counts),
        "classes": tables.class_table(analysis),
        "measures": tables.measure_table(analysis),
        "splits": tables.split_table(analysis),
        "split_chart": charts.split_chart(counts, analysis.profile.splits),
        "presence": tables.presence_table(counts),
        "presence_title": words.presence_title(counts),
        "pairs": tables.pair_table(report),
        "together": list(_together(report)),
        "pictures": pictures(report.examples, counts),
        "weights": tables.weights_table(report),
        "no_weights": None if report.no_weights is None else visible(report.no_weights),
        "schemes": list(_schemes(report)),
        "findings": words.grouped(report.checked.findings),
        "skipped": report.checked.skipped,
        "sweep": None if report.sweep is None else _sweep(report.sweep),
        "text": visible,
        "report": report,
        **_advice(report),
    }
    return found | {"sections": list(_sections(found))}


def _sections(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Anchor and title of each section that has something to show."""
    every = (
        ("classes", "Classes", True),
        ("splits", "Splits", found["splits"]),
        ("presence", found["presence_title"], found["presence"]),
        ("examples", "Examples", found["pictures"]),
        ("together", "Labels together", found["together"]),
        ("weights", "Weights", True),
        ("sweep", "Evidence", found["sweep"]),
        ("findings", "Findings", True),
    )
    return ((anchor, title) for anchor, title, there in every if there)


def _advice(report: Report) -> dict[str, Any]:
    suggestion = report.suggestion
    if suggestion is None:
        return {"advice": None, "evidence": None, "recommended": None}
    return {
        "advice": weights_words.advice(suggestion),
        "evidence": f"Evidence to get next: {suggestion.recommendation.evidence}.",
        "recommended": suggestion.recommendation.scheme,
    }


def _schemes(report: Report) -> Iterator[SchemePart]:
    if report.suggestion is None:
        return
    first = report.suggestion.recommendation.scheme
    for place, (name, weights) in enumerate(report.weights.items()):
        yield _scheme(report, f"s{place}", weights, recommended=name == first)


def _scheme(report: Report, key: str, weights: ClassWeights, *, recommended: bool) -> SchemePart:
    name = weights.scheme
    explained = report.explained.get(name)
    heading, notes = words.scheme_words(weights)
    return SchemePart(
        key=key,
        name=name,
        recommended=recommended,
        heading=heading,
        notes=tuple(notes),
        expectations=None if explained is None else tables.expectation_table(explained),
        losses=None if explained is None else tables.loss_table(explained),
        advice=() if explained is None else tuple(map(visible, forecast_words.advice(explained))),
        snippets=report.snippets.get(name, ()),
        command=words.code_command(report, name, "NAME" if name in report.snippets else "torch"),
    )


def _together(report: Report) -> Iterator[tuple[str, list[tuple[str, int, str]]]]:
    """Row by row: the label; rows in common, shade from 0 to 8, and both names, for each other."""
    if report.together is None:
        return
    names = [shown_name(report.analysis.counts.classes[i], 60) for i in report.together.labels]
    rows = report.together.rows
    for a, name in enumerate(names):
        own = int(rows[a, a])
        cells = []
        for b, other in enumerate(names):
            n = int(rows[a, b])
            shade = 0 if a == b or not n else max(1, round(n / own * (_SHADES - 1)))
            cells.append((f"{n:,}" if n else "", shade, f"{name} and {other}: {n:,}"))
        yield name, cells


def _sweep(result: SweepResult) -> dict[str, Any]:
    return {
        "headline": sweep_words.headline(result),
        "reasons": sweep_words.reasons(result),
        "data": f"{visible(result.tried.name)}: {sweep_words.data_line(result)}",
        "caption": " · ".join(sweep_words.caption(result, score_columns(result))),
        "notes": [*sweep_words.warnings(result), *sweep_words.notes(result)],
        "rule": sweep_words.rule(result),
        "table": tables.sweep_table(result),
        "figure": _figure(result) if result.candidates else "",
    }


def _figure(result: SweepResult) -> str:
    """The picture of ``sweep --plot`` as SVG that may stand inside a page."""
    from imbweights.render.plots.sweep import sweep_picture

    svg = sweep_picture(result, ".svg").decode("utf-8")
    svg = svg[svg.index("<svg") :]
    # The metadata name addresses, and the style would hold for the whole page.
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
