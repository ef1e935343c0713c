"""Running the Python of a page of docs, block after block, as a reader would."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
RECIPES = TOP / "docs" / "recipes"
FRAMEWORKS = re.compile(r"^(?:import|from) (torch|tensorflow|keras)\b", re.MULTILINE)


def blocks(page: Path) -> list[str]:
    """The code of a page, in order."""
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def run_page(page: Path, *, frameworks: bool) -> str:
    """Run the blocks in one namespace and check every ``print(...)  # what it prints``.

    Blocks that import a framework are left out unless ``frameworks``. Returns what the lines
    without such a comment printed.
    """
    names: dict[str, Any] = {}
    rest = []
    for code in blocks(page):
        if not frameworks and FRAMEWORKS.search(code):
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(code, str(page), "exec"), names)  # noqa: S102 - our own docs
        expected = re.findall(r"^print\(.*\)  # (.*)$", code, re.MULTILINE)
        if expected:
            assert out.getvalue().splitlines() == expected, (page.name, code)
        else:
            rest.append(out.getvalue())
    return "".join(rest)
