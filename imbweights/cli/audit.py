"""``imbweights audit``."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imbweights.cli import completing, streams
from imbweights.cli.finding_options import ExitZeroOption, FailOn, FailOnOption, exit_status
from imbweights.cli.output_options import AllOption, FormatOption, NoCacheOption, OutputOption
from imbweights.cli.source_options import takes_source_on
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec
from imbweights.render.forms import Form

if TYPE_CHECKING:
    from imbweights.auditing import Settings, Use
    from imbweights.auditing.given import Given
    from imbweights.core.profile import Profile

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights audit .12,.26,.43,.17 --on sample_data/four_classes.csv --exit-zero[/cyan]
[cyan]imbweights audit 8.16,3.71,2.28,5.94 --counts A=198,B=436,C=710,D=272[/cyan]"""
_WEIGHTS = "Weights"


@takes_source_on
def command(
    spec: SourceSpec,
    weights: Annotated[
        str,
        typer.Argument(
            metavar="WEIGHTS",
            help="A list .5,1,2 or A=.5,B=1, or a file: JSON, YAML, TOML, CSV, .npy, a training configuration (.py, .yaml), which is never run.",
        ),
    ],
    more: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...", help="The data again: what a glob after --on becomes."
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Which vector of the file: where there are several, or its name does not say that these are weights.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    used_as: Annotated[
        str | None,
        typer.Option(
            metavar="USE",
            help="class-weight, pos-weight, sample-weight or alpha. (default: as their name says; for "
            "classes that exclude each other class-weight, else pos-weight)",
            rich_help_panel=_WEIGHTS,
            autocompletion=completing.uses,
        ),
    ] = None,
    with_sampler: Annotated[
        bool,
        typer.Option(
            "--with-sampler",
            help="A sampler draws the rare classes more often, too.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = False,
    use_split: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The split that trains, or all. (default: train, if there is one)",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    fail_on: FailOnOption = FailOn.WARNING,
    exit_zero: ExitZeroOption = False,
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    show_all: AllOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Hold weights against the data they are for."""
    from imbweights.auditing import Settings, Use, judged
    from imbweights.cli.delivering import checked_outputs, deliver, result_files
    from imbweights.cli.sources import counted
    from imbweights.core.choices import choice
    from imbweights.render.rendering import rendered

    use = None if used_as is None else choice(Use, used_as.strip().lower().replace("_", "-"))
    given, paths = _weights(weights, more or [], key)
    spec = replace(spec, paths=(*spec.paths, *paths))
    outputs = checked_outputs(output or [])
    if any(path.resolve() == Path(weights).resolve() for path, _ in outputs):
        raise UsageError(f"-o {weights}: holds the weights and would be overwritten")
    if use is Use.SAMPLE_WEIGHT:
        spec = replace(spec, options=replace(spec.options, keep_rows=True))
    found = counted(spec, cache=not no_cache)
    settings = Settings(used_as=use, use_split=use_split, with_sampler=with_sampler)
    result = judged(given, found.profile, _with_rows(settings, use, found.profile))
    view = streams.screen(show_all=show_all, again=found.again)
    files = result_files(result, found.profile, outputs, view)
    deliver(found.profile, partial(rendered, result, found.profile, form, view), files)
    status = exit_status(result.findings, fail_on, exit_zero=exit_zero)
    if status:
        raise typer.Exit(status)


def _weights(typed: str, more: list[str], key: str | None) -> tuple[Given, list[str]]:
    """The weights, and what of the other words names the data.

    Numbers with blanks between them come as words of their own.
    """
    from imbweights.auditing.reading import read_weights
    from imbweights.auditing.reading.opening import looks_like_number

    words = [typed, *more]
    if more and all(looks_like_number(word) for word in words):
        return read_weights(",".join(word.strip("[](),") for word in words), key), []
    return read_weights(typed, key), more


def _with_rows(settings: Settings, use: Use | None, profile: Profile) -> Settings:
    """Sample weights are told apart by the label of each row, where the source tells it."""
    from imbweights.auditing import Use
    from imbweights.core.training import training_rows

    if use is not Use.SAMPLE_WEIGHT:
        return settings
    try:
        return replace(settings, rows=training_rows(profile, settings.use_split))
    except UsageError:
        return settings
