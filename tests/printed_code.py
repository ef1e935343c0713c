"""Code that was printed, run as it is, and labels that try to break out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

HOSTILE = (
    "it's",
    'say "hi"',
    "a\nimport os; os.abort()",
    "back\\slash\\",
    '"""',
    "#c",
    "%d {x} %s",
    "\u202egnp.exe",
    "\u2028line",
    "=cmd()",
)


def executed(code: str) -> dict[str, Any]:
    """The names that the printed code defines."""
    names: dict[str, Any] = {"__name__": "printed"}
    exec(compile(code, "printed code", "exec"), names)  # noqa: S102 (that is what is tested)
    return names


def sample(classes: int, *, rows: int = 400, seed: int = 0) -> tuple[npt.NDArray[Any], Any]:
    """Features (N, 4) and class indices (N,), imbalanced, that depend on each other."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    chances = np.array([2.0**-k for k in range(classes)])
    index = rng.choice(classes, size=rows, p=chances / chances.sum())
    x[:, 0] += index
    index[:classes] = range(classes)
    return x, index


def several_labels(*, rows: int = 400, seed: int = 0) -> tuple[npt.NDArray[Any], Any]:
    """Features (N, 4) and labels (N, 3) of 0 and 1, ever rarer."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 4))
    return x, (x[:, :3] + rng.normal(size=(rows, 3)) > [0.0, 1.0, 1.5]).astype(int)
