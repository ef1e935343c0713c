"""The reference of the command line, from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import typer
from docs_text import cell, paragraphs, table

from imbweights.cli.app import build_app
from imbweights.cli.commands import COMMANDS

_MARKUP = re.compile(r"\[/?[a-z]+\]")


def commands_part() -> str:
    """All commands by what they are for, then a section for each."""
    group: Any = typer.main.get_command(build_app("*"))
    return paragraphs(_overview(), *(_section(name, group.commands[name]) for name in COMMANDS))


def _overview() -> str:
    rows = []
    for panel in dict.fromkeys(command.panel for command in COMMANDS.values()):
        chosen = [(name, c) for name, c in COMMANDS.items() if c.panel == panel]
        rows += [[panel, f"[`{name}`](#{name})", cell(c.summary)] for name, c in chosen]
    return table(["for", "command", "the question it answers"], rows)


def _section(name: str, command: Any) -> str:
    context = command.make_context(f"imbweights {name}", [], resilient_parsing=True)
    usage = command.get_usage(context).removeprefix("Usage: ")
    return paragraphs(
        f"## `{name}`",
        cell(command.help),
        f"```text\n{usage}\n```",
        _arguments(command),
        *_options(command, context),
        _examples(command.epilog or ""),
    )


def _arguments(command: Any) -> str:
    found = [p for p in command.params if p.param_type_name == "argument"]
    return _listed("argument", [(p.metavar or p.name, p.help) for p in found]) if found else ""


def _options(command: Any, context: Any) -> Iterable[str]:
    """A table for each panel, in the order of ``--help``."""
    found = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    panels = dict.fromkeys(p.rich_help_panel for p in found)
    for panel in sorted(panels, key=lambda p: p is not None):
        chosen = [p for p in found if p.rich_help_panel == panel]
        yield paragraphs(
            f"**{cell(panel or 'Options')}**", _listed("option", _records(chosen, context))
        )


def _records(params: Iterable[Any], context: Any) -> list[tuple[str, str]]:
    return [p.get_help_record(context) for p in params]


def _listed(head: str, records: Iterable[tuple[str, str]]) -> str:
    # A bar inside code would end the cell; HTML's code knows the sign by its number.
    rows = [[f"<code>{cell(left)}</code>", _help(right)] for left, right in records]
    return table([head, "what it does"], rows)


def _help(text: str) -> str:
    """The help line; Rich's backslash before a bracket goes, two blanks before a default too."""
    return cell(text.replace("\\[", "[").replace("  [", " [")).replace("[", r"\[")


def _examples(epilog: str) -> str:
    lines = [_MARKUP.sub("", line).replace("\\[", "[") for line in epilog.splitlines()]
    commands = [line for line in lines if line.startswith("imbweights ")]
    return paragraphs("**Examples**", "```sh\n{}\n```".format("\n".join(commands)))
