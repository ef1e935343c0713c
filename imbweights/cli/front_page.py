"""``imbweights --help``: drawn with Rich alone, since Typer's own page loads much that it never uses."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from imbweights.cli.commands import COMMANDS, EPILOG
from imbweights.render.view import View

USAGE = "imbweights [OPTIONS] COMMAND [ARGS]..."
SUMMARY = "Class frequencies and class weights for imbalanced data."
# A test holds them against what Typer accepts.
OPTIONS = {
    "--version": "Print the version.",
    "--install-completion": "Install completion for the current shell.",
    "--show-completion": "Show completion for the current shell, to copy it or customize the installation.",
    "--help, -h": "Show this message and exit; every command has its own.",
}


def front_page(view: View) -> str:
    """The page: usage, the commands in order of use, and which question each of them answers."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=view.width,
        force_terminal=view.color,
        color_system="standard" if view.color else None,
        no_color=not view.color,
        legacy_windows=False,
        highlight=False,
    )
    for part in _parts(box.ROUNDED if view.unicode else box.ASCII):
        console.print(part)
    return buffer.getvalue()


def _parts(edges: box.Box) -> Iterator[RenderableType]:
    yield Padding(Text.from_markup(f"[bold][yellow]Usage:[/yellow] {_quoted(USAGE)}[/bold]"), 1)
    yield Padding(SUMMARY, (0, 1, 1, 1))
    yield _panel("Options", OPTIONS.items(), edges)
    longest = max(map(len, COMMANDS))
    for name, commands in groupby(COMMANDS.items(), key=lambda item: item[1].panel):
        yield _panel(name, [(command, c.summary) for command, c in commands], edges, longest)
    yield Padding(Text.from_markup(EPILOG), 1)


def _quoted(text: str) -> str:
    return text.replace("[", r"\[")


def _panel(
    title: str, rows: Iterable[Sequence[str]], edges: box.Box, width: int | None = None
) -> RenderableType:
    grid = Table(box=None, show_header=False, expand=True, pad_edge=False, padding=(0, 1))
    grid.add_column(style="bold cyan", no_wrap=True, width=width)
    grid.add_column(ratio=1)
    for row in rows:
        grid.add_row(*map(Text, row))
    return Panel(grid, edges, border_style="dim", title=title, title_align="left")
