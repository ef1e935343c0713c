"""``imbweights plot``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from imbweights.cli import completing
from imbweights.cli.output_options import NoCacheOption
from imbweights.cli.source_options import takes_source
from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights plot sample_data/four_classes.csv -o classes.svg[/cyan]
[cyan]imbweights plot sample_data/coco --kind splits -o splits.png[/cyan]"""
_PICTURE, _WEIGHTS = "Picture", "Weights (--kind weights)"


@takes_source
def command(
    spec: SourceSpec,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The picture: .svg, .png or .pdf says the form (repeatable).",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    picture: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="bar: count and share of each class; splits: shares side by side; weights: under each "
            "scheme; cooccurrence: labels that come together.",
            rich_help_panel=_PICTURE,
            autocompletion=completing.kinds,
        ),
    ] = "bar",
    top: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="The N most frequent classes have a row, the others are summed. (default: all up to 40, "
            "else 20)",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    log: Annotated[
        bool | None,
        typer.Option(
            "--log/--linear",
            help="The scale. (default: logarithmic for a ratio above 50)",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Another title; '' for neither title nor source. (default: what is seen, in words)",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    width: Annotated[
        float, typer.Option(metavar="INCHES", help="Its width.", rich_help_panel=_PICTURE)
    ] = 7.0,
    height: Annotated[
        float | None,
        typer.Option(
            metavar="INCHES",
            help="Its height. (default: as the rows need)",
            rich_help_panel=_PICTURE,
        ),
    ] = None,
    scheme: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B",
            help="Schemes to show (repeatable). (default: all that fit)",
            rich_help_panel=_WEIGHTS,
            autocompletion=completing.schemes,
        ),
    ] = None,
    normalize: Annotated[
        Normalization,
        typer.Option(help="Scale the weights, as in suggest.", rich_help_panel=_WEIGHTS),
    ] = Normalization.NONE,
    empty: Annotated[
        EmptyPolicy,
        typer.Option(help="What a class without samples gets.", rich_help_panel=_WEIGHTS),
    ] = EmptyPolicy.ERROR,
    use_split: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Compute on this split, or on all. (default: train, if there is one)",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Draw a data set for papers and READMEs. Needs imbweights[report]."""
    from imbweights.cli.delivering import check_places, deliver
    from imbweights.cli.sources import counted
    from imbweights.plotting import check_options, plot_of
    from imbweights.render.plots.drawing import PAPER_SUFFIXES, check_plot
    from imbweights.render.plots.kinds import find_kind
    from imbweights.render.plots.options import PlotOptions
    from imbweights.schemes import find_scheme
    from imbweights.schemes.weighing import Wishes

    chosen = find_kind(picture)
    names = [n.strip() for text in scheme or () for n in text.split(",") if n.strip()]
    for name in names:
        find_scheme(name)
    options = PlotOptions(
        top=top, log=log, title=None if title is None else title.strip(), width=width, height=height
    )
    wishes = Wishes(normalize=normalize, empty=empty)
    check_options(chosen, options, names, wishes, use_split)
    if not output:
        raise UsageError("where should the picture go?", hint="name a file: -o classes.svg")
    for path in output:
        check_plot(path, "-o", PAPER_SUFFIXES)
    check_places(output)
    found = counted(spec, cache=not no_cache)
    _refuse_data_folder(output, [Path(path) for path, _, _ in found.profile.source.files])
    result = plot_of(found.profile, chosen, options, names, wishes, use_split)
    files = {path: partial(result.to_bytes, path.suffix) for path in output}
    deliver(found.profile, lambda: "", files, map(Path, found.inputs))


def _refuse_data_folder(paths: list[Path], sources: list[Path]) -> None:
    """A new PNG in a folder of masks would be counted as one of them next time."""
    folders = [source.resolve() for source in sources]
    for path in paths:
        inside = any(folder in path.resolve().parents for folder in folders)
        if path.suffix.lower() == ".png" and inside:
            raise UsageError(
                f"-o {path}: lies in the source folder and would be data the next time",
                hint="choose another folder, or .svg",
            )
