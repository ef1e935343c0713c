"""Results as Markdown, for README files, issues and pull requests."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from imbweights.analysis import Analysis
from imbweights.auditing import Audit
from imbweights.core.escaping import visible
from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights
from imbweights.evidence.result import CandidateResult, SweepResult
from imbweights.render import (
    analysis_words,
    audit_words,
    forecast_words,
    sweep_words,
    weights_words,
)
from imbweights.render.escaping import markdown_text
from imbweights.render.numbers import count_text, share_text, weight_texts
from imbweights.render.sweep_classes import compared, scores_of_class
from imbweights.render.sweep_columns import score_cell, score_columns
from imbweights.suggestions import Explained, Suggestion

_CLASS_SCORES = ("precision", "recall", "F1")


def analysis_markdown(analysis: Analysis) -> str:
    """Answer, class table, measures."""
    counts, splits = analysis.counts, analysis.profile.splits
    header = ["index", "class", *splits, "all" if splits else "count", "share"]
    rows = [
        [str(i), markdown_text(name)]
        + [count_text(int(c.counts[i])) for c in splits.values()]
        + [count_text(int(counts.counts[i])), share_text(float(counts.shares[i]))]
        for i, name in enumerate(counts.classes)
    ]
    measures = [[title, value] for title, value in analysis_words.measure_rows(analysis)]
    return joined(
        f"**{markdown_text(analysis_words.headline(analysis))}**",
        markdown_text(analysis_words.source_line(analysis.profile)),
        pipe_table(header, rows, names=1),
        " ".join(map(markdown_text, analysis_words.meaning(analysis))),
        pipe_table(["measure", "value"], measures, names=0),
    )


def weights_markdown(weights: ClassWeights, profile: Profile) -> str:
    """What the weights are, the table, the notes."""
    texts = weight_texts(weights.values.tolist())
    rows = [
        [str(i), markdown_text(name), count_text(n), text]
        for i, name, n, text in zip(
            weights.indices, weights.classes, weights.counts, texts, strict=True
        )
    ]
    return joined(
        f"**{markdown_text(weights_words.weights_headline(weights))}**",
        markdown_text(analysis_words.source_line(profile)),
        pipe_table(["index", "class", "count", weights.role.heading], rows, names=1),
        " ".join(map(markdown_text, weights_words.weights_notes(weights))),
    )


def explained_markdown(explained: Explained, profile: Profile) -> str:
    """The weights, and what they will do."""
    rows = [[name, text] for name, text in forecast_words.facts(explained)]
    losses = [[name, *values] for name, *values in forecast_words.losses(explained.forecast)]
    return joined(
        weights_markdown(explained.weights, profile).rstrip("\n"),
        pipe_table(
            ["what to expect", ""], [[markdown_text(c) for c in row] for row in rows], names=1
        ),
        pipe_table(
            ["first loss", *forecast_words.loss_headings(explained.forecast)], losses, names=0
        ),
        " ".join(map(markdown_text, forecast_words.advice(explained))),
    )


def suggestion_markdown(suggestion: Suggestion, profile: Profile) -> str:
    """Advice and all schemes side by side."""
    found = {name: w.as_dict() for name, w in suggestion.weights.items()}
    rows = [
        [str(i), markdown_text(c), count_text(n)]
        + [f"{w[c]:.6g}" if c in w else "" for w in found.values()]
        for i, (c, n) in enumerate(suggestion.counts.as_dict().items())
    ]
    return joined(
        f"**{markdown_text(weights_words.advice(suggestion))}**",
        markdown_text(analysis_words.source_line(profile)),
        pipe_table(["index", "class", "count", *found], rows, names=1),
        " ".join(map(markdown_text, weights_words.suggestion_notes(suggestion))),
    )


def audit_markdown(audit: Audit, profile: Profile) -> str:
    """The answer, the table, what to use instead, all findings."""
    given, expected = audit_words.given_texts(audit), audit_words.expected_texts(audit)
    rows = [
        [
            str(i),
            markdown_text(audit.counts.classes[i]),
            count_text(int(audit.counts.counts[i])),
            *(texts[row] for texts in (given, expected) if texts),
        ]
        for row, i in enumerate(audit.indices)
    ]
    heads = ["index", "class", "count", *(["given"] if given else [])]
    heads += [audit.expected_title] if expected else []
    instead = audit_words.instead(audit)
    others = [markdown_text(text) for text in audit_words.others(audit)]
    return joined(
        f"**{markdown_text(audit_words.headline(audit))}**",
        markdown_text(audit_words.weights_line(audit) or ""),
        markdown_text(analysis_words.source_line(profile)),
        pipe_table(heads, rows, names=1) if rows else "",
        markdown_text(instead) if instead else "",
        "\n".join(f"- {text}" for text in others),
    )


def sweep_markdown(result: SweepResult, *, per_class: bool = False) -> str:
    """Answer, every candidate, why, what to mind, what carries over."""
    columns = score_columns(result)
    rows = [
        _emphasised(
            [candidate_text(c), *(column.text(c) for column in columns)], strong=c is result.winner
        )
        for c in result.candidates
    ]
    paragraphs = [
        " ".join(sweep_words.reasons(result)),
        f"{visible(result.tried.name)}: {sweep_words.data_line(result)}",
        " ".join(sweep_words.warnings(result)),
        " ".join(sweep_words.notes(result)),
        sweep_words.rule(result),
    ]
    return joined(
        f"**{markdown_text(sweep_words.headline(result))}**",
        pipe_table(["candidate", *(column.title for column in columns)], rows, names=0),
        *(markdown_text(text) for text in paragraphs),
        _class_table(result) if per_class else "",
    )


def short_sweep_markdown(result: SweepResult) -> str:
    """The answer and why, to go under another page."""
    why = [*sweep_words.reasons(result), *sweep_words.warnings(result)]
    return joined(
        f"**Tried on this data: {markdown_text(sweep_words.headline(result))}**",
        markdown_text(" ".join(why)),
        markdown_text(sweep_words.data_line(result)),
    )


def candidate_text(candidate: CandidateResult) -> str:
    """The name of a candidate with the schemes that are the same model."""
    names = [sweep_words.candidate_name(candidate), *map(visible, candidate.also)]
    return markdown_text(" = ".join(names))


def _emphasised(cells: Sequence[str], *, strong: bool) -> list[str]:
    return [f"**{cell}**" if strong else cell for cell in cells]


def _class_table(result: SweepResult) -> str:
    pair = compared(result)
    heads = [f"{s}, {sweep_words.candidate_name(c)}" for c in pair for s in _CLASS_SCORES]
    found = [scores_of_class(c) for c in pair]
    rows = []
    for i, name in enumerate(result.classes):
        of_class = [scores.get(name) for scores in found]
        numbers = [
            score_cell(value)
            for s in of_class
            for value in ((s.precision, s.recall, s.f1) if s else (None,) * 3)
        ]
        rows.append([str(i), markdown_text(name), *numbers])
    return pipe_table(["index", "class", *heads], rows, names=1)


def joined(*blocks: str) -> str:
    """Blocks with a blank line between them; empty ones are left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def pipe_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, names: int | Container[int]
) -> str:
    """A pipe table; the column (or columns) of names is left-aligned, numbers right."""
    left: Container[int] = (names,) if isinstance(names, int) else names
    rule = ["---" if i in left else "---:" for i in range(len(header))]
    lines = [[markdown_text(h) for h in header], rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
