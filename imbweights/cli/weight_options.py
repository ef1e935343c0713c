"""The options that say which weights, for commands that compute some."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imbweights.cli import completing
from imbweights.core.choices import EmptyPolicy, Normalization

if TYPE_CHECKING:
    from imbweights.schemes.weighing import Wishes

_WEIGHTS = "Weights"
_PARAMETERS = "Parameters of schemes"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightOptions:
    """Which weights the user asked for; ``parameters`` holds those that were given."""

    scheme: str | None = None
    normalize: Normalization = Normalization.NONE
    cap: float | None = None
    empty: EmptyPolicy = EmptyPolicy.ERROR
    positive: str | None = None
    costs: str | None = None
    use_split: str | None = None
    void_in_denominator: bool = False
    parameters: dict[str, float | str] = field(default_factory=dict)


def weight_options(
    scheme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Weights: inverse, balanced, sqrt-inverse, power, log, log-ratio, median-frequency, "
            "effective, deferred, generalised-dice, cost-matrix, pos-weight, scale-pos-weight. No weights: "
            "focal-alpha, logit-adjustment, ldam-margins, initial-bias, repeat-factor, sampler. "
            "(default: the weights that fit, side by side)",
            rich_help_panel=_WEIGHTS,
            autocompletion=completing.schemes,
        ),
    ] = None,
    normalize: Annotated[
        Normalization,
        typer.Option(
            help="Scale class weights: as the scheme defines them, to sum 1, to sum K, to mean 1 over "
            "samples, to largest 1, to smallest 1.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = Normalization.NONE,
    cap: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="Largest weight at most X times the smallest; for pos-weight, the largest value.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    empty: Annotated[
        EmptyPolicy,
        typer.Option(help="What a class without samples gets.", rich_help_panel=_WEIGHTS),
    ] = EmptyPolicy.ERROR,
    positive: Annotated[
        str | None,
        typer.Option(
            metavar="CLASS",
            help="The positive one of two classes. (default: the one with index 1)",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    costs: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What mistakes cost, for cost-matrix: K × K numbers, rows true, columns predicted.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    use_split: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Compute on this split, or on all. (default: train, if there is one)",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    void_in_denominator: Annotated[
        bool,
        typer.Option(
            "--void-in-denominator",
            help="Keep ignored pixels in what median-frequency and log divide by.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = False,
    beta: Annotated[
        str | None,
        typer.Option(
            metavar="X|auto",
            help="β of effective and deferred, 0 ≤ β < 1; auto: (N − 1)/N. (default: 0.999)",
            rich_help_panel=_PARAMETERS,
        ),
    ] = None,
    c: Annotated[
        float | None,
        typer.Option("--c", help="c of log, above 1. (default: 1.02)", rich_help_panel=_PARAMETERS),
    ] = None,
    gamma: Annotated[
        float | None,
        typer.Option(
            help="γ of power (default: 0.75), pos-weight and sampler (default: 1).",
            rich_help_panel=_PARAMETERS,
        ),
    ] = None,
    mu: Annotated[
        float | None,
        typer.Option(help="μ of log-ratio. (default: 0.15)", rich_help_panel=_PARAMETERS),
    ] = None,
    epoch: Annotated[
        int | None,
        typer.Option(
            help="The epoch from which deferred weighs. (default: 160)", rich_help_panel=_PARAMETERS
        ),
    ] = None,
    alpha: Annotated[
        float | None,
        typer.Option(help="α of focal-alpha. (default: 0.25)", rich_help_panel=_PARAMETERS),
    ] = None,
    tau: Annotated[
        float | None,
        typer.Option(help="τ of logit-adjustment. (default: 1)", rich_help_panel=_PARAMETERS),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            help="The largest margin of ldam-margins. (default: 0.5)", rich_help_panel=_PARAMETERS
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(help="t of repeat-factor. (default: 0.001)", rich_help_panel=_PARAMETERS),
    ] = None,
) -> WeightOptions:
    """The wishes as they were typed; what was not said stays at its default."""
    given = {
        "beta": beta,
        "c": c,
        "gamma": gamma,
        "mu": mu,
        "epoch": epoch,
        "alpha": alpha,
        "tau": tau,
        "margin": margin,
        "threshold": threshold,
    }
    return WeightOptions(
        scheme=scheme,
        normalize=normalize,
        cap=cap,
        empty=empty,
        positive=positive,
        costs=costs,
        use_split=use_split,
        void_in_denominator=void_in_denominator,
        parameters={name: value for name, value in given.items() if value is not None},
    )


def takes_weights(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all the options above; it receives them as one ``WeightOptions``, second.

    Goes under ``takes_source``; a command with a source of another kind calls that ``spec``.
    """
    shared = inspect.signature(weight_options, eval_str=True).parameters
    source, _, *own = inspect.signature(command, eval_str=True).parameters.values()

    @wraps(command)
    def wrapper(spec: Any, **given: Any) -> None:
        wanted = weight_options(**{name: given.pop(name) for name in shared})
        command(spec, wanted, **given)

    parameters = [source, *shared.values(), *own]
    # The outer decorator reads the options off the signature.
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    wrapper.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in keyword}
    return wrapper


def wishes_of(wanted: WeightOptions) -> Wishes:
    """What the schemes are told. Reads the cost matrix, if one was named."""
    from imbweights.core.cost_matrix import cost_matrix
    from imbweights.schemes.weighing import Wishes

    return Wishes(
        parameters=wanted.parameters,
        costs=None if wanted.costs is None else cost_matrix(wanted.costs),
        normalize=wanted.normalize,
        cap=wanted.cap,
        empty=wanted.empty,
        positive=wanted.positive,
        void_in_denominator=wanted.void_in_denominator,
    )
