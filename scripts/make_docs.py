"""Make the parts of the documentation that follow from the registers.

Run from the top of the repository: ``python scripts/make_docs.py``. With ``--check`` it changes
nothing and fails when a page is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from imbweights.checking.codes import ALL_CODES
from imbweights.checking.schema import configuration_schema
from imbweights.render.checks.rule_pages import as_markdown, family
from imbweights.render.json_form import json_text
from imbweights.sources import SOURCES, Kind

DOCS = Path(__file__).parent.parent / "docs"
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


def rules_part() -> str:
    """A section for every data rule; the codes of weights and losses have pages of their own."""
    parts: list[str] = []
    before = ""
    for code in ALL_CODES.values():
        group = family(code)
        if group in {"weights", "losses"}:
            continue
        if group != before:
            parts.append(f"## {group[0].upper()}{group[1:]}\n")
            before = group
        parts.append(as_markdown([code]))
    return "\n".join(parts)


def with_part(path: Path, part: str) -> str:
    """A page with its made part renewed."""
    before, rest = path.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{part}\n{END}{after}"


def made() -> dict[Path, str]:
    """Every page that follows from a register, as it should be."""
    sources, rules = DOCS / "sources.md", DOCS / "rules.md"
    return {
        sources: with_part(sources, sources_part()),
        rules: with_part(rules, rules_part()),
        DOCS / "imbweights.schema.json": json_text(configuration_schema()),
    }


def main() -> None:
    """Write the pages, or compare them."""
    for path, text in made().items():
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        if "--check" in sys.argv and text != there:
            sys.exit(f"out of date: {path.name}; run python scripts/make_docs.py")
        if text != there:
            path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
