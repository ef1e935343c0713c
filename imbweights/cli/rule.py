"""``imbweights rule``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from imbweights.cli import completing, streams
from imbweights.core.errors import UsageError

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights rule IMB003[/cyan]
[cyan]imbweights rule --all[/cyan]"""


class RuleForm(StrEnum):
    """The forms in which rules can be had."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def command(
    code: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CODE",
            help="A code such as IMB003.",
            autocompletion=completing.codes,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List every code.")] = False,
    form: Annotated[
        RuleForm, typer.Option("--format", help="What goes to standard output.")
    ] = RuleForm.TEXT,
) -> None:
    """Explain codes."""
    from imbweights.checking.codes import ALL_CODES, find_code
    from imbweights.render.checks import rule_pages

    if every == bool(code):
        raise UsageError("name a code, or ask for --all", hint="imbweights rule IMB003")
    chosen = list(ALL_CODES.values()) if every else [find_code(typed) for typed in code or []]
    view = streams.screen(show_all=True, again="")
    match form:
        case RuleForm.JSON:
            text = rule_pages.as_json(chosen)
        case RuleForm.MARKDOWN:
            text = rule_pages.as_markdown(chosen)
        case _:
            text = rule_pages.listed(chosen) if every else rule_pages.explained(chosen, view)
    streams.result(text)
