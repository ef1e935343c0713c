"""What the pages of ``docs/`` show in Python runs, and prints what they say it prints."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from doc_code import TOP, run_page

from imbweights import losses


def test_losses() -> None:
    """docs/losses.md."""
    printed = run_page(TOP / "docs" / "losses.md", frameworks=False)
    assert printed.splitlines() == ["0.693 1.386", "0.693 13.863"]


@pytest.mark.parametrize("name", [n for n in losses.__all__ if n[0].islower()])
def test_every_loss_is_documented(name: str) -> None:
    """In the table, with its arguments in their order."""
    parameters = inspect.signature(getattr(losses, name)).parameters.values()
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    options = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    text = (TOP / "docs" / "losses.md").read_text(encoding="utf-8")
    assert f"| `{name}({', '.join([*positional, '*', *options])})` |" in text


def test_plot(tmp_path: Path) -> None:
    """docs/plot.md writes what it says it writes."""
    run_page(TOP / "docs" / "plot.md", frameworks=False)
    assert (tmp_path / "classes.svg").read_bytes().startswith(b"<?xml")


def test_recipes() -> None:
    """docs/recipes/four_term_loss.md, but for its torch."""
    printed = run_page(TOP / "docs" / "recipes" / "four_term_loss.md", frameworks=False)
    assert printed.splitlines() == ["0.693 0.693", "0.693 1.386"]
