"""``suggest``: from counts to weights, and which of them to try first."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from inspect import signature
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from imbweights.analysis import Analysis, analyze
from imbweights.core.choices import EmptyPolicy, Normalization, choice
from imbweights.core.cost_matrix import CostMatrix, cost_matrix
from imbweights.core.counts import ClassCounts
from imbweights.core.errors import CountsError, UsageError
from imbweights.core.labels import label_text
from imbweights.core.profile import Profile
from imbweights.core.training import training_counts
from imbweights.core.weights import ClassWeights, Role
from imbweights.forecasting import BATCH_SIZE, Forecast, forecast
from imbweights.recommending import Recommendation, recommend
from imbweights.schemes import PARAMETERS, SCHEMES, find_scheme
from imbweights.schemes.base import Scheme
from imbweights.schemes.weighing import Wishes, applicable, weigh

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "imbweights.suggestion/1"
Costs = str | os.PathLike[str] | Sequence[Sequence[float]]


@dataclass(frozen=True)
class Suggestion:
    """Every scheme that fits the data, side by side, and the one to try first.

    ``weights``: scheme name → ``ClassWeights``; ``recommendation`` names one of them (or none)
    with the rule that chose it.
    """

    counts: ClassCounts
    weights: Mapping[str, ClassWeights]
    recommendation: Recommendation
    notes: tuple[str, ...] = ()

    @cached_property
    def recommended(self) -> ClassWeights | None:
        """The weights to try first; ``None`` when the advice is not to weight."""
        name = self.recommendation.scheme
        return None if name is None else self.weights[name]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, schema ``imbweights.suggestion/1``."""
        return {
            "schema": SCHEMA,
            "recommendation": self.recommendation.to_dict(),
            "notes": list(self.notes),
            "schemes": [weights.to_dict() for weights in self.weights.values()],
        }

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        from imbweights.render.html_form import suggestion_html

        return suggestion_html(self)

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame, one row per class, one column per scheme of class weights."""
        import pandas as pd

        columns: dict[str, Any] = {"class": self.counts.classes, "count": self.counts.counts}
        columns |= {
            name: list(w.as_dict().values())
            for name, w in self.weights.items()
            if w.classes == self.counts.classes
        }
        return pd.DataFrame(columns).rename_axis("index")


@dataclass(frozen=True)
class Explained:
    """Weights with what they will do to training.

    ``counts``: what they were computed on; ``advice``: why this scheme, when none was named.
    """

    weights: ClassWeights
    forecast: Forecast
    counts: ClassCounts
    advice: Recommendation | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form: that of the weights, with ``forecast`` and ``recommendation``."""
        result = self.weights.to_dict() | {"forecast": self.forecast.to_dict()}
        if self.advice is not None:
            result["recommendation"] = self.advice.to_dict()
        return result


ALL_THE_SAME = "balanced"


def chosen_weights(result: ClassWeights | Suggestion) -> ClassWeights:
    """The weights themselves: of a suggestion the recommended, or balanced ones if there are none."""
    if isinstance(result, ClassWeights):
        return result
    weights = result.recommended or result.weights[ALL_THE_SAME]
    return replace(weights, notes=(*result.notes, *weights.notes))


def explain(
    result: ClassWeights | Suggestion, counts: ClassCounts, batch_size: int = BATCH_SIZE
) -> Explained:
    """The weights with their forecast. Raises ``UsageError`` for what is not a weight."""
    weights = chosen_weights(result)
    return Explained(
        weights=weights,
        forecast=forecast(counts, weights, batch_size),
        counts=counts,
        advice=result.recommendation if isinstance(result, Suggestion) else None,
    )


def suggestion_for(
    profile: Profile, scheme: Scheme | None, wishes: Wishes, use_split: str | None = None
) -> ClassWeights | Suggestion:
    """Weights under one scheme, or side by side under all that fit, of the training split.

    What ``suggest`` and the command line share. Raises as ``weigh`` and ``training_counts`` do.
    """
    counts, why = training_counts(profile, use_split)
    notes = () if why is None else (why,)
    try:
        if scheme is None:
            return replace(side_by_side(counts, wishes), notes=notes)
        weights = weigh(scheme, counts, wishes)
    except CountsError as error:
        if why is None:
            raise
        raise CountsError(f"{error.message} (weights are {why})", hint=error.hint) from error
    return replace(weights, notes=(*notes, *weights.notes))


def side_by_side(counts: ClassCounts, wishes: Wishes) -> Suggestion:
    """All weights that fit these counts. Raises as ``weigh`` does when none can be computed.

    What is no weight has no place beside them, nor have the same numbers under a second name. The
    recommended scheme has the parameters that its rule sets, unless the user sets them.
    """
    fitting = [s for s in SCHEMES.values() if _is_compared(s, wishes) and not applicable(s, counts)]
    advice = recommend(counts)
    set_by_rule = {k: v for k, v in advice.parameters.items() if k not in wishes.parameters}
    advice = replace(advice, parameters=set_by_rule)
    # A parameter or scaling that only some schemes know is for those.
    wanted = {s.name: _for_scheme(wishes, s.name) for s in fitting}
    if advice.scheme is not None:
        mine = wanted[advice.scheme]
        parameters = {**mine.parameters, **set_by_rule}
        wanted[advice.scheme] = replace(mine, parameters=parameters)
    weights = {s.name: weigh(s, counts, wanted[s.name]) for s in fitting}
    return Suggestion(counts, weights, advice)


def _is_compared(scheme: Scheme, wishes: Wishes) -> bool:
    is_weight = scheme.role in {Role.CLASS_WEIGHT, Role.POS_WEIGHT}
    has_costs = scheme.with_costs is None or wishes.costs is not None
    return is_weight and has_costs and scheme.numbers_of is None


def _for_scheme(wishes: Wishes, name: str) -> Wishes:
    scheme = SCHEMES[name]
    class_weight = scheme.role is Role.CLASS_WEIGHT
    known = {p.name for p in scheme.parameters}
    return Wishes(
        parameters={k: v for k, v in wishes.parameters.items() if k in known},
        costs=None if scheme.with_costs is None else wishes.costs,
        normalize=wishes.normalize if class_weight else Normalization.NONE,
        cap=wishes.cap,
        empty=wishes.empty,
        positive=None if class_weight else wishes.positive,
        void_in_denominator=wishes.void_in_denominator and scheme.divides,
    )


def _cost_matrix(costs: Costs | None) -> CostMatrix | None:
    if costs is None or isinstance(costs, str | os.PathLike):
        return None if costs is None else cost_matrix(os.fspath(costs))
    try:
        array = np.asarray(costs, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError("costs must be numbers, K rows of K") from error
    if array.ndim != 2:
        raise UsageError(f"costs must be K rows of K numbers, not an array of shape {array.shape}")
    return CostMatrix(tuple(map(tuple, array.tolist())))


def refuse_unknown(options: Mapping[str, Any], *known: Callable[..., Any] | Iterable[str]) -> None:
    """Raise ``UsageError`` for an option that none of the functions, nor the names, knows."""
    names: set[str] = set()
    for each in known:
        names |= set(signature(each).parameters) if callable(each) else set(each)
    for name in options:
        if name not in names:
            close = get_close_matches(name, names, n=1)
            raise UsageError(
                f"unknown option {name!r}", hint=f"did you mean {close[0]}?" if close else None
            )


@overload
def suggest(y_or_path: Any, scheme: str, **options: Any) -> ClassWeights: ...
@overload
def suggest(y_or_path: Any, scheme: None = None, **options: Any) -> Suggestion: ...


def suggest(
    y_or_path: Any,
    scheme: str | None = None,
    *,
    normalize: str = "none",
    cap: float | None = None,
    empty: str = "error",
    positive: str | int | None = None,
    costs: Costs | None = None,
    use_split: str | None = None,
    void_in_denominator: bool = False,
    **options: Any,
) -> ClassWeights | Suggestion:
    """Weights for a data set: of one scheme, or of all that fit side by side.

    ``y_or_path`` and the label options as for ``analyze``, or an ``Analysis``. ``scheme``: a name
    such as ``"balanced"``; ``None`` gives a ``Suggestion`` with every scheme that fits.
    ``normalize``: ``none`` (as the scheme defines it), ``sum1``, ``sumk``, ``samples``, ``max1``,
    ``min1``. ``cap``: largest ratio of weights (of ``pos_weight``: largest value). ``empty``: what
    a class without samples gets: ``error``, ``zero``, ``max``, ``smooth``. ``positive``: the
    positive class for ``pos-weight`` of binary data. ``costs``: (K, K) numbers, or the file that
    holds them, for ``cost-matrix``. Parameters of the schemes go by their names (``beta=0.9999``,
    ``beta="auto"``, ``c``, ``gamma``, ``mu``, ``alpha``, ``tau``, ``margin``, ``threshold``,
    ``epoch``). ``use_split``: the split to compute on (``train`` by default).
    ``void_in_denominator``: ignored pixels stay in what median-frequency and log divide by.

    Raises ``ImbweightsError`` (a ``ValueError``) for options that do not fit the data.

    >>> suggest(["ok"] * 3 + ["fault"], "balanced").as_dict()
    {'fault': 2.0, 'ok': 0.6666666666666666}
    >>> suggest({"A": 198, "B": 436, "C": 710, "D": 272}, "inverse", normalize="sum1").values.round(6).tolist()
    [0.406348, 0.184534, 0.11332, 0.295798]
    """
    wishes = Wishes(
        parameters={name: options.pop(name) for name in PARAMETERS if name in options},
        costs=_cost_matrix(costs),
        normalize=choice(Normalization, normalize),
        cap=cap,
        empty=choice(EmptyPolicy, empty),
        positive=None if positive is None else label_text(positive),
        void_in_denominator=void_in_denominator,
    )
    refuse_unknown(options, analyze, suggest, PARAMETERS)
    if isinstance(y_or_path, Analysis) and options:
        raise UsageError(
            f"{next(iter(options))} says how labels are read, and these are counted already",
            hint="give it to analyze",
        )
    found = y_or_path if isinstance(y_or_path, Analysis) else analyze(y_or_path, **options)
    chosen = None if scheme is None else find_scheme(scheme)
    result = suggestion_for(found.profile, chosen, wishes, use_split)
    if isinstance(result, ClassWeights):
        return result.with_keys(found.keys)
    return replace(
        result, weights={name: w.with_keys(found.keys) for name, w in result.weights.items()}
    )
