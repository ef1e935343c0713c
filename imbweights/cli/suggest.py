"""``imbweights suggest``."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
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
from imbweights.cli.source_options import takes_source
from imbweights.cli.weight_options import WeightOptions, takes_weights, wishes_of
from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec
from imbweights.render.forms import Form

if TYPE_CHECKING:
    from imbweights.cli.delivering import Content
    from imbweights.cli.sources import Counted
    from imbweights.core.counts import ClassCounts
    from imbweights.core.profile import Profile
    from imbweights.core.weights import ClassWeights
    from imbweights.frameworks.base import Framework
    from imbweights.render.view import View
    from imbweights.schemes.base import Scheme
    from imbweights.suggestions import Explained, Suggestion

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights suggest --counts A=198,B=436,C=710,D=272[/cyan]
[cyan]imbweights suggest sample_data/four_classes.csv --scheme inverse --normalize sum1[/cyan]
[cyan]imbweights suggest sample_data/four_classes.csv --for torch[/cyan]
[cyan]imbweights suggest --ratio 60:1 --scheme pos-weight --explain[/cyan]"""


@takes_source
@takes_weights
def command(
    spec: SourceSpec,
    wanted: WeightOptions,
    framework: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="NAME",
            help="Print code to paste: torch, keras, tensorflow, jax, sklearn, xgboost, lightgbm, catboost, "
            "matlab, matlab-layer, mmseg, ultralytics, huggingface; json, yaml, toml, csv, npy.",
            rich_help_panel="What to show",
            autocompletion=completing.frameworks,
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="What the weights will do: effective sample size, first loss, learning rate, batches, "
            "probabilities.",
            rich_help_panel="What to show",
        ),
    ] = False,
    batch_size: Annotated[
        int | None,
        typer.Option(
            metavar="B", help="For --explain. (default: 32)", rich_help_panel="What to show"
        ),
    ] = None,
    sweep: Annotated[
        bool,
        typer.Option(
            "--sweep",
            help="Also try weights against thresholds on these rows; imbweights sweep says more.",
            rich_help_panel="What to show",
        ),
    ] = False,
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    show_all: AllOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Propose weights, in class order, with the names beside the numbers."""
    from imbweights.cli.delivering import deliver, result_files
    from imbweights.cli.sources import counted
    from imbweights.core.training import training_counts
    from imbweights.forecasting import BATCH_SIZE
    from imbweights.render.rendering import rendered
    from imbweights.schemes import find_scheme
    from imbweights.suggestions import explain as explained
    from imbweights.suggestions import suggestion_for

    chosen = None if wanted.scheme is None else find_scheme(wanted.scheme)
    target = None if framework is None else _framework(framework)
    _refuse_contradictions(target, form, batch_size, explain=explain)
    if sweep:
        _refuse_sweep(spec, target, form)
    outputs = _outputs(output or [], chosen, target)
    if outputs.rows:
        spec = replace(spec, options=replace(spec.options, keep_rows=True))
    found = counted(spec, cache=not no_cache)
    result = suggestion_for(found.profile, chosen, wishes_of(wanted), wanted.use_split)
    counts, _ = training_counts(found.profile, wanted.use_split)
    view = streams.screen(show_all=show_all, again=f"{found.again} {_again(wanted)}".strip())
    shown = (
        explained(result, counts, BATCH_SIZE if batch_size is None else batch_size)
        if explain
        else result
    )
    code = None if target is None else _code(result, counts, found.profile, target)
    files = {
        **_special_files(outputs, result, found.profile, wanted.use_split, code),
        **result_files(shown, found.profile, outputs.others, view),
    }
    show = partial(rendered, shown, found.profile, form, view)
    if sweep:
        show = _with_sweep(found, shown, wanted, form, view, cache=not no_cache)
    # An array cannot be printed; what it holds is shown as ever.
    if target is not None and target.suffix == ".npy" and outputs.arrays:
        code = None
    printed = code or show
    others = [wanted.costs, *found.inputs]
    deliver(found.profile, printed, files, [Path(name) for name in others if name])


def _framework(name: str) -> Framework:
    from imbweights.frameworks import find_framework

    return find_framework(name)


def _code(
    result: ClassWeights | Suggestion, counts: ClassCounts, profile: Profile, target: Framework
) -> Content:
    from imbweights.coding import code_of

    return partial(code_of, result, counts, profile, target)


def _refuse_contradictions(
    target: Framework | None, form: Form, batch_size: int | None, *, explain: bool
) -> None:
    if target is not None and explain:
        raise UsageError("--explain shows a page and --for prints code: ask for one at a time")
    if target is not None and form is not Form.TABLE:
        raise UsageError("--format and --for both say what goes to standard output: use one")
    if batch_size is not None and not explain:
        raise UsageError("--batch-size goes with --explain")


def _refuse_sweep(spec: SourceSpec, target: Framework | None, form: Form) -> None:
    if target is not None:
        raise UsageError("--sweep adds to a page and --for prints code: imbweights sweep has --for")
    if form is Form.CSV:
        raise UsageError("--sweep adds sentences, which CSV has no place for; JSON has")
    if "-" in spec.paths:
        raise UsageError(
            "--sweep reads the rows once more, which standard input cannot",
            hint="use imbweights sweep -, or write the data to a file",
        )


def _with_sweep(
    found: Counted,
    shown: ClassWeights | Suggestion | Explained,
    wanted: WeightOptions,
    form: Form,
    view: View,
    *,
    cache: bool,
) -> partial[str]:
    """What is shown, with the short form of a sweep under it."""
    from imbweights.cli.sources import rows_of
    from imbweights.cli.sweeping import swept
    from imbweights.evidence import DataOptions, SweepOptions
    from imbweights.render.rendering import rendered_with_sweep
    from imbweights.schemes.weighing import Wishes

    spec, _ = rows_of(found.spec, cache=False)
    data = DataOptions(use_split=wanted.use_split, positive=wanted.positive)
    options = SweepOptions(wishes=Wishes(costs=wishes_of(wanted).costs, cap=wanted.cap))
    result = swept(spec, data, options, cache=cache)
    return partial(rendered_with_sweep, shown, result, found.profile, form, view)


@dataclass(frozen=True)
class _Outputs:
    """The files to write, sorted by what goes into them. ``rows``: one weight per row is wanted."""

    arrays: list[Path]
    tables: list[Path]
    code: list[Path]
    others: list[tuple[Path, Form]]
    rows: bool


def _outputs(paths: list[Path], scheme: Scheme | None, target: Framework | None) -> _Outputs:
    """Raises ``UsageError`` for names that do not say what should go into the file."""
    from imbweights.cli.delivering import check_places, checked_outputs
    from imbweights.core.weights import Role

    per_row = scheme is not None and scheme.role is Role.SAMPLE_WEIGHT
    arrays = [p for p in paths if p.suffix.lower() == ".npy"]
    tables = [p for p in paths if p.suffix.lower() == ".csv" and per_row]
    own = None if target is None else target.suffix
    code = [p for p in paths if p.suffix.lower() == own and p not in {*arrays, *tables}]
    special = {*arrays, *tables, *code}
    check_places(special)
    if arrays and scheme is None and target is None:
        raise UsageError(
            f"-o {arrays[0]}: holds one vector, but there is one per scheme",
            hint="name the scheme: --scheme balanced",
        )
    return _Outputs(
        arrays=arrays,
        tables=tables,
        code=code,
        others=checked_outputs(p for p in paths if p not in special),
        rows=per_row and bool(arrays or tables),
    )


def _special_files(
    outputs: _Outputs,
    result: ClassWeights | Suggestion,
    profile: Profile,
    use_split: str | None,
    code: Content | None,
) -> dict[Path, Content]:
    """Arrays, weights per row, and code."""
    from imbweights.core.training import training_rows
    from imbweights.render.row_weights import npy_bytes, row_weights, row_weights_csv
    from imbweights.suggestions import chosen_weights

    weights = chosen_weights(result)
    files: dict[Path, Content] = {}
    if outputs.rows:
        rows = training_rows(profile, use_split)
        values = row_weights(weights, rows)
        idle = int((values == 0).sum())
        if idle:
            streams.note(f"{idle:,} rows have no class and get weight 0: they are never drawn")
        files |= dict.fromkeys(outputs.arrays, partial(npy_bytes, values))
        files |= dict.fromkeys(outputs.tables, partial(row_weights_csv, weights, rows))
    else:
        files |= dict.fromkeys(outputs.arrays, partial(npy_bytes, weights.values))
    if code is not None:
        files |= dict.fromkeys(outputs.code, code)
    return files


def _again(wanted: WeightOptions) -> str:
    """What was wished for of every scheme, as it would be typed."""
    words: list[str] = []
    if wanted.normalize is not Normalization.NONE:
        words += ["--normalize", wanted.normalize.value]
    if wanted.cap is not None:
        words += ["--cap", f"{wanted.cap:g}"]
    if wanted.empty is not EmptyPolicy.ERROR:
        words += ["--empty", wanted.empty.value]
    if wanted.void_in_denominator:
        words.append("--void-in-denominator")
    if wanted.use_split is not None:
        words += ["--use-split", shlex.quote(wanted.use_split)]
    return " ".join(words)
