"""``imbweights sweep``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imbweights.cli import completing, streams
from imbweights.cli.output_options import (
    AllOption,
    FormatOption,
    NoCacheOption,
    OutputOption,
)
from imbweights.cli.source_options import takes_rows
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec
from imbweights.core.urls import shown_url
from imbweights.render.forms import Form

if TYPE_CHECKING:
    from imbweights.cli.delivering import Content
    from imbweights.core.profile import Profile
    from imbweights.evidence.result import SweepResult
    from imbweights.frameworks.base import Framework

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights sweep sample_data/anomaly.csv --label status[/cyan]
[cyan]imbweights sweep sample_data/anomaly.csv --label status --pos-weights 2,5,10 --per-class[/cyan]"""

_FEATURES = "Features"
_COMPARED = "What is compared"
_VALIDATION = "Validation"
_SHOW = "What to show"
_INTERRUPTED = 130


@takes_rows
def command(
    spec: SourceSpec,
    features: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Columns to learn from: a list or a glob (repeatable). (default: all others)",
            rich_help_panel=_FEATURES,
            autocompletion=completing.several_columns,
        ),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Columns not to learn from: a list or a glob (repeatable).",
            rich_help_panel=_FEATURES,
            autocompletion=completing.several_columns,
        ),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Columns of running text, to learn from their words: a list or a glob (repeatable).",
            rich_help_panel=_FEATURES,
            autocompletion=completing.several_columns,
        ),
    ] = None,
    embeddings: Annotated[
        Path | None,
        typer.Option(
            metavar="X.npy",
            help="Features beside a label file: one row of numbers per row.",
            rich_help_panel=_FEATURES,
        ),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The images of the masks: their pixels are learned from, folds go by image.",
            rich_help_panel=_FEATURES,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Rows that are equal here (a patient, a day) are never split over folds.",
            rich_help_panel=_FEATURES,
            autocompletion=completing.columns,
        ),
    ] = None,
    schemes: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help="Schemes to try, and no others; values of pos_weight only if --pos-weights names some. "
            "(default: all that fit)",
            rich_help_panel=_COMPARED,
            autocompletion=completing.schemes,
        ),
    ] = None,
    pos_weights: Annotated[
        str | None,
        typer.Option(
            metavar="1,2,5,10",
            help="Values of pos_weight to try. (default: the ratio to the power ¼, ½, ¾, 1, 1¼; none "
            "beside --schemes)",
            rich_help_panel=_COMPARED,
        ),
    ] = None,
    positive: Annotated[
        str | None,
        typer.Option(
            metavar="CLASS",
            help="The class of two that counts. (default: the rarer)",
            rich_help_panel=_COMPARED,
        ),
    ] = None,
    optimize: Annotated[
        str | None,
        typer.Option(
            metavar="GOAL",
            help="What decides: f1 (of the rare one of two classes, else macro), minority-f1, macro-f1, "
            "recall@precision=.9, precision@recall=.9, balanced-accuracy, cost. (default: cost with "
            "--costs, else f1)",
            rich_help_panel=_COMPARED,
            autocompletion=completing.goals,
        ),
    ] = None,
    costs: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="What mistakes cost, which then decides: K × K numbers, rows true, columns predicted.",
            rich_help_panel=_COMPARED,
        ),
    ] = None,
    folds: Annotated[
        int,
        typer.Option(min=2, help="Parts that are held out in turn.", rich_help_panel=_VALIDATION),
    ] = 5,
    repeats: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How often to do that, each time split anew. (default: 3 where the rarest class has "
            "fewer than 1,000 rows and there are at most 20,000, else 1)",
            rich_help_panel=_VALIDATION,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Of everything random.", rich_help_panel=_VALIDATION)
    ] = 0,
    max_rows: Annotated[
        int,
        typer.Option(
            min=10, help="Of more rows a stratified sample is taken.", rich_help_panel=_VALIDATION
        ),
    ] = 50_000,
    use_split: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Sweep over this split, or over all. (default: train, if there is one)",
            rich_help_panel=_VALIDATION,
        ),
    ] = None,
    per_class: Annotated[
        bool, typer.Option("--per-class", help="Scores of every class.", rich_help_panel=_SHOW)
    ] = False,
    plot: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Also draw precision, recall and F1; .svg or .png says the form (repeatable). Needs "
            "imbweights\\[report].",
            rich_help_panel=_SHOW,
        ),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="NAME",
            help="Print code with the winning weights to paste: torch, keras, sklearn … as in suggest.",
            rich_help_panel=_SHOW,
            autocompletion=completing.frameworks,
        ),
    ] = None,
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    show_all: AllOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Try weights and thresholds on held-out data and say which to use."""
    from dataclasses import replace

    from imbweights.cli.delivering import check_places, checked_outputs, deliver, result_files
    from imbweights.cli.sources import rows_of
    from imbweights.cli.sweeping import profile_of_sweep, swept
    from imbweights.core.cost_matrix import cost_matrix
    from imbweights.evidence import DataOptions, SweepOptions
    from imbweights.frameworks import find_framework
    from imbweights.render.plots.drawing import check_plot
    from imbweights.render.rendering import rendered
    from imbweights.schemes.weighing import Wishes

    target = None if framework is None else find_framework(framework)
    if target is not None and form is not Form.TABLE:
        raise UsageError("--format and --for both say what goes to standard output: use one")
    outputs = checked_outputs(output or ())
    for path in plot or ():
        check_plot(path)
    check_places(plot or (), "--plot")
    data = DataOptions(
        features=_listed(features),
        drop=_listed(drop),
        text=_listed(text),
        group=group,
        embeddings=None if embeddings is None else str(embeddings),
        images=None if images is None else str(images),
        max_rows=max_rows,
        use_split=use_split,
        positive=positive,
        seed=seed,
    )
    options = SweepOptions(
        goal=optimize,
        schemes=None if schemes is None else _listed([schemes]),
        pos_weights=None if pos_weights is None else _numbers(pos_weights),
        wishes=Wishes(costs=None if costs is None else cost_matrix(costs)),
        folds=folds,
        repeats=repeats,
        seed=seed,
    )
    spec, again = rows_of(spec, cache=not no_cache)
    result = swept(spec, data, options, cache=not no_cache)
    read = [*map(shown_url, spec.paths), *(str(p) for p in (embeddings, images) if p is not None)]
    profile = profile_of_sweep(result, read)
    view = replace(streams.screen(show_all=show_all, again=again), per_class=per_class)
    files = {**result_files(result, profile, outputs, view), **_pictures(result, plot or ())}
    printed = (
        partial(rendered, result, profile, form, view)
        if target is None
        else _code(result, profile, target)
    )
    deliver(profile, printed, files)
    if not result.finished:
        raise typer.Exit(_INTERRUPTED)


def _listed(given: Sequence[str] | None) -> tuple[str, ...]:
    """Names from lists with commas, which may be repeated."""
    return tuple(name.strip() for text in given or () for name in text.split(",") if name.strip())


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise UsageError(f"--pos-weights {text}: expected numbers such as 1,2,5,10") from None


def _pictures(result: SweepResult, paths: Sequence[Path]) -> dict[Path, Content]:
    from imbweights.render.plots.sweep import sweep_picture

    if paths and not result.candidates:
        streams.note("nothing to draw yet, so no plot was written")
        return {}
    return {path: partial(sweep_picture, result, path.suffix) for path in paths}


def _code(result: SweepResult, profile: Profile, target: Framework) -> Callable[[], str]:
    """The code, made at once: its errors must come before files are written."""
    from imbweights.coding import code_of_sweep

    text = code_of_sweep(result, profile, target)
    if not target.comment:  # the form has no place for the advice
        from imbweights.render.sweep_words import headline

        streams.note(headline(result))
    return lambda: text
