"""The options that say in which form results come."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from imbweights.render.forms import Form

_OUTPUT = "Output"
FormatOption = Annotated[
    Form, typer.Option("--format", help="What goes to standard output.", rich_help_panel=_OUTPUT)
]
OutputOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Also write a file; .json, .csv, .md or .txt says the form (repeatable).",
        rich_help_panel=_OUTPUT,
    ),
]
AllOption = Annotated[
    bool,
    typer.Option(
        "--all", help="Show every class, however many there are.", rich_help_panel=_OUTPUT
    ),
]
NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Neither use nor store counts and what was analysed last in this folder (.imbweights_cache).",
        rich_help_panel=_OUTPUT,
    ),
]
