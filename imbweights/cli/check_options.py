"""The options of ``check``: one for every threshold that a rule has, and which rules run."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from imbweights.cli import completing
from imbweights.core.errors import UsageError
from imbweights.core.options import SourceSpec
from imbweights.render.checks.forms import CheckForm
from imbweights.rules import RULES, THRESHOLDS, Threshold

_THRESHOLDS, _RULES, _OUTPUT = "Thresholds", "Rules", "Output"

SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES",
        help="Only rules whose code begins so: IMB05, IMB003,IMB010 (repeatable). (default: all)",
        autocompletion=completing.codes,
        rich_help_panel=_RULES,
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODES",
        help="Without rules whose code begins so.",
        rich_help_panel=_RULES,
        autocompletion=completing.codes,
    ),
]
LevelOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE=LEVEL",
        autocompletion=completing.levels,
        help="Another level for rules: error, warning, note or off; comma list (repeatable).",
        rich_help_panel=_RULES,
    ),
]
FormOption = Annotated[
    CheckForm,
    typer.Option("--format", help="What goes to standard output.", rich_help_panel=_OUTPUT),
]
OutputOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Also write a file; .json, .sarif, .xml (JUnit), .md or .txt says the form (repeatable).",
        rich_help_panel=_OUTPUT,
    ),
]


def takes_limits(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every threshold; it receives those that were said, second."""
    options = {_parameter(t): t for t in THRESHOLDS.values()}
    own = list(inspect.signature(command, eval_str=True).parameters.values())

    @wraps(command)
    def wrapper(spec: SourceSpec, **given: Any) -> None:
        values = {t.name: given.pop(name) for name, t in options.items()}
        said = {name: _checked(name, v) for name, v in values.items() if v is not None}
        command(spec, said, **given)

    parameters = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_annotation(threshold)
        )
        for name, threshold in options.items()
    ]
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own[2:]]
    # What comes above reads the options off the signature.
    wrapper.__signature__ = inspect.Signature([own[0], *parameters, *keyword])  # type: ignore[attr-defined]
    del wrapper.__wrapped__
    return wrapper


def _parameter(threshold: Threshold) -> str:
    return threshold.name.replace("-", "_")


def _annotation(threshold: Threshold) -> Any:
    by = ", ".join(code for code, rule in RULES.items() if threshold in rule.thresholds)
    default = "" if threshold.default is None else f" (default: {threshold.default:g})"
    option = typer.Option(
        f"--{threshold.name}",
        metavar="N" if threshold.whole else "X",
        help=f"{threshold.summary} [{by}]{default}".replace("[IMB", r"\[IMB"),
        rich_help_panel=_THRESHOLDS,
    )
    return Annotated[float | None, option]


def _checked(name: str, value: float) -> float:
    from imbweights.checking.settings import number_of
    from imbweights.core.errors import ConfigError

    try:
        return number_of(THRESHOLDS[name], value, f"--{name}")
    except ConfigError as error:
        raise UsageError(error.message, hint=error.hint) from error
