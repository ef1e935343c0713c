"""What a report says, in plain sentences that are the same in HTML and in Markdown."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from imbweights.analysis import Analysis
from imbweights.core.counts import ClassCounts, Task
from imbweights.core.escaping import visible
from imbweights.core.findings import Finding, Level
from imbweights.core.weights import ClassWeights
from imbweights.render import analysis_words, sweep_words, weights_words
from imbweights.render.checks.words import counted
from imbweights.render.checks.words import tally as check_tally
from imbweights.render.numbers import count_text, ratio_text
from imbweights.render.report.tables import MOST_CLASSES
from imbweights.reporting import Report

MOST_MESSAGES = 1000


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
    rules = counted(len(report.checked.ran), "rule")
    found = check_tally(report.checked.findings)
    return f"The data check found {found or 'nothing wrong'} ({rules})."


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings that differ in place and names only. ``messages``: the sentence and its place each;
    ``more``: how many there is no room for.
    """

    code: str
    level: str
    title: str
    remedy: str
    messages: tuple[tuple[str, str], ...]
    more: int = 0


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Findings of one code and remedy together, the worst first."""
    groups: dict[tuple[Level, str, str], list[Finding]] = {}
    for found in findings:
        groups.setdefault((found.level, found.code, found.remedy), []).append(found)
    ranked = sorted(groups.items(), key=lambda pair: list(Level).index(pair[0][0]))
    return [
        Group(
            code=code,
            level=level.value,
            title=visible(members[0].title),
            remedy=visible(remedy),
            messages=tuple((visible(m.message), finding_place(m)) for m in members[:MOST_MESSAGES]),
            more=max(0, len(members) - MOST_MESSAGES),
        )
        for (level, code, remedy), members in ranked
    ]


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
    """Where it is: file, line or row; the message names the class."""
    where = finding.where
    file = where.file and visible(where.file)
    parts = [file] if file else []
    if where.line is not None:
        parts.append(f"line {count_text(where.line)}")
    elif where.row is not None:
        parts.append(f"row {count_text(where.row)}")
    return ", ".join(parts)


def whole_commands(report: Report) -> list[str]:
    """The commands that write the numbers of all classes, where a page has no room for them.

    ``report.again`` is the source as it was typed.
    """
    if len(report.analysis.counts.classes) <= MOST_CLASSES:
        return []
    found = [f"imbweights analyze {report.again} -o counts.csv"]
    if report.weights:
        scheme = next(iter(report.weights))
        found.append(f"imbweights suggest {report.again} --scheme {scheme} -o weights.csv")
    return [visible(text) for text in found]


def check_command(report: Report) -> str:
    """The command that lists every finding."""
    return visible(f"imbweights check {report.again} --all")


def made_with(report: Report) -> str:
    """The command that made the page."""
    return visible(" ".join(filter(None, ["imbweights report", report.again, report.options])))


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
        f"Rows that carry both labels ({which} labels). The stronger a colour, the larger the part of the "
        "rows of the label on the left; the diagonal is the label itself."
    )


def examples_words(report: Report) -> str:
    """What the example pictures show, and why there are no photos under them."""
    if any(example.part for example in report.examples):
        return (
            "For each of the rarest classes the volume that holds most of it, cut along its third axis "
            f"where most of it is. {_SMALL}"
        )
    alone = sum(example.photo is None for example in report.examples)
    words = f"The masks that hold most of the rarest classes. {_SMALL}"
    if report.images is None:
        return (
            f"{words} The masks alone are shown; --images DIR outlines the classes on the images."
        )
    if alone:
        return f"{words} A mask whose image is missing, or has another size, is shown alone."
    return words


def presence_title(counts: ClassCounts) -> str:
    """The heading over in how many images, or volumes, each class is."""
    return f"Presence per {analysis_words.row_word(counts).removesuffix('s')}"


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
_SMALL = (
    "Small pictures: a pixel has a rare class if any of those it stands for has, so thin shapes look "
    "thicker than they are."
)
