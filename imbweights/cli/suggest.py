"""``imbweights suggest``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from imbweights.cli import streams
from imbweights.cli.output_options import (
    AllOption,
    FormatOption,
    NoCacheOption,
    OutputOption,
)
from imbweights.cli.source_options import takes_source
from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.options import SourceSpec
from imbweights.render.forms import Form

if TYPE_CHECKING:
    from imbweights.schemes.weighing import Wishes

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights suggest --counts A=198,B=436,C=710,D=272[/cyan]
[cyan]imbweights suggest sample_data/four_classes.csv --scheme inverse --normalize sum1[/cyan]"""
_WEIGHTS = "Weights"


@takes_source
def command(
    spec: SourceSpec,
    scheme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="inverse, balanced, sqrt-inverse, power, log, median-frequency, effective, or pos-weight. "
            "Without it all that fit are shown side by side.",
            rich_help_panel=_WEIGHTS,
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
            help="The positive class for pos-weight of two classes. (default: the one with index 1)",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    beta: Annotated[
        float | None,
        typer.Option(help="β of effective, 0 ≤ β < 1. (default: 0.999)", rich_help_panel=_WEIGHTS),
    ] = None,
    c: Annotated[
        float | None,
        typer.Option("--c", help="c of log, above 1. (default: 1.02)", rich_help_panel=_WEIGHTS),
    ] = None,
    gamma: Annotated[
        float | None,
        typer.Option(help="γ of power, 0 or more. (default: 0.75)", rich_help_panel=_WEIGHTS),
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
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    show_all: AllOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Propose weights, in class order, with the names beside the numbers."""
    from imbweights.cli.delivering import checked_outputs, deliver
    from imbweights.cli.sources import counted
    from imbweights.schemes import find_scheme
    from imbweights.schemes.weighing import Wishes
    from imbweights.suggestions import suggestion_for

    chosen = None if scheme is None else find_scheme(scheme)
    outputs = checked_outputs(output)
    wishes = Wishes(
        parameters={k: v for k, v in (("beta", beta), ("c", c), ("gamma", gamma)) if v is not None},
        normalize=normalize,
        cap=cap,
        empty=empty,
        positive=positive,
        void_in_denominator=void_in_denominator,
    )
    found = counted(spec, cache=not no_cache)
    result = suggestion_for(found.profile, chosen, wishes, use_split)
    again = f"{found.again} {_again(wishes, use_split)}".strip()
    view = streams.screen(show_all=show_all, again=again)
    deliver(result, found.profile, form, outputs, view)


def _again(wishes: Wishes, use_split: str | None) -> str:
    """What was wished for of every scheme, as it would be typed."""
    words: list[str] = []
    if wishes.normalize is not Normalization.NONE:
        words += ["--normalize", wishes.normalize.value]
    if wishes.cap is not None:
        words += ["--cap", f"{wishes.cap:g}"]
    if wishes.empty is not EmptyPolicy.ERROR:
        words += ["--empty", wishes.empty.value]
    if wishes.void_in_denominator:
        words.append("--void-in-denominator")
    if use_split is not None:
        words += ["--use-split", shlex.quote(use_split)]
    return " ".join(words)
