"""Weighting schemes, one per file, all pure functions of ``ClassCounts``.

To add a scheme, write a file with a ``SCHEME`` and add it to ``SCHEMES``; the command line, the
side-by-side table and the tests follow. What is no class weight has a role of its own.
"""

from __future__ import annotations

from difflib import get_close_matches

from imbweights.core.errors import UsageError
from imbweights.schemes import (
    balanced,
    cost_matrix,
    deferred,
    effective,
    focal_alpha,
    generalised_dice,
    initial_bias,
    inverse,
    ldam_margins,
    log,
    log_ratio,
    logit_adjustment,
    median_frequency,
    pos_weight,
    power,
    repeat_factor,
    sampler,
    scale_pos_weight,
    sqrt_inverse,
)
from imbweights.schemes.base import Scheme

SCHEMES: dict[str, Scheme] = {
    module.SCHEME.name: module.SCHEME
    for module in (
        inverse,
        balanced,
        sqrt_inverse,
        power,
        log,
        log_ratio,
        median_frequency,
        effective,
        deferred,
        generalised_dice,
        cost_matrix,
        pos_weight,
        scale_pos_weight,
        focal_alpha,
        logit_adjustment,
        ldam_margins,
        initial_bias,
        repeat_factor,
        sampler,
    )
}

_ALIASES = {
    "generalized-dice": "generalised-dice",
    "enet": "log",
    "drw": "deferred",
    "class-balanced": "effective",
    "costs": "cost-matrix",
    "sqrt": "sqrt-inverse",
    "median": "median-frequency",
    "ldam": "ldam-margins",
}

PARAMETERS = tuple(sorted({p.name for s in SCHEMES.values() for p in s.parameters}))


def find_scheme(name: str) -> Scheme:
    """The scheme of that name (``_`` is as good as ``-``). Raises ``UsageError`` with the nearest.

    >>> find_scheme("median_frequency").name
    'median-frequency'
    """
    wanted = name.strip().lower().replace("_", "-")
    wanted = _ALIASES.get(wanted, wanted)
    if wanted in SCHEMES:
        return SCHEMES[wanted]
    close = get_close_matches(wanted, [*SCHEMES, *_ALIASES], n=1, cutoff=0.5)
    raise UsageError(
        f"unknown scheme {name!r}",
        hint=(f"did you mean {close[0]}? " if close else "") + f"known: {', '.join(SCHEMES)}",
    )
