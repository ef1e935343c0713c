"""From a scheme to weights: parameters, classes without samples, cap, normalisation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.cost_matrix import CostMatrix
from imbweights.core.counts import ClassCounts, Task, Unit
from imbweights.core.errors import CountsError, UsageError
from imbweights.core.meaning import did_you_mean
from imbweights.core.weights import ClassWeights, FloatArray, Role
from imbweights.schemes.base import GAP, POSITIVE, VOID, Parameter, Scheme

AUTO = "auto"
_FAR_APART = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the user wants the weights; ``positive`` names the positive class of binary data.

    ``parameters``: name → number, or ``auto`` for those that can be found from the counts.
    ``costs``: what mistakes cost, for the scheme that is made from them. ``void_in_denominator``: ignored pixels are kept in what a formula divides by.
    """

    parameters: Mapping[str, float | str] = field(default_factory=dict)
    costs: CostMatrix | None = None
    normalize: Normalization = Normalization.NONE
    cap: float | None = None
    empty: EmptyPolicy = EmptyPolicy.ERROR
    positive: str | None = None
    void_in_denominator: bool = False


def applicable(scheme: Scheme, counts: ClassCounts) -> str | None:
    """Why the scheme does not fit this data, or ``None`` when it does."""
    if counts.task not in scheme.tasks:
        return _wrong_task(scheme, counts)
    if scheme.needs_counts and counts.unit is Unit.PARTS:
        return f"{scheme.name} depends on how many samples there are, and a ratio does not tell"
    if scheme.only_binary and counts.task is not Task.MULTILABEL and len(counts.classes) != 2:
        also = " and multi-label" if Task.MULTILABEL in scheme.tasks else ""
        return (
            f"{scheme.title} is for binary{also} data; these are {len(counts.classes)} classes "
            "that exclude each other"
        )
    return None


def _wrong_task(scheme: Scheme, counts: ClassCounts) -> str:
    what = {
        Task.MULTILABEL: "a row here has several labels",
        Task.SEGMENTATION: "an image here has many",
        Task.DETECTION: "an image here has several",
        Task.MULTICLASS: "a sample here has one",
    }[counts.task]
    if scheme.role is Role.SAMPLE_WEIGHT:
        return f"a {scheme.name} weighs samples by their one class; {what}"
    return f"{scheme.name} weighs classes that exclude each other; {what}"


def weigh(scheme: Scheme, counts: ClassCounts, wishes: Wishes) -> ClassWeights:
    """The weights of ``counts`` under ``scheme``, in class order.

    Order of work: classes without samples are set apart (or smoothed), the formula, the cap, the
    normalisation (over the classes that have samples, as scikit-learn counts K), then what the
    classes without samples get. Raises ``UsageError`` for wishes that do not fit the scheme and
    ``CountsError`` when a class without samples has no defined weight.
    """
    reason = applicable(scheme, counts)
    if reason is not None:
        raise UsageError(reason, hint=_instead(scheme, counts))
    scheme = _with_costs(scheme, wishes.costs)
    _check_wishes(scheme, counts, wishes)
    parameters = _parameters(scheme, wishes.parameters, counts)
    if wishes.void_in_denominator:
        counts, parameters = _with_void(scheme, counts, parameters)
    if wishes.positive is not None:
        parameters = parameters | {POSITIVE: float(counts.classes.index(wishes.positive))}
    basis = counts if scheme.with_costs else _basis(scheme, counts, wishes.empty)
    # Overflow is not silent: ClassWeights refuses values that are not finite.
    with np.errstate(all="ignore"):
        values = scheme.compute(basis, parameters)
        raw = values
        values, capped = _capped(scheme, basis, values, wishes.cap)
        # What a cap has mended is no caveat; a scheme's own limits are those of its formula.
        caveats = scheme.caveats(
            basis, parameters, values if scheme.role is Role.POS_WEIGHT else raw
        )
        if scheme.role is Role.CLASS_WEIGHT:
            caveats += _far_apart(values)
        values = _normalised(scheme, basis, values, wishes.normalize)
    weights = ClassWeights(
        classes=counts.classes,
        values=_placed(counts, basis, values, wishes.empty),
        counts=tuple(counts.counts.tolist()),
        scheme=scheme.name,
        role=scheme.role,
        parameters={k: v for k, v in parameters.items() if k not in {POSITIVE, GAP}},
        normalization=wishes.normalize,
        cap=wishes.cap,
        capped=capped,
        empty=wishes.empty.value if counts.empty_classes and not scheme.with_costs else None,
        notes=caveats,
        costs=_costs_in_order(wishes.costs, counts) if scheme.with_costs and wishes.costs else None,
    )
    if scheme.one_if_binary and is_binary(counts):
        return _positive_only(weights, wishes.positive)
    return weights


def _far_apart(values: FloatArray) -> tuple[str, ...]:
    """The sentence for weights so far apart that a cap is needed."""
    positive = values[values > 0]
    spread = float(positive.max() / positive.min()) if positive.size else 1.0
    if spread <= _FAR_APART:
        return ()
    note = (
        f"the largest weight is {spread:,.0f} times the smallest: a few samples will decide the "
        "gradient of whole batches; --cap 10 or --cap 100 limits that"
    )
    return (note,)


def is_binary(counts: ClassCounts) -> bool:
    """Whether there are two classes that exclude each other."""
    return counts.task is not Task.MULTILABEL and len(counts.classes) == 2


def _with_costs(scheme: Scheme, costs: CostMatrix | None) -> Scheme:
    if costs is None:
        return scheme
    if scheme.with_costs is None:
        raise UsageError(f"--costs means nothing to {scheme.name}, only to cost-matrix")
    return scheme.with_costs(costs)


def _costs_in_order(costs: CostMatrix, counts: ClassCounts) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in costs.for_classes(counts.classes).tolist())


def _instead(scheme: Scheme, counts: ClassCounts) -> str:
    if scheme.role is Role.SAMPLE_WEIGHT:
        return "for images or rows with several: --scheme repeat-factor"
    if counts.task is Task.MULTILABEL:
        return "for several labels per row: --scheme pos-weight"
    if scheme.role is Role.POS_WEIGHT:
        return "for classes that exclude each other: --scheme balanced"
    return "give the counts (--counts A=600,B=10), or choose --scheme balanced"


def _parameters(
    scheme: Scheme, given: Mapping[str, float | str], counts: ClassCounts
) -> dict[str, float]:
    known = {p.name: p for p in scheme.parameters}
    for name in given:
        if name not in known:
            takes = f"takes {', '.join('--' + n for n in known)}" if known else "takes no parameter"
            raise UsageError(f"--{name} means nothing to {scheme.name}, which {takes}")
    values: dict[str, float] = {}
    for name, parameter in known.items():
        wanted = given.get(name, parameter.default)
        if wanted == AUTO and parameter.auto is not None:
            values |= parameter.auto(counts)
        else:
            values[name] = _parameter(parameter, wanted)
    return values


def _parameter(parameter: Parameter, given: float | str) -> float:
    auto = f", or {AUTO}" if parameter.auto else ""
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not parameter.accepts(value):
        shown = given if isinstance(given, str) else f"{given:g}"
        raise UsageError(f"--{parameter.name} must be {parameter.range}{auto}, not {shown}")
    return value


def _check_wishes(scheme: Scheme, counts: ClassCounts, wishes: Wishes) -> None:
    if scheme.role is not Role.CLASS_WEIGHT:
        _check_no_weight(scheme, wishes)
    if wishes.cap is not None and scheme.with_costs is not None:
        raise UsageError("--cap would change what the costs say", hint="change the costs instead")
    if wishes.cap is not None:
        least = 0.0 if scheme.role is Role.POS_WEIGHT else 1.0
        if not (np.isfinite(wishes.cap) and wishes.cap >= least and wishes.cap > 0):
            limit = "above 0" if scheme.role is Role.POS_WEIGHT else "at least 1"
            raise UsageError(f"--cap must be {limit}, not {wishes.cap:g}")
    if wishes.positive is not None:
        if not _has_positive(scheme, counts):
            raise UsageError(
                "--positive goes with pos-weight, scale-pos-weight, initial-bias and focal-alpha of two classes"
            )
        if wishes.positive not in counts.classes:
            raise UsageError(
                f"--positive {wishes.positive!r} is not a class",
                hint=f"{did_you_mean(wishes.positive, counts.classes)}classes: {', '.join(counts.classes)}",
            )


def _check_no_weight(scheme: Scheme, wishes: Wishes) -> None:
    """Refuse what would turn something else than a class weight into nonsense."""
    if wishes.normalize is not Normalization.NONE:
        why = (
            ": its value is the odds against the label, and scaling it would change what the loss asks for"
            if scheme.role is Role.POS_WEIGHT
            else ""
        )
        raise UsageError(
            f"{scheme.title} is not a class weight and cannot be normalised{why}",
            hint="leave --normalize away"
            + ("; --cap limits large values" if scheme.role is Role.POS_WEIGHT else ""),
        )
    if scheme.role is Role.POS_WEIGHT:
        return
    if wishes.cap is not None:
        raise UsageError(f"--cap is for weights; {scheme.name} gives a {scheme.role}")
    if wishes.empty in {EmptyPolicy.ZERO, EmptyPolicy.MAX}:
        raise UsageError(
            f"--empty {wishes.empty} is for weights; a {scheme.role} of a class without samples is "
            "undefined",
            hint="--empty smooth counts every class with one sample more",
        )


def _has_positive(scheme: Scheme, counts: ClassCounts) -> bool:
    """Whether it matters which of two classes is the positive one."""
    asks = scheme.one_if_binary or scheme.role is Role.FOCAL_ALPHA
    return asks and is_binary(counts)


def _with_void(
    scheme: Scheme, counts: ClassCounts, parameters: dict[str, float]
) -> tuple[ClassCounts, dict[str, float]]:
    """Ignored pixels kept in the denominators: in the extent, and in N."""
    if not scheme.divides:
        known = "median-frequency and log"
        raise UsageError(f"--void-in-denominator means nothing to {scheme.name}, only to {known}")
    if counts.extent_with_void is None:
        raise UsageError("--void-in-denominator is for masks: there are no ignored pixels here")
    return replace(counts, extent=counts.extent_with_void), parameters | {
        VOID: float(counts.ignored)
    }


def _basis(scheme: Scheme, counts: ClassCounts, empty: EmptyPolicy) -> ClassCounts:
    """The counts that the formula sees: none of them zero."""
    without = counts.empty_classes
    if without and scheme.one_if_binary and is_binary(counts) and empty is not EmptyPolicy.SMOOTH:
        raise CountsError(
            f"{_listed(without)} no samples, so {scheme.title} is undefined",
            hint="--empty smooth counts every class with one sample more",
        )
    if not without:
        basis = counts
    elif empty is EmptyPolicy.ERROR:
        raise CountsError(
            f"{_listed(without)} no samples, so the weight is undefined",
            hint="say what it gets: --empty zero, max or smooth",
        )
    elif empty is EmptyPolicy.SMOOTH:
        basis = _smoothed(counts)
    else:
        basis = counts.only_present()
    if len(basis.classes) == 0:
        raise CountsError("no class has samples")
    if len(counts.classes) == 1 and counts.task is not Task.MULTILABEL:
        raise CountsError(
            f"there is only one class, {counts.classes[0]!r}: there is nothing to weight",
            hint="check that --label names the right column and that no class was left out",
        )
    return basis


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(repr(n) for n in names[:5]) + (
        f" and {len(names) - 5} more" if len(names) > 5 else ""
    )
    return f"class {shown} has" if len(names) == 1 else f"classes {shown} have"


def _smoothed(counts: ClassCounts) -> ClassCounts:
    """One sample (pixel, object) more of every class."""
    if counts.task in {Task.SEGMENTATION, Task.DETECTION} and counts.present.min() == 0:
        extent = np.where(counts.present == 0, counts.total, counts.extent)
    else:
        extent = counts.extent
    more = len(counts.classes)
    return replace(
        counts,
        counts=counts.counts + 1,
        present=counts.present + 1,
        extent=extent + more,
        samples=counts.samples + more,
        label_sets=None,
    )


def _capped(
    scheme: Scheme, basis: ClassCounts, values: FloatArray, cap: float | None
) -> tuple[FloatArray, tuple[str, ...]]:
    if cap is None:
        return values, ()
    if scheme.role is Role.POS_WEIGHT:
        limit = cap
    else:
        positive = values[values > 0]
        limit = cap * float(positive.min()) if positive.size else cap
    over = values > limit * (1 + 1e-12)
    touched = tuple(c for c, o in zip(basis.classes, over.tolist(), strict=True) if o)
    return np.minimum(values, limit), touched


def _normalised(
    scheme: Scheme, basis: ClassCounts, values: FloatArray, wanted: Normalization
) -> FloatArray:
    match scheme.scaled if wanted is Normalization.NONE else wanted:
        case Normalization.NONE:
            factor = 1.0
        case Normalization.SUM1:
            factor = 1.0 / float(values.sum())
        case Normalization.SUMK:
            factor = values.size / float(values.sum())
        case Normalization.SAMPLES:
            n = basis.counts.astype(np.float64)
            factor = float(n.sum()) / float((n * values).sum())
        case Normalization.MAX1:
            factor = 1.0 / float(values.max())
        case _:  # Normalization.MIN1
            factor = 1.0 / float(values[values > 0].min())
    return values * factor


def _placed(
    counts: ClassCounts, basis: ClassCounts, values: FloatArray, empty: EmptyPolicy
) -> FloatArray:
    """The full vector: classes without samples keep their place in it."""
    fill = float(values.max()) if empty is EmptyPolicy.MAX else 0.0
    found = dict(zip(basis.classes, values.tolist(), strict=True))
    return np.array([found.get(c, fill) for c in counts.classes], dtype=np.float64)


def _positive_only(weights: ClassWeights, wanted: str | None) -> ClassWeights:
    """Binary data has one ``pos_weight``: that of the positive class, by custom index 1."""
    index = 1 if wanted is None else weights.classes.index(wanted)
    positive, negative = weights.classes[index], weights.classes[1 - index]
    notes = [f"the positive class is {positive!r} (index {index}), the negative {negative!r}"]
    if weights.role is Role.POS_WEIGHT and weights.counts[index] > weights.counts[1 - index]:
        notes.append(
            f"{positive!r} is the more frequent class: its pos_weight is below 1 and lowers recall; "
            f"if {negative!r} is what you look for: --positive {negative!r}"
        )
    if weights.empty is not None:
        notes.append("every class was counted with one sample more (--empty smooth)")
    if index == 0:
        notes.append(f"the target must be 1 for {positive!r}, though its index is 0")
    return replace(
        weights,
        classes=(positive,),
        indices=(index,),
        values=weights.values[[index]],
        counts=(weights.counts[index],),
        empty=None,
        capped=tuple(c for c in weights.capped if c == positive),
        notes=(*notes, *weights.notes),
    )
