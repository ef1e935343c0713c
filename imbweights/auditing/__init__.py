"""``audit``: whether the weights that you already use are right."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from imbweights.analysis import Analysis, analyze
from imbweights.auditing.given import Given, Use
from imbweights.auditing.judging import Settings, judged
from imbweights.auditing.numbers import Written
from imbweights.auditing.reading import read_weights
from imbweights.auditing.result import Audit
from imbweights.core.choices import choice
from imbweights.core.weights import ClassWeights

__all__ = ["Audit", "Settings", "Use", "audit", "judged", "read_weights"]


def audit(
    weights: Any,
    y_or_path: Any,
    *,
    key: str | None = None,
    used_as: str | None = None,
    with_sampler: bool = False,
    use_split: str | None = None,
    **options: Any,
) -> Audit:
    """Hold weights against the data they are for: what they are, and what is wrong with them.

    ``weights``: (K,) numbers in class order, a mapping class (or index) → weight, ``ClassWeights``,
    or a text: a list such as ``".5,1,2"`` or the path of a file (JSON, YAML, TOML, CSV, NumPy, a
    training configuration in Python or YAML, which is never run). ``y_or_path`` and ``options``:
    the data, as for ``analyze``, or an ``Analysis``. ``key``: which vector of the file.
    ``used_as``: ``class-weight``, ``pos-weight``, ``sample-weight`` or ``alpha``. ``with_sampler``:
    a sampler draws rare classes more often, too. ``use_split``: the split that trains.

    Returns an immutable ``Audit``. Raises ``ImbweightsError`` (a ``ValueError``) for what cannot be
    read.

    >>> found = audit([.12, .26, .43, .17], {"A": 198, "B": 436, "C": 710, "D": 272})
    >>> found.codes[0], found.findings[0].title
    ('IMB101', 'inverted')
    >>> [round(w, 4) for w in found.correction.values()]
    [0.4063, 0.1845, 0.1133, 0.2958]
    """
    found = y_or_path if isinstance(y_or_path, Analysis) else analyze(y_or_path, **options)
    settings = Settings(
        used_as=None if used_as is None else choice(Use, used_as),
        use_split=use_split,
        with_sampler=with_sampler,
    )
    return judged(_given(weights, key), found.profile, settings)


def _given(weights: Any, key: str | None) -> Given:
    if isinstance(weights, str | os.PathLike):
        return read_weights(os.fspath(weights), key)
    if isinstance(weights, ClassWeights):
        numbers = tuple(Written.computed(v) for v in weights.values.tolist())
        return Given(numbers=numbers, keys=weights.classes, recorded=weights)
    if isinstance(weights, Mapping):
        keys = tuple(
            k if isinstance(k, int) and not isinstance(k, bool) else str(k) for k in weights
        )
        return Given(numbers=_numbers(weights.values()), keys=keys)
    return Given(numbers=_numbers(np.asarray(weights).reshape(-1)))


def _numbers(values: Iterable[Any]) -> tuple[Written, ...]:
    # A float32 is written with as many digits as it has.
    return tuple(
        Written(float(v), str(v) if isinstance(v, np.floating) else repr(float(v))) for v in values
    )
