"""``imbweights check``."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imbweights import __version__
from imbweights.cli import completing, streams
from imbweights.cli.check_options import (
    FormOption,
    IgnoreOption,
    LevelOption,
    OutputOption,
    SelectOption,
    takes_limits,
)
from imbweights.cli.finding_options import FOUND, ExitZeroOption, FailOn
from imbweights.cli.output_options import NoCacheOption
from imbweights.cli.source_options import takes_source
from imbweights.cli.surroundings import SUMMARY, surroundings
from imbweights.core.options import SourceSpec
from imbweights.render.checks.forms import CheckForm, form_of, rendered
from imbweights.rules import Limits

if TYPE_CHECKING:
    from imbweights.checking import CheckResult, DataSet
    from imbweights.core.baseline import Baseline
    from imbweights.core.profile import Profile

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights check sample_data/four_classes.csv --min-count 50[/cyan]
[cyan]imbweights check sample_data/four_classes.csv --format github --exit-zero[/cyan]"""
_BASELINE, _MORE = "Baseline", "What else is looked at"


@takes_source
@takes_limits
def command(
    spec: SourceSpec,
    limits: Limits,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    level: LevelOption = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            help="Exit 1 from this level on. (default: error)",
            rich_help_panel="Rules",
        ),
    ] = None,
    exit_zero: ExitZeroOption = False,
    write_baseline: Annotated[
        bool,
        typer.Option(
            "--write-baseline",
            help="Store counts and class order as they are now; later checks compare with them.",
            rich_help_panel=_BASELINE,
        ),
    ] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The baseline. (default: imbweights-baseline.json, if there is one)",
            rich_help_panel=_BASELINE,
        ),
    ] = None,
    drift_metric: Annotated[
        str | None,
        typer.Option(
            metavar="MEASURE",
            help="The measure of drift that decides: linf, js, psi or cramers-v. (default: linf)",
            rich_help_panel=_BASELINE,
            autocompletion=completing.drifts,
        ),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Store the weights of this scheme in the baseline, too.",
            rich_help_panel=_BASELINE,
            autocompletion=completing.schemes,
        ),
    ] = None,
    weights: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Weights in use, to audit against the data; file#name for one of several (repeatable).",
            rich_help_panel=_MORE,
        ),
    ] = None,
    images: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="The images that the masks belong to.", rich_help_panel=_MORE
        ),
    ] = None,
    dataset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this data set of the configuration (repeatable).",
            rich_help_panel=_MORE,
            autocompletion=completing.datasets,
        ),
    ] = None,
    form: FormOption = CheckForm.TEXT,
    output: OutputOption = None,
    show_all: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Show every finding, not the first ten of a code.",
            rich_help_panel="Output",
        ),
    ] = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Run every rule over the data sets and say what is wrong."""
    from imbweights.checking.settings import codes, levels_from, one_of, refuse_nothing
    from imbweights.cli.check_inputs import refuse_read
    from imbweights.cli.checked_sets import Said, sets_to_check
    from imbweights.cli.delivering import check_places, deliver_beside
    from imbweights.core.findings import Level
    from imbweights.drift import DRIFTS
    from imbweights.schemes import find_scheme

    said = Said(
        limits=limits,
        select=codes(select or [], "--select"),
        ignore=codes(ignore or [], "--ignore"),
        levels=levels_from(level or [], "--level"),
        fail_on=None if fail_on is None else Level(fail_on.value),
        metric=None if drift_metric is None else one_of(drift_metric, DRIFTS, "--drift-metric"),
        baseline=baseline,
        scheme=None if scheme is None else find_scheme(scheme).name,
        weights=tuple(weights or ()),
        images=images,
    )
    outputs = [(path, form_of(path)) for path in output or []]
    check_places(path for path, _ in outputs)
    sets = sets_to_check(spec, said, dataset or [], cache=not no_cache)
    refuse_nothing(data.settings for data in sets)
    refuse_read([path for path, _ in outputs], sets)
    profiles = _counted(sets, cache=not no_cache)
    stored = _baselines(sets, profiles, write=write_baseline)
    result = _checked(sets, profiles, stored)
    files = {path: partial(_text, result, kind) for path, kind in outputs}
    read = [Path(path) for profile in profiles for path, _, _ in profile.source.files]
    color = streams.screen(show_all=show_all, again="").color
    shown = partial(_text, result, form, color=color, show_all=show_all)
    deliver_beside(read, shown, files)
    if form is CheckForm.GITHUB:
        _summarise(result)
    if result.failed and not exit_zero:
        raise typer.Exit(FOUND)


def _text(
    result: CheckResult, form: CheckForm, *, color: bool = False, show_all: bool = True
) -> str:
    return rendered(
        result,
        form,
        version=__version__,
        color=color,
        show_all=show_all,
        around=surroundings(os.environ, Path.cwd()),
    )


def _counted(sets: list[DataSet], *, cache: bool) -> list[Profile]:
    from imbweights.checking import counted_set
    from imbweights.cli.counting import counting

    with counting(cache=cache):
        profiles = [counted_set(data) for data in sets]
    for data, profile in zip(sets, profiles, strict=True):
        for text in profile.source.notes:
            streams.note(text if len(sets) == 1 else f"{data.name}: {text}")
    return profiles


def _baselines(
    sets: list[DataSet], profiles: list[Profile], *, write: bool
) -> list[Baseline | None]:
    """The baseline of each data set, written first if that was asked for."""
    from imbweights.checking.baselines import baseline_for, read_baselines, stored_key
    from imbweights.cli.checked_sets import baseline_place, refuse_missing

    if write:
        _write(sets, profiles)
    found: list[Baseline | None] = []
    for data, profile in zip(sets, profiles, strict=True):
        place, asked = baseline_place(data.settings)
        if asked:
            refuse_missing(place)
        wanted = asked or write or (place.is_file() and profile.total.unit.value != "parts")
        if not wanted or not data.settings.wants_baseline:
            found.append(None)
            continue
        stored = read_baselines(place)
        name = data.name_in(place)
        if not asked and not write and stored_key(name, stored) is None:
            streams.note(f"{place.name} holds no data set {name}; not compared with it")
            found.append(None)
            continue
        found.append(baseline_for(name, stored, place, alone=len(sets) == 1))
    return found


def _write(sets: list[DataSet], profiles: list[Profile]) -> None:
    """Store what the data are like now; other data sets of the same file stay."""
    from imbweights.checking.baselines import baseline_of, update_baselines
    from imbweights.cli.checked_sets import baseline_place, stored_before

    places: dict[Path, dict[str, Baseline]] = {}
    for data, profile in zip(sets, profiles, strict=True):
        place, _ = baseline_place(data.settings)
        stored_before(place)
        fresh = places.setdefault(place, {})
        fresh[data.name_in(place)] = baseline_of(profile, data.settings.scheme)
    for place, fresh in places.items():
        update_baselines(place, fresh, __version__)
        streams.note(f"wrote {place}")


def _checked(
    sets: list[DataSet], profiles: list[Profile], stored: list[Baseline | None]
) -> CheckResult:
    from imbweights.checking import CheckResult, check_set

    every = zip(sets, profiles, stored, strict=True)
    checked = tuple(check_set(data, profile, baseline) for data, profile, baseline in every)
    for each in checked:
        for remark in each.remarks:
            streams.note(remark.text if len(sets) == 1 else f"{each.name}: {remark.text}")
    return CheckResult(sets=checked, fail_on=sets[0].settings.fail_on)


def _summarise(result: CheckResult) -> None:
    """The whole table for the page of the run, where GitHub wants it."""
    from imbweights.render.checks.markdown import step_summary

    path = os.environ.get(SUMMARY)
    if path:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(step_summary(result))
