"""The page of measures, of imbalance and of drift, from their registers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from docs_running import sample_folder
from docs_text import cell, paragraphs, prose, reference, table

import imbweights
from imbweights.core.counts import ClassCounts
from imbweights.drift import DRIFTS
from imbweights.drift.base import DriftMeasure
from imbweights.measures import MEASURES
from imbweights.measures.base import MULTI_LABEL, Measure

_FOUR = "A=198, B=436, C=710, D=272"
_BEFORE, _NOW = (50, 30, 20), (60, 30, 10)


def measures_part() -> str:
    """A section for each measure, its value for the sample data in it."""
    four = ClassCounts.multiclass({"A": 198, "B": 436, "C": 710, "D": 272})
    with sample_folder():
        tags = imbweights.analyze(Path("sample_data/tags.csv"), label="tag_*").counts
    sections = [_section(m, four, tags) for m in MEASURES.values()]
    return paragraphs(_overview(), *sections)


def _overview() -> str:
    rows = [[f"[`{m.name}`](#{m.name})", cell(m.title), cell(m.formula)] for m in MEASURES.values()]
    return table(["measure", "what", "formula"], rows)


def _section(measure: Measure, four: ClassCounts, tags: ClassCounts) -> str:
    only_labels = measure.tasks == MULTI_LABEL
    where = "`tags.csv` (600 rows, 5 labels)" if only_labels else f"counts {_FOUR}"
    value = measure.compute(tags if only_labels else four)
    kind = " (for several labels per row)" if only_labels else ""
    return paragraphs(
        f"### `{measure.name}`",
        f"**{measure.title[0].upper()}{measure.title[1:]}**: {cell(measure.formula)}{kind}",
        prose(measure.compute),
        reference(measure.compute, measure.reference),
        f"Of {where}: {_shown(value)}.",
    )


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{cell(str(k))} {_shown(v)}" for k, v in value.items())
    if isinstance(value, tuple):
        return "; ".join(f"{' + '.join(pair['labels'])} ({pair['rows']})" for pair in value[:3]) + (
            " …" if len(value) > 3 else ""
        )
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def drifts_part() -> str:
    """A section for each measure of drift."""
    return paragraphs(*(_drift(measure) for measure in DRIFTS.values()))


def _drift(measure: DriftMeasure) -> str:
    before, now = (np.array(n, dtype=np.float64) for n in (_BEFORE, _NOW))
    value = measure.compute(before, now)
    return paragraphs(
        f"### `{measure.name}`",
        f"**{measure.title[0].upper()}{measure.title[1:]}**: {cell(measure.formula)}",
        prose(measure.compute),
        f"Called drift above {measure.alarm:g} unless `--max-drift` says otherwise.",
        reference(measure.compute, measure.reference),
        f"From counts {', '.join(map(str, _BEFORE))} to {', '.join(map(str, _NOW))}: {value:.4g}.",
    )
