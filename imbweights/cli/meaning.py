"""What a user may have meant who misspelt a choice of an option."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup

_CHOICES = re.compile(r"(?:Value error, )?(?P<given>'.*?') is not one of (?P<known>'.*')\.")


class Commands(TyperGroup):
    """The commands; a wrong choice of an option is answered with the nearest right one."""

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
