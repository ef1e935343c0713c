"""Logits or probabilities? Recognised from a look at some of the predictions, and said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from imbweights.core.errors import AmbiguousSourceError
from imbweights.diagnosis.blocks import BLOCK, some_blocks
from imbweights.diagnosis.pairing import Kind, Pair

FloatArray = npt.NDArray[np.float64]

_LOOKS = 64
_ROUNDING = 1e-6
_SUM = 0.02
_MOSTLY = 0.5
_FEW = 4
_TWO = 2.0


class Scale(StrEnum):
    """What the predictions are."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What some rows are like: all their numbers but NaN, the sums of those that are finite.

    ``sums_to_one``: the share of rows that do; ``probable``: that also lie in 0 … 1; ``percent``:
    that are above 0 and sum to 100; ``whole``: there are nothing but whole numbers.
    """

    numbers: int
    low: float
    high: float
    sums_to_one: float
    sum_low: float
    sum_high: float
    probable: float = 0.0
    percent: float = 0.0
    whole: bool = False


def recognised(pair: Pair, told: Scale | None) -> tuple[Scale, str]:
    """The scale, and how it is known. Raises ``AmbiguousSourceError`` where both are plausible."""
    if told is not None:
        return told, f"{told}, as told"
    look = _look(pair)
    if look is None:
        return Scale.LOGITS, "logits or probabilities, all of them NaN"
    if look.low < -_ROUNDING or look.high > 1 + _ROUNDING:
        _refuse_unlikely(pair, look)
        return Scale.LOGITS, "logits"
    if pair.kind is Kind.CLASSES:
        if look.sums_to_one >= _MOSTLY:
            return Scale.PROBABILITIES, "probabilities"
        raise _undecided(look, f"but rows sum to {look.sum_low:.3g} … {look.sum_high:.3g}, not 1")
    if look.numbers >= _FEW and look.low < 0.5 and look.high > look.low:
        return Scale.PROBABILITIES, "probabilities"
    why = (
        f"all of them {look.low:g}"
        if look.low == look.high
        else f"the smallest is {look.low:.3g}"
        if look.low >= 0.5
        else "and there are only a few"
    )
    raise _undecided(look, why)


def _refuse_unlikely(pair: Pair, look: Look) -> None:
    """Numbers outside 0 … 1 that are no logits either, by all that is seen."""
    span = f"{look.low:.3g} … {look.high:.3g}"
    near = look.low >= -1 and look.high <= _TWO and not look.whole
    if pair.kind is Kind.CLASSES and look.probable >= _MOSTLY and near:
        text = f"logits or probabilities? They lie in {span}, but {look.probable:.1%} of the rows are probabilities"
        raise AmbiguousSourceError(text, hint=_SAY_IT)
    if pair.kind is Kind.CLASSES and look.percent >= _MOSTLY and look.numbers >= _FEW * pair.width:
        raise AmbiguousSourceError(
            f"the rows of the predictions sum to 100, so they seem to be percentages ({span})",
            hint="divide them by 100; if they are logits all the same: --from-logits",
        )
    if pair.width == 1 and look.whole and look.low >= 0 and look.high > 1:
        raise AmbiguousSourceError(
            f"the predictions are whole numbers, {span}: class indices, as an argmax gives them, have no loss",
            hint="give what the argmax was taken of, N × K; if they are logits all the same: --from-logits",
        )


_SAY_IT = (
    "say it:\n  --from-logits    before softmax or sigmoid\n"
    "  --probabilities  after it; with rows that do not sum to 1 perhaps a sigmoid's"
)


def _undecided(look: Look, why: str) -> AmbiguousSourceError:
    return AmbiguousSourceError(
        f"logits or probabilities? The predictions lie in {look.low:.3g} … {look.high:.3g}, {why}",
        hint=_SAY_IT,
    )


def _look(pair: Pair) -> Look | None:
    lows, highs, near, numbers, whole = [], [], [], 0, True
    sums: list[FloatArray] = []
    probable, percent = [], []
    for key in some_blocks(pair.dims, max(1, BLOCK // pair.width), _LOOKS):
        x = pair.scores(key).astype(np.float64)
        known = x[~np.isnan(x)]  # an infinite number is no probability either
        if known.size:
            lows.append(known.min())
            highs.append(known.max())
            whole = whole and bool((known == np.round(known)).all())
        x = x[np.isfinite(x).all(axis=1)]
        if not x.size:
            continue
        numbers += x.size
        with np.errstate(over="ignore"):
            sums.append(x.sum(axis=1))
        near.append(np.abs(sums[-1] - 1) <= _SUM)
        least, most = x.min(axis=1), x.max(axis=1)
        probable.append(near[-1] & (least >= -_ROUNDING) & (most <= 1 + _ROUNDING))
        percent.append((np.abs(sums[-1] - 100) <= 100 * _SUM) & (least >= 0))
    if not lows:
        return None
    every = np.concatenate(sums) if sums else np.array([np.inf])
    return Look(
        numbers=numbers,
        low=float(min(lows)),
        high=float(max(highs)),
        sums_to_one=float(np.concatenate(near).mean() if near else 0),
        sum_low=float(every.min()),
        sum_high=float(every.max()),
        probable=float(np.concatenate(probable).mean() if probable else 0),
        percent=float(np.concatenate(percent).mean() if percent else 0),
        whole=whole,
    )
