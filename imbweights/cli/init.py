"""``imbweights init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imbweights import __version__
from imbweights.cli import streams

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights init[/cyan]
[cyan]imbweights init sample_data --dry-run[/cyan]"""


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to look at. (default: this one)")
    ] = Path(),
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print the configuration and write nothing."),
    ] = False,
) -> None:
    """Write a configuration and a baseline for the data in a folder."""
    from imbweights.cli.progress import progress_bar
    from imbweights.core.config import find_config
    from imbweights.initialising import initial, write
    from imbweights.render import initial_words
    from imbweights.running.engine import working

    above = find_config(folder.resolve())
    with progress_bar() as progress, working(progress=progress, forks=True):
        draft = initial(folder)
    for text in initial_words.notes(draft):
        streams.remark(text)
    if above is not None:
        streams.note(f"{above.path} was in force here; what is nearer comes before it")
    if dry_run:
        streams.result(draft.text)
        return
    written = write(draft, __version__)
    streams.result(initial_words.summary(draft, written, folder))
