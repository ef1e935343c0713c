"""CSV, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io

from imbweights.core.escaping import csv_text
from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient


def weights_csv(subject: Subject) -> str:
    """index, class, and the numbers; of deferred weights one column for each stage."""
    weights = subject.weights
    key = weights.role.key
    stages = weights.stages
    columns = [key] if len(stages) == 1 else [f"{key}_from_epoch_{start}" for start, _ in stages]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["index", "class", *columns])
    for index, name, *values in zip(
        weights.indices,
        weights.classes,
        *(values.tolist() for _, values in stages),
        strict=True,
    ):
        writer.writerow([index, csv_text(name), *map(repr, values)])
    return stream.getvalue().removesuffix("\n")


FRAMEWORK = Framework(
    name="csv",
    title="CSV",
    suffix=".csv",
    comment="",
    reference="https://www.rfc-editor.org/rfc/rfc4180",
    code=dict.fromkeys(Role, weights_csv),
    scale_matters=by_no_gradient,
    by_index=False,
)
