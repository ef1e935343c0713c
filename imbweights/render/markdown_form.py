"""Results as Markdown, for README files, issues and pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from imbweights.analysis import Analysis
from imbweights.auditing import Audit
from imbweights.core.profile import Profile
from imbweights.core.weights import ClassWeights
from imbweights.render import analysis_words, audit_words, forecast_words, weights_words
from imbweights.render.escaping import markdown_text
from imbweights.render.numbers import count_text, share_text, weight_texts
from imbweights.suggestions import Explained, Suggestion


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
    return _joined(
        f"**{markdown_text(analysis_words.headline(analysis))}**",
        markdown_text(analysis_words.source_line(analysis.profile)),
        _table(header, rows, names=1),
        " ".join(map(markdown_text, analysis_words.meaning(analysis))),
        _table(["measure", "value"], measures, names=0),
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
    return _joined(
        f"**{markdown_text(weights_words.weights_headline(weights))}**",
        markdown_text(analysis_words.source_line(profile)),
        _table(["index", "class", "count", weights.role.heading], rows, names=1),
        " ".join(map(markdown_text, weights_words.weights_notes(weights))),
    )


def explained_markdown(explained: Explained, profile: Profile) -> str:
    """The weights, and what they will do."""
    rows = [[name, text] for name, text in forecast_words.facts(explained)]
    losses = [[name, *values] for name, *values in forecast_words.losses(explained.forecast)]
    return _joined(
        weights_markdown(explained.weights, profile).rstrip("\n"),
        _table(["what to expect", ""], [[markdown_text(c) for c in row] for row in rows], names=1),
        _table(["first loss", *forecast_words.loss_headings(explained.forecast)], losses, names=0),
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
    return _joined(
        f"**{markdown_text(weights_words.advice(suggestion))}**",
        markdown_text(analysis_words.source_line(profile)),
        _table(["index", "class", "count", *found], rows, names=1),
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
    return _joined(
        f"**{markdown_text(audit_words.headline(audit))}**",
        markdown_text(analysis_words.source_line(profile)),
        _table(heads, rows, names=1) if rows else "",
        markdown_text(instead) if instead else "",
        "\n".join(f"- {text}" for text in others),
    )


def _joined(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, names: int) -> str:
    """A pipe table; the column of names is left-aligned, numbers right."""
    rule = ["---" if i == names else "---:" for i in range(len(header))]
    lines = [[markdown_text(h) for h in header], rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
