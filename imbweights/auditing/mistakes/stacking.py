"""Corrections of the same imbalance that multiply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imbweights.auditing.given import Kind, Knob
from imbweights.auditing.wording import short
from imbweights.core.codes.weights import STACKED, TWICE, UNBALANCE
from imbweights.core.counts import ClassCounts
from imbweights.core.findings import Finding, Level, finding

_REFUSED = (
    ({Kind.UNBALANCE, Kind.SCALE_POS}, "LightGBM refuses to train with both"),
    ({Kind.AUTOMATIC, Kind.WEIGHTS}, "CatBoost refuses to train with both"),
    ({Kind.AUTOMATIC, Kind.SCALE_POS}, "CatBoost refuses to train with both"),
)


def findings(
    knobs: Sequence[Knob],
    counts: ClassCounts,
    *,
    with_sampler: bool,
    weighs: bool,
    known: bool = True,
) -> Iterator[Finding]:
    """What stands beside the weights. ``weighs``: there are weights, and they are not all equal;
    ``known``: their numbers are known.
    """
    samplers = [k for k in knobs if k.kind is Kind.SAMPLER]
    resamplers = [k for k in knobs if k.kind is Kind.RESAMPLER]
    weights = [k for k in knobs if k.kind not in {Kind.SAMPLER, Kind.RESAMPLER}]
    fixed = _of_their_own(weights, weighs=weighs and known)
    if (with_sampler or samplers) and (weighs or any(k.value for k in weights)):
        yield _twice(samplers, weights)
    elif resamplers and fixed:
        yield _resampled(resamplers[0], fixed)
    yield from _stacked(weights)
    if any(k.kind is Kind.UNBALANCE for k in knobs):
        yield from _unbalance(counts)
    if any(k.kind is Kind.SCALE_POS for k in knobs) and len(counts.classes) > 2:
        yield finding(
            STACKED,
            f"scale_pos_weight is for two classes, and there are {len(counts.classes):,}: boosted trees "
            "ignore or refuse it.",
            remedy="For more classes hand each sample the weight of its class: imbweights suggest … "
            "--for xgboost.",
        )


def _twice(samplers: Sequence[Knob], weights: Sequence[Knob]) -> Finding:
    sampler = samplers[0].words if samplers else "the sampler"
    other = weights[0].words if weights else "the weights"
    return finding(
        TWICE,
        f"{sampler} and {other} correct the imbalance twice: if each is inverse frequency, a class "
        "counts as 1/n of its share.",
        sampler=sampler,
    )


def _of_their_own(weights: Sequence[Knob], *, weighs: bool) -> list[Knob]:
    """What does not follow from the data as they are after resampling: ``"balanced"``, automatic
    weights and ``is_unbalance`` see equal classes there, and do nothing.
    """
    given = [k for k in weights if k.kind is Kind.WEIGHTS and not k.value]
    fixed = [k for k in weights if k.kind is Kind.SCALE_POS]
    return [*fixed, *(given if weighs else [])]


def _resampled(resampler: Knob, weights: Sequence[Knob]) -> Finding:
    return finding(
        TWICE,
        f"{resampler.words} and {weights[0].words} correct the imbalance twice: after resampling the "
        "classes are alike, or nearly so, and the weights favour the rare ones all the same.",
        remedy="Keep one: resampling without weights, or the weights on the data as they are.",
        sampler=resampler.words,
    )


def _stacked(weights: Sequence[Knob]) -> Iterator[Finding]:
    kinds = {k.kind for k in weights}
    if len(kinds) < 2:
        return
    why = next((words for pair, words in _REFUSED if pair <= kinds), "their effects multiply")
    one_each = {k.kind: k for k in reversed(weights)}
    names = " and ".join(k.words for k in one_each.values())
    refused = "refuses" in why
    yield finding(
        STACKED,
        f"{names}: {why}.",
        level=Level.ERROR if refused else None,
        knobs=[k.name for k in one_each.values()],
    )


def _unbalance(counts: ClassCounts) -> Iterator[Finding]:
    if len(counts.classes) != 2:
        return
    negatives, positives = counts.counts.tolist()
    first, second = map(short, counts.classes)
    if positives > negatives:
        yield finding(
            UNBALANCE,
            f"{second} (index 1, the positive class) has {positives:,} samples and "
            f"{first} {negatives:,}: is_unbalance lifts {first}, the negatives.",
        )
