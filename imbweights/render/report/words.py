"""What a report says, in plain sentences that are the same in HTML and in Markdown."""

from __future__ import annotations

import shlex

from imbweights.analysis import Analysis
from imbweights.core.counts import Task
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.core.weights import ClassWeights
from imbweights.render import analysis_words, sweep_words, weights_words
from imbweights.render.numbers import count_text, ratio_text
from imbweights.reporting import Report

_ONES = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}


def summary(report: Report) -> list[str]:
    """What there is to know first: what the counts mean, what to do, what is wrong."""
    sentences = analysis_words.meaning(report.analysis)
    if report.suggestion is not None:
        sentences.append(weights_words.advice(report.suggestion))
    if report.sweep is not None:
        sentences.append(f"Tried on this data: {sweep_words.headline(report.sweep)}")
    return [*sentences, tally(report)]


def tally(report: Report) -> str:
    """How many findings there are, of each level."""
    found = report.checked.findings
    rules = f"{count_text(len(report.checked.ran))} rules"
    parts = []
    for level, word in _ONES.items():
        n = sum(each.level is level for each in found)
        if n:
            parts.append(f"{count_text(n)} {word}{'s' * (n > 1)}")
    if not parts:
        return f"The data check found nothing wrong ({rules})."
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return f"The data check found {listed} ({rules})."


def key_numbers(analysis: Analysis) -> list[tuple[str, str]]:
    """A few numbers with what they are."""
    counts, measures = analysis.counts, analysis.measures
    numbers = [(count_text(counts.samples), analysis_words.row_word(counts))]
    if counts.unit.value == "parts":
        numbers = []
    if counts.task in {Task.SEGMENTATION, Task.DETECTION}:
        numbers.append((count_text(counts.total), counts.unit.value))
    kinds = "labels" if counts.task is Task.MULTILABEL else "classes"
    numbers.append((count_text(len(counts.classes)), kinds))
    ratio = measures.get("imbalance_ratio")
    if isinstance(ratio, float):
        numbers.append((f"{ratio_text(ratio)} : 1", "largest to smallest"))
    effective = measures.get("effective_classes")
    if isinstance(effective, float):
        numbers.append((f"{effective:.1f}", "equal classes would be as varied"))
    cardinality = measures.get("cardinality")
    if isinstance(cardinality, float):
        numbers.append((f"{cardinality:.2g}", "labels per row"))
    if counts.missing:
        numbers.append((count_text(counts.missing), "labels missing"))
    return numbers


def finding_place(finding: Finding) -> str:
    """Where it is: file, line or row, class."""
    where = finding.where
    parts = [visible(where.file)] if where.file else []
    if where.line is not None:
        parts.append(f"line {count_text(where.line)}")
    elif where.row is not None:
        parts.append(f"row {count_text(where.row)}")
    if where.cls is not None:
        parts.append(f"class {visible(where.cls)}")
    return ", ".join(parts)


def code_command(report: Report, scheme: str, framework: str = "torch") -> str:
    """The command that prints the code of a scheme.

    The source comes first, as it was typed; what is no word for a shell is quoted.
    """
    words = ["imbweights suggest", report.again, "--scheme", shlex.quote(scheme)]
    return visible(" ".join([*filter(None, words), "--for", framework]))


def scheme_words(weights: ClassWeights) -> tuple[str, list[str]]:
    """The formula of a scheme as a heading, and what is to be known about these weights."""
    return visible(weights_words.weights_headline(weights)), [
        visible(note) for note in weights_words.weights_notes(weights)
    ]


def together_words(report: Report) -> str:
    """How to read the table of labels that occur together."""
    shown = 0 if report.together is None else len(report.together.labels)
    whole = len(report.analysis.counts.classes)
    which = f"the {shown} most frequent of {count_text(whole)}" if shown < whole else "all"
    return (
        f"Rows that carry both labels ({which} labels). The darker a cell, the larger its part of the "
        "rows of the label on the left; the diagonal is the label itself."
    )


SPLITS = (
    "In a split drawn at random all markers of a class lie near 1 ×. A class that is absent from the "
    "training split cannot be learned, one that is absent from the others cannot be scored."
)
PRESENCE = (
    "Pixels and objects of one image go together, so what counts for splitting, for batches and for "
    "trust in a score is the number of images that hold a class, not of its pixels or objects."
)
SCHEMES = (
    "Each scheme turns the counts into weights by its own formula. They are alternatives: use one, and "
    "never together with a sampler that already draws rare classes more often."
)
EXAMPLES = (
    "The masks that hold most of the rarest classes. Small pictures: a pixel has a rare class if any of "
    "those it stands for has, so thin shapes look thicker than they are."
)
