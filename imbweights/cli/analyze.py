"""``imbweights analyze``."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from imbweights.cli import streams
from imbweights.cli.output_options import (
    AllOption,
    FormatOption,
    NoCacheOption,
    OutputOption,
)
from imbweights.cli.source_options import takes_source
from imbweights.core.options import SourceSpec
from imbweights.render.forms import Form

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights analyze sample_data/four_classes.csv[/cyan]
[cyan]imbweights analyze sample_data/anomaly.csv --label status --format json[/cyan]"""


@takes_source
def command(
    spec: SourceSpec,
    form: FormatOption = Form.TABLE,
    output: OutputOption = None,
    show_all: AllOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Count the labels and say how imbalanced they are."""
    from imbweights.analysis import Analysis
    from imbweights.cli.delivering import checked_outputs, deliver, result_files
    from imbweights.cli.sources import counted
    from imbweights.render.rendering import rendered

    outputs = checked_outputs(output or ())
    found = counted(spec, cache=not no_cache)
    view = streams.screen(show_all=show_all, again=found.again)
    result = Analysis(found.profile)
    deliver(
        found.profile,
        partial(rendered, result, found.profile, form, view),
        result_files(result, found.profile, outputs, view),
        map(Path, found.inputs),
    )
