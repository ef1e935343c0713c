"""TOML, for configuration files."""

from __future__ import annotations

from collections.abc import Iterable

from imbweights.core.weights import Role
from imbweights.frameworks.base import Framework, Subject, by_no_gradient
from imbweights.frameworks.classical import joined
from imbweights.frameworks.plain_text import exact, quoted


def weights_toml(subject: Subject) -> str:
    """The classes and numbers as lists in class order, and the numbers by class."""
    weights = subject.weights
    names = [quoted(name) for name in weights.classes]
    values = [exact(value) for value in weights.values.tolist()]
    start = weights.stages[-1][0]
    return joined(
        f"scheme = {quoted(weights.scheme)}",
        f"role = {quoted(weights.role)}",
        f"from_epoch = {start}" if start else "",
        _array("indices", map(str, weights.indices)),
        _array("classes", names),
        _array(weights.role.key, values),
        "\n[by_class]",
        *(f"{name} = {value}" for name, value in zip(names, values, strict=True)),
    )


def _array(key: str, cells: Iterable[str]) -> str:
    return "\n".join([f"{key} = [", *(f"    {cell}," for cell in cells), "]"])


FRAMEWORK = Framework(
    name="toml",
    title="TOML",
    suffix=".toml",
    comment="#",
    reference="https://toml.io/en/v1.0.0",
    code=dict.fromkeys(Role, weights_toml),
    scale_matters=by_no_gradient,
    by_index=False,
)
