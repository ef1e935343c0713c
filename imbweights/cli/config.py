"""``imbweights config``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imbweights.cli import streams

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights config[/cyan]
[cyan]imbweights config --schema[/cyan]"""


class ConfigForm(StrEnum):
    """The forms in which the configuration can be had."""

    TEXT = "text"
    JSON = "json"


def command(
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration instead.")
    ] = False,
    form: Annotated[
        ConfigForm, typer.Option("--format", help="What goes to standard output.")
    ] = ConfigForm.TEXT,
) -> None:
    """Show what is in force in this folder, and where it came from."""
    from imbweights.render.json_form import json_text

    if schema:
        from imbweights.checking.schema import configuration_schema

        streams.result(json_text(configuration_schema()))
        return
    from imbweights.checking.in_force import in_force
    from imbweights.render.checks.config_page import config_text

    found = in_force(Path.cwd())
    if form is ConfigForm.JSON:
        streams.result(json_text(found.to_dict()))
    else:
        streams.result(config_text(found, streams.screen(show_all=True, again="")))
