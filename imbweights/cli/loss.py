"""``imbweights loss``."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imbweights.cli import completing, streams
from imbweights.cli.finding_options import ExitZeroOption, FailOn, exit_status
from imbweights.cli.output_options import FormatOption, OutputOption
from imbweights.cli.weight_options import WeightOptions, takes_weights, wishes_of
from imbweights.core.choices import EmptyPolicy, Normalization
from imbweights.core.errors import UsageError
from imbweights.render.forms import Form

if TYPE_CHECKING:
    from imbweights.diagnosis.outcome import Diagnosis

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights loss sample_data/predictions.npy --targets sample_data/targets.csv[/cyan]
[cyan]imbweights loss sample_data/predictions.npy --targets sample_data/targets.csv --scheme balanced --all[/cyan]
[cyan]imbweights loss sample_data/predictions.npy --targets sample_data/targets.csv --for matlab-layer[/cyan]
[cyan]imbweights loss sample_data/scores.csv --targets sample_data/scores.csv --label defect --weights 40 --reported 0.93[/cyan]"""

_READING = "How predictions and targets are read (found out unless given)"
_SHOWN = "What to show"


class ClassAxis(StrEnum):
    """Which axis of the predictions are the classes."""

    FIRST = "first"
    LAST = "last"


@takes_weights
def command(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="PREDICTIONS",
            help="Logits or probabilities: .npy (read in pieces, however large), .npz, .csv or .parquet.",
        ),
    ],
    wanted: WeightOptions,
    targets: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Class indices, names, one-hot rows, 0/1 columns or masks: .npy, .npz, a label file.",
        ),
    ],
    label: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Column or array with the targets; a,b,c, first:last or a glob for several 0/1 columns.",
            rich_help_panel=_READING,
            autocompletion=completing.target_columns,
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Columns or array with the predictions: a,b,c, first:last or a glob such as 'prob_*'.",
            rich_help_panel=_READING,
            autocompletion=completing.several_columns,
        ),
    ] = None,
    from_logits: Annotated[
        bool | None,
        typer.Option(
            "--from-logits/--probabilities",
            help="Whether the predictions come before or after softmax or sigmoid.",
            rich_help_panel=_READING,
        ),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|A,B,C",
            help="The classes in the order of the columns: a list, 0=a,255=b, 0-18, or a file.",
            rich_help_panel=_READING,
        ),
    ] = None,
    ignore_label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL",
            help="Targets that do not count, such as 255 or -100 (repeatable).",
            rich_help_panel=_READING,
        ),
    ] = None,
    multilabel: Annotated[
        bool,
        typer.Option(
            "--multilabel",
            help="Each column is a label for itself, although no row has several.",
            rich_help_panel=_READING,
        ),
    ] = False,
    class_axis: Annotated[
        ClassAxis | None,
        typer.Option(
            help="Classes on axis 1 (PyTorch) or last (Keras), where shapes do not tell; of N × K the same.",
            rich_help_panel=_READING,
        ),
    ] = None,
    half: Annotated[
        bool,
        typer.Option(
            "--half",
            help="Round the predictions to float16, as mixed precision does.",
            rich_help_panel=_READING,
        ),
    ] = False,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="W|FILE",
            help="Weights in class order, 1,2.5,0.3, or .json, .csv, .npy; of labels the pos_weight.",
            rich_help_panel="Weights",
        ),
    ] = None,
    reported: Annotated[
        str | None,
        typer.Option(
            metavar="LOSS",
            help="The loss that you see: says how it is computed.",
            rich_help_panel=_SHOWN,
        ),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="NAME",
            help="Your framework: torch, keras, tensorflow, jax, matlab, huggingface, mmseg, ultralytics; only "
            "its loss decides the exit status. matlab-layer also prints a layer that stays finite.",
            rich_help_panel=_SHOWN,
            autocompletion=completing.frameworks,
        ),
    ] = None,
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    show_all: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Everything: all findings and classes, confusions, costliest rows, thresholds.",
            rich_help_panel="Output",
        ),
    ] = False,
    exit_zero: ExitZeroOption = False,
) -> None:
    """Say what the loss is, what it is made of, and why it is NaN. Exit 1 when it is not finite."""
    from imbweights.cli.delivering import checked_outputs, deliver_beside
    from imbweights.cli.progress import progress_bar
    from imbweights.core.class_list import class_list
    from imbweights.diagnosis.diagnosing import diagnosis_of
    from imbweights.diagnosis.request import Request
    from imbweights.render.loss_forms import loss_rendered
    from imbweights.render.loss_words import notes
    from imbweights.render.view import View
    from imbweights.schemes import find_scheme

    _refuse_idle(wanted)
    _refuse_shaping_nothing(wanted)
    outputs = checked_outputs(output or [])
    request = Request(
        predictions=spec,
        targets=targets,
        label=label,
        columns=columns,
        classes=None if classes is None else class_list(classes),
        ignored=tuple(ignore_label or ()),
        weights=weights,
        scheme=None if wanted.scheme is None else find_scheme(wanted.scheme),
        wishes=wishes_of(wanted),
        from_logits=from_logits,
        multilabel=multilabel,
        class_axis=None if class_axis is None else class_axis.value,
        half=half,
        reported=reported,
        framework=framework,
    )
    with progress_bar() as progress:
        found = diagnosis_of(request, progress)
    for text in notes(found):
        streams.note(text)
    view = streams.screen(show_all=show_all, again="")
    plain = View(width=view.width, show_all=True)
    files = {path: partial(loss_rendered, found, kind, plain) for path, kind in outputs}
    deliver_beside([spec, targets], partial(loss_rendered, found, form, view), files)
    raise typer.Exit(_status(found, exit_zero=exit_zero))


def _status(found: Diagnosis, *, exit_zero: bool) -> int:
    """1 where a loss is not finite, which is what an error means here."""
    return exit_status(found.findings, FailOn.ERROR, exit_zero=exit_zero)


def _refuse_idle(wanted: WeightOptions) -> None:
    """What speaks of counting, not of a loss."""
    for given, option, why in (
        (wanted.use_split, "--use-split", "the weights are those of the targets"),
        (wanted.void_in_denominator, "--void-in-denominator", "ignored targets do not count"),
        (wanted.positive, "--positive", "positive is what has target 1; --classes says which"),
    ):
        if given:
            raise UsageError(f"{option} means nothing here: {why}")


def _refuse_shaping_nothing(wanted: WeightOptions) -> None:
    """What shapes the weights of a scheme, where there is none."""
    if wanted.scheme is not None:
        return
    given = [f"--{name}" for name in wanted.parameters]
    given += ["--cap"] if wanted.cap is not None else []
    given += ["--normalize"] if wanted.normalize is not Normalization.NONE else []
    given += ["--empty"] if wanted.empty is not EmptyPolicy.ERROR else []
    given += ["--costs"] if wanted.costs is not None else []
    if given:
        raise UsageError(
            f"{given[0]} shapes the weights of a scheme, and none is named",
            hint="such as --scheme effective --beta 0.999; --weights are taken as they are",
        )
