"""Weighting schemes, one per file, all pure functions of ``ClassCounts``.

To add a scheme, write a file with a ``SCHEME`` and add it to ``SCHEMES``; the command line, the
side-by-side table and the tests follow.
"""

from __future__ import annotations

from difflib import get_close_matches

from imbweights.core.errors import UsageError
from imbweights.schemes import (
    balanced,
    effective,
    inverse,
    log,
    median_frequency,
    pos_weight,
    power,
    sqrt_inverse,
)
from imbweights.schemes.base import Parameter, Scheme

SCHEMES: dict[str, Scheme] = {
    module.SCHEME.name: module.SCHEME
    for module in (
        inverse,
        balanced,
        sqrt_inverse,
        power,
        log,
        median_frequency,
        effective,
        pos_weight,
    )
}

PARAMETERS: dict[str, Parameter] = {p.name: p for s in SCHEMES.values() for p in s.parameters}


def find_scheme(name: str) -> Scheme:
    """The scheme of that name (``_`` is as good as ``-``). Raises ``UsageError`` with the nearest.

    >>> find_scheme("median_frequency").name
    'median-frequency'
    """
    wanted = name.strip().lower().replace("_", "-")
    if wanted in SCHEMES:
        return SCHEMES[wanted]
    close = get_close_matches(wanted, SCHEMES, n=1, cutoff=0.5)
    raise UsageError(
        f"unknown scheme {name!r}",
        hint=(f"did you mean {close[0]}? " if close else "") + f"known: {', '.join(SCHEMES)}",
    )
