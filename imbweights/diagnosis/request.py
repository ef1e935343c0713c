"""What the user asks of ``diagnose`` and ``imbweights loss``."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from imbweights.core.class_list import ClassList
from imbweights.core.errors import UsageError
from imbweights.diagnosis.remedies import loss_frameworks
from imbweights.frameworks import find_framework
from imbweights.schemes.base import Scheme
from imbweights.schemes.weighing import Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asks.

    ``label``, ``columns``: columns (or arrays of an archive) of targets and predictions;
    ``from_logits``: ``None`` to find out; ``multilabel``: one-hot looking targets are labels;
    ``class_axis``: ``first`` or ``last``; ``half``: as float16 holds the predictions; ``reported``:
    the loss that the user sees, as typed; ``framework``: a name of ``--for``.
    """

    predictions: Any
    targets: Any
    label: str | None = None
    columns: str | None = None
    classes: ClassList | None = None
    ignored: tuple[str, ...] = ()
    weights: Any = None
    scheme: Scheme | None = None
    wishes: Wishes = field(default_factory=Wishes)
    from_logits: bool | None = None
    multilabel: bool = False
    class_axis: str | None = None
    half: bool = False
    reported: str | None = None
    framework: str | None = None


def _refuse_without_loss(framework: str) -> None:
    """Raise ``UsageError`` for names of ``--for`` that print code but have no loss here."""
    names = loss_frameworks()
    try:
        if find_framework(framework).name in names:
            return
        text = f"--for {framework} has no loss of its own here"
    except UsageError:
        close = get_close_matches(framework.lower(), names, n=1, cutoff=0.6)
        text = f"unknown framework {framework!r}"
        text += f"; did you mean {close[0]}?" if close else ""
    raise UsageError(text, hint=f"these have: {', '.join(names)}")


def refuse_contradictions(request: Request) -> None:
    """Raise ``UsageError`` for options that exclude each other or say nothing."""
    if request.weights is not None and request.scheme is not None:
        raise UsageError("--weights and --scheme both say which weights: use one")
    if request.class_axis not in {None, "first", "last"}:
        raise UsageError(f"--class-axis is first or last, not {request.class_axis}")
    if request.framework is not None:
        _refuse_without_loss(request.framework)
    if request.reported is not None:
        try:
            value = float(request.reported)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise UsageError(
                f"--reported {request.reported}: is no finite number",
                hint="leave it away: NaN and infinity are traced without it",
            )
