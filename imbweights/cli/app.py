"""The application: which commands there are, and what an exception means for the exit status."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer

from imbweights import __version__
from imbweights.cli import completing, streams
from imbweights.cli.meaning import Commands
from imbweights.core.errors import ImbweightsError

USAGE = 2
_COMPLETE = "_IMBWEIGHTS_COMPLETE"
_OBJECTS_BEFORE_COLLECTING = 100_000
_NEGATIVE = re.compile(r"-[\d.][\d.eE+\-naif\s]*,.*")
_REPORT = "This is a bug in imbweights, not in your data. Please report it with the lines above."


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module that holds it as ``command``, its help line and panel."""

    module: str
    summary: str
    panel: str


_LOOK = "Look at your data"
_CHOOSE = "Choose weights"
_DOUBT = "Find out what is wrong"
_GUARD = "Keep bad data out"

# The modules are imported only when called, so that --help stays instant. In order of use.
COMMANDS = {
    "analyze": Command(
        "imbweights.cli.analyze",
        "Is this data set imbalanced? Class counts, shares, measures, what they mean.",
        _LOOK,
    ),
    "plot": Command(
        "imbweights.cli.plot",
        "How does it look? Counts, splits, weights, labels that come together, for papers and READMEs.",
        _LOOK,
    ),
    "report": Command(
        "imbweights.cli.report",
        "Everything on one page to send or keep: counts, weights with code, forecast, findings.",
        _LOOK,
    ),
    "suggest": Command(
        "imbweights.cli.suggest",
        "Which weights? Class weights or pos_weight, each with the class it belongs to.",
        _CHOOSE,
    ),
    "sweep": Command(
        "imbweights.cli.sweep",
        "Does weighting help on this data? Weights against thresholds, held-out scores, a verdict.",
        _CHOOSE,
    ),
    "audit": Command(
        "imbweights.cli.audit",
        "Are my weights right? Which scheme they are, in which order, what is wrong with them.",
        _DOUBT,
    ),
    "loss": Command(
        "imbweights.cli.loss",
        "Why is the loss NaN? What each framework reports, where it comes from, what to do.",
        _DOUBT,
    ),
    "check": Command(
        "imbweights.cli.check",
        "Is the data set fit to train on? Rules with stable codes, a baseline; made for CI.",
        _GUARD,
    ),
    "init": Command(
        "imbweights.cli.init",
        "Where do I begin? Writes a configuration and a baseline for the data in a folder.",
        _GUARD,
    ),
    "rule": Command(
        "imbweights.cli.rule",
        "What does a code mean? Why it matters, what to do, which threshold decides.",
        _GUARD,
    ),
    "config": Command(
        "imbweights.cli.config",
        "Which configuration is in force here, and where does each value come from?",
        _GUARD,
    ),
}

_EPILOG = """\
[bold]The question, and the command that answers it[/bold]
Is this data set imbalanced?
  [cyan]imbweights analyze labels.csv[/cyan]
Which weights for counts 198, 436, 710, 272?
  [cyan]imbweights suggest --counts A=198,B=436,C=710,D=272[/cyan]
Which pos_weight per label for a 0/1 table?
  [cyan]imbweights suggest tags.csv --label 'tag_*' --scheme pos-weight[/cyan]
Why is the loss NaN?
  [cyan]imbweights loss predictions.npy --targets labels.csv[/cyan]
In which order do the weights go? (prints index, class and weight)
  [cyan]imbweights suggest labels.csv --scheme balanced[/cyan]
Does weighting help on this data, and how much is right?
  [cyan]imbweights sweep data.csv --label y[/cyan]
Are the weights that I use right?
  [cyan]imbweights audit .12,.26,.43,.17 --on labels.csv[/cyan]
How does CI stop a bad data set?
  [cyan]imbweights check labels.csv --min-count 50[/cyan]
Is there a picture for the paper?
  [cyan]imbweights plot labels.csv -o classes.svg[/cyan]
How do I show all of this to my colleagues?
  [cyan]imbweights report labels.csv -o report.html[/cyan]"""


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
    app.callback(help="Class frequencies and class weights for imbalanced data.", epilog=_EPILOG)(
        _global
    )
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


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Status 0: fine; 1: a command that reports findings has some; 2: wrong usage, configuration or
    unreadable input; 130: interrupted.
    """
    # Loading modules makes many objects and no garbage; looking for some takes a tenth of the time.
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = next((a for a in given if a in COMMANDS), None)
    if chosen == "audit":
        given = _bracketed(given)
    if (
        _COMPLETE in streams.environment()
    ):  # the shell waits: only the command in its line is loaded
        chosen = next((word for word in completing.typed() if word in COMMANDS), None)
    try:
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

        traceback.print_exc()
        streams.error(_REPORT)
    raise SystemExit(USAGE)
