"""Training frameworks and file formats, one per file: weights → code to paste.

To add one, write a file with a ``FRAMEWORK`` and add it to ``FRAMEWORKS``.
"""

from __future__ import annotations

from difflib import get_close_matches

from imbweights.core.errors import UsageError
from imbweights.core.weights import Role
from imbweights.frameworks import matlab, matlab_layer, torch
from imbweights.frameworks.base import Framework, Subject

FRAMEWORKS: dict[str, Framework] = {
    module.FRAMEWORK.name: module.FRAMEWORK for module in (torch, matlab, matlab_layer)
}

_ALIASES = {"pytorch": "torch"}


def find_framework(name: str) -> Framework:
    """The framework of that name. Raises ``UsageError`` with the nearest.

    >>> find_framework("PyTorch").name
    'torch'
    """
    wanted = name.strip().lower()
    wanted = _ALIASES.get(wanted, wanted)
    if wanted in FRAMEWORKS:
        return FRAMEWORKS[wanted]
    close = get_close_matches(wanted, [*FRAMEWORKS, *_ALIASES], n=1, cutoff=0.5)
    raise UsageError(
        f"--for {name}: unknown",
        hint=(f"did you mean {close[0]}? " if close else "") + f"known: {', '.join(FRAMEWORKS)}",
    )


def takes(role: Role) -> list[str]:
    """The frameworks that have a place for numbers of that role."""
    return [f.name for f in FRAMEWORKS.values() if role in f.code]


def code_for(framework: Framework, subject: Subject) -> str:
    """The code to paste, without header. Raises ``UsageError`` for what makes no sense there."""
    role = subject.weights.role
    if role not in framework.code:
        raise UsageError(
            f"{framework.title} has no place for a {role}",
            hint=f"these have: --for {', '.join(takes(role))}",
        )
    refusal = framework.refuses(subject)
    if refusal is not None:
        raise UsageError(refusal[0], hint=refusal[1])
    return framework.code[role](subject)
