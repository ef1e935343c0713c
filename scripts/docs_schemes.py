"""The page of schemes, from their register."""

from __future__ import annotations

from docs_running import console, run_command, sample_folder
from docs_text import cell, paragraphs, prose, reference, table

from imbweights.core.counts import Task
from imbweights.core.weights import Role
from imbweights.schemes import SCHEMES
from imbweights.schemes.base import Scheme

_TASKS = {
    Task.MULTICLASS: "one class per sample",
    Task.MULTILABEL: "several labels per row",
    Task.SEGMENTATION: "pixels",
    Task.DETECTION: "objects",
}
# The first one that a scheme accepts is its example.
_EXAMPLES = (
    "imbweights suggest --counts A=198,B=436,C=710,D=272 --scheme {}",
    "imbweights suggest --counts ok=980,fault=20 --scheme {}",
)
# Where another example says more, or something must be there first.
_SPECIAL = {
    "log-ratio": ("imbweights suggest --counts A=9000,B=800,C=200 --scheme log-ratio",),
    "median-frequency": (
        "imbweights suggest sample_data/masks --classes background,crack --scheme median-frequency",
    ),
    "cost-matrix": (
        "printf '0,1\\n10,0\\n' > costs.csv",
        "imbweights suggest --counts sound=900,ill=100 --scheme cost-matrix --costs costs.csv",
    ),
    "focal-alpha": ("imbweights suggest --counts ok=980,fault=20 --scheme focal-alpha",),
    "initial-bias": ("imbweights suggest --counts ok=980,fault=20 --scheme initial-bias",),
    "pos-weight": (
        "imbweights suggest sample_data/tags.csv --label 'tag_*' --scheme pos-weight --gamma 0.5",
    ),
    "repeat-factor": (
        "imbweights suggest sample_data/reviews.csv --label sentiment --scheme repeat-factor --threshold 0.1",
    ),
}


def schemes_part() -> str:
    """All schemes in a table, then a section for each."""
    rows = [
        [f"[`{s.name}`](#{s.name})", cell(s.formula), s.role.value, _parameters_briefly(s)]
        for s in SCHEMES.values()
    ]
    with sample_folder():
        sections = [_section(scheme) for scheme in SCHEMES.values()]
    return paragraphs(table(["scheme", "formula", "gives", "parameters"], rows), *sections)


def _parameters_briefly(scheme: Scheme) -> str:
    return ", ".join(f"`--{p.name} {p.default:g}`" for p in scheme.parameters)


def _section(scheme: Scheme) -> str:
    kind = "" if scheme.role is Role.CLASS_WEIGHT else f" Gives a **{scheme.role.value}**."
    return paragraphs(
        f"## `{scheme.name}`",
        f"**{scheme.title}**: {cell(scheme.formula)}.{kind}",
        f"For {_tasks(scheme)}. {_limits(scheme)}".rstrip(),
        prose(scheme.compute) if scheme.with_costs is None else _of_costs(),
        _parameters(scheme),
        reference(scheme.compute, scheme.reference),
        console(*_example(scheme)),
    )


def _tasks(scheme: Scheme) -> str:
    known = [words for task, words in _TASKS.items() if task in scheme.tasks]
    return " · ".join(known)


def _limits(scheme: Scheme) -> str:
    said = []
    if scheme.only_binary:
        said.append("Of classes that exclude each other there must be two.")
    if scheme.needs_counts:
        said.append("A ratio is not enough: it needs counts.")
    if scheme.divides:
        said.append("`--void-in-denominator` keeps ignored pixels in what it divides by.")
    return " ".join(said)


def _of_costs() -> str:
    from imbweights.schemes.cost_matrix import cost_weights

    return prose(cost_weights)


def _parameters(scheme: Scheme) -> str:
    if not scheme.parameters:
        return ""
    rows = [
        [
            f"`--{p.name}`",
            p.symbol,
            f"{p.default:g}",
            p.range + (", or `auto`" if p.auto else ""),
            cell(p.meaning),
        ]
        for p in scheme.parameters
    ]
    return table(["option", "symbol", "default", "allowed", "meaning"], rows)


def _example(scheme: Scheme) -> tuple[str, ...]:
    if scheme.name in _SPECIAL:
        return _SPECIAL[scheme.name]
    commands = [example.format(scheme.name) for example in _EXAMPLES]
    return (next(c for c in commands if run_command(c)[0] == 0),)
