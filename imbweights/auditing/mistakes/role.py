"""``pos_weight`` used as class weight and the reverse; offsets and biases used as weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from imbweights.auditing.case import Case, Suspicion, curves_for
from imbweights.auditing.curves import Basis, Curve
from imbweights.auditing.explaining import explanations
from imbweights.auditing.fitting import slack
from imbweights.auditing.given import Use
from imbweights.core.choices import EmptyPolicy
from imbweights.core.codes.weights import NO_WEIGHT, POS_AS_WEIGHT, WEIGHT_AS_POS
from imbweights.core.findings import Level, finding
from imbweights.core.weights import FloatArray, Role
from imbweights.schemes import SCHEMES
from imbweights.schemes.weighing import Wishes, weigh

_OTHERS = ("repeat-factor",)


def suspicions(case: Case) -> Iterator[Suspicion]:
    """What explains the numbers in another role than the one they are used in."""
    if case.positives:
        yield from _class_weights(case)
        return
    if case.problem.equations > 1 and case.use is not Use.ALPHA:
        yield from _positives(case)
        yield from _repeats(case)


def _positives(case: Case) -> Iterator[Suspicion]:
    curves = [Curve(c.scheme, c.basis, free=True) for c in curves_for(case.counts, positives=True)]
    found = explanations(curves, case.problem)
    if not found:
        return
    corrected = balanced(case)
    yield Suspicion(
        finding(
            POS_AS_WEIGHT,
            f"these are pos_weights, {found[0].title}: negatives over positives of each class on its own, "
            "which is for a sigmoid per label. A softmax wants class weights.",
            corrected=corrected.tolist(),
        ),
        found[0].evidence,
        corrected,
        "balanced",
    )


def _class_weights(case: Case) -> Iterator[Suspicion]:
    found = explanations(curves_for(case.counts, positives=False), case.problem)
    if not found or (found[0].fitted and case.problem.equations < 2):
        return
    best = found[0]
    if not case.multilabel and len(case.numbers) > 2:
        advice = "If each row has one class, use them as weight of a softmax cross-entropy instead."
    else:
        advice = "pos_weight is negatives over positives, for each label on its own."
    corrected = positives(case)
    yield Suspicion(
        finding(
            WEIGHT_AS_POS,
            f"these are class weights ({best.title}), used as pos_weight. {advice}",
            corrected=corrected.tolist(),
            scheme=best.scheme,
        ),
        best.evidence,
        corrected,
        "pos_weight",
    )


def _repeats(case: Case) -> Iterator[Suspicion]:
    """Numbers of schemes that are no weights; LDAM's margins are not told from weights n^−¼."""
    for name in _OTHERS:
        scheme = SCHEMES[name]
        try:
            values = weigh(scheme, case.counts, Wishes(empty=EmptyPolicy.SMOOTH)).values
        except ValueError:
            continue
        curve = Curve(scheme, Basis.of(case.counts))
        if float(values.max()) <= float(values.min()) * (1 + 1e-9):
            continue
        if slack(curve.logs(None)[None, :], case.problem, free=False)[0] >= 0:
            yield no_weight(case, name, case.problem.digits * case.problem.equations)


def no_weight(case: Case, name: str, evidence: float) -> Suspicion:
    """The numbers are those of a scheme whose role is not to weigh."""
    scheme = SCHEMES[name]
    corrected = balanced(case)
    sure = case.stated and case.use is Use.CLASS_WEIGHT
    return Suspicion(
        finding(
            NO_WEIGHT,
            f"these are no weights but those of {name} ({scheme.formula}): {_how(scheme.role)}.",
            level=None if sure else Level.WARNING,
            corrected=corrected.tolist(),
            scheme=name,
        ),
        evidence,
        corrected,
        "balanced",
    )


def _how(role: Role) -> str:
    return {
        Role.LOGIT_OFFSET: "add them to the logits in the training loss",
        Role.INITIAL_BIAS: "set the bias of the last layer to them before training",
        Role.MARGIN: "subtract them from the logit of the true class",
        Role.REPEAT_FACTOR: "draw each image as often as the largest factor of its classes says",
    }.get(role, "use them as what they are")


def balanced(case: Case) -> FloatArray:
    """Balanced weights; 0 for classes without samples."""
    n = case.counts.counts.astype(np.float64)
    seen = n > 0
    with np.errstate(divide="ignore"):
        values = n.sum() / (int(seen.sum()) * n)
    return np.where(seen, values, 0.0)


def positives(case: Case) -> FloatArray:
    """Negatives over positives of each label; 0 for those without positives."""
    curve = curves_for(case.counts, positives=True)[0]
    return np.nan_to_num(curve.raw(1.0))
