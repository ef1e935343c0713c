"""Results as small tables in a notebook; they need no library and no JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from imbweights.core.escaping import visible
from imbweights.core.weights import ClassWeights
from imbweights.render.numbers import UNDEFINED, count_text, share_text, weight_texts

if TYPE_CHECKING:
    from imbweights.analysis import Analysis
    from imbweights.auditing import Audit
    from imbweights.checking import CheckResult
    from imbweights.diagnosis import Diagnosis
    from imbweights.evidence.result import SweepResult
    from imbweights.suggestions import Suggestion

_MOST_ROWS = 20
_LONGEST_NAME = 80
_LEFT = ' style="text-align:left"'


def analysis_html(result: Analysis) -> str:
    """Answer, class table, where the labels came from."""
    from imbweights.render import analysis_words

    counts, splits = result.counts, result.profile.splits
    heads = ["index", "class", *splits, "all" if splits else "count", "share"]
    shares = counts.shares.tolist()
    rows = [
        [
            str(i),
            _name(name),
            *(count_text(int(c.counts[i])) for c in splits.values()),
            count_text(n),
            share_text(shares[i]),
        ]
        for i, (name, n) in enumerate(counts.as_dict().items())
    ]
    return _page(
        analysis_words.headline(result),
        html_table(heads, rows, names=1),
        analysis_words.source_line(result.profile),
    )


def weights_html(result: ClassWeights) -> str:
    """The formula, and every class with its number."""
    from imbweights.render.weights_words import weights_headline, weights_notes

    texts = weight_texts(result.values.tolist())
    columns = zip(result.indices, result.classes, result.counts, texts, strict=True)
    rows = [[str(i), _name(name), count_text(n), text] for i, name, n, text in columns]
    heads = ["index", "class", "count", result.role.heading]
    return _page(weights_headline(result), html_table(heads, rows, names=1), *weights_notes(result))


def suggestion_html(result: Suggestion) -> str:
    """The advice, and every scheme side by side."""
    from imbweights.render.weights_words import advice, suggestion_notes

    texts = {
        scheme: dict(zip(w.classes, weight_texts(w.values.tolist()), strict=True))
        for scheme, w in result.weights.items()
    }
    rows = [
        [str(i), _name(name), count_text(n), *(of.get(name, UNDEFINED) for of in texts.values())]
        for i, (name, n) in enumerate(result.counts.as_dict().items())
    ]
    heads = ["index", "class", "count", *texts]
    return _page(advice(result), html_table(heads, rows, names=1), *suggestion_notes(result))


def sweep_html(result: SweepResult) -> str:
    """The verdict, and every candidate with its scores."""
    from imbweights.render import sweep_words
    from imbweights.render.sweep_columns import score_columns

    columns = score_columns(result)
    heads = ["candidate", *(column.heading.replace("\n", " ") for column in columns)]
    rows = [
        [sweep_words.candidate_name(c), *(column.text(c) for column in columns)]
        for c in result.candidates
    ]
    return _page(
        sweep_words.headline(result),
        html_table(heads, rows, names=0, most=len(rows)),
        *sweep_words.reasons(result),
        sweep_words.data_line(result),
    )


def audit_html(result: Audit) -> str:
    """The answer, given and expected weights, what to use instead."""
    from imbweights.render import audit_words

    given, expected = audit_words.given_texts(result), audit_words.expected_texts(result)
    rows = [
        [
            str(i),
            _name(result.counts.classes[i]),
            count_text(int(result.counts.counts[i])),
            *(texts[row] for texts in (given, expected) if texts),
        ]
        for row, i in enumerate(result.indices)
    ]
    heads = ["index", "class", "count", *(["given"] if given else [])]
    heads += [result.expected_title] if expected else []
    instead = audit_words.instead(result, everything=False)
    return _page(
        audit_words.headline(result),
        html_table(heads, rows, names=1),
        *([instead] if instead else []),
        *audit_words.others(result),
    )


def check_html(result: CheckResult) -> str:
    """How much was found, and every finding."""
    from imbweights.render.checks.words import place, summary, worst_first

    rows = [
        [found.code, found.level.value, visible(found.message), place(each, found)]
        for each, found in worst_first(result)
    ]
    table = html_table(["code", "level", "message", "where"], rows, names=2) if rows else ""
    return _page(summary(result), table)


def diagnosis_html(result: Diagnosis) -> str:
    """Whether the loss is a number, what each framework reports, what is wrong."""
    from imbweights.render import loss_words

    return _page(
        loss_words.headline(result),
        html_table(loss_words.loss_headings(result), loss_words.loss_rows(result), names=0),
        loss_words.source_line(result),
        *(loss_words.finding_text(found) for found in result.findings),
    )


def _name(name: str) -> str:
    """A class name, cut before it fills the notebook."""
    return visible(name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…")


def _page(headline: str, table: str, *notes: str) -> str:
    """A headline, a table, and notes under it, all of them text."""
    parts = [f"<p><strong>{escape(visible(headline))}</strong></p>", table]
    parts += [f"<p>{escape(visible(note))}</p>" for note in notes]
    return f'<div class="imbweights">{"".join(parts)}</div>'


def html_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, names: int, most: int = _MOST_ROWS
) -> str:
    """A table of texts, the column ``names`` to the left; of many rows the first and the last.

    >>> html_table(["class"], [["<b>"]], names=0)[-63:]
    '<td style="text-align:left">&lt;b&gt;</td></tr></tbody></table>'
    """
    shown = list(rows)
    body = [_row(row, names) for row in shown]
    if len(shown) > most:
        left = len(shown) - most
        gap = f'<tr><td colspan="{len(heads)}"{_LEFT}>… {count_text(left)} more …</td></tr>'
        body = [*body[: most // 2], gap, *body[-(most - most // 2) :]]
    head = "".join(_cell("th", text, left=i == names) for i, text in enumerate(heads))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _row(cells: Iterable[str], names: int) -> str:
    inside = "".join(_cell("td", text, left=i == names) for i, text in enumerate(cells))
    return f"<tr>{inside}</tr>"


def _cell(tag: str, text: str, *, left: bool) -> str:
    """All text is escaped here, and nowhere else."""
    return f"<{tag}{_LEFT if left else ''}>{escape(visible(text))}</{tag}>"
