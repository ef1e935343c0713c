"""What scikit-learn and the boosted trees share: labels as dictionary keys, and no epochs."""

from __future__ import annotations

import numpy as np

from imbweights.frameworks.base import Subject
from imbweights.frameworks.text import listing, number, python_keys, remark

KEYS = "Keys must equal the labels in y in value and type: 1 is not '1'."


def joined(*parts: str) -> str:
    """Pieces of code, one below the other, without the empty ones."""
    return "\n".join(part for part in parts if part)


def label_literals(subject: Subject) -> list[str]:
    """All labels as Python literals: as they were in memory, else as a data frame would hold them."""
    keys = subject.weights.keys
    if len(keys) == len(subject.classes) and not all(isinstance(key, str) for key in keys):
        return [repr(key.item() if isinstance(key, np.generic) else key) for key in keys]
    return python_keys(subject.classes)


def by_label(name: str, subject: Subject, *, only_present: bool = False) -> str:
    """``name = {label: number, …}`` in class order; the comment gives the class index.

    ``only_present``: without the classes that have no samples.
    """
    weights = subject.weights
    cells = [
        (f"{key}: {number(value)},", index)
        for key, value, count, index in zip(
            label_literals(subject),
            weights.values.tolist(),
            weights.counts,
            weights.indices,
            strict=True,
        )
        if count or not only_present
    ]
    width = max(len(cell) for cell, _ in cells)
    body = "\n".join(f"    {cell:<{width}}  # {index}" for cell, index in cells)
    return f"{name} = {{\n{body}\n}}"


def by_index(name: str, subject: Subject, *, start: str = "[", end: str = "]") -> str:
    """``name = [number, …]`` in class order, with index and name as comments."""
    weights = subject.weights
    body = listing(map(number, weights.values.tolist()), weights.classes, weights.indices)
    return f"{name} = {start}\n{body}\n{end}"


def targets(subject: Subject) -> str:
    """Which class of two is 1 in the targets."""
    positive = subject.positive
    names = subject.classes
    return f"# y is 1 for {remark(names[positive])} and 0 for {remark(names[1 - positive])}."


def one_per_label(model: str) -> str:
    """A function that fits one model per label; the list of its weights is ``scale_pos_weight``."""
    return joined(
        "\n\ndef fit(X, Y):",
        '    """One model per label; Y: (N, K) of 0 and 1, columns in class order."""',
        f"    models = [{model}(scale_pos_weight=w) for w in scale_pos_weight]",
        "    return [m.fit(X, y) for m, y in zip(models, np.asarray(Y).T, strict=True)]",
    )


def refuse_stages(subject: Subject, title: str) -> tuple[str, str] | None:
    """Weights that change with the epoch, where there are no epochs."""
    if len(subject.weights.stages) == 1:
        return None
    return (
        f"{title} has no epochs, and these weights start at one",
        "--scheme effective gives the same weights from the beginning",
    )
