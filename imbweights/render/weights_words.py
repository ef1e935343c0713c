"""What weights and suggestions say, in plain sentences that are the same in every medium."""

from __future__ import annotations

from imbweights.core.choices import Normalization
from imbweights.core.weights import ClassWeights
from imbweights.recommending import Recommendation
from imbweights.render.analysis_words import names_in_words
from imbweights.render.numbers import count_text
from imbweights.schemes import SCHEMES
from imbweights.schemes.base import VOID, Parameter
from imbweights.suggestions import Suggestion

_NORMALIZED = {
    Normalization.SUM1: "normalised to sum 1",
    Normalization.SUMK: "normalised to sum K",
    Normalization.SAMPLES: "normalised to mean 1 over samples",
    Normalization.MAX1: "scaled so that the largest is 1",
    Normalization.MIN1: "scaled so that the smallest is 1",
}


def weights_headline(weights: ClassWeights) -> str:
    """What these weights are: the scheme, its formula and parameters, how they are scaled."""
    scheme = SCHEMES[weights.scheme]
    parts = [scheme.title, scheme.formula]
    parts += [
        _setting(p, weights.parameters[p.name]) for p in scheme.parameters if _is_told(p, weights)
    ]
    if weights.normalization in _NORMALIZED:
        parts.append(_NORMALIZED[weights.normalization])
    return ", ".join(parts)


def _setting(parameter: Parameter, value: float) -> str:
    sign = " " if parameter.whole else " = "
    digits = f"{value:.10g}"
    return f"{parameter.symbol}{sign}{digits}"


def _is_told(parameter: Parameter, weights: ClassWeights) -> bool:
    """A knob that stands where the formula as printed needs none is not told."""
    return parameter.symbol in SCHEMES[weights.scheme].formula or (
        weights.parameters[parameter.name] != parameter.default or parameter.whole
    )


def weights_notes(weights: ClassWeights) -> list[str]:
    """What was done to the weights, and what is known to go wrong with them."""
    # What they were computed on comes before anything that was done to them.
    notes = [_sentence(n) for n in weights.notes if n.startswith("computed on")]
    if weights.cap is not None:
        what = "value" if weights.role == "pos_weight" else "ratio to the smallest"
        touched = (
            f"touched {names_in_words(weights.capped)}" if weights.capped else "touched no class"
        )
        notes.append(f"The cap of {weights.cap:g} on the {what} {touched}.")
    if VOID in weights.parameters:
        notes.append(
            f"{count_text(int(weights.parameters[VOID]))} ignored pixels are kept in the denominators."
        )
    empty = tuple(c for c, n in zip(weights.classes, weights.counts, strict=True) if n == 0)
    if empty:
        how = {
            "zero": "weight 0",
            "max": "the largest weight of the others",
            "smooth": "every class was counted with one sample more",
        }[weights.empty or "zero"]
        notes.append(f"No samples: {names_in_words(empty)}; --empty {weights.empty}: {how}.")
    return notes + [_sentence(n) for n in weights.notes if not n.startswith("computed on")]


def suggestion_notes(suggestion: Suggestion, *, tried: bool = False) -> list[str]:
    """What was computed on, and what is known to go wrong with the recommended scheme.

    ``tried``: the evidence to get next is there already.
    """
    notes = [] if tried else [f"Evidence to get next: {suggestion.recommendation.evidence}."]
    notes += [_sentence(n) for n in suggestion.notes]
    capped = [name for name, w in suggestion.weights.items() if w.capped]
    if capped:
        notes.append(f"The cap changed {', '.join(capped)}.")
    if suggestion.recommended is None:
        return notes
    return notes + [n for n in weights_notes(suggestion.recommended) if "The cap of" not in n]


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."


def advice(suggestion: Suggestion) -> str:
    """What to try first, and why."""
    return recommended(suggestion.recommendation)


def recommended(chosen: Recommendation) -> str:
    """A recommendation as a sentence."""
    start = "Do not weight"
    if chosen.scheme is not None:
        symbols = {p.name: p.symbol for p in SCHEMES[chosen.scheme].parameters}
        settings = [f"{symbols[name]} = {value:g}" for name, value in chosen.parameters.items()]
        start = f"Try {' with '.join([chosen.scheme, *settings])} first"
    return f"{start} ({chosen.rule}): {chosen.reason}."
