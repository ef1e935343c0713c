"""The application: which commands there are, and what an exception means for the exit status."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer

from imbweights import __version__
from imbweights.cli import completing, streams
from imbweights.cli.commands import COMMANDS, EPILOG
from imbweights.cli.front_page import SUMMARY
from imbweights.cli.meaning import Commands
from imbweights.core.errors import ImbweightsError
from imbweights.running.interrupts import ending_in_order

USAGE = 2
_COMPLETE = "_IMBWEIGHTS_COMPLETE"
_OBJECTS_BEFORE_COLLECTING = 100_000
_NEGATIVE = re.compile(r"-[\d.][\d.eE+\-naif\s]*,.*")
_REPORT = "This is a bug in imbweights, not in your data. Please report it with the lines above."


def build_app(chosen: str | None = None) -> typer.Typer:
    """The application with the chosen command loaded; the others are there by name only.

    ``chosen="*"`` loads every command, for documentation.
    """
    app = typer.Typer(
        cls=Commands,
        add_completion=True,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=SUMMARY, epilog=EPILOG)(_global)
    for name, command in COMMANDS.items():
        load = chosen in {name, "*"}
        function: Callable[..., Any] = (
            import_module(command.module).command if load else _not_loaded
        )
        epilog = import_module(command.module).EXAMPLES if load else None
        app.command(name, help=command.summary, rich_help_panel=command.panel, epilog=epilog)(
            function
        )
    return app


def _not_loaded() -> None:
    """Stands for a command in the list of commands."""


def _show_version(wanted: bool) -> None:
    if wanted:
        streams.result(f"imbweights {__version__}\n")
        raise typer.Exit


def _global(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    del version


def _bracketed(given: Sequence[str]) -> list[str]:
    """A list that begins with a minus sign would be taken for an option; in brackets it is not.

    >>> _bracketed(["audit", "-.5,1", "--ignore-label", "-1,2"])
    ['audit', '[-.5,1]', '--ignore-label', '-1,2']
    """
    return [
        f"[{word}]" if _NEGATIVE.fullmatch(word) and not before.startswith("-") else word
        for before, word in zip(("", *given), given, strict=False)
    ]


def run(given: Sequence[str]) -> NoReturn:
    """Run the command line and exit with the status that ``imbweights.cli.main`` tells."""
    # Loading modules makes many objects and no garbage; looking for some takes a tenth of the time.
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
    chosen = next((a for a in given if a in COMMANDS), None)
    if chosen == "audit":
        given = _bracketed(given)
    if (
        _COMPLETE in streams.environment()
    ):  # the shell waits: only the command in its line is loaded
        chosen = next((word for word in completing.typed() if word in COMMANDS), None)
    try:
        with ending_in_order():
            build_app(chosen)(given, prog_name="imbweights")
    except ImbweightsError as error:
        streams.error(error.message, error.hint)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        streams.error(f"{where}{error.strerror or error}")
    except MemoryError:
        streams.error(
            "not enough memory for this input", "fewer columns or files at a time need less"
        )
    except Exception:  # noqa: BLE001 - the last resort: exit 1 would mean findings
        import traceback

        streams.trace(traceback.format_exc())
        streams.error(_REPORT)
    raise SystemExit(USAGE)
