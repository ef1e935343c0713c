"""``diagnose``: from predictions and targets to losses, what they are made of and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from imbweights.core.class_list import ClassList, class_list
from imbweights.core.errors import SourceError
from imbweights.diagnosis.class_pass import Manner, add_classes
from imbweights.diagnosis.conventions import Match, matches, reported
from imbweights.diagnosis.formulas import Formula
from imbweights.diagnosis.label_pass import add_labels
from imbweights.diagnosis.opening import Numbers, is_path, open_numbers
from imbweights.diagnosis.outcome import CostlyRow, Diagnosis, Read
from imbweights.diagnosis.pairing import Kind, Pair, pair_up
from imbweights.diagnosis.remedies import loss_family
from imbweights.diagnosis.request import Request, refuse_contradictions
from imbweights.diagnosis.scale import ANSWERS, Scale, recognised
from imbweights.diagnosis.scores import baseline, class_scores, overall
from imbweights.diagnosis.tally import Tally
from imbweights.diagnosis.tracing import traced
from imbweights.diagnosis.tracing.base import Case
from imbweights.diagnosis.truth import named_columns, read_truth
from imbweights.diagnosis.weighting import Weights, of_groups, weights_for
from imbweights.frameworks import find_framework
from imbweights.schemes import find_scheme

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]


def diagnose(
    predictions: Any,
    targets: Any,
    *,
    weights: Any = None,
    scheme: str | None = None,
    classes: Sequence[str | int] | Mapping[int, str] | str | None = None,
    ignore_label: str | int | Iterable[str | int] = (),
    label: str | None = None,
    columns: str | None = None,
    from_logits: bool | None = None,
    multilabel: bool = False,
    class_axis: str | None = None,
    half: bool = False,
    reported: float | str | None = None,
    framework: str | None = None,
) -> Diagnosis:
    """What the loss of these predictions is in each framework, and why it is NaN if it is.

    ``predictions``: logits or probabilities, (N,), (N, K), (N, K, …) or (N, …, K): a path or an
    array. ``targets``: class indices or names (N,) or (N, …), or one-hot or 0/1 of the shape of the
    predictions: a path or an array. ``weights``: one number per class (per label: pos_weight) as
    list, mapping, ``ClassWeights``, path or text; or ``scheme``, computed from the targets. The other
    arguments are the options of the same name of ``imbweights loss`` (``framework`` is ``--for``).

    Returns an immutable ``Diagnosis``. Raises ``ImbweightsError`` when shapes do not fit, or two
    readings are plausible.

    >>> found = diagnose([[1.0, 0.0], [0.5, 0.5]], [0, 1], from_logits=False)
    >>> [f.code for f in found.findings], round(found.losses[0].plain, 4)
    (['IMB201'], 0.3466)
    """
    request = Request(
        predictions=predictions,
        targets=targets,
        label=label,
        columns=columns,
        classes=_declared(classes),
        ignored=_texts(ignore_label),
        weights=weights,
        scheme=None if scheme is None else find_scheme(scheme),
        from_logits=from_logits,
        multilabel=multilabel,
        class_axis=class_axis,
        half=half,
        reported=None if reported is None else str(reported),
        framework=framework,
    )
    return diagnosis_of(request)


def _declared(
    classes: Sequence[str | int] | Mapping[int, str] | str | None,
) -> ClassList | None:
    if classes is None or isinstance(classes, ClassList):
        return classes
    if isinstance(classes, str):
        return class_list(classes)
    if isinstance(classes, Mapping):
        ids = tuple(sorted(classes))
        return ClassList(tuple(str(classes[i]) for i in ids), ids)
    return ClassList(tuple(map(str, classes)))


def _texts(value: str | int | Iterable[str | int]) -> tuple[str, ...]:
    return (str(value),) if isinstance(value, str | int) else tuple(map(str, value))


def diagnosis_of(request: Request, progress: Progress | None = None) -> Diagnosis:
    """What ``diagnose`` and the command line share. ``progress`` is told of blocks done, of all."""
    refuse_contradictions(request)
    if request.framework is not None:
        request = replace(request, framework=find_framework(request.framework).name)
    found = open_numbers(
        request.predictions,
        request.columns,
        what="predictions",
        option="--columns",
        without=request.label if _same_file(request) else None,
    )
    truth = read_truth(
        request.targets,
        label=request.label,
        classes=request.classes,
        ignored=request.ignored,
        columns=found.names,
    )
    pair = pair_up(
        found.grid,
        truth,
        class_axis=request.class_axis,
        multilabel=request.multilabel,
        classes=None if request.classes is None else len(request.classes.names),
    )
    scale, said = recognised(pair, _told(request))
    names, both = _names(pair, found)
    weights = weights_for(request, pair, both)
    tally = Tally(kind=pair.kind, width=pair.width, weights=of_groups(weights, pair))
    half = request.half or pair.predictions.dtype == np.float16
    stored = pair.predictions.dtype
    _pass(
        pair,
        tally,
        Manner(scale=scale, half=half, stored=stored, twice=request.reported is not None),
        progress,
    )
    used = None if weights is None else tally.weights
    case = Case(
        pair=pair,
        scale=scale,
        half=half,
        tally=tally,
        weights=None if weights is None else weights.values,
        weight_names=() if weights is None else weights.names,
        names=names,
        framework=loss_family(request.framework),
        target=request.framework,
        losses=reported(tally, scale, used, first=(pair.dims or (1,))[0]),
        baseline=baseline(tally, both, used),
    )
    return _outcome(request, case, both, _read(request, found, case, said), weights)


def _same_file(request: Request) -> bool:
    """Whether predictions and targets are columns of one table."""
    if not is_path(request.predictions) or not is_path(request.targets):
        return False
    return Path(request.predictions).resolve() == Path(request.targets).resolve()


def _told(request: Request) -> Scale | None:
    if request.from_logits is None:
        return None
    return Scale.LOGITS if request.from_logits else Scale.PROBABILITIES


def _names(pair: Pair, found: Numbers) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the columns are called, and what the weights belong to (for one label: no and yes)."""
    given, width = pair.truth.names, pair.width
    if pair.kind is Kind.LABELS and width == 1:
        both = given if given is not None and len(given) == 2 else ("0", "1")
        if given is not None and len(given) != 2:
            raise SourceError(
                f"{len(given)} classes are named ({', '.join(given[:6])}), but there is one prediction "
                "per row, for two",
                hint="leave out what does not count with --ignore-label",
            )
        return (both[1],), both
    if given is None:
        named = named_columns(found.names)
        given = named if named is not None and len(named) == width else None
    if given is None:
        return (default := tuple(map(str, range(width)))), default
    if len(given) != width:
        raise SourceError(
            f"the predictions have {width} columns, but there are {len(given)} classes: "
            f"{', '.join(given[:8])}{' …' if len(given) > 8 else ''}",
            hint="list them all in the order of the columns: --classes a,b,c; or name the columns of "
            "the predictions with --columns",
        )
    return given, given


def _pass(pair: Pair, tally: Tally, manner: Manner, progress: Progress | None) -> None:
    keys = pair.blocks()
    for done, (start, key) in enumerate(keys, 1):
        scores = pair.scores(key)
        if pair.kind is Kind.CLASSES:
            add_classes(tally, start, scores, pair.indices(key), manner)
        else:
            add_labels(tally, start, scores, pair.hits(key), manner)
        if progress is not None:
            progress(done, len(keys))


def _outcome(
    request: Request, case: Case, both: tuple[str, ...], read: Read, weights: Weights | None
) -> Diagnosis:
    tally = case.tally
    shown = tally.losses.get(Formula.EXACT, np.zeros(len(tally.weights)))
    binary = tally.width == 1
    scores = class_scores(tally, both if binary else case.names, shown)
    alike, nearest = _matches(request, case, None if weights is None else tally.weights)
    return Diagnosis(
        read=read,
        losses=case.losses,
        considered=case.considered,
        classes=scores,
        overall=overall(tally, scores),
        baseline=case.baseline,
        confusion=tally.confusion,
        largest=_largest(case, both),
        findings=traced(case),
        weights=None if weights is None else weights.said,
        framework=request.framework,
        wanted=request.reported,
        matches=alike,
        nearest=nearest,
    )


def _matches(
    request: Request, case: Case, weights: FloatArray | None
) -> tuple[tuple[Match, ...], Match | None]:
    if request.reported is None:
        return (), None
    first = (case.pair.dims or (1,))[0]
    return matches(case.tally, weights, request.reported, rows=case.pair.rows, first=first)


def _largest(case: Case, both: tuple[str, ...]) -> tuple[CostlyRow, ...]:
    facts = case.tally.largest.facts
    return tuple(
        CostlyRow(
            place=case.pair.place(int(facts["row"][i])),
            label=None
            if case.classes or case.pair.width == 1
            else both[int(facts["true"][i]) // 2],
            true=_answer(case, both, int(facts["true"][i])),
            predicted=_answer(case, both, int(facts["answer"][i])),
            p=float(facts["p"][i]),
            loss=float(loss),
        )
        for i, loss in enumerate(case.tally.largest.losses)
    )


def _answer(case: Case, both: tuple[str, ...], group: int) -> str:
    if case.classes or case.pair.width == 1:
        return both[group]
    return "yes" if group % 2 else "no"


def _read(request: Request, found: Numbers, case: Case, said: str) -> Read:
    pair, truth = case.pair, case.pair.truth
    notes = []
    if found.left_out:
        notes.append(f"columns left out of the predictions: {', '.join(found.left_out[:6])}")
    if truth.assumed and pair.kind is Kind.CLASSES:
        notes.append(
            f"columns are taken in sorted order, {', '.join(case.names[:6])}"
            f"{' …' if len(case.names) > 6 else ''}; if they are not: --classes"
        )
    if said == ANSWERS:
        notes.append(
            "the predictions are nothing but 0 and 1: answers, not probabilities, so that every mistake "
            "costs the same, or ∞"
        )
    if request.half:
        notes.append("predictions are rounded to float16, as --half says")
    return Read(
        predictions=found.name,
        targets=", ".join((truth.name, *truth.details)),
        shape=found.grid.shape,
        dtype=str(found.grid.dtype),
        kind="binary" if pair.width == 1 else pair.kind.value,
        scale=case.scale.value,
        recognised=said,
        class_axis=pair.axis,
        rows=pair.rows,
        counted=int(case.tally.counts.sum()),
        ignored=case.tally.ignored,
        notes=tuple(notes),
    )
