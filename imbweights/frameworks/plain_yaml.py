"""YAML, for configuration files."""

from __future__ import annotations

from collections.abc import Iterable

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import joined
from imbweights.frameworks.plain_text import exact, quoted

_LONGEST_KEY = 1000


def weights_yaml(subject: Subject) -> str:
    """The classes and numbers as lists in class order, and the numbers by class."""
    weights = subject.weights
    names = [quoted(name) for name in weights.classes]
    values = [exact(value) for value in weights.values.tolist()]
    start = weights.stages[-1][0]
    return joined(
        f"scheme: {weights.scheme}",
        f"role: {weights.role}",
        f"from_epoch: {start}" if start else "",
        _block("indices", map(str, weights.indices)),
        _block("classes", names),
        _block(weights.role.key, values),
        "by_class:",
        *(f"  {_key(name)}: {value}" for name, value in zip(names, values, strict=True)),
    )


def _block(key: str, cells: Iterable[str]) -> str:
    return "\n".join([f"{key}:", *(f"  - {cell}" for cell in cells)])


def _key(name: str) -> str:
    """A key; YAML reads one above 1024 characters only after a question mark."""
    return name if len(name) <= _LONGEST_KEY else f"? {name}\n  "


FRAMEWORK = Framework(
    name="yaml",
    title="YAML",
    suffix=".yaml",
    comment="#",
    reference="https://yaml.org/spec/1.2.2/",
    code=dict.fromkeys(Role, weights_yaml),
    scale_matters=by_no_gradient,
    by_index=False,
)
