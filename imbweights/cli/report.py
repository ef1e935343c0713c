"""``imbweights report``."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imbweights import __version__
from imbweights.cli import completing, streams
from imbweights.cli.output_options import NoCacheOption
from imbweights.cli.source_options import takes_source
from imbweights.core.choices import EmptyPolicy
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec

if TYPE_CHECKING:
    from imbweights.checking import DataSet
    from imbweights.core.profile import Profile
    from imbweights.evidence.result import SweepResult
    from imbweights.reporting import Report

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights report sample_data/four_classes.csv[/cyan]
[cyan]imbweights report sample_data/masks --classes background,crack -o masks.html -o masks.md[/cyan]"""

DEFAULT = Path("report.html")
_HTML, _MARKDOWN = (".html", ".htm"), ".md"
_PAGE, _WEIGHTS = "What is on the page", "Weights"
_INTERRUPTED = 130


@takes_source
def command(
    spec: SourceSpec,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to; .html or .md says the form (repeatable). (default: report.html)",
            rich_help_panel="Output",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="What the page is called. (default: the source)",
            rich_help_panel=_PAGE,
        ),
    ] = None,
    sweep: Annotated[
        bool,
        typer.Option(
            "--sweep",
            help="Also try weights against thresholds on these rows, with curves.",
            rich_help_panel=_PAGE,
        ),
    ] = False,
    images: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="The images that the masks belong to: rare classes are outlined on them.",
            rich_help_panel=_PAGE,
        ),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="This data set of the configuration.",
            rich_help_panel=_PAGE,
            autocompletion=completing.datasets,
        ),
    ] = None,
    use_split: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Compute weights on this split, or on all. (default: train, if there is one)",
            rich_help_panel=_WEIGHTS,
        ),
    ] = None,
    empty: Annotated[
        EmptyPolicy,
        typer.Option(
            help="What a class without samples gets; error: no weights then.",
            rich_help_panel=_WEIGHTS,
        ),
    ] = EmptyPolicy.ZERO,
    no_cache: NoCacheOption = False,
) -> None:
    """Write one page about the data set: counts, weights with code, forecast, findings."""
    from dataclasses import replace

    from imbweights.cli.delivering import deliver_beside, refuse_inputs
    from imbweights.cli.sources import inputs_of, typed_again
    from imbweights.coding import snippets_of
    from imbweights.reporting import reported
    from imbweights.schemes.weighing import Wishes

    outputs = _outputs(output, sweep=sweep)
    if sweep and "-" in spec.paths:
        raise UsageError(
            "--sweep reads the rows once more, which standard input cannot",
            hint="write the data to a file",
        )
    data = _data_set(spec, images, dataset, cache=not no_cache)
    profile = _counted(data, cache=not no_cache)
    if images is not None:
        _refuse_images(images, profile)
    read = [Path(path) for path, _, _ in profile.source.files]
    inputs = [Path(path) for path in inputs_of(data.spec.options)]
    refuse_inputs(outputs, read, inputs)
    report = reported(data, profile, wishes=Wishes(empty=empty), use_split=use_split, title=title)
    for remark in report.checked.remarks:
        streams.note(remark.text)
    again = typed_again(data.spec)
    typed = _typed(title=title, sweep=sweep, images=images, use_split=use_split, empty=empty)
    report = replace(report, again=again, options=typed)
    if sweep:
        report = replace(report, sweep=_swept(data, use_split, cache=not no_cache))
    report = replace(report, snippets=snippets_of(report))
    files = {path: _page(report, path) for path in outputs}
    deliver_beside(read, partial(_said, report), files, inputs)


def _outputs(given: list[Path] | None, *, sweep: bool) -> list[Path]:
    """Where the pages go. Raises before any work is done for them."""
    from imbweights.cli.delivering import check_places, is_foreign
    from imbweights.render.report.html import check_report

    outputs = given or [DEFAULT]
    for path in outputs:
        if path.suffix.lower() not in {*_HTML, _MARKDOWN}:
            raise UsageError(f"-o {path}: the name must end in .html or .md, which says the form")
    check_places(outputs)
    if not given and is_foreign(DEFAULT):
        raise UsageError(
            f"{DEFAULT}: is there already and was not written by imbweights",
            hint="name the page: -o FILE",
        )
    if any(path.suffix.lower() in _HTML for path in outputs):
        check_report(sweep=sweep)
    return outputs


def _data_set(spec: SourceSpec, images: str | None, dataset: str | None, *, cache: bool) -> DataSet:
    from imbweights.cli.checked_sets import Said, sets_to_check

    wanted = [] if dataset is None else [dataset]
    sets = sets_to_check(spec, Said(limits={}, images=images), wanted, cache=cache)
    if len(sets) > 1:
        names = ", ".join(each.name for each in sets)
        raise UsageError(
            f"a page is about one data set, and the configuration has {len(sets)}",
            hint=f"choose one with --dataset: {names}",
        )
    return sets[0]


def _refuse_images(images: str, profile: Profile) -> None:
    """Raise where there is nothing that could be outlined on images."""
    from imbweights.core.counts import Task

    if profile.total.task is not Task.SEGMENTATION or not profile.files:
        raise UsageError(
            f"--images {images}: there are no masks here that could be outlined on images"
        )
    if profile.source.kind == "nifti":
        raise UsageError(f"--images {images}: volumes are shown alone, without images")


def _typed(
    *, title: str | None, sweep: bool, images: str | None, use_split: str | None, empty: EmptyPolicy
) -> str:
    """The options of this command as they would be typed."""
    given = {"--title": title, "--images": images, "--use-split": use_split}
    words = [f"{name} {shlex.quote(value)}" for name, value in given.items() if value is not None]
    words += ["--sweep"] * sweep
    words += [f"--empty {empty}"] * (empty is not EmptyPolicy.ZERO)
    return " ".join(words)


def _counted(data: DataSet, *, cache: bool) -> Profile:
    from imbweights.checking import counted_set
    from imbweights.cli.counting import counting

    with counting(cache=cache):
        profile = counted_set(data)
    for text in profile.source.notes:
        streams.note(text)
    return profile


def _swept(data: DataSet, use_split: str | None, *, cache: bool) -> SweepResult:
    from imbweights.cli.sources import rows_of
    from imbweights.cli.sweeping import swept
    from imbweights.evidence import DataOptions, SweepOptions

    spec, _ = rows_of(data.spec, cache=False)
    options = DataOptions(use_split=use_split, images=data.settings.images)
    result = swept(spec, options, SweepOptions(), cache=cache)
    if not result.finished:
        streams.note("interrupted, so no page was written; what was there before is as it was")
        raise typer.Exit(_INTERRUPTED)
    return result


def _page(report: Report, path: Path) -> Callable[[], str]:
    """The page in the form that the name asks for, made when it is written."""
    if path.suffix.lower() == _MARKDOWN:
        from imbweights.render.report.markdown import report_markdown

        return partial(report_markdown, report, __version__)
    from imbweights.render.report.html import report_html

    return partial(report_html, report, __version__)


def _said(report: Report) -> str:
    """What the command prints: the answer."""
    from imbweights.render.analysis_words import headline, source_line
    from imbweights.render.report.words import tally

    analysis = report.analysis
    return f"{headline(analysis)}\n{source_line(analysis.profile)}\n{tally(report)}\n"
