"""Make the parts of the documentation that follow from the registers.

Run from the top of the repository: ``python scripts/make_docs.py``. With ``--check`` it changes
nothing and fails when a page is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from imbweights.sources import SOURCES, Kind

TOP = Path(__file__).parent.parent
PAGE = TOP / "docs" / "sources.md"
BEGIN, END = "<!-- made from the register -->", "<!-- end of what is made -->"


def sources_part() -> str:
    """The table of all kinds, and what is counted in each."""
    rows = [
        f"| `{kind.name}` | {kind.summary} | {_suffixes(kind)} | {_takes(kind)} |"
        for kind in SOURCES.values()
    ]
    table = ["| `--as` | what it is | files | recognised |", "| --- | --- | --- | --- |", *rows]
    details = [f"### `{kind.name}`\n\n{_text(kind)}" for kind in SOURCES.values()]
    return "\n".join(table) + "\n\n## What is counted in each\n\n" + "\n\n".join(details) + "\n"


def _suffixes(kind: Kind) -> str:
    return " ".join(f"`{suffix}`" for suffix in kind.suffixes) or "folders"


def _takes(kind: Kind) -> str:
    if kind.explicit:
        return "only with `--as`"
    return (
        "files and folders"
        if kind.folders and kind.suffixes
        else "folders"
        if kind.folders
        else "files"
    )


def _text(kind: Kind) -> str:
    """What the reader says of itself, as Markdown."""
    source = kind.load()
    read = source.read_set or source.read
    text = inspect.cleandoc((read and read.__doc__) or "")
    text = re.sub(r"``([^`]+)``", r"`\1`", text)
    return re.sub(r"(https?://[^\s,)]+)", r"<\1>", text)


def page() -> str:
    """The page with its made part renewed."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{sources_part()}\n{END}{after}"


def main() -> None:
    """Write the page, or compare it."""
    made = page()
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8", newline="\n")
    elif made != PAGE.read_text(encoding="utf-8"):
        sys.exit(f"out of date: {PAGE.name}; run python scripts/make_docs.py")


if __name__ == "__main__":
    main()
