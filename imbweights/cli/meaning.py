"""What a user may have meant who misspelt a choice of an option."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup

from imbweights.cli import streams
from imbweights.cli.given_values import light

_CHOICES = re.compile(r"(?:Value error, )?(?P<given>'.*?') is not one of (?P<known>'.*')\.")


class Commands(TyperGroup):
    """The commands; a wrong choice of an option is answered with the nearest right one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What stands before the command."""
        for parameter in self.get_params(ctx):
            light(parameter)
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, which validates only what has to be."""
        command = super().get_command(ctx, cmd_name)
        for parameter in command.get_params(ctx) if command else ():
            light(parameter)
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The front page, however it is asked for."""
        del ctx, formatter
        from imbweights.cli.front_page import front_page

        streams.result(front_page(streams.screen()))

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = with_nearest(error.message)
            raise


def with_nearest(message: str) -> str:
    """The message of Typer about a choice, with the one that may be meant.

    >>> with_nearest("Value error, 'jsn' is not one of 'table', 'json'.")
    "'jsn' is not one of 'table', 'json'. Did you mean 'json'?"
    """
    found = _CHOICES.fullmatch(message)
    if found is None:
        return message
    known = re.findall(r"'(.*?)'", found["known"])
    close = get_close_matches(found["given"].strip("'").lower(), known, n=1, cutoff=0.5)
    plain = f"{found['given']} is not one of {found['known']}."
    return plain + (f" Did you mean '{close[0]}'?" if close else "")
