"""The report as Markdown: the same tables and sentences, without pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imbweights.core.escaping import visible
from imbweights.evidence.result import SweepResult
from imbweights.render import analysis_words, forecast_words, sweep_words, weights_words
from imbweights.render.escaping import markdown_text
from imbweights.render.markdown_form import joined, pipe_table
from imbweights.render.report import tables, words
from imbweights.render.report.tables import Table
from imbweights.reporting import Report
from imbweights.suggestions import ALL_THE_SAME

_MOST_CODE = 20_000


def report_markdown(report: Report, version: str) -> str:
    """Headings, sentences and pipe tables; of the code that of the recommended scheme."""
    return joined(*_blocks(report), f"Made by imbweights {version}.")


def _blocks(report: Report) -> Iterator[str]:
    analysis = report.analysis
    yield f"# {markdown_text(report.title)}"
    yield f"**{markdown_text(analysis_words.headline(analysis))}**"
    yield markdown_text(analysis_words.source_line(analysis.profile))
    yield from map(markdown_text, words.summary(report))
    yield "## Classes"
    yield _table(tables.class_table(analysis))
    whole = words.whole_commands(report)
    if whole:
        yield "So many classes have no room on a page. These commands write all of them:"
        yield fenced("\n".join(whole))
    yield _table(tables.measure_table(analysis))
    splits = tables.split_table(analysis)
    if splits is not None:
        yield "## Splits"
        yield _table(splits)
    presence = tables.presence_table(analysis.counts)
    if presence is not None:
        yield f"## {words.presence_title(analysis.counts)}"
        yield words.PRESENCE
        yield _table(presence)
    pairs = tables.pair_table(report)
    if pairs is not None:
        yield "## Labels together"
        yield _table(pairs)
    yield "## Weights"
    yield from _weights(report)
    if report.sweep is not None:
        yield "## Evidence: weights tried on this data"
        yield from _sweep(report.sweep)
    yield "## Findings"
    yield from _findings(report)


def _table(table: Table) -> str:
    rows = [[markdown_text(cell) for cell in row] for row in table.rows]
    if table.strong is not None:
        rows[table.strong] = [f"**{cell}**" for cell in rows[table.strong]]
    return f"{markdown_text(table.caption)}:\n\n{pipe_table(table.heads, rows, names=table.names)}"


def _weights(report: Report) -> Iterator[str]:
    table = tables.weights_table(report)
    if report.suggestion is None or table is None:
        yield markdown_text(f"There are no weights: {report.no_weights}")
        return
    yield f"**{markdown_text(weights_words.advice(report.suggestion))}**"
    yield from map(markdown_text, weights_words.suggestion_notes(report.suggestion))
    yield words.SCHEMES
    yield _table(table)
    name = report.suggestion.recommendation.scheme or ALL_THE_SAME
    heading, _ = words.scheme_words(report.weights[name])
    yield f"### {markdown_text(heading)}"
    explained = report.explained.get(name)
    if explained is not None:
        yield _table(tables.expectation_table(explained))
        yield _table(tables.loss_table(explained))
        yield from map(markdown_text, forecast_words.advice(explained))
    for snippet in report.snippets.get(name, ())[:1]:
        if len(snippet.text) <= _MOST_CODE:
            yield f"Code for {markdown_text(snippet.title)}:"
            yield fenced(snippet.text)
    command = words.code_command(report, name, "NAME")
    yield f"Code for other frameworks:\n\n{fenced(command)}"


def _sweep(result: SweepResult) -> Iterator[str]:
    yield f"**{markdown_text(sweep_words.headline(result))}**"
    yield from map(markdown_text, sweep_words.reasons(result))
    yield _table(tables.sweep_table(result))
    data = f"{visible(result.tried.name)}: {sweep_words.data_line(result)}"
    yield from map(markdown_text, [data, *sweep_words.warnings(result), *sweep_words.notes(result)])
    yield markdown_text(sweep_words.rule(result))


def _findings(report: Report) -> Iterator[str]:
    yield words.tally(report)
    for group in words.grouped(report.checked.findings):
        yield f"**{group.code} {group.level}: {markdown_text(group.title)}.** {markdown_text(group.remedy)}"
        yield "\n".join(_finding(*message) for message in group.messages)
        if group.more:
            yield f"{group.more:,} more have no room here:\n\n{fenced(words.check_command(report))}"


def _finding(message: str, place: str) -> str:
    where = f" ({markdown_text(place)})" if place else ""
    return f"- {markdown_text(message)}{where}"


def fenced(text: str) -> str:
    r"""A block of code whose fence is longer than any run of backticks inside it.

    >>> print(fenced("a ``` b"))
    ````
    a ``` b
    ````
    """
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}"
