"""``imbweights cache``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imbweights.cli import streams

EXAMPLES = """\
[bold]Examples[/bold]
[cyan]imbweights cache show[/cyan]
[cyan]imbweights cache clear[/cyan]"""


class CacheAction(StrEnum):
    """What can be done with the cache."""

    SHOW = "show"
    CLEAR = "clear"


def command(
    action: Annotated[
        CacheAction,
        typer.Argument(
            metavar="ACTION", help="show: sizes, entries, dates; clear: remove all that is ours."
        ),
    ] = CacheAction.SHOW,
) -> None:
    """Show or remove what is kept between runs in this folder (.imbweights_cache)."""
    from imbweights.render import cache_words
    from imbweights.running.cache_contents import clear, contents
    from imbweights.running.cache_folder import FOLDER

    folder = Path.cwd() / FOLDER
    showing = action is CacheAction.SHOW
    found = contents(folder) if showing else clear(folder)
    if found is None:
        streams.result(cache_words.NOTHING)
    else:
        streams.result(cache_words.shown(found) if showing else cache_words.cleared(found))
