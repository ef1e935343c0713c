"""Make the parts of the documentation that follow from the registers and the command line.

Run from the top of the repository: ``python scripts/make_docs.py``. With ``--check`` it changes
nothing and fails when a page is out of date. With ``--screens`` it also runs the commands in the
``console`` blocks of all pages and writes below them what they print (the tests compare).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from docs_commands import commands_part
from docs_frameworks import frameworks_part
from docs_fuzzing import found_part, fuzzing_part
from docs_hostile import hostile_part
from docs_layers import layers_part, layers_picture
from docs_measures import drifts_part, measures_part
from docs_python import python_part
from docs_rules import rules_part
from docs_running import DOCS, pages, with_screens
from docs_schemes import schemes_part
from docs_sources import sources_part
from docs_trust import coverage_part, mutation_part

from imbweights.checking.schema import configuration_schema
from imbweights.render.json_form import json_text

BEGIN, END = "<!-- made from the register -->", "<!-- end of what is made -->"


PARTS = {
    "commands.md": (commands_part,),
    "frameworks.md": (frameworks_part,),
    "inside.md": (layers_part,),
    "measures.md": (measures_part, drifts_part),
    "python.md": (python_part,),
    "rules.md": (rules_part,),
    "schemes.md": (schemes_part,),
    "security.md": (hostile_part,),
    "sources.md": (sources_part,),
    "trust.md": (fuzzing_part, found_part, coverage_part, mutation_part),
}


def with_parts(page: str, parts: Sequence[str]) -> str:
    """A page with its made parts renewed, in their order."""
    first, *rest = page.split(BEGIN)
    after = [text.split(END)[1] for text in rest]
    if len(after) != len(parts):
        raise ValueError(f"{len(after)} places for {len(parts)} made parts")
    made = [
        f"{BEGIN}\n\n{part.rstrip()}\n\n{END}{text}"
        for part, text in zip(parts, after, strict=True)
    ]
    return first + "".join(made)


def made() -> dict[Path, str]:
    """Every file that follows from a register, as it should be."""
    renewed = {
        DOCS / name: with_parts(
            (DOCS / name).read_text(encoding="utf-8"), [part() for part in parts]
        )
        for name, parts in PARTS.items()
    }
    return renewed | {
        DOCS / "imbweights.schema.json": json_text(configuration_schema()),
        DOCS / "images" / "layers.svg": layers_picture(),
    }


def main() -> None:
    """Write the pages, or compare them."""
    for path, text in made().items():
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        if "--check" in sys.argv and text != there:
            sys.exit(f"out of date: {path.name}; run python scripts/make_docs.py")
        if text != there:
            path.write_text(text, encoding="utf-8", newline="\n")
    if "--screens" in sys.argv:
        for page in pages():  # those without such a block stay as they are
            shown = page.read_text(encoding="utf-8")
            page.write_text(with_screens(shown), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
