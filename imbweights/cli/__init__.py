"""The command line: the only place that prints, asks or exits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from imbweights import __version__


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Status 0: fine; 1: a command that reports findings has some; 2: wrong usage, configuration or
    unreadable input; 130: interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    # The two that people and tools ask most load nothing that the answer does not need.
    if given == ["--version"]:
        from imbweights.cli import streams

        streams.result(f"imbweights {__version__}\n")
        raise SystemExit(0)
    if given in (["--help"], ["-h"]):
        from imbweights.cli import streams
        from imbweights.cli.front_page import front_page

        streams.result(front_page(streams.screen()))
        raise SystemExit(0)
    from imbweights.cli.app import run

    run(given)
