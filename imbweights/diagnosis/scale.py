"""Logits or probabilities? Recognised from a look at some of the predictions, and said."""

from __future__ import annotations

from enum import StrEnum

from imbweights.core.errors import AmbiguousSourceError
from imbweights.diagnosis.looking import ROUNDING, Look, look_at
from imbweights.diagnosis.pairing import Kind, Pair

_MOSTLY = 0.5
_NEARLY_ALL = 0.9
_NEAR = 0.1
_FEW = 4
_ENOUGH = 10
_HIGH = 20.0
_MOST_CLASSES = 1000
_SAY_IT = (
    "say it:\n  --from-logits    before softmax or sigmoid\n"
    "  --probabilities  after it; with rows that do not sum to 1 perhaps a sigmoid's"
)
ANSWERS = "probabilities, nothing but 0 and 1"
"""What is said of answers, as they are after a threshold or an argmax."""


class Scale(StrEnum):
    """What the predictions are."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"


def recognised(pair: Pair, told: Scale | None) -> tuple[Scale, str]:
    """The scale, and how it is known. Raises ``AmbiguousSourceError`` where both are plausible."""
    if told is not None:
        return told, f"{told}, as told"
    look = look_at(pair)
    if look is None:
        return Scale.LOGITS, "logits or probabilities, all of them NaN"
    if look.low < -ROUNDING or look.high > 1 + ROUNDING:
        (_refuse_unlikely_rows if pair.kind is Kind.CLASSES else _refuse_unlikely_labels)(
            pair, look
        )
        return Scale.LOGITS, "logits"
    said = ANSWERS if look.whole else "probabilities"
    if pair.kind is Kind.CLASSES:
        if look.sums_to_one >= _MOSTLY:
            return Scale.PROBABILITIES, said
        raise _undecided(look, f"but rows sum to {look.sum_low:.3g} … {look.sum_high:.3g}, not 1")
    if look.numbers >= _FEW and look.low < 0.5 and look.high > look.low:
        return Scale.PROBABILITIES, said
    why = (
        f"all of them {look.low:g}"
        if look.low == look.high
        else f"the smallest is {look.low:.3g}"
        if look.low >= 0.5
        else "and there are only a few"
    )
    raise _undecided(look, why)


def _refuse_unlikely_rows(pair: Pair, look: Look) -> None:
    """Rows that leave 0 … 1 and are no logits either, by all that is seen."""
    near = look.low >= -1 and look.high <= 1 + 1 and not look.whole
    if look.probable >= _MOSTLY and near:
        text = (
            f"logits or probabilities? The predictions lie in {_span(look)}, but {look.probable:.1%} of the "
            "rows are probabilities"
        )
        raise AmbiguousSourceError(text, hint=_SAY_IT)
    if look.scaled >= _MOSTLY and look.numbers >= _FEW * pair.width:
        what = "percentages" if look.scale == 100 else f"probabilities times {look.scale:g}"
        raise AmbiguousSourceError(
            f"the rows of the predictions sum to {look.scale:g}, so they seem to be {what} ({_span(look)})",
            hint=f"divide them by {look.scale:g}; if they are logits all the same: --from-logits",
        )


def _refuse_unlikely_labels(pair: Pair, look: Look) -> None:
    """The same where each number is for itself."""
    if pair.width == 1 and look.whole and look.low >= 0 and look.high < _MOST_CLASSES:
        raise AmbiguousSourceError(
            f"the predictions are whole numbers, {_span(look)}: class indices, as an argmax gives them, have "
            "no loss",
            hint="give what the argmax was taken of, N × K; if they are logits all the same: --from-logits",
        )
    near = look.low >= -_NEAR and look.high <= 1 + _NEAR
    if near and look.inside >= _NEARLY_ALL and look.numbers >= _ENOUGH:
        raise _undecided(look, f"and {look.inside:.1%} of them in 0 … 1")
    if look.low >= 0 and _HIGH < look.high <= 100:
        raise AmbiguousSourceError(
            f"logits or percentages? The predictions lie in {_span(look)}, and logits that are never "
            "negative always say yes",
            hint="divide percentages by 100; if they are logits: --from-logits",
        )


def _span(look: Look) -> str:
    return f"{look.low:.3g} … {look.high:.3g}"


def _undecided(look: Look, why: str) -> AmbiguousSourceError:
    return AmbiguousSourceError(
        f"logits or probabilities? The predictions lie in {_span(look)}, {why}", hint=_SAY_IT
    )
